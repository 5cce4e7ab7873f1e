"""Every key of the window in one table: screens bind by name, F1 shows the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.domain.text import N_


@dataclass(frozen=True, slots=True)
class Key:
    """One binding. `keys` are alternatives, the first is shown; letters also by their place on a Cyrillic layout."""

    group: str
    text: str
    keys: tuple[str, ...]


_EVERYWHERE = N_("Everywhere")
_LIST = N_("List of cases")
_TRIP = N_("In a trip")
_JOURNAL = N_("In the journals")
_LINK = N_("In the link with the centre")
_CASE = N_("In a case")
_PROGRAMME = N_("On the programme")
_PAPER = N_("On a paper")
_DEGREE = N_("On a degree")

KEYS: Final[Mapping[str, Key]] = MappingProxyType(
    {
        "help": Key(_EVERYWHERE, N_("Help for this place, and the keys"), ("F1",)),
        "lock": Key(_EVERYWHERE, N_("Lock the screen"), ("Ctrl+L",)),
        "language": Key(_EVERYWHERE, N_("Next language"), ("F2",)),
        "settings": Key(_EVERYWHERE, N_("Settings"), ("Ctrl+,",)),
        "cases": Key(_EVERYWHERE, N_("Cases"), ("Alt+1",)),
        "trips": Key(_EVERYWHERE, N_("Trips"), ("Alt+2",)),
        "people": Key(_EVERYWHERE, N_("People"), ("Alt+3",)),
        "next_person": Key(_EVERYWHERE, N_("Next person of the trip"), ("Alt+N", "Alt+Т")),
        "journals": Key(_EVERYWHERE, N_("Journals"), ("Alt+4",)),
        "link": Key(_EVERYWHERE, N_("Link with the centre"), ("Alt+5",)),
        "tour_on": Key(_EVERYWHERE, N_("Tour of the training: next"), ("F8",)),
        "tour_back": Key(_EVERYWHERE, N_("Tour of the training: back"), ("Shift+F8",)),
        "search": Key(_LIST, N_("Search"), ("/", ".", "Ctrl+F")),
        "next": Key(_LIST, N_("Next person of today's trip; without one, a new case"), ("N", "Т")),
        "new": Key(_LIST, N_("New case"), ("Ctrl+N",)),
        "open": Key(_LIST, N_("Open the case"), ("Enter", "Return")),
        "discard": Key(_LIST, N_("Discard the draft"), ("Delete",)),
        "correct": Key(_LIST, N_("Correct the signed case"), ("C", "С")),
        "resume": Key(_LIST, N_("Resume the ended case"), ("R", "К")),
        "register": Key(_TRIP, N_("Register a person"), ("R", "К", "Insert")),
        "turn_up": Key(_TRIP, N_("Earlier in the order"), ("Alt+Up",)),
        "turn_down": Key(_TRIP, N_("Later in the order"), ("Alt+Down",)),
        "queue": Key(_TRIP, N_("Waiting, called in, in examination, refused, not come, postponed"), ("1…6",)),
        "protocol": Key(_TRIP, N_("Protocol of the session"), ("Ctrl+P",)),
        "session_papers": Key(_TRIP, N_("Papers of the session"), ("Ctrl+Shift+P",)),
        "page_on": Key(_JOURNAL, N_("Next page"), ("Alt+PgDown",)),
        "page_back": Key(_JOURNAL, N_("Previous page"), ("Alt+PgUp",)),
        "next_tab": Key(_JOURNAL, N_("Next journal"), ("Ctrl+PgDown",)),
        "tab_before": Key(_JOURNAL, N_("Previous journal"), ("Ctrl+PgUp",)),
        "export": Key(_JOURNAL, N_("Save or print what is shown"), ("Ctrl+P", "Ctrl+S")),
        "exchange": Key(_LINK, N_("Exchange now"), ("Ctrl+E", "Ctrl+У")),
        "stick_out": Key(_LINK, N_("Write to a stick"), ("Ctrl+S",)),
        "stick_in": Key(_LINK, N_("Read from a stick"), ("Ctrl+O",)),
        "back": Key(_CASE, N_("Back to the list"), ("Alt+Left",)),
        "steps": Key(_CASE, N_("Go to a step, counted from above: 0 the tenth, - the eleventh"), ("Ctrl+1…9, 0, -",)),
        "missing": Key(_CASE, N_("Go to what is missing"), ("Ctrl+M",)),
        "next_step": Key(_CASE, N_("Next step"), ("Ctrl+Enter", "Ctrl+Return")),
        "agree": Key(_CASE, N_("Agree with the proposal"), ("Ctrl+Shift+Enter", "Ctrl+Shift+Return")),
        "browse": Key(_CASE, N_("On a code: walk through the classification"), ("Ctrl+B", "Ctrl+И")),
        "name_form": Key(_CASE, N_("On “to whom”: take over the proposed form of the name"), ("F6",)),
        "acts": Key(_CASE, N_("What can be done with the case"), ("Alt+Down",)),
        "end_case": Key(_CASE, N_("End without a decision"), ("Ctrl+Shift+E",)),
        "deadlines": Key(_CASE, N_("Deadlines"), ("Ctrl+Shift+D",)),
        "undo": Key(_CASE, N_("Take back the last change (while nothing is being typed)"), ("Ctrl+Z",)),
        "redo": Key(_CASE, N_("Do again what was taken back"), ("Ctrl+Y", "Ctrl+Shift+Z")),
        "history": Key(_CASE, N_("Who changed this field, when, from what to what"), ("Ctrl+H",)),
        "next_specialist": Key(_CASE, N_("Next specialist"), ("Ctrl+PgDown",)),
        "previous_specialist": Key(_CASE, N_("Specialist before"), ("Ctrl+PgUp",)),
        "phrase": Key(_CASE, N_("Put in a phrase (at the beginning of a word)"), ("/",)),
        "keep_phrase": Key(_CASE, N_("Keep the selected words as a phrase"), ("Ctrl+K",)),
        "print": Key(_CASE, N_("Print the conclusion"), ("Ctrl+P",)),
        "save": Key(_CASE, N_("Save the conclusion as PDF"), ("Ctrl+S",)),
        "larger": Key(_PAPER, N_("Larger"), ("+", "=")),
        "smaller": Key(_PAPER, N_("Smaller"), ("-",)),
        "whole_width": Key(_PAPER, N_("Whole width"), ("*",)),
        "paper_on": Key(_PAPER, N_("Page on"), ("Alt+PgDown",)),
        "paper_back": Key(_PAPER, N_("Page back"), ("Alt+PgUp",)),
        "add_measure": Key(_PROGRAMME, N_("Add a measure"), ("Insert",)),
        "edit_measure": Key(_PROGRAMME, N_("Change the measure; take one that is offered"), ("Enter",)),
        "remove_measure": Key(_PROGRAMME, N_("Take the measure out"), ("Delete",)),
        "degree": Key(_DEGREE, N_("Choose the degree"), ("0…4",)),
        "not_applicable": Key(_DEGREE, N_("Does not apply"), ("N", "Т")),
        "not_examined": Key(_DEGREE, N_("Not examined"), ("Backspace",)),
    }
)


# An arrow is printed on the key in every country: Qt's word for it stands on none.
_ARROWS: Final = {Qt.Key.Key_Left: "←", Qt.Key.Key_Right: "→", Qt.Key.Key_Up: "↑", Qt.Key.Key_Down: "↓"}


def bind(widget: QWidget, name: str, slot: Callable[[], object], *, window: bool = False) -> list[QShortcut]:
    """Bind the keys of `name` within `widget` (or its whole window); KeyError for a name not in the table."""
    context = Qt.ShortcutContext.WindowShortcut if window else Qt.ShortcutContext.WidgetWithChildrenShortcut
    made = []
    for key in KEYS[name].keys:
        shortcut = QShortcut(QKeySequence(key), widget)
        shortcut.setContext(context)
        shortcut.activated.connect(slot)
        made.append(shortcut)
    return made


def native(name: str) -> str:
    """The first key of `name` as this platform writes it, for a tool tip or the overview."""
    first = KEYS[name].keys[0]
    if "…" in first:
        return first
    words = QKeySequence(first).toString(QKeySequence.SequenceFormat.NativeText)
    for key, sign in _ARROWS.items():
        words = words.replace(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText), sign)
    return words

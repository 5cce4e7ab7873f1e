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
_CASE = N_("In a case")
_DEGREE = N_("On a degree")

KEYS: Final[Mapping[str, Key]] = MappingProxyType(
    {
        "help": Key(_EVERYWHERE, N_("Show the keys"), ("F1",)),
        "lock": Key(_EVERYWHERE, N_("Lock the screen"), ("Ctrl+L",)),
        "language": Key(_EVERYWHERE, N_("Next language"), ("F2",)),
        "settings": Key(_EVERYWHERE, N_("Settings"), ("Ctrl+,",)),
        "cases": Key(_EVERYWHERE, N_("Cases"), ("Alt+1",)),
        "trips": Key(_EVERYWHERE, N_("Trips"), ("Alt+2",)),
        "people": Key(_EVERYWHERE, N_("People"), ("Alt+3",)),
        "next_person": Key(_EVERYWHERE, N_("Next person of the trip"), ("Alt+N", "Alt+Т")),
        "journals": Key(_EVERYWHERE, N_("Journals"), ("Alt+4",)),
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
        "page_on": Key(_JOURNAL, N_("Next page"), ("Alt+PgDown",)),
        "page_back": Key(_JOURNAL, N_("Previous page"), ("Alt+PgUp",)),
        "next_tab": Key(_JOURNAL, N_("Next journal"), ("Ctrl+PgDown",)),
        "tab_before": Key(_JOURNAL, N_("Previous journal"), ("Ctrl+PgUp",)),
        "export": Key(_JOURNAL, N_("Save or print what is shown"), ("Ctrl+P", "Ctrl+S")),
        "back": Key(_CASE, N_("Back to the list"), ("Alt+Left",)),
        "steps": Key(_CASE, N_("Go to a step: the digit beside its name"), ("Ctrl+1…9",)),
        "missing": Key(_CASE, N_("Go to what is missing"), ("Ctrl+M",)),
        "next_step": Key(_CASE, N_("Next step"), ("Ctrl+Enter", "Ctrl+Return")),
        "agree": Key(_CASE, N_("Agree with the proposal"), ("Ctrl+Shift+Enter", "Ctrl+Shift+Return")),
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
        "degree": Key(_DEGREE, N_("Choose the degree"), ("0…4",)),
        "not_applicable": Key(_DEGREE, N_("Does not apply"), ("N", "Т")),
        "not_examined": Key(_DEGREE, N_("Not examined"), ("Backspace",)),
    }
)


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
    return first if "…" in first else QKeySequence(first).toString(QKeySequence.SequenceFormat.NativeText)

"""To which stick, or from which file: what is in stands in a list that renews itself; any other place by its folder."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QListWidget, QWidget

from app.domain.text import N_
from app.services.link_views import BundleView, Whose
from ui.language import Language
from ui.screens.link import sticks
from ui.screens.link.sticks import SUFFIX, Bundle, Stick
from ui.screens.link.words import whose
from ui.traffic import Traffic
from ui.waiting import Waiting
from ui.widgets.amounts import size
from ui.widgets.output import choose_file, choose_folder
from ui.widgets.parts import button, column, label, row
from ui.widgets.words import Words
from ui.widgets.wrapped_list import WrappedList

_LOOK_EVERY_MS: Final = 2000
Seen = tuple[tuple[Stick, ...], tuple[Bundle, ...]]


class StickDialog(QDialog):
    """`chosen(path)`: the folder to write into, or the bundle to read (`reading`)."""

    chosen = Signal(object)

    def __init__(
        self, language: Language, parent: QWidget, *, look: Callable[[Path], BundleView] | None = None
    ) -> None:
        """`look` tells what a file is to this laptop; None: to write."""
        super().__init__(parent)
        reading = look is not None
        self._language, self._reading, self._ask = language, reading, look
        self._views: dict[tuple[Path, int, datetime], BundleView] = {}
        self._seen: Seen | None = None
        self._asked: Waiting | None = None
        words = self._words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = N_("Read from a stick") if reading else N_("Write to a stick")
        words(self, "windowTitle", title)
        head, about = label("section", wrap=True), label(wrap=True)
        words(head, "text", title)
        words(
            about, "text",
            N_("Put in the stick that came back from the centre and choose the file on it.") if reading
            else N_("Everything without a receipt is written into one new file, encrypted for the centre alone. Nothing"
                    " on the stick is written over."),
        )  # fmt: skip
        self.state = label(wrap=True)
        """whether there is anything to write"""
        self.state.hide()
        self._traffic: Traffic | None = None
        self.list: QListWidget = WrappedList()
        words(self.list, "accessibleName", N_("Files on the sticks") if reading else N_("Sticks that are in"))
        self.list.setMinimumHeight(self.fontMetrics().lineSpacing() * 8)
        self.list.itemActivated.connect(lambda _: self.take())
        self.list.currentRowChanged.connect(lambda _: self._fit_buttons())
        self.note = label("hint", wrap=True)
        self.close_button, self.other_button = button(), button()
        self.take_button = button("primary", "usb")
        words(self.close_button, "text", N_("Don't read") if reading else N_("Don't write"))
        words(self.other_button, "text", N_("Another file…") if reading else N_("Another folder…"))
        words(self.take_button, "text", N_("Read this file") if reading else N_("Write to this stick"))
        self.close_button.clicked.connect(self.reject)
        self.other_button.clicked.connect(self.choose_other)
        self.take_button.clicked.connect(self.take)
        buttons = row()
        buttons.addWidget(self.other_button)
        buttons.addStretch(1)
        for each in (self.close_button, self.take_button):
            buttons.addWidget(each)
        for each in (self.close_button, self.other_button, self.take_button):
            each.setAutoDefault(False)
        lines = column(self, margin=24, gap=12)
        for part in (head, about, self.state):
            lines.addWidget(part)
        lines.addWidget(self.list, 1)
        lines.addWidget(self.note)
        lines.addLayout(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 84, self.sizeHint().height())
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        words(self.note, "text", N_("Looking for sticks …"))
        language.changed.connect(self._retranslate)
        self._fit_buttons()
        self.other_button.setFocus()
        self.look()

    def follow(self, traffic: Traffic) -> None:
        """Say what there is to write, as it stands now and as it changes."""
        self._traffic = traffic
        traffic.changed.connect(self._say_state)
        traffic.count()
        self._say_state()

    def _say_state(self) -> None:
        status = self._traffic.status if self._traffic is not None else None
        if status is None:
            return
        if not status.has_something_to_write:
            self._words(self.state, "text", N_("The centre has everything: there is nothing to write."))
        elif status.is_carried:
            self._words(
                self.state, "text",
                N_("All of it was written to a stick already and waits for the receipt; nothing new has come since."
                   " Write it again where that stick was lost: what arrives twice counts once."),
            )  # fmt: skip
        self.state.setVisible(status.is_carried or not status.has_something_to_write)
        self._fit_buttons()

    def look(self) -> None:
        """Ask again what is in; not while a stick still owes an answer."""
        if self._asked is None:
            self._asked = Waiting(lambda _stop: self._look(), self)
            self._asked.answered.connect(self._take_seen)

    def _look(self) -> Seen:
        """On a thread of its own."""
        there, ask = sticks.sticks(), self._ask
        if ask is None:
            return there, ()
        found = sticks.bundles(there)

        def view(path: Path) -> BundleView:
            key = next((one.path, one.size, one.changed) for one in found if one.path == path)
            if key not in self._views:
                self._views[key] = ask(path)
            return self._views[key]

        return there, sticks.known(found, view)

    def take(self) -> None:
        """The one under the cursor."""
        found = self._entries()
        at = self.list.currentRow()
        if 0 <= at < len(found) and self.take_button.isEnabled():
            self._choose(found[at].path)

    def choose_other(self) -> None:
        """Ask for any folder or file."""
        t = self._language.t
        if self._reading:
            kinds = t("Files of the link ({endings})", endings=f"*{SUFFIX}")
            path = choose_file(t, self, t("The file that came back from the centre"), kinds)
        else:
            path = choose_folder(t, self, t("The folder to write into"))
        if path is not None:
            self._choose(path)

    def _choose(self, path: Path) -> None:
        self.accept()
        self.chosen.emit(path)

    def _entries(self) -> Sequence[Stick | Bundle]:
        if self._seen is None:
            return ()
        return self._seen[1] if self._reading else self._seen[0]

    def _take_seen(self, seen: Seen | None, _error: object) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            asked.deleteLater()
        if seen is not None and seen != self._seen:
            first, at = not self._entries(), self._chosen()
            self._seen = seen
            self._fill(at)
            if first and self._chosen() is not None and self.other_button.hasFocus():
                self.list.setFocus()

    def _chosen(self) -> Stick | Bundle | None:
        found, at = self._entries(), self.list.currentRow()
        return found[at] if 0 <= at < len(found) else None

    def _retranslate(self) -> None:
        self._fill(self._chosen())

    def _fill(self, before: Stick | Bundle | None) -> None:
        """`before`: what was chosen; where that is no use, or gone, the first that is."""
        if self._seen is None:
            return
        t, entries = self._language.t, self._entries()
        self.list.clear()
        for entry in entries:
            self.list.addItem(self._line(entry))
        if entries:
            useful = [at for at, entry in enumerate(entries) if _is_useful(entry)]
            kept = [at for at, entry in enumerate(entries) if before is not None and entry.path == before.path]
            self.list.setCurrentRow(next((at for at in kept if at in useful), (useful or kept or [-1])[0]))
            self._words.forget(self.note)
            self.note.setText("")
            if self._reading and not useful:
                self._words(self.note, "text", N_("None of these files is a new answer of the centre for this laptop."))
        elif self._reading and self._seen[0]:
            self._words(self.note, "text", N_("On the sticks that are in there is no file of the centre."))
        else:
            self._words(self.note, "text", N_("No stick is seen yet. Put it in: it will stand here by itself."))
        self.note.setVisible(bool(self.note.text()))
        self._fit_buttons()
        self.list.setAccessibleDescription(t("{n} in the list", n=self.list.count()))

    def _line(self, entry: Stick | Bundle) -> str:
        t = self._language.t
        if isinstance(entry, Bundle):
            said = t("{name} · {stick} · {size}", name=entry.path.name, stick=entry.stick, size=size(t, entry.size))
            return f"{t.show(whose(entry))}\n{said}"
        if entry.read_only:
            return t("{name} · {path}\nlocked against writing", name=entry.name, path=entry.path)
        return t("{name} · {path}\n{free} free of {size}", name=entry.name, path=entry.path, free=size(t, entry.free),
                 size=size(t, entry.size))  # fmt: skip

    def _fit_buttons(self) -> None:
        entry = self._chosen()
        status = self._traffic.status if self._traffic is not None else None
        useless = status is not None and not status.has_something_to_write
        locked = isinstance(entry, Stick) and entry.read_only
        self.take_button.setEnabled(entry is not None and not locked and not useless)
        self.other_button.setEnabled(not useless)


def _is_useful(entry: Stick | Bundle) -> bool:
    """Whether it is what the dialogue is there for."""
    if isinstance(entry, Stick):
        return not entry.read_only
    return entry.view is None or entry.view.whose is Whose.OURS

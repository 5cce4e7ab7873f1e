"""How far an exchange is, and its plain result: what both sides say beside each other, what came back."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QProgressBar, QWidget

from app.domain.clock import in_kazakhstan
from app.domain.errors import NothingToDo, Told
from app.domain.text import N_, Text
from app.services.link_views import Exchange
from ui.language import Language
from ui.screens.link import words as said
from ui.theme import restyle
from ui.traffic import Traffic
from ui.widgets.flow import FlowLayout
from ui.widgets.parts import button, column, label, row, set_shown
from ui.widgets.words import Words

_LONG: Final = 24
_TELLING: Final = ("waiting", "quarantined")
"""What the centre alone says and somebody has to know of, where it is any."""


class Strip(QFrame):
    """An exchange at work: what it does, how far it is, and the way to stop it."""

    def __init__(self, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._words = words = Words(language, self)
        self._traffic: Traffic | None = None
        self.step = label(wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        words(self.bar, "accessibleName", N_("How far the exchange is"))
        self.stop_button = button("", "x")
        words(self.stop_button, "text", N_("Stop"))
        self.stop_button.clicked.connect(self._stop)
        lines = column(gap=4)
        lines.addWidget(self.step)
        lines.addWidget(self.bar)
        line = row(self, margin=12, gap=16)
        line.addLayout(lines, 1)
        line.addWidget(self.stop_button)
        self.hide()

    def show_traffic(self, traffic: Traffic) -> None:
        """Follow it."""
        self._traffic = traffic
        progress = traffic.progress
        self.setVisible(bool(traffic.at_work))
        self.stop_button.setEnabled(not traffic.is_stopping)
        if traffic.is_stopping:
            self._words(self.step, "text", N_("It stops after the piece under way."))
        elif progress is None:
            self._words(self.step, "text", N_("The exchange begins …"))
        else:
            self._words(self.step, "text", progress.text)
        known = progress is not None and progress.of > 0
        self.bar.setRange(0, 1000 if known else 0)
        if progress is not None and known:
            self.bar.setValue(min(1000, 1000 * progress.done // progress.of))

    def _stop(self) -> None:
        if self._traffic is not None:
            self._traffic.stop()
            self.show_traffic(self._traffic)


class Result(QFrame):
    """`slip_wanted(id)`; `settings_wanted`: to the criteria; `cases_wanted`: to the list; `closed` when it was read."""

    slip_wanted = Signal(str)
    settings_wanted = Signal()
    cases_wanted = Signal()
    closed = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self._language = language
        words = self._words = Words(language, self)
        self.exchange: Exchange | None = None
        self.head = label("section", wrap=True)
        self._sides = QWidget()
        self.grid = QGridLayout(self._sides)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(24)
        self.grid.setVerticalSpacing(4)
        self.told = label(wrap=True)
        self.slip_button, self.criteria_button = button("", "printer"), button("", "settings")
        self.cases_button, self.close_button = button("", "file-text"), button("quiet", "x")
        words(self.slip_button, "text", N_("Look at the slip, print it…"))
        words(self.criteria_button, "text", N_("To the criteria in the settings"))
        words(self.cases_button, "text", N_("To the list of cases"))
        words(self.close_button, "text", N_("Understood"))
        self.slip_button.clicked.connect(self._on_slip)
        self.criteria_button.clicked.connect(self.settings_wanted)
        self.cases_button.clicked.connect(self.cases_wanted)
        self.close_button.clicked.connect(self.clear)
        self._buttons = QWidget()
        flow = FlowLayout(self._buttons)
        for each in (self.slip_button, self.criteria_button, self.cases_button, self.close_button):
            flow.addWidget(each)
        lines = column(self, margin=12, gap=8)
        for part in (self.head, self._sides, self.told, self._buttons):
            lines.addWidget(part)
        language.changed.connect(self._show)
        self.hide()

    def show_exchange(self, exchange: Exchange) -> None:
        """What became of it; stays until somebody has read it."""
        self.exchange = exchange
        self._show()

    def show_refusal(self, error: Told) -> None:
        """Why there was none."""
        self.exchange = None
        quiet = isinstance(error, NothingToDo)
        self._tone("info" if quiet else "danger")
        self._words(self.head, "text", error.text if quiet else Text(N_("✗ {reason}"), {"reason": error.text}))
        for part in (self._sides, self.told, self.slip_button, self.criteria_button, self.cases_button):
            part.hide()
        self.show()

    def clear(self) -> None:
        """It was read."""
        self.exchange = None
        self.hide()
        self.closed.emit()

    def _tone(self, tone: str) -> None:
        self.setProperty("tone", tone)
        restyle(self)

    def _show(self) -> None:
        exchange, t = self.exchange, self._language.t
        if exchange is None:
            return
        self._tone("warning" if exchange.stopped is not None else "info")
        mark = "⚠" if exchange.stopped is not None else "✓"
        self._words(self.head, "text", Text(N_("{sign} {name}"), {"sign": mark, "name": said.outcome(exchange)}))
        self._fill_sides(exchange)
        lines = [t.show(remark) for remark in exchange.remarks]
        out = said.went_out(t, exchange)
        if out is not None:
            lines.insert(0, out)
        if exchange.path is not None:
            lines.append(t("The file: {path}", path=exchange.path))
        lines += [said.came_back(t, item) for item in exchange.came_back]
        self.told.setText("\n".join(f"• {line}" for line in lines))
        set_shown(self.told, bool(lines))
        set_shown(self._sides, bool(exchange.ours or exchange.theirs))
        set_shown(self.slip_button, True)
        waits = any(item.kind == "pack" and not item.in_use for item in exchange.came_back)
        set_shown(self.criteria_button, waits)
        set_shown(self.cases_button, any(item.kind == "assignments" for item in exchange.came_back))
        self.show()

    def _fill_sides(self, exchange: Exchange) -> None:
        t = self._language.t
        while self.grid.count():
            item = self.grid.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        beside = [name for name in exchange.ours if not name.startswith("sent_")]
        names = [*beside, *(name for name in _TELLING if exchange.theirs.get(name))]
        theirs_head = t("The centre says")
        if not exchange.theirs.get("heard") and exchange.as_of is not None:
            theirs_head = t("The centre, by its receipt of {when}", when=in_kazakhstan(exchange.as_of))
        heads = ("", t("This laptop says"), theirs_head)
        for place, head in enumerate(heads):
            self._put(0, place, head, "label")
        for at, name in enumerate(names, start=1):
            ours, theirs = exchange.ours.get(name), exchange.theirs.get(name)
            self._put(at, 0, t(said.FIGURES[name]) if name in said.FIGURES else name, "hint")
            self._put(at, 1, _figure(ours), "")
            self._put(at, 2, _figure(theirs), "")
            if not exchange.is_comparable or ours is None or theirs is None or ours == theirs:
                continue
            lacks = int(ours) - int(theirs) if name == "attachments" else 0
            if lacks > 0:  # records are sent before them, so that they may wait for a better line
                self._put(at, 3, t("still wait: {n}", n=lacks), "hint")
            else:
                self._put(at, 3, t("≠ they differ"), "warning")
        self.grid.setColumnStretch(4, 1)

    def _put(self, at: int, place: int, words: str, role: str) -> None:
        shown = label(role)
        shown.setText(words)
        self.grid.addWidget(shown, at, place)

    def _on_slip(self) -> None:
        if self.exchange is not None:
            self.slip_wanted.emit(self.exchange.id)


def _figure(value: str | int | None) -> str:
    if value is None:
        return "–"
    shown = str(value)
    return f"{shown[:8]} … {shown[-8:]}" if len(shown) > _LONG else shown

"""The lists of the link: cases by place, what came back, receipts, exchanges."""

from functools import partial
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.domain.clock import KAZAKHSTAN, in_kazakhstan
from app.domain.text import N_
from app.i18n import Translator
from app.services import link_words
from app.services.desk import Desk
from app.services.link_views import CaseOnItsWay, Exchange, LinkStatus, Place, ReceiptView, ReferenceView
from app.services.link_words import WORDS
from ui.language import Language
from ui.screens.link import words as said
from ui.screens.link.listing import Column, Listing
from ui.screens.link.places import PlaceList
from ui.tasks import Task, TaskRunner
from ui.widgets.parts import button, column, label, row, set_shown
from ui.widgets.words import Words

PAGE: Final = 50
_SIGNS: Final = {"network": "refresh-cw"}
R = TypeVar("R")


class _Told(QWidget, Generic[R]):
    """A listing, and below it the chosen row's words in full; where there is none, a sentence."""

    def __init__(
        self, language: Language, parent: QWidget, columns: tuple[Column[R], ...], name: str, none: str
    ) -> None:
        super().__init__(parent)
        self._language = language
        self._words = Words(language, self)
        self._none = none
        self.table: Listing[R] = Listing(columns, self._words, language, name, self)
        self.told = label("hint", wrap=True)
        self.lines = column(self, gap=8)
        self.lines.setContentsMargins(0, 12, 0, 0)
        self.lines.addWidget(self.table, 1)
        self.lines.addWidget(self.told)
        self.table.moved.connect(self.tell)
        language.changed.connect(self.retranslate)
        self.tell()

    def retranslate(self) -> None:
        """Every word again."""
        self.table.retranslate()
        self.tell()

    def tell(self) -> None:
        """The chosen row in full."""
        chosen = self.table.chosen()
        self.told.setText(self._language.t(self._none) if not self.table.rows else self.said(chosen) if chosen else "")

    def said(self, _row: R) -> str:
        """What is told of a row below the table."""
        return ""


class CaseList(QWidget):
    """Cases by place. `opened(case_id)` by Enter."""

    opened = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        self._asked: Task | None = None
        self._at = 0
        self.places = PlaceList(language, self)
        self.page = _Cases(language, self)
        self.table = self.page.table
        self.table.wanted.connect(self._open)
        self.back_button, self.on_button = button("quiet", "chevron-left"), button("quiet", "chevron-right")
        self.page._words(self.back_button, "text", N_("Page back"))
        self.page._words(self.on_button, "text", N_("Page on"))
        self.back_button.clicked.connect(lambda: self._turn(-1))
        self.on_button.clicked.connect(lambda: self._turn(1))
        pages = row(gap=8)
        pages.addStretch(1)
        pages.addWidget(self.back_button)
        pages.addWidget(self.on_button)
        self.page.lines.addLayout(pages)
        self.back_button.hide()
        self.on_button.hide()
        line = row(self, gap=16)
        left = column()
        left.setContentsMargins(0, 12, 0, 0)
        left.addWidget(self.places)
        line.addLayout(left)
        line.addWidget(self.page, 1)
        self.places.picked.connect(self._pick)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if hasattr(self, "places"):
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wanted = self.fontMetrics().averageCharWidth() * 46
        self.places.setFixedWidth(min(wanted, max(240, self.width() * 2 // 5)))

    def show_status(self, status: LinkStatus) -> None:
        """Counts by place, and the cases again."""
        self.places.show_counts(status.counts)
        self.refresh()

    def refresh(self) -> None:
        """Ask for the cases again."""
        if self._asked is not None:
            self._asked.cancel()
        place, at, link = self.places.place(), self._at, self._desk.link
        ask = partial(link.cases, place, PAGE + 1, at * PAGE)
        self._asked = self._tasks.run(ask, done=self._show, owner=self)

    def _show(self, cases: tuple[CaseOnItsWay, ...]) -> None:
        self._asked = None
        self.table.show_rows(cases[:PAGE])
        set_shown(self.back_button, self._at > 0)
        set_shown(self.on_button, len(cases) > PAGE)

    def _pick(self, _place: Place | None) -> None:
        self._at = 0
        self.refresh()

    def _turn(self, step: int) -> None:
        self._at = max(0, self._at + step)
        self.refresh()

    def _open(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.opened.emit(chosen.case_id)


class _Cases(_Told[CaseOnItsWay]):
    def __init__(self, language: Language, parent: QWidget) -> None:
        columns: tuple[Column[CaseOnItsWay], ...] = (
            Column(N_("Case"), lambda _t, case: case.number),
            Column(
                N_("Where it is"), lambda t, case: t(WORDS[case.place]), lambda case: said.SIGNS[case.place], wide=True
            ),
            Column(N_("Records"), lambda _t, case: str(case.events), spare=True),
            Column(N_("Copies of papers"), lambda t, case: t.show(said.arrived(case)), spare=True),
            Column(N_("What is wrong, what to do"), _reason, wide=True),
        )
        super().__init__(language, parent, columns, N_("Cases on their way"), N_("No signed or ended case is here."))

    def said(self, row: CaseOnItsWay) -> str:
        t = self._language.t
        told = t.show(row.reason) if row.reason is not None else t(said.MEANINGS[row.place])
        told = t("{number}: {said}.", number=row.number, said=told.removesuffix("."))
        parts = [told]
        if self.table.is_narrow:
            counts = {"records": said.records(t, row.events), "copies": said.arrived(row)}
            parts.append(t("{records}; copies of papers: {copies}.", **counts))
        return " ".join([*parts, t("Enter opens the case.")])


def _where(t: Translator, case: CaseOnItsWay) -> str:
    return t(WORDS[case.place])


def _reason(t: Translator, case: CaseOnItsWay) -> str:
    return "" if case.reason is None else t.show(case.reason)


class ReferenceList(_Told[ReferenceView]):
    """What came back from the centre."""

    def __init__(self, language: Language, parent: QWidget) -> None:
        columns: tuple[Column[ReferenceView], ...] = (
            Column(N_("What"), lambda t, item: t.show(link_words.kind(item))),
            Column(N_("Name"), lambda t, item: t.show(link_words.name(item)), wide=True),
            Column(N_("Version"), lambda _t, item: item.version),
            Column(N_("Issued"), lambda t, item: t.show(item.issued_at.astimezone(KAZAKHSTAN).date())),
            Column(N_("In use"), said.use, lambda item: "check" if item.in_use else "circle-alert", wide=True),
        )
        none = N_("Nothing has come back yet. Criteria, lists and assignments of the centre will stand here.")
        super().__init__(language, parent, columns, N_("What came back"), none)

    def show_status(self, status: LinkStatus) -> None:
        """What came, as it stands now."""
        self.table.show_rows(status.reference)

    def said(self, row: ReferenceView) -> str:
        return said.came_back(self._language.t, row)


class ReceiptList(_Told[ReceiptView]):
    """The centre's receipts."""

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        columns: tuple[Column[ReceiptView], ...] = (
            Column(N_("Arrived"), lambda _t, one: in_kazakhstan(one.received_at)),
            Column(N_("Way"), lambda t, one: said.way(t, one.by)),
            Column(N_("Records up to"), lambda _t, one: str(one.upto_seq)),
            Column(N_("Taken over"), lambda _t, one: str(one.applied)),
            Column(N_("Copies lack"), lambda _t, one: str(one.waiting)),
            Column(N_("Looked at"), lambda _t, one: str(one.quarantined)),
            Column(N_("Clock of the centre"), lambda _t, one: in_kazakhstan(one.server_time), wide=True),
        )
        super().__init__(language, parent, columns, N_("Receipts"), N_("No receipt of the centre has arrived yet."))
        self._desk, self._tasks = desk, tasks

    def show_status(self, _: LinkStatus) -> None:
        """Ask for them again."""
        self._tasks.run(lambda: tuple(self._desk.link.receipts()), done=self._show, owner=self)

    def _show(self, found: tuple[ReceiptView, ...]) -> None:
        self.table.show_rows(found[: 4 * PAGE])

    def said(self, row: ReceiptView) -> str:
        told = {"seq": row.upto_seq, "log": row.incarnation[:8], "hash": row.head_hash[:16]}
        return self._language.t(
            "The centre has signed that it holds every record of the log {log} up to number {seq} ({hash}).", **told
        )


class ExchangeList(_Told[Exchange]):
    """Every exchange. `slip_wanted(id)` by Enter."""

    slip_wanted = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        columns: tuple[Column[Exchange], ...] = (
            Column(N_("When"), lambda _t, one: in_kazakhstan(one.ended_at)),
            Column(
                N_("Way"), lambda t, one: said.way(t, one.by), lambda one: "usb" if "stick" in one.by else "refresh-cw"
            ),
            Column(N_("Sent or written"), lambda _t, one: str(one.ours.get("sent_events", "–"))),
            Column(N_("Result"), lambda t, one: t.show(said.outcome(one)), wide=True),
        )
        super().__init__(language, parent, columns, N_("Exchanges"), N_("There was no exchange yet."))
        self._desk, self._tasks = desk, tasks
        self.table.wanted.connect(self._on_wanted)
        self.slip_button = button("", "printer")
        self._words(self.slip_button, "text", N_("Look at the slip, print it…"))
        self.slip_button.clicked.connect(self._on_wanted)
        line = row()
        line.addWidget(self.slip_button)
        line.addStretch(1)
        self.lines.addLayout(line)

    def show_status(self, _: LinkStatus) -> None:
        """Ask for them again."""
        self._tasks.run(lambda: tuple(self._desk.link.exchanges()), done=self._show, owner=self)

    def _show(self, found: tuple[Exchange, ...]) -> None:
        self.table.show_rows(found[: 4 * PAGE])

    def tell(self) -> None:
        super().tell()
        if hasattr(self, "slip_button"):
            self.slip_button.setEnabled(self.table.chosen() is not None)

    def said(self, row: Exchange) -> str:
        t = self._language.t
        return " ".join([t.show(said.outcome(row)), *(t.show(remark) for remark in row.remarks)])

    def _on_wanted(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.slip_wanted.emit(chosen.id)

"""Everything that is known of one person, on one sheet."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.text import N_
from app.domain.vocabulary import LABELS, Outcome, Sex
from app.i18n import Translator
from app.services.person_views import PersonCard, PersonCase
from ui import shortcuts, theme
from ui.language import Language
from ui.screens.people import words as said
from ui.widgets.parts import button, column, label, panel, row, scrolled
from ui.widgets.signs import STATE_SIGNS
from ui.widgets.words import Words

_TITLES = (N_("Examined on"), N_("Place, occasion"), N_("Decision"), N_("Period, cause"), N_("Until"), N_("State"))
_DAYS, _NUMBERS = (0, 4), (5,)  # columns of dates, of case numbers; the others share the rest


class PersonCardView(QWidget):
    """One person. `opened(case_id)`, `begun(person_id)`: to an examination, old or new; `merge_wanted(card)`,
    `separate_wanted(card, merged_id)`."""

    back = Signal()
    opened = Signal(str)
    begun = Signal(str)
    merge_wanted = Signal(object)
    separate_wanted = Signal(object, str)

    def __init__(self, language: Language, today: Callable[[], date], parent: QWidget) -> None:
        super().__init__(parent)
        self._language, self._today = language, today
        self.card: PersonCard | None = None
        self._causes: said.Causes = {}
        words = Words(language, self)
        self.back_button = button("quiet", "chevron-left")
        words(self.back_button, "text", N_("People"))
        words(self.back_button, "accessibleName", N_("Back to the people"))
        words(self.back_button, "toolTip", N_("Back to the people ({key})"), key=shortcuts.native("back"))
        self.back_button.clicked.connect(self.back)
        self.name = label("section", wrap=True)
        self.facts = label("hint", wrap=True)
        self.merge_button = button("", "merge")
        words(self.merge_button, "text", N_("This is the same person as…"))
        self.merge_button.clicked.connect(lambda: self.merge_wanted.emit(self.card))
        self.new_button = button("primary", "file-plus")
        words(self.new_button, "text", N_("New examination"))
        words(self.new_button, "accessibleName", N_("New examination of this person"))
        self.new_button.clicked.connect(self._begin)
        top = QFrame()
        top.setProperty("role", "header")
        names = column(gap=0)
        names.addWidget(self.name)
        names.addWidget(self.facts)
        line = row(top, gap=16)
        line.setContentsMargins(8, 6, 16, 6)
        line.addWidget(self.back_button)
        line.addLayout(names, 1)
        line.addWidget(self.merge_button)
        line.addWidget(self.new_button)
        self.under_way = panel("banner")
        self.under_way_text = label(wrap=True)
        self.under_way_button = button()
        words(self.under_way_button, "text", N_("Open the case"))
        self.under_way_button.clicked.connect(self._open_under_way)
        inner = row(self.under_way, margin=8)
        inner.addWidget(self.under_way_text, 1)
        inner.addWidget(self.under_way_button)
        self.in_force = label(wrap=True)
        self.due = label("hint", wrap=True)
        self.table = self._table(words)
        self.stretches, self.papers, self.merged = (QVBoxLayout() for _ in range(3))
        self.papers_heading, self.merged_heading = label("section"), label("section")
        content = QWidget()
        lines = column(content, gap=12)
        lines.setContentsMargins(24, 16, 24, 24)
        lines.addWidget(self.under_way)
        in_force = column(gap=4)
        in_force.addWidget(self._heading(words, N_("In force")))
        in_force.addWidget(self.in_force)
        in_force.addWidget(self.due)
        lines.addLayout(in_force)
        lines.addWidget(self._heading(words, N_("Examinations")))
        lines.addWidget(self.table)
        words(self.papers_heading, "text", N_("Papers that were printed or saved"))
        words(self.merged_heading, "text", N_("Records joined with this person"))
        self.stretches_heading = self._heading(words, N_("In the course of time"))
        for heading, layout in (
            (self.stretches_heading, self.stretches),
            (self.papers_heading, self.papers),
            (self.merged_heading, self.merged),
        ):
            layout.setSpacing(4)
            lines.addWidget(heading)
            lines.addLayout(layout)
        lines.addStretch(1)
        whole = column(self, gap=0)
        whole.addWidget(top)
        whole.addWidget(scrolled(content), 1)

    @staticmethod
    def _heading(words: Words, msgid: str) -> QWidget:
        made = label("section")
        words(made, "text", msgid)
        return made

    def first_field(self) -> QWidget:
        """Where the keyboard begins: the newest examination."""
        return self.table

    def show_card(self, card: PersonCard, causes: said.Causes) -> None:
        """Show this person."""
        self.card, self._causes = card, causes
        self.retranslate()

    def retranslate(self) -> None:
        """Every word again."""
        card, t, today = self.card, self._language.t, self._today()
        if card is None:
            return
        self.name.setText(card.name or t("name not entered"))
        self.facts.setText(" · ".join(part for part in facts(t, card, today) if part))
        under_way = card.under_way
        self.under_way.setVisible(under_way is not None)
        if under_way is not None:
            self.under_way_text.setText(
                t("An examination is under way: {number}, {state}.", number=under_way.number, state=under_way.state)
            )
        self._show_in_force(t, card, today)
        self._fill_table(t, card)
        self.stretches_heading.setVisible(bool(card.stretches))
        _fill(self.stretches, (label_of(said.stretch(t, part, self._causes, today)) for part in card.stretches))
        self.papers_heading.setVisible(bool(card.papers))
        _fill(
            self.papers,
            (
                label_of(
                    t(
                        "{at}: {paper} ({language}), {how}; {number}, by {name}",
                        at=_local(paper.at), paper=paper.title, language=paper.language,
                        how=t("printed") if paper.how == "printed" else t("saved as a file"),
                        number=paper.number, name=paper.by or "–",
                    )
                )
                for paper in card.papers
            ),
        )  # fmt: skip
        self.merged_heading.setVisible(bool(card.merged))
        _fill(self.merged, (self._merged_line(t, one.id) for one in card.merged))

    def _show_in_force(self, t: Translator, card: PersonCard, today: date) -> None:
        case = card.in_force
        self.due.setVisible(case is not None)
        if case is None:
            self.in_force.setText(t("Nothing has been decided yet."))
            return
        decision = t.show(case.outcome) if case.outcome else "–"
        parts = [decision[:1].upper() + decision[1:]]
        if case.outcome is not Outcome.NOT_ESTABLISHED:
            parts += [said.period(t, case), said.cause(t, case.cause, self._causes)]
        parts.append(t("decided on {date}", date=said.day(case.examined_on)))
        self.in_force.setText(", ".join(part for part in parts if part))
        until = date.fromisoformat(case.until) if case.until else None
        if case.outcome is Outcome.NOT_ESTABLISHED:
            self.due.setText(t("No re-examination is due."))
        elif until is None:
            self.due.setText(t("Without an end: no re-examination is due."))
        elif until <= today:
            self.due.setText("⚠ " + t("The period ended on {date}: the re-examination is overdue.", date=until))
        else:
            self.due.setText(t.plural("Due again before {date}, in {n} day.", "Due again before {date}, in {n} days.",
                                      (until - today).days, date=until))  # fmt: skip

    def _merged_line(self, t: Translator, merged: str) -> QWidget:
        card = self.card
        assert card is not None  # noqa: S101 - lines are made of a card
        one = next(part for part in card.merged if part.id == merged)
        line = QWidget()
        inner = row(line, gap=16)
        text = t.plural(
            "{name}: {n} examination, joined on {date} by {user}. {reason}",
            "{name}: {n} examinations, joined on {date} by {user}. {reason}",
            one.cases, name=one.name or "–", date=_local(one.at), user=one.by or "–", reason=one.reason,
        )  # fmt: skip
        separate = button("", "undo-2")
        separate.setText(t("Separate…"))
        separate.setAccessibleName(t("Separate {name} again", name=one.name or "–"))
        separate.clicked.connect(lambda: self.separate_wanted.emit(card, merged))
        inner.addWidget(label_of(text), 1)
        inner.addWidget(separate)
        return line

    # --- the table of examinations ----------------------------------------------------------------------------
    def _table(self, words: Words) -> QTableWidget:
        table = QTableWidget(0, len(_TITLES))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setWordWrap(True)
        table.verticalHeader().hide()
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for at in (*_DAYS, *_NUMBERS):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
        # Once all columns have their widths.
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._fit_height)
        header.sectionResized.connect(lambda *_: self._settled.start())
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        words(table, "accessibleName", N_("Examinations, newest first; Enter opens one"))
        table.activated.connect(self._open)
        return table

    def _fill_table(self, t: Translator, card: PersonCard) -> None:
        chosen = self.table.currentRow()
        self.table.setHorizontalHeaderLabels([t(title) for title in _TITLES])
        self.table.setRowCount(len(card.cases))
        for at, case in enumerate(card.cases):
            for place, text in enumerate(self._cells(t, case)):
                item = QTableWidgetItem(text)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{t(_TITLES[place])}: {text}")
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
                if place == len(_TITLES) - 1:
                    item.setIcon(theme.current().icon(STATE_SIGNS[case.state], theme.current().colours.text))
                self.table.setItem(at, place, item)
        if card.cases:
            self.table.selectRow(chosen if 0 <= chosen < len(card.cases) else 0)
        self._measure()

    def _cells(self, t: Translator, case: PersonCase) -> tuple[str, ...]:
        place = t.show(case.place) if case.place else "–"
        occasion = t.show(case.occasion) if case.occasion else "–"
        period = ", ".join(part for part in (said.period(t, case), said.cause(t, case.cause, self._causes)) if part)
        corrects = next((c.number for c in (self.card.cases if self.card else ()) if c.id == case.supersedes), None)
        state = f"{t(LABELS[case.state])}\n{case.number}"
        return (
            said.day(case.examined_on),
            f"{place}\n{occasion}",
            t.show(case.outcome) if case.outcome else "–",
            period or "–",
            said.day(case.until),
            state + ("\n" + t("corrects {number}", number=corrects) if corrects else ""),
        )

    def _measure(self) -> None:
        metrics, header = self.table.fontMetrics(), self.table.horizontalHeader()
        side = round(16 * theme.current().scale)
        self.table.setIconSize(QSize(side, side))
        for places, example, icon in ((_DAYS, "00.00.0000", 0), (_NUMBERS, "00/2026/000000", side + 8)):
            for at in places:
                title = self.table.horizontalHeaderItem(at)
                words = header.fontMetrics().horizontalAdvance(title.text() if title is not None else "") * 1.12
                header.resizeSection(at, max(metrics.horizontalAdvance(example) + icon, round(words)) + 24)
        self._settled.start()

    def _fit_height(self) -> None:
        """As high as its rows: the sheet scrolls, not the table."""
        metrics, beside = self.table.fontMetrics(), self.table.iconSize().width() + 8
        rows = 0
        for at in range(self.table.rowCount()):
            # Measured here: Qt forgets that the style sheet keeps words off the edges of their cell.
            height = 0
            for place in range(self.table.columnCount()):
                item = self.table.item(at, place)
                room = self.table.columnWidth(place) - 24 - (beside if place in _NUMBERS else 0)
                box = metrics.boundingRect(
                    0, 0, room, 10_000, int(Qt.TextFlag.TextWordWrap), item.text() if item else ""
                )
                height = max(height, box.height())
            self.table.setRowHeight(at, height + 14)
            rows += height + 14
        self.table.setFixedHeight(rows + self.table.horizontalHeader().sizeHint().height() + 8)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "merged_heading"):
            self.retranslate()

    def _open(self) -> None:
        at = self.table.currentRow()
        if self.card is not None and 0 <= at < len(self.card.cases):
            self.opened.emit(self.card.cases[at].id)

    def _open_under_way(self) -> None:
        if self.card is not None and self.card.under_way is not None:
            self.opened.emit(self.card.under_way.id)

    def _begin(self) -> None:
        if self.card is not None:
            self.begun.emit(self.card.id)


def facts(t: Translator, card: PersonCard, today: date) -> Iterable[str]:
    """Number, birth, sex, citizenship, address: what is known of them."""
    person = card.person
    if person.get("iin"):
        yield t("ИИН {iin}", iin=said.number(person["iin"]))
    elif card.no_iin is not None:
        why = card.no_iin_words or ""
        yield t("no ИИН: {reason}", reason=card.no_iin) + (f" ({why})" if why else "")
    else:
        yield t("ИИН not entered")
    if person.get("birth_date"):
        yield said.born(t, person["birth_date"], today)
    if person.get("sex"):
        yield t.show(Sex(person["sex"]))
    yield (person.get("address") or {}).get("text") or ""


def label_of(text: str) -> QWidget:
    """A line of text that wraps."""
    made = label(wrap=True)
    made.setText(text)
    return made


def _fill(layout: QVBoxLayout, widgets: Iterable[QWidget]) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
    for widget in widgets:
        layout.addWidget(widget)


def _local(moment: datetime) -> datetime:
    return moment.astimezone()

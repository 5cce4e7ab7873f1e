"""Who is due again: the calendar on the left, the people on the right, and plans of trips to them."""

from datetime import date
from itertools import islice
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.domain.text import N_, Text
from app.services import setup
from app.services.desk import Desk
from app.services.due import DueAsked, DueMonth, DueRow, Plan
from app.services.due import DuePage as Found
from app.services.journal_columns import TITLES
from app.services.trip_planning import MOST
from ui import shortcuts
from ui.language import Language
from ui.screens.journals.calendar import DueCalendar
from ui.screens.journals.export import ExportDialog
from ui.screens.journals.model import JournalModel, ModelRow
from ui.screens.journals.plans import PlanList
from ui.screens.journals.table import JournalTable
from ui.screens.journals.trip_making import TripMaking
from ui.tasks import Task, TaskRunner
from ui.widgets.choice import Combo
from ui.widgets.flow import FlowLayout
from ui.widgets.parts import button, column, label, panel, row, scrolled
from ui.widgets.words import Words

PAGE: Final = 200
_MOST_OVERDUE: Final = 500
_ORDERS: Final = (("day", N_("Due on")), ("village", N_("Town or village")), ("name", N_("Name of the person")))
_COPIED: Final = ("due_on", "name", "iin", "village", "address", "number")


class DuePage(QWidget):
    """`opened(case_id)` where a person was chosen: the case in force; `trip_wanted(trip_id)`: go to that trip."""

    opened = Signal(str)
    trip_wanted = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self._asked: Task | None = None
        self._ends: list[Any] = [None]
        self._found: Found | None = None
        self._month: DueMonth | None = None
        self._day: date | None = None
        self.calendar = DueCalendar(language, desk.due.today())
        self.calendar.month_chosen.connect(lambda _: self._from_the_top(fresh=True))
        self.calendar.day_chosen.connect(self._to_day)
        left = panel()
        column(left, margin=12).addWidget(self.calendar)
        side = QWidget()
        beside = column(side, gap=8)
        beside.addWidget(left)
        self.plans = PlanList(language)
        self.plans.wanted.connect(self._of_plan)
        self.plans.dropped.connect(self._drop)
        beside.addWidget(self.plans)
        beside.addStretch(1)
        self._side = scrolled(side)
        asked = QWidget(self)
        self.region, self.village, self.sort = Combo(asked), Combo(asked), Combo(asked)
        for combo, msgid in (
            (self.region, N_("Region")),
            (self.village, N_("Town or village")),
            (self.sort, N_("Sort by")),
        ):
            combo.setMinimumContentsLength(16)
            words(combo, "accessibleName", msgid)
        self.region.activated.connect(lambda _: self._from_the_top(fresh=True))
        self.village.activated.connect(lambda _: self._from_the_top())
        self.sort.activated.connect(lambda _: self._from_the_top())
        self.overdue_chip = button("chip", checkable=True)
        self.overdue_chip.setChecked(True)
        self.overdue_chip.clicked.connect(lambda _: self._from_the_top())
        flow = FlowLayout(asked, level=True)
        for part in (self.overdue_chip, self.region, self.village, self.sort):
            flow.addWidget(part)
        self.model = JournalModel("due", language, self)
        self.stack = QStackedWidget(self)
        self.table = JournalTable(self.model, words, TITLES["due"], self.stack, several=True)
        self.table.chosen.connect(self.opened)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        self.empty = self._make_empty()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.trip_button, self.plan_button, self.copy_button, self.export_button = (
            button("primary", "route"),
            button("", "hourglass"),
            button("", "copy"),
            button("", "download"),
        )
        words(self.copy_button, "text", N_("Copy the list"))
        words(self.export_button, "text", N_("Save or print…"))
        words(self.plan_button, "text", N_("Keep as a plan"))
        self.trip_button.clicked.connect(self.make_trip)
        self.plan_button.clicked.connect(self.plan)
        self.copy_button.clicked.connect(self.copy)
        self.export_button.clicked.connect(self.export)
        self.back_button, self.on_button = button("quiet", "chevron-left"), button("quiet", "chevron-right")
        words(self.back_button, "text", N_("Page back"))
        words(self.on_button, "text", N_("Page on"))
        self.back_button.clicked.connect(lambda: self._turn_page(-1))
        self.on_button.clicked.connect(lambda: self._turn_page(1))
        self.note = label("hint", wrap=True)
        self.making = TripMaking(self._desk, tasks, language, words)
        self.making.made.connect(lambda: self._ask(fresh=True))
        self.making.wanted.connect(self.trip_wanted)
        buttons = QWidget(self)
        acts = FlowLayout(buttons)
        for part in (
            self.trip_button, self.plan_button, self.copy_button, self.export_button, self.back_button, self.on_button,
        ):  # fmt: skip
            acts.addWidget(part)
        right = column(gap=8)
        right.addWidget(asked)
        right.addWidget(self.stack, 1)
        right.addWidget(self.note)
        right.addWidget(self.making)
        right.addWidget(buttons)
        line = row(self, gap=16)
        line.setContentsMargins(0, 12, 0, 0)
        line.addWidget(self._side)
        line.addLayout(right, 1)
        shortcuts.bind(self, "page_on", lambda: self._turn_page(1))
        shortcuts.bind(self, "page_back", lambda: self._turn_page(-1))
        shortcuts.bind(self, "export", self.export)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.table if self.model.rows else self.calendar.on_button

    def asked(self) -> DueAsked:
        """What is on the screen."""
        region = self.region.currentIndex()
        village = self.village.currentData() if self.village.currentIndex() > 0 else None
        return DueAsked(
            self.calendar.month,
            overdue=self.overdue_chip.isChecked(),
            region=setup.regions()[region - 1][0][:2] if region > 0 else None,
            village=village,
            sort=_ORDERS[max(self.sort.currentIndex(), 0)][0],
        )

    def chosen(self) -> tuple[DueRow, ...]:
        """The people who are selected in the list."""
        if self._found is None:
            return ()
        selected = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return tuple(self._found.rows[at] for at in selected if at < len(self._found.rows))

    def refresh(self) -> None:
        """Ask for everything again."""
        self._ask(fresh=True)

    def make_trip(self) -> None:
        """Ask for a trip of who is selected, else of everybody in the month and place that are shown."""
        chosen, asked, due = [person.case_id for person in self.chosen()], self.asked(), self._desk.due
        # One more than fit is enough to be told that they are too many.
        of = lambda: chosen or [person.case_id for person in islice(due.every(asked), MOST + 1)]  # noqa: E731
        self.making.begin(of, on=self.calendar.month, village=asked.village or self._village_of(chosen))

    def _of_plan(self, plan: Plan) -> None:
        people = [case_id for _, case_id in plan.people]
        on = date.fromisoformat(f"{plan.month}-01")
        self.making.begin(lambda: people, on=on, village=plan.village, plan=plan)

    def _village_of(self, case_ids: list[str]) -> str:
        """Where all of them live, as far as it is one place."""
        rows = self._found.rows if self._found is not None else ()
        villages = {person.village for person in rows if person.case_id in case_ids}
        return villages.pop() if len(villages) == 1 else ""

    def plan(self) -> None:
        """Keep who is selected for a trip."""
        people, month = self.chosen(), self.calendar.month
        villages = {person.village for person in people}
        village = villages.pop() if len(villages) == 1 else ", ".join(sorted(each for each in villages if each))[:200]

        def kept(plan: Plan) -> None:
            n = len(plan.people)
            told = {"n": n, "village": plan.village or "–"}
            self._say(Text(N_("The plan is kept: {n} people, {village}. It waits for the trip."), told))
            self._ask(fresh=True, quiet=True)

        self._tasks.run(lambda: self._desk.due.plan(people, village, month), done=kept, owner=self)

    def copy(self) -> None:
        """Put the selected people, or the whole page where nobody is, on the clipboard: one a line."""
        selected = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        rows = selected or list(range(len(self.model.rows)))
        lines = ["\t".join(" ".join(part.split()) for part in self.model.text(at, _COPIED)) for at in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._say(Text(N_("{n} people were copied. They can be pasted into a letter or a table."), {"n": len(rows)}))

    def export(self) -> None:
        """Ask in which form, and where to."""
        if self._found is not None and self._found.rows:
            dialog = ExportDialog("due", self.asked(), self._desk, self._tasks, self._language, self)
            dialog.produced.connect(self._say)
            dialog.open()

    def retranslate(self) -> None:
        """Every word again; what is chosen stays chosen."""
        t = self._language.t
        self._fill(self.region, [t("Any region"), *(t.show(name) for _, name in setup.regions())])
        self._fill(self.sort, [t(words) for _, words in _ORDERS])
        self._show_villages()
        self.model.retranslate()
        self.table.measure()
        self._show_overdue()
        self._show_chosen()
        self.plans.show_plans(self.plans.plans)
        self._fit()

    def changeEvent(self, event: Any) -> None:
        super().changeEvent(event)
        if hasattr(self, "plans") and hasattr(self, "model"):
            self._fit()

    def _fit(self) -> None:
        self._side.setFixedWidth(max(320, self.calendar.minimumSizeHint().width() + 44))

    @staticmethod
    def _fill(combo: Combo, items: list[str]) -> None:
        at = max(combo.currentIndex(), 0)
        combo.clear()
        combo.addItems(items)
        combo.setCurrentIndex(at)

    def _ask(self, *, fresh: bool = False, quiet: bool = False) -> None:
        if self._asked is not None:
            self._asked.cancel()
        asked, after, due = self.asked(), self._ends[-1], self._desk.due
        self._asked = self._tasks.run(lambda: due.page(asked, after, PAGE), done=self._show, owner=self)
        if fresh:
            self._tasks.run(
                lambda: (due.month(asked), due.plans()), done=lambda got: self._show_month(*got), owner=self
            )
        if not quiet:
            self._say(None)

    def _say(self, text: Text | None) -> None:
        if text is None:
            self._words.forget(self.note)
        else:
            self._words(self.note, "text", text)
        self.note.setVisible(text is not None)
        self.making.forget()

    def _from_the_top(self, *, fresh: bool = False) -> None:
        self._ends = [None]
        if fresh:
            self.village.setCurrentIndex(0)
        self._ask(fresh=fresh)

    def _turn_page(self, step: int) -> None:
        if step > 0 and self._found is not None and self._found.end is not None:
            self._ends.append(self._found.end)
        elif step < 0 and len(self._ends) > 1:
            self._ends.pop()
        else:
            return
        self._ask()

    def _show(self, found: Found) -> None:
        self._asked = None
        self._found = found
        self.table.show_rows(tuple(ModelRow(each.case_id, each.cells, each.overdue) for each in found.rows))
        self.stack.setCurrentWidget(self.table if found.rows else self.empty)
        self.back_button.setVisible(len(self._ends) > 1 or found.end is not None)
        self.on_button.setVisible(self.back_button.isVisibleTo(self))
        self.back_button.setEnabled(len(self._ends) > 1)
        self.on_button.setEnabled(found.end is not None)
        self.export_button.setEnabled(bool(found.rows))
        self.copy_button.setEnabled(bool(found.rows))
        self._show_chosen()
        if self._day is not None:
            day, self._day = self._day, None
            self._to_day(day)

    def _show_month(self, month: DueMonth, plans: tuple[Plan, ...]) -> None:
        self._month = month
        self.plans.show_plans(plans)
        self.calendar.show_counts(month.days)
        self._show_villages()
        self._show_overdue()
        self._fit()

    def _show_villages(self) -> None:
        kept = self.village.currentData() if self.village.currentIndex() > 0 else None
        self.village.clear()
        self.village.addItem(self._language.t("Any town or village"))
        for village, n in self._month.villages if self._month is not None else ():
            self.village.addItem(f"{village} · {n}", village)
        self.village.setCurrentIndex(max(self.village.findData(kept), 0) if kept else 0)

    def _show_overdue(self) -> None:
        t, n = self._language.t, self._month.overdue if self._month is not None else 0
        count = f"{_MOST_OVERDUE}+" if n > _MOST_OVERDUE else str(n)
        words = t("Overdue")
        self.overdue_chip.setText(f"{words}  {count}")

    def _show_chosen(self) -> None:
        n = len(self.chosen())
        self.plan_button.setEnabled(bool(n))
        self.trip_button.setEnabled(bool(self.model.rows))
        t = self._language.t
        self.trip_button.setText(
            t.plural("Make a trip: {n} person…", "Make a trip: {n} people…", n) if n else t("Make a trip of everybody…")
        )
        tip = N_("Select people in the list: Ctrl+click, Shift+arrow, Ctrl+A for all.")
        for made in (self.trip_button, self.plan_button):
            self._words(made, "toolTip", tip)

    def _drop(self, identity: str) -> None:
        self._tasks.run(lambda: self._desk.due.drop_plan(identity), done=lambda _: self._ask(fresh=True), owner=self)

    def _to_day(self, day: date) -> None:
        """To the first person who is due on a day of the month."""
        rows = self._found.rows if self._found is not None else ()
        at = next((at for at, each in enumerate(rows) if each.due_on == day), None)
        if at is not None:
            self.table.selectRow(at)
            self.table.setFocus()
        elif self.overdue_chip.isChecked():
            # It lies behind the overdue: show the month alone.
            self.overdue_chip.setChecked(False)
            self._day = day
            self._from_the_top()

    def _make_empty(self) -> QWidget:
        box = panel()
        lines = column(box, margin=32, gap=12)
        title, text = label("section", wrap=True), label(wrap=True)
        self._words(title, "text", N_("Nobody is due in this month"))
        self._words(
            text, "text", N_("People stand here whose newest signed decision ends in the month. Choose another month.")
        )
        lines.addStretch(1)
        for part in (title, text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            lines.addWidget(part)
        lines.addStretch(2)
        return box

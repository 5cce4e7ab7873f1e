"""Plans of trips that were kept: each with the way to make its trip, and to take it away."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.services.due import Plan
from ui.language import Language
from ui.widgets.parts import button, column, label, row


class PlanList(QWidget):
    """`wanted(plan)`: its trip is to be made; `dropped(id)`: it is to be taken away."""

    wanted = Signal(object)
    dropped = Signal(str)

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        self.plans: tuple[Plan, ...] = ()
        self._lines = column(self, gap=4)

    def show_plans(self, plans: tuple[Plan, ...]) -> None:
        """Other plans, or the same in other words."""
        self.plans = plans
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        t = self._language.t
        if plans:
            head = label("label")
            head.setText(t("Plans of trips"))
            self._lines.addWidget(head)
        for plan in plans:
            line = QWidget()
            parts = row(line, gap=4)
            words = label(wrap=True)
            said = f"{plan.month[5:]}.{plan.month[:4]} · {plan.village or '–'} · "
            said += t.plural("{n} person", "{n} people", len(plan.people))
            words.setText(said)
            make, drop = button("quiet", "route", alone=True), button("quiet", "x", alone=True)
            make.setAccessibleName(t("Make the trip of the plan: {plan}", plan=said))
            make.setToolTip(t("Make the trip"))
            make.clicked.connect(lambda _=False, plan=plan: self.wanted.emit(plan))
            drop.setAccessibleName(t("Take the plan away: {plan}", plan=said))
            drop.setToolTip(t("Take the plan away"))
            drop.clicked.connect(lambda _=False, identity=plan.id: self.dropped.emit(identity))
            parts.addWidget(words, 1)
            parts.addWidget(make)
            parts.addWidget(drop)
            self._lines.addWidget(line)

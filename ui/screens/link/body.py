"""What a linked laptop shows: the sentence, the problems, the acts, and the lists behind them."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QTabWidget, QWidget

from app.domain.errors import Told
from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.link_views import Exchange, LinkStatus, Place
from app.services.views import User
from ui import shortcuts
from ui.language import Language
from ui.screens.link import words as said
from ui.screens.link.lists import CaseList, ExchangeList, ReceiptList, ReferenceList
from ui.screens.link.result import Result, Strip
from ui.screens.link.slip_dialog import SlipDialog
from ui.screens.link.switches import Switches
from ui.tasks import TaskRunner
from ui.traffic import Traffic
from ui.widgets import amounts
from ui.widgets.flow import FlowLayout
from ui.widgets.icon_label import IconLabel
from ui.widgets.parts import button, column, label, row, scrolled, set_shown
from ui.widgets.words import Words

Page = CaseList | ReferenceList | ReceiptList | ExchangeList | Switches
_TABS: Final = (N_("Cases"), N_("What came back"), N_("Receipts"), N_("Exchanges"), N_("Switches"), N_("Result"))
_RESULT: Final = "result"
_ROWS: Final = 5
_ACTS: Final = (
    ("exchange", N_("Exchange now"), "refresh-cw", "exchange"),
    ("write", N_("Write to a stick…"), "usb", "stick_out"),
    ("read", N_("Read from a stick…"), "inbox", "stick_in"),
)


class Body(QWidget):
    """`changed` where the status is to be asked for again; the other signals lead elsewhere."""

    opened = Signal(str)
    settings_wanted = Signal()
    cases_wanted = Signal()
    anew_wanted = Signal()
    changed = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self._status: LinkStatus | None = None
        self._today = date.min
        self._administrator: User | None = None
        self._awaited = False
        content = QWidget()
        self._area = scrolled(content)
        column(self).addWidget(self._area)  # before anything stands in it: Qt would style all of it once more
        lines = column(content, gap=12)
        self.sign, self.sentence = IconLabel(24, content), label("section", wrap=True)
        self.about = label("hint", wrap=True)
        told = column(gap=4)
        told.addWidget(self.sentence)
        told.addWidget(self.about)
        top = row(gap=12)
        top.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(told, 1)
        lines.addLayout(top)
        lines.addWidget(self._problems(content))
        acts = QWidget(content)
        flow = FlowLayout(acts)
        self.buttons: dict[str, QPushButton] = {}
        for name, msgid, icon, key in _ACTS:
            made = self.buttons[name] = button("primary" if name == "exchange" else "", icon)
            words(made, "text", msgid)
            words(made, "toolTip", N_("{name} ({key})"), name=Text(msgid), key=shortcuts.native(key))
            flow.addWidget(made)
        self.address_button = button("quiet", "link-2")
        words(self.address_button, "text", N_("It has a network address…"))
        self.address_button.clicked.connect(self.ask_for_address)
        flow.addWidget(self.address_button)
        self.why = label("hint", wrap=True)
        lines.addWidget(acts)
        lines.addWidget(self.why)
        self.strip, self.result = Strip(language, content), Result(language)
        self.result.slip_wanted.connect(self.show_slip)
        self.result.settings_wanted.connect(self.settings_wanted)
        self.result.cases_wanted.connect(self.cases_wanted)
        self.result.closed.connect(self._end_result)
        lines.addWidget(self.strip)
        self.tabs = QTabWidget(content)
        words(self.tabs.tabBar(), "accessibleName", N_("Link with the centre"))
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._makers: dict[str, Callable[[QWidget], Page]] = {
            "cases": partial(CaseList, desk, tasks, language),
            "reference": partial(ReferenceList, language),
            "receipts": partial(ReceiptList, desk, tasks, language),
            "exchanges": partial(ExchangeList, desk, tasks, language),
            "switches": partial(Switches, desk, tasks, language),
        }
        self._places = {name: QWidget() for name in (*self._makers, _RESULT)}
        inside = column(self._places[_RESULT])
        inside.setContentsMargins(0, 12, 0, 0)
        inside.addWidget(self.result)
        inside.addStretch(1)
        self._before = "cases"
        """the page that was in sight when the result came"""
        self._made: dict[str, Page] = {}
        for place in self._places.values():
            self.tabs.addTab(place, "")  # its page comes when somebody looks: all at once would hold the window up
        self._show_result_tab(False)
        self.tabs.currentChanged.connect(lambda _: self._renew())
        lines.addWidget(self.tabs, 1)
        shortcuts.bind(self, "next_tab", lambda: self._go(1))
        shortcuts.bind(self, "tab_before", lambda: self._go(-1))
        language.changed.connect(self.retranslate)
        self.retranslate()

    def _problems(self, parent: QWidget) -> QWidget:
        made = self.problems = QFrame(parent)
        made.setProperty("role", "banner")
        made.setProperty("tone", "warning")
        self.wrong = label(wrap=True)
        self.anew_button = button("", "git-fork")
        self._words(self.anew_button, "text", N_("What to do…"))
        self.anew_button.clicked.connect(self.anew_wanted)
        line = row(made, margin=8, gap=16)
        line.addWidget(self.wrong, 1)
        line.addWidget(self.anew_button, 0, Qt.AlignmentFlag.AlignTop)
        made.hide()
        return made

    def first_field(self) -> QWidget:
        """Where the keyboard begins: what is to be done, else the list."""
        status = self._status
        waits = status is not None and status.counts.get(Place.WAITING, 0) > 0
        if waits and self.buttons["exchange"].isEnabled():
            return self.buttons["exchange"]
        if waits and self.buttons["write"].isEnabled():
            return self.buttons["write"]
        cases = self._made.get("cases")
        self._awaited = cases is None
        return cases.table if isinstance(cases, CaseList) else self.tabs.tabBar()

    def show_status(self, status: LinkStatus, *, administrator: User) -> None:
        """How things stand now; `administrator`: who set this desk up."""
        self._status = status
        self._today = self._desk.due.today()
        self._administrator = administrator
        self._say()
        self._renew()

    def show_tab(self, name: str) -> None:
        """`cases`, `reference`, `receipts`, `exchanges`, `switches`, or `result` where there is one."""
        self.tabs.setCurrentIndex(list(self._places).index(name))

    def page(self, name: str) -> Any:
        """The page of a tab; None until somebody has looked at it."""
        return self._made.get(name)

    def show_traffic(self, traffic: Traffic) -> None:
        """Whether an exchange is under way, and how far it is."""
        self.strip.show_traffic(traffic)
        self._set_enabled(busy=bool(traffic.at_work))

    def show_result(self, exchange: object) -> None:
        """The plain result of an exchange, on a page of its own: the lists keep their room."""
        if isinstance(exchange, Exchange):
            self.result.show_exchange(exchange)
            self._bring_result(self.result.slip_button)

    def show_refusal(self, error: Told) -> None:
        """Why there was no exchange."""
        self.result.show_refusal(error)
        self._bring_result(self.result.close_button)

    def _bring_result(self, focus: QWidget) -> None:
        name = self._in_sight()
        self._before = self._before if name == _RESULT else name
        self._show_result_tab(True)
        self.show_tab(_RESULT)
        if self.isVisible():
            focus.setFocus()
        QTimer.singleShot(0, self, self._to_the_top)

    def _to_the_top(self) -> None:
        """How things stand now stands above what came of the exchange: both are to be seen."""
        self._area.verticalScrollBar().setValue(0)

    def _end_result(self) -> None:
        """It was read: back to where one was."""
        if self._in_sight() == _RESULT:
            self.show_tab(self._before)
        self._show_result_tab(False)
        self.first_field().setFocus()

    def _show_result_tab(self, shown: bool) -> None:
        self.tabs.setTabVisible(self.tabs.indexOf(self._places[_RESULT]), shown)

    def _in_sight(self) -> str:
        return list(self._places)[self.tabs.currentIndex()]

    def ask_for_address(self) -> None:
        """Where the network address of the centre is kept."""
        self._make("switches")
        self.show_tab("switches")
        page = self._made["switches"]
        if isinstance(page, Switches):
            page.ask_for_address()

    def show_slip(self, exchange: str) -> None:
        """The slip of an exchange."""
        SlipDialog(self._desk, self._tasks, self._language, exchange, self).open()

    def retranslate(self) -> None:
        """Every word again; lists see to themselves."""
        for at, msgid in enumerate(_TABS):
            self.tabs.setTabText(at, self._language.t(msgid))
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "tabs"):
            self._fit()

    def _fit(self) -> None:
        """Room for five cases whatever stands above: where the window is too low for both, the page scrolls."""
        line = self.fontMetrics().lineSpacing()
        self.tabs.setMinimumHeight(_ROWS * (2 * line + 12) + 7 * line + 48)

    def _say(self) -> None:
        status, t = self._status, self._language.t
        if status is None or status.centre is None:
            return
        self.sign.show_icon(said.sign(status), "warning" if status.problems else "")
        self.sentence.setText(said.standing(t, status))
        lines = [said.receipt(t, status, self._today), t("Centre: {name}.", name=status.centre.name)]
        if status.laptop:
            named = self._desk.department.names
            lines.append(t("This laptop: {laptop}, {department}.", laptop=status.laptop, department=named))
        if beside := said.beside_cases(t, status):
            lines.insert(0, beside)
        if status.bytes_waiting:
            lines.append(t("Without a receipt so far: {size}.", size=amounts.size(t, status.bytes_waiting)))
        self.about.setText(" ".join(lines))
        self.wrong.setText("\n".join(f"⚠ {t.show(problem)}" for problem in status.problems))
        set_shown(self.problems, bool(status.problems))
        may = self._administrator is not None and self._administrator.id == self._desk.user.id
        set_shown(self.anew_button, status.begin_anew and may)
        by_stick = not status.centre.urls
        self.why.setText(
            t("This is the training: nothing leaves this laptop.") if self._desk.is_training
            else t("This centre is reached by stick alone.") if by_stick else ""
        )  # fmt: skip
        set_shown(self.why, bool(self.why.text()))
        set_shown(self.address_button, by_stick and may and not self._desk.is_training)
        self._fit()

    def _set_enabled(self, *, busy: bool) -> None:
        status = self._status
        free = not busy and not self._desk.is_training
        held = next((each for each in self.buttons.values() if each.hasFocus()), None)
        reached = status is not None and status.centre is not None and bool(status.centre.urls)
        self.buttons["exchange"].setEnabled(free and reached)
        self.buttons["write"].setEnabled(free)
        self.buttons["read"].setEnabled(free)
        if busy and held is not None:
            self.strip.stop_button.setFocus()

    def _renew(self) -> None:
        """Show what is new on the page in sight; one that isn't there yet is made in a turn of its own."""
        name = self._in_sight()
        page = self._made.get(name)
        if name == _RESULT:
            return
        if page is None:
            QTimer.singleShot(0, self, lambda: self._make(name))
        else:
            self._tell(page)

    def _make(self, name: str) -> None:
        if name not in self._made:
            place = self._places[name]
            page = self._made[name] = self._makers[name](place)
            column(place).addWidget(page)
            if isinstance(page, CaseList):
                page.opened.connect(self.opened)
            elif isinstance(page, ExchangeList):
                page.slip_wanted.connect(self.show_slip)
            elif isinstance(page, Switches):
                page.changed.connect(self.changed)
        self._tell(self._made[name])
        if name == "cases" and self._awaited and self.tabs.tabBar().hasFocus():
            self.first_field().setFocus()

    def _tell(self, page: Page) -> None:
        """How things stand."""
        if self._status is not None:
            page.show_status(self._status)
        if isinstance(page, Switches) and self._administrator is not None:
            page.show_administrator(self._administrator)

    def _go(self, step: int) -> None:
        there = [at for at in range(self.tabs.count()) if self.tabs.isTabVisible(at)]
        self.tabs.setCurrentIndex(there[(there.index(self.tabs.currentIndex()) + step) % len(there)])
        self.tabs.tabBar().setFocus()

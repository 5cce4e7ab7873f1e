"""One page of the link: how things stand, what to do now, where every case is, what came back."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.domain.errors import Told
from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.link_views import LinkStatus
from app.services.views import User
from ui import shortcuts
from ui.language import Language
from ui.screens.link.acts import Acts
from ui.screens.link.anew_dialog import AnewDialog
from ui.screens.link.body import Body
from ui.screens.link.enrol_dialog import EnrolDialog
from ui.tasks import Task, TaskRunner
from ui.traffic import Traffic
from ui.widgets.parts import Centred, button, column, label, panel
from ui.widgets.words import Words


class LinkScreen(QWidget):
    """`opened(case_id)`; `settings_wanted(page)`: a page of the settings; `section_wanted(name)`: another room."""

    opened = Signal(str)
    settings_wanted = Signal(str)
    section_wanted = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self.traffic: Traffic | None = None
        self.status: LinkStatus | None = None
        self._administrator: User | None = None
        self._asked: Task | None = None
        self._is_wanted = False
        self._body: Body | None = None
        self._acts: Acts | None = None
        self.stack = QStackedWidget(self)
        self.empty = self._empty()
        self.stack.addWidget(QWidget(self.stack))  # until it is known how things stand
        self.stack.addWidget(self.empty)
        self.title = label("heading")
        words(self.title, "text", N_("Link with the centre"))
        lines = column(self, margin=16, gap=12)
        lines.addWidget(self.title)
        lines.addWidget(self.stack, 1)
        for name, act in (("exchange", "exchange"), ("stick_out", "write"), ("stick_in", "read")):
            shortcuts.bind(self, name, partial(self._do, act))

    def _empty(self) -> QWidget:
        made, inside = panel(), QWidget()
        around = column(made, margin=32)
        around.addStretch(1)
        around.addWidget(Centred(inside, 760))
        around.addStretch(2)
        lines = column(inside, gap=12)
        head, why, on, how = label("section", wrap=True), label(wrap=True), label(wrap=True), label(wrap=True)
        self._words(head, "text", N_("This laptop is not linked with a centre yet"))
        self._words(
            why, "text",
            N_("Linked, it sends what was signed to the centre, over the network or on a stick, and gets new criteria,"
               " lists and assignments back. Only the centre can read it."),
        )  # fmt: skip
        self._words(
            on, "text",
            N_("Work goes on without it: every signed case is kept here in full and waits until it can go."),
        )  # fmt: skip
        self._words(how, "text", N_("What is needed: an invitation of the centre, and a telephone to compare it."))
        self.link_button = button("primary", "link-2")
        self._words(self.link_button, "text", N_("Link this laptop…"))
        self.link_button.clicked.connect(self.ask_to_link)
        self.link_button.hide()
        self.who = label("hint", wrap=True)
        for part in (head, why, on, how, self.who):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            lines.addWidget(part)
        lines.addWidget(self.link_button, 0, Qt.AlignmentFlag.AlignCenter)
        return made

    # --- what is shown ----------------------------------------------------------------------------------------
    def set_traffic(self, traffic: Traffic) -> None:
        """The window's exchanges."""
        self.traffic = traffic
        traffic.changed.connect(self._on_traffic)
        traffic.ended.connect(self._on_ended)
        traffic.failed.connect(self._on_refused)

    @property
    def body(self) -> Body | None:
        """What a linked laptop shows; None until it is made."""
        return self._body

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        if self._body is not None and self.stack.currentWidget() is self._body:
            return self._body.first_field()
        return self.link_button if self.stack.currentWidget() is self.empty else self

    def help_place(self) -> str:
        """Which help F1 shows: before the laptop is linked there is other work to do here."""
        return "link" if self.stack.currentWidget() is self._body else "link-before"

    def refresh(self) -> None:
        """Ask how things stand; the status line of the window hears the same."""
        self._is_wanted = True
        if self._asked is not None:
            self._asked.cancel()
        self._asked = self._tasks.run(self._desk.acceptance.administrator, done=self._know, owner=self)
        if self.traffic is not None:
            self.traffic.count()  # comes after the administrator

    def _know(self, administrator: User) -> None:
        self._asked, self._administrator = None, administrator

    def _take(self, status: LinkStatus, administrator: User) -> None:
        self.status, self._is_wanted = status, False
        may = administrator.id == self._desk.user.id
        if status.centre is None:
            self._show_empty(may, administrator)
        elif self._body is None:
            QTimer.singleShot(0, self, partial(self._begin, administrator))  # a turn of its own: it is a large page
        else:
            self._show_body(self._body, administrator)

    def _show_empty(self, may: bool, administrator: User) -> None:
        told = {"name": administrator.name, "login": administrator.login}
        if self._desk.is_training:
            text = Text(N_("This is the training: nothing leaves this laptop, and it is linked with nobody."))
        elif may:
            text = None
        else:
            text = Text(N_("Only {name} ({login}), who set this desk up, can link it."), told)
        if text is not None:
            self._words(self.who, "text", text)
        self.who.setVisible(text is not None)
        self.link_button.setVisible(text is None)
        had = self.stack.currentWidget() is not self.empty
        self.stack.setCurrentWidget(self.empty)
        if had and text is None and self.hasFocus():
            self.link_button.setFocus()

    def _begin(self, administrator: User) -> None:
        if self._body is None:
            made = self._body = Body(self._desk, self._tasks, self._language, self.stack)
            made.opened.connect(self.opened)
            made.settings_wanted.connect(lambda: self.settings_wanted.emit("criteria"))
            made.cases_wanted.connect(lambda: self.section_wanted.emit("cases"))
            made.anew_wanted.connect(self.ask_to_begin_anew)
            made.changed.connect(self.refresh)
            self._acts = Acts(self._desk, self._language, made)
            for act in ("exchange", "write", "read"):
                made.buttons[act].clicked.connect(partial(self._do, act))
            self.stack.addWidget(made)
            QTimer.singleShot(0, self, partial(self._show_body, made, administrator))

    def _show_body(self, body: Body, administrator: User) -> None:
        if self.status is not None and self.status.centre is not None:
            before = self.stack.currentWidget()
            body.show_status(self.status, administrator=administrator)
            self.stack.setCurrentWidget(body)
            self._on_traffic_shown()
            if (
                before is not body
                and self.isVisible()
                and self.window().focusWidget() in (None, self, self.link_button)
            ):
                body.first_field().setFocus()

    # --- exchanges --------------------------------------------------------------------------------------------
    def _do(self, act: str) -> None:
        if self._acts is not None and self.traffic is not None and self.stack.currentWidget() is self._body:
            self._acts.do(act, self.traffic)

    def _on_traffic_shown(self) -> None:
        if self._body is not None and self.traffic is not None:
            self._body.show_traffic(self.traffic)

    def _on_traffic(self) -> None:
        self._on_traffic_shown()
        status = self.traffic.status if self.traffic is not None else None
        if status is None or status is self.status or self._administrator is None:
            return
        if self._is_wanted or (self.isVisible() and status != self.status):
            self._take(status, self._administrator)

    def _on_ended(self, exchange: object) -> None:
        if self._body is not None:
            self._body.show_result(exchange)

    def _on_refused(self, error: Told) -> None:
        if self._body is not None:
            self._body.show_refusal(error)

    # --- linking ----------------------------------------------------------------------------------------------
    def ask_to_link(self) -> None:
        """Ask for the invitation of a centre."""
        dialog = EnrolDialog(self._desk, self._tasks, self._language, self)
        dialog.linked.connect(lambda _: self.refresh())
        dialog.open()

    def ask_to_begin_anew(self) -> None:
        """Tell what a copy of a laptop means, and begin a log of its own."""
        dialog = AnewDialog(self._language, self)
        dialog.confirmed.connect(self._begin_anew)
        dialog.open()

    def _begin_anew(self, reason: str) -> None:
        self._tasks.run(lambda: self._desk.link.begin_anew(reason), done=lambda _: self.refresh(),
                        name=self._language.t("Beginning a log of its own"), owner=self)  # fmt: skip

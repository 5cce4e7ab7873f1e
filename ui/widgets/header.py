"""The line on top: product, where one is, who works, languages, look, lock."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from app.domain.text import LANGUAGES, N_, Text
from ui import PRODUCT, shortcuts
from ui.language import NAMES, Language
from ui.sections import SECTIONS
from ui.theme import Appearance
from ui.widgets.parts import IconButton, button, label, row
from ui.widgets.words import Words


class Elided(QLabel):
    """A label that gives way: the whole (its tool tip too), else the short form, else that with "…" at its end."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setProperty("role", role)
        self._whole = self._short = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_whole(self, text: str, short: str) -> None:
        self._whole, self._short = text, short
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        fits = metrics.horizontalAdvance(self._whole) <= self.width()
        shown = self._whole if fits else self._short
        self.setText(metrics.elidedText(shown, Qt.TextElideMode.ElideRight, self.width()))


class Header(QFrame):
    """Always there. Navigation and lock appear once somebody has signed in."""

    section = Signal(str)
    settings = Signal()
    lock = Signal()
    sign_out = Signal()
    look_toggled = Signal()
    language_chosen = Signal(str)

    def __init__(self, words: Words, language: Language, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "header")
        self._words, self._language, self._appearance = words, language, appearance
        self._where: Text | None = None
        self._name = ""
        product = label("section")
        product.setText(PRODUCT)
        self.sections: dict[str, QPushButton] = {}
        for section in SECTIONS:
            made = self._button(section.words, section.icon, None, checkable=True)
            made.clicked.connect(lambda _=False, name=section.name: self.section.emit(name))
            words(made, "toolTip", N_("{name} ({key})"), name=Text(section.words), key=shortcuts.native(section.name))
            self.sections[section.name] = made
        self.settings_button = self._button(N_("Settings"), "settings", self.settings, checkable=True)
        self.where = Elided("hint")
        self.languages: dict[str, QPushButton] = {}
        tongues = row(gap=0)
        group = QButtonGroup(self)
        for code in LANGUAGES:
            choice = button("quiet", checkable=True)
            choice.setText(code)
            choice.setAccessibleName(NAMES[code])
            choice.setToolTip(NAMES[code])
            choice.clicked.connect(lambda _=False, chosen=code: self.language_chosen.emit(chosen))
            choice.setAutoExclusive(True)  # a radio button to a screen reader
            group.addButton(choice)
            tongues.addWidget(choice)
            self.languages[code] = choice
        self.look_button = self._button(N_("Dark"), "moon", self.look_toggled)
        self.lock_button = self._button(N_("Lock"), "lock", self.lock)
        self.out_button = self._button(N_("Sign out"), "log-out", self.sign_out)
        self._tools = {self.look_button: N_("Dark"), self.lock_button: N_("Lock"), self.out_button: N_("Sign out")}
        line = row(self, gap=4)
        line.setContentsMargins(16, 6, 12, 6)
        line.addWidget(product)
        line.addSpacing(8)
        for made in (*self.sections.values(), self.settings_button):
            line.addWidget(made)
        line.addSpacing(8)
        line.addWidget(self.where, 1)
        line.addLayout(tongues)
        for part in (self.look_button, self.lock_button, self.out_button):
            line.addWidget(part)
        words(self.lock_button, "toolTip", N_("Lock the screen ({key})"), key=shortcuts.native("lock"))
        words(self.lock_button, "accessibleName", N_("Lock"))
        words(self.out_button, "toolTip", N_("Sign out"))
        words(self.out_button, "accessibleName", N_("Sign out"))
        appearance.changed.connect(self._show_look)
        language.changed.connect(self._show_language)
        self._show_look()
        self._show_language()
        self.show_signed_in(None)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._narrow(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if hasattr(self, "_tools"):
            self._fit()

    def _narrow(self) -> int:
        """How wide everything is without the words of the last three buttons."""
        words = sum(tool.fontMetrics().horizontalAdvance(tool.text()) for tool in self._tools if not tool.isHidden())
        return super().minimumSizeHint().width() - words

    def _fit(self) -> None:
        """Words beside the last three icons where there is room for all of them: the names of the rooms come first."""
        t = self._language.t
        words = sum(
            tool.fontMetrics().horizontalAdvance(t(msgid)) for tool, msgid in self._tools.items() if not tool.isHidden()
        )
        roomy = self._narrow() + words <= self.width()
        for tool, msgid in self._tools.items():
            if roomy:
                self._words(tool, "text", msgid)
            else:
                self._words.forget(tool)
                tool.setText("")

    def _button(self, msgid: str, icon: str, signal: SignalInstance | None, *, checkable: bool = False) -> QPushButton:
        made = button("quiet", icon, checkable=checkable)
        self._words(made, "text", msgid)
        if signal is not None:
            made.clicked.connect(signal)
        return made

    def show_signed_in(self, where: Text | None, name: str = "") -> None:
        """`where` names department and user, `name` the user alone; None: nobody has signed in."""
        self._where, self._name = where, name
        self._show_where()
        for part in (*self.sections.values(), self.settings_button, self.lock_button, self.out_button):
            part.setVisible(where is not None)
        self._fit()

    def _show_where(self) -> None:
        self.where.set_whole(self._language.t.show(self._where) if self._where is not None else "", self._name)

    def show_place(self, place: str) -> None:
        """A section, `settings` or another: which button of the navigation is down."""
        for name, made in self.sections.items():
            made.setChecked(place == name)
        self.settings_button.setChecked(place == "settings")

    def _show_look(self) -> None:
        from ui import theme

        dark = theme.current().mode == "dark"
        self._tools[self.look_button] = N_("Light") if dark else N_("Dark")
        self._words(self.look_button, "accessibleName", N_("Light colours") if dark else N_("Dark colours"))
        if isinstance(self.look_button, IconButton):
            self.look_button.set_icon_name("sun" if dark else "moon")
        self._words(self.look_button, "toolTip", N_("Light colours") if dark else N_("Dark colours"))
        self._fit()

    def _show_language(self) -> None:
        self.languages[self._language.code].setChecked(True)
        self._show_where()
        self._fit()

"""The pages of the first start. A page checks itself and says below each field what is wrong."""

from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QRadioButton, QWidget

from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.services import setup
from app.services.views import Department
from ui.language import NAMES, Language
from ui.widgets.labelled import Labelled
from ui.widgets.new_passphrase import NewPassphrase
from ui.widgets.parts import Lines, button, column, label, row
from ui.widgets.words import Words

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OPEN = "…"
"""Stands in a name until the number is known."""


class LanguagePage(QWidget):
    """Which language the window speaks; each is named in itself."""

    title = N_("Language of the window")
    submitted = Signal()

    def __init__(self, words: Words, language: Language) -> None:
        super().__init__()
        self._language = language
        self.choices: dict[str, QRadioButton] = {}
        group = QButtonGroup(self)
        lines = column(self, gap=8)
        about = label(wrap=True)
        words(
            about,
            "text",
            N_(
                "Saraptama keeps the cases of a medico-social expertise commission on this laptop, encrypted, "
                "without a network. The language can be changed at any time; documents are printed in any of the three."
            ),
        )
        lines.addWidget(about)
        lines.addSpacing(8)
        for code in LANGUAGES:
            choice = QRadioButton(NAMES[code])
            choice.setChecked(code == language.code)
            choice.clicked.connect(lambda _=False, chosen=code: language.set(chosen))
            group.addButton(choice)
            lines.addWidget(choice)
            self.choices[code] = choice
        language.changed.connect(self._follow)
        lines.addStretch(1)

    def first_field(self) -> QWidget:
        return self.choices[self._language.code]

    def complete(self) -> bool:
        return True

    def _follow(self) -> None:
        self.choices[self._language.code].setChecked(True)


class DepartmentPage(QWidget):
    """The department: region and number make the names, which stay editable."""

    title = N_("The department")
    submitted = Signal()

    def __init__(self, words: Words, language: Language, known: Department | None = None) -> None:
        super().__init__()
        self._language = language
        self._composed: dict[str, str] = {}
        self.region = QComboBox()
        self.region.setMaxVisibleItems(20)
        self.number = QLineEdit()
        self.number.setMaxLength(8)
        self.names = {code: Lines(2) for code in LANGUAGES}
        self._region = Labelled(words, N_("Region"), self.region)
        self._number = Labelled(words, N_("Number of the department"), self.number)
        name_labels = {
            "kk": N_("Name on documents in Kazakh"),
            "ru": N_("Name on documents in Russian"),
            "en": N_("Name on documents in English"),
        }
        self._names = {code: Labelled(words, name_labels[code], edit) for code, edit in self.names.items()}
        top = row(gap=16)
        top.addWidget(self._region, 2)
        top.addWidget(self._number, 1)
        hint = label("hint", wrap=True)
        words(hint, "text", N_("The names are made from region and number. Change them where your order differs."))
        lines = column(self, gap=12)
        lines.addLayout(top)
        lines.addWidget(hint)
        for code in LANGUAGES:
            lines.addWidget(self._names[code])
            self.names[code].installEventFilter(self)
        self.anew_button = button("quiet", "undo-2")
        words(self.anew_button, "text", N_("Make the names anew"))
        self.anew_button.clicked.connect(self.make_anew)
        lines.addWidget(self.anew_button, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addStretch(1)
        for code, _ in setup.regions():
            self.region.addItem("", code)
        self.region.setCurrentIndex(-1)
        self._fill_regions()
        if known is not None:
            self.region.setCurrentIndex(self.region.findData(known.region))
            self.number.setText(known.number)
            for code in LANGUAGES:
                self.names[code].setPlainText(known.names.of(code))
            if self.region.currentIndex() >= 0:
                made = self._made(known.number)
                self._composed = {code: made.of(code) for code in LANGUAGES}
        language.changed.connect(self._fill_regions)
        self.region.currentIndexChanged.connect(self._compose)
        self.number.textEdited.connect(self._compose)
        self.number.returnPressed.connect(self.submitted)

    def first_field(self) -> QWidget:
        return self.region

    def complete(self) -> bool:
        """Check every field; the first wrong one takes the keyboard."""
        wrong: list[QWidget] = []

        def check(field: Labelled, missing: bool, text: str) -> None:
            field.set_error(Text(text) if missing else None)
            if missing:
                wrong.append(field.input)

        check(self._region, self.region.currentIndex() < 0, N_("Choose the region."))
        check(self._number, not self.number.text().strip(), N_("Type the number of the department."))
        for code, field in self._names.items():
            name = self.names[code].toPlainText()
            check(field, not name.strip(), N_("Type the name as it stands on documents."))
            if _OPEN in name and self.number.text().strip():
                sentence = N_("The number is not in this name yet: type it in place of “…”, or make the names anew.")
                check(field, True, sentence)
        if wrong:
            wrong[0].setFocus()
        return not wrong

    def department(self) -> Department:
        """What was entered; call `complete()` first."""
        names = {code: " ".join(edit.toPlainText().split()) for code, edit in self.names.items()}
        return Department(self.number.text().strip(), str(self.region.currentData()), LocalText(**names))

    def _fill_regions(self) -> None:
        for position, (_, name) in enumerate(setup.regions()):
            self.region.setItemText(position, name.of(self._language.code))

    def make_anew(self) -> None:
        """Names from region and number, whatever was written there."""
        self._compose(anew=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A name is one line, however it is wrapped: Enter goes on as in the other fields.
        pressed = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if pressed and watched in self.names.values() and event.key() in _ENTER:  # type: ignore[attr-defined]
            self.submitted.emit()
            return True
        return super().eventFilter(watched, event)

    def _made(self, number: str) -> LocalText:
        return setup.department_names(number or _OPEN, str(self.region.currentData()), date.today())  # noqa: DTZ011

    def _compose(self, *_changed: object, anew: bool = False) -> None:
        number = self.number.text().strip()
        if self.region.currentIndex() < 0:
            return
        self._region.set_error(None)
        names = self._made(number)
        for code, edit in self.names.items():
            # What somebody wrote themselves is not overwritten; blanks and lines alone are no words.
            if anew or _plain(edit.toPlainText()) in ("", _plain(self._composed.get(code, ""))):
                edit.setPlainText(names.of(code))
                self._composed[code] = names.of(code)
                self._names[code].set_error(None)


def _plain(name: str) -> str:
    return " ".join(name.split())


class UserPage(QWidget):
    """The first user: login, name as on papers, passphrase."""

    title = N_("The first user")
    submitted = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.name = QLineEdit()
        self.login = QLineEdit()
        self._name = Labelled(
            words, N_("Full name"), self.name, N_("As it is to stand on documents and in the commission.")
        )
        self._login = Labelled(words, N_("Login"), self.login, N_("A short name for signing in, such as a.nurlanova."))
        self.passphrase = NewPassphrase(
            words,
            lambda text: setup.strength(text, self._own_words()),
            lambda text: setup.good_enough(text, self._own_words()),
            N_("Passphrase"),
        )
        self.passphrase.submitted.connect(self.submitted)
        self.name.returnPressed.connect(self.login.setFocus)
        self.login.returnPressed.connect(self.passphrase.first.edit.setFocus)
        lines = column(self, gap=16)
        for part in (self._name, self._login, self.passphrase):
            lines.addWidget(part)
        lines.addStretch(1)

    def _own_words(self) -> tuple[str, str]:
        return self.name.text(), self.login.text()

    def first_field(self) -> QWidget:
        return self.name

    def take(self) -> tuple[str, str, str] | None:
        """Login, name and passphrase; None where something is wrong, said below its field."""
        name, login = " ".join(self.name.text().split()), self.login.text().strip()
        self._name.set_error(None if name else Text(N_("Type the full name.")))
        self._login.set_error(None if login else Text(N_("Type a login.")))
        if not name or not login:
            (self.login if name else self.name).setFocus()
            return None
        passphrase = self.passphrase.take()
        return None if passphrase is None else (login, name, passphrase)

    def refuse(self, text: Text, where: str | None) -> None:
        """Say what the desk had against the entries, below the field it means."""
        if where and "passphrase" in where:
            self.passphrase.refuse(text)
        else:
            field = self._name if where and "name" in where else self._login
            field.set_error(text)
            field.input.setFocus()

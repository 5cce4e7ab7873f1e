"""One record of an edition: what it says in three languages and as data, its source, and its sign-off."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from app.domain import dates
from app.domain.clock import SystemClock
from app.domain.errors import Told
from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.services.signing_off import RecordState
from ui.language import NAMES, Language
from ui.theme import restyle
from ui.widgets.labelled import Labelled
from ui.widgets.parts import button, column, label, row, rule
from ui.widgets.words import Words


class RecordPanel(QWidget):
    """`signed_off(by, day, place)` and `withdrawn` for the record shown."""

    signed_off = Signal(str, object, object)
    withdrawn = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        self._record: RecordState | None = None
        words = self._words = Words(language, self)
        self.title, self.texts, self.says = label("section", wrap=True), label(wrap=True), label(wrap=True)
        self.source, self.ledger = label("hint", wrap=True), label("warning", wrap=True)
        for part in (self.title, self.texts, self.says, self.source):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.by, self.on = QLineEdit(), QLineEdit()
        self.places = {code: QLineEdit() for code in LANGUAGES}
        self._by = Labelled(words, N_("Who compared it with the official text"), self.by)
        self._on = Labelled(words, N_("Day"), self.on)
        asked = {
            "kk": N_("Place in the official text, in Kazakh"),
            "ru": N_("Place in the official text, in Russian"),
            "en": N_("Place in the official text, in English"),
        }
        self._places = {code: Labelled(words, asked[code], line) for code, line in self.places.items()}
        self.sign_button, self.withdraw_button = button("primary", "check"), button("", "undo-2")
        words(self.sign_button, "text", N_("Sign off"))
        words(self.withdraw_button, "text", N_("Withdraw the sign-off"))
        self.sign_button.clicked.connect(self.sign_off)
        self.withdraw_button.clicked.connect(self.withdrawn)
        for line in (self.by, self.on, *self.places.values()):
            line.returnPressed.connect(self.sign_off)
        who = row(gap=16)
        who.addWidget(self._by, 3)
        who.addWidget(self._on, 1)
        buttons = row()
        buttons.addWidget(self.sign_button)
        buttons.addWidget(self.withdraw_button)
        buttons.addStretch(1)
        lines = column(self, margin=16, gap=12)
        for part in (self.title, self.texts, self.says, self.source, self.ledger):
            lines.addWidget(part)
        lines.addWidget(rule())
        lines.addLayout(who)
        for code in LANGUAGES:
            lines.addWidget(self._places[code])
        lines.addLayout(buttons)
        lines.addStretch(1)
        language.changed.connect(self._fill)
        self.on.setText(f"{SystemClock().today():%d.%m.%Y}")
        self._fill()

    def show_record(self, record: RecordState | None, *, changeable: bool) -> None:
        """Show another record, or none; without `changeable` the edition is one that stays as it is."""
        if record is None or self._record is None or record.id != self._record.id:
            for line in self.places.values():
                line.clear()
        self._record = record
        for part in (self._by, self._on, *self._places.values()):
            part.set_error(None)
            part.setEnabled(record is not None and changeable)
        self.sign_button.setEnabled(record is not None and changeable)
        self.withdraw_button.setEnabled(record is not None and changeable and bool(record.sign_off or record.lapsed))
        if record is not None and (signed := record.sign_off or record.lapsed):
            for code, line in self.places.items():
                line.setText(signed.place.of(code))
        self._fill()

    def sign_off(self) -> None:
        """Take what was typed, if it is whole."""
        if not self.sign_button.isEnabled():
            return
        name, day = " ".join(self.by.text().split()), self._day()
        places = {code: " ".join(line.text().split()) for code, line in self.places.items()}
        self._by.set_error(None if name else Text(N_("Type the name.")))
        for code, place in places.items():
            self._places[code].set_error(None if place else Text(N_("Type the place, for instance the paragraph.")))
        if name and day and all(places.values()):
            self.signed_off.emit(name, day, LocalText(**places))

    def refuse(self, told: Told) -> None:
        """Say below its line what the service had against it."""
        fields = {"by": self._by, "on": self._on, **{f"place_{code}": field for code, field in self._places.items()}}
        fields.get(told.where or "", self._by).set_error(told.text)

    def _day(self) -> date | None:
        self._on.set_error(None)
        try:
            return dates.parse_typed(self.on.text(), SystemClock().today())
        except Told as told:
            self._on.set_error(told.text)
            return None

    def _fill(self) -> None:
        t, record = self._language.t, self._record
        parts = (self.texts, self.says, self.source, self.ledger)
        if record is None:
            self.title.setText(t("Choose a record on the left."))
            for part in parts:
                part.hide()
            return
        self.title.setText(f"{record.id} · {t.show(record.days)}" if record.days else record.id)
        self._put(self.texts, "" if record.text is None else "\n".join(
            f"{NAMES[code]}: {record.text.of(code)}" for code in LANGUAGES))  # fmt: skip
        said = [f"{t.show(field.label)}: {'; '.join(t.show(line) for line in field.lines)}" for field in record.fields
                if field.key not in (*LANGUAGES, "cite", "in_force")]  # fmt: skip
        if record.text is not None and "{" in record.text.en:
            said.append(t("What stands in curly brackets is filled in from the case."))
        self._put(self.says, "\n".join(said))
        citation = record.citation
        place = ", ".join(filter(None, (t.show(citation.act), t.show(citation.place), citation.edition)))
        self._put(self.source, f"{t.show(citation.status)}\n{place}")
        self._put(self.ledger, "" if record.said is None else t.show(record.said))
        self.ledger.setProperty("role", "warning" if record.lapsed or record.moved else "")
        restyle(self.ledger)

    @staticmethod
    def _put(part: QLabel, text: str) -> None:
        part.setText(text)
        part.setVisible(bool(text))

"""A person into the trip in under a minute: a line for ИИН or machine readable zone, the name, the referral, Enter."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.domain import iin
from app.domain.case_file import check_field
from app.domain.errors import Told
from app.domain.mrz import Mrz
from app.domain.text import N_, Text
from app.domain.vocabulary import LABELS, Occasion, Sex
from app.services.desk import Desk
from app.services.trip_views import KnownPerson
from ui.language import Language
from ui.screens.trips.identity_field import IdentityField
from ui.tasks import Task, TaskRunner
from ui.widgets.choice import ComboField
from ui.widgets.date_field import DateField
from ui.widgets.field import Field
from ui.widgets.group import Group
from ui.widgets.iin_field import LAST_DIGIT
from ui.widgets.options import Option
from ui.widgets.parts import button, column, label, row
from ui.widgets.text_field import TextField
from ui.widgets.tick_box import TickBox
from ui.widgets.words import Words as Bound

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RegisterPanel(QFrame):
    """`registered(case_id)` once somebody is in the list; `left` when nobody else is to be registered."""

    registered = Signal(str)
    left = Signal()

    def __init__(
        self, desk: Desk, tasks: TaskRunner, language: Language, today: Callable[[], date], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk, self._tasks, self._language = desk, tasks, language
        self._words = Bound(language, self)
        self.trip_id = ""
        self.values: dict[str, Any] = {}
        self._zone: dict[str, Any] = {}
        self._said: dict[str, str | None] = {}
        self._asked: Task | None = None
        self.known: KnownPerson | None = None
        self.identity = IdentityField(
            "person.iin", N_("ИИН or the lines of the document"), read=desk.registration.read_zone,
            check=partial(check_field, "person.iin"),
        )  # fmt: skip
        self.surname = self._text("person.surname", N_("Surname"))
        self.given = self._text("person.given_name", N_("Given name"))
        self.patronymic = self._text("person.patronymic", N_("Patronymic"))
        self.birth = DateField("person.birth_date", N_("Birth date"), today=today, check=_checked("person.birth_date"))
        self.sex = ComboField("person.sex", N_("Sex"), [Option(sex.value, LABELS[sex]) for sex in Sex])
        self.occasion = ComboField(
            "examination.occasion", N_("Occasion"), [Option(each.value, LABELS[each]) for each in Occasion]
        )
        self.number = self._text("referral.number", N_("Number of the referral"))
        self.signed = DateField(
            "referral.signed_on", N_("Signed on"), today=today, check=_checked("referral.signed_on")
        )
        self.fields: tuple[Field, ...] = (
            self.identity, self.surname, self.given, self.patronymic, self.birth, self.sex, self.occasion, self.number,
            self.signed,
        )  # fmt: skip
        self.group = Group(
            N_("Register a person"),
            [
                [self.identity, self.surname, self.given, self.patronymic],
                [self.birth, self.sex, self.occasion, self.number, self.signed],
            ],
            parent=self,
        )
        self.said = label("hint", wrap=True)
        self.same = TickBox()
        self.same.setChecked(True)
        self.add_button = button("primary", "user-plus")
        self.add_button.clicked.connect(self.submit)
        self.close_button = button()
        self.close_button.clicked.connect(self.left)
        self._words(self.add_button, "text", N_("Add to the list"))
        self._words(self.add_button, "toolTip", N_("Add to the list ( Enter )"))
        self._words(self.close_button, "text", N_("Finish registering"))
        self._words(self.close_button, "toolTip", N_("Finish registering ( Esc )"))
        last = row()
        last.addWidget(self.same, 1)
        last.addWidget(self.said, 1)
        last.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        last.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignTop)
        lines = column(self, margin=12, gap=8)
        lines.addWidget(self.group)
        lines.addLayout(last)
        for field in self.fields:
            field.committed.connect(self._on_committed)
            field.unfinished.connect(lambda path, _text: self.values.pop(path, None))
        self.identity.told.connect(self._on_told)
        self.identity.zone.connect(self._on_zone)
        language.changed.connect(self.retranslate)
        self.retranslate()
        self.clear()

    def _text(self, path: str, words: str) -> TextField:
        return TextField(path, words, check=_checked(path))

    def retranslate(self) -> None:
        """Every word again; what is typed stays."""
        for field in self.fields:
            field.retranslate(self._language.t)
        self.group.retranslate(self._language.t)
        self._show_known()

    def clear(self) -> None:
        """Ready for the next person, the keyboard in the first line."""
        self.values = {"examination.occasion": Occasion.FIRST.value}
        self._zone, self._said, self.known = {}, {}, None
        if self._asked is not None:
            self._asked.cancel()
        for field in self.fields:
            field.set_error(None)
            field.show_value(self.values.get(field.path))
        self._words(self.said, "text", N_("Enter adds the person; the list stays below."))
        self._show_known()

    def begin(self) -> None:
        """Put the keyboard into the first line."""
        self.identity.edit.setFocus()

    # --- what the lines tell -----------------------------------------------------------------------------------
    def _on_committed(self, path: str, value: object) -> None:
        if value is None:
            self.values.pop(path, None)
        else:
            self.values[path] = value
        if path == "person.iin":
            self._look_up()

    def _put(self, path: str, value: Any) -> None:
        field = next(field for field in self.fields if field.path == path)
        if value is None:
            self.values.pop(path, None)
        else:
            self.values[path] = value
        field.set_error(None)
        field.show_value(value)

    def _on_told(self, told: iin.Iin) -> None:
        """Birth date and sex as in a case: a wrong check digit is told and stops nothing. It doesn't change what was
        typed; what another number had said goes with that number."""
        born = told.birth_date.isoformat() if told.birth_date is not None else None
        said: dict[str, str | None] = {"person.birth_date": born, "person.sex": told.sex and told.sex.value}
        for path, value in said.items():
            mine = self.values.get(path) in (None, self._said.get(path))
            if mine or (told.checksum_ok and value is not None):
                self._put(path, value)
        self._said = said

    def _on_zone(self, zone: Mrz) -> None:
        self._zone = {path: value for path, value in zone.fields().items() if path not in self._paths()}
        for path, value in zone.fields().items():
            if path in self._paths() and path != "person.iin":
                self._put(path, value)
        name = f"{zone.surname} {zone.given_names}".strip()
        if zone.expires_on is not None and zone.expires_on < self._today():
            self._words(
                self.said, "text",
                N_("Read, all check digits fit: {name}, document {number}. ⚠ It expired on {date}."
                   " Type the name in the letters of the paper."),
                name=name, number=zone.number, date=zone.expires_on,
            )  # fmt: skip
        else:
            self._words(
                self.said, "text",
                N_("Read, all check digits fit: {name}, document {number}. Type the name in the letters of the paper."),
                name=name, number=zone.number,
            )  # fmt: skip
        self.surname.edit.setFocus()

    def _today(self) -> date:
        return self.birth._today()

    def _paths(self) -> set[str]:
        return {field.path for field in self.fields}

    def _look_up(self) -> None:
        if self.known is not None:
            # What came from the person before goes with the number.
            for path, value in self.known.fields.items():
                if self.values.get(path) == value:
                    self._put(path, None)
            self._put("examination.occasion", Occasion.FIRST.value)
            self.known = None
        self._show_known()
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None
        number = self.values.get("person.iin")
        if number is not None:
            self._asked = self._tasks.run(
                lambda: self._desk.registration.known(str(number)), done=self._on_known, owner=self
            )

    def _on_known(self, known: KnownPerson | None) -> None:
        self.known = known
        if known is not None:
            told = ("person.birth_date", "person.sex", "examination.occasion")
            for path, value in known.fields.items():
                if path not in self.values or path in told:
                    self._put(path, value)
            if not known.unsigned:
                self._put("examination.occasion", Occasion.REPEAT.value)
            self.same.setChecked(True)
        self._show_known()

    def _show_known(self) -> None:
        known = self.known
        self.same.setVisible(known is not None)
        self.said.setVisible(known is None)
        if known is None:
            return
        t = self._language.t
        told = {"number": known.number, "date": known.examined_on or "–"}
        self.same.set_words(
            t("Known here, with the open case {number}: it is this person, put that case into the list", **told)
            if known.unsigned
            else t("Known here, last examined on {date} ({number}): it is this person, a new case of theirs", **told)
        )
        self.same.setAccessibleName(self.same.text())

    # --- Enter -------------------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() not in _ENTER:
            super().keyPressEvent(event)
        elif not (self.identity.edit.hasFocus() and self.identity.waits()):  # a reader ends each line with Enter
            if not self.surname.edit.hasFocus() and "person.surname" not in self._settled():
                self.surname.edit.setFocus()
            else:
                self.submit()

    def _settled(self) -> dict[str, Any]:
        for field in self.fields:
            field.settle()
        return self.values

    def submit(self) -> None:
        """Put the person into the list, or say below the line what is wrong with it."""
        values = self._settled()
        if self.identity.waits():
            self.identity.set_error(Text(N_("The lines of the document are not whole: read them once more.")))
        wrong = next((f for f in self.fields if f.error_text is not None and f.error_text.msgid != LAST_DIGIT), None)
        if wrong is not None:
            wrong.focus_widget().setFocus()
            return
        known = self.known.case_id if self.known is not None and self.same.isChecked() else None
        fields, trip_id = {**self._zone, **values}, self.trip_id
        self.add_button.setEnabled(False)
        self._tasks.run(
            lambda: self._desk.registration.register(trip_id, fields, known),
            done=self._on_registered,
            failed=self._on_failed,
            owner=self,
        )

    def _on_registered(self, case_id: str) -> None:
        self.add_button.setEnabled(True)
        name = " ".join(
            str(self.values[path]) for path in ("person.surname", "person.given_name") if path in self.values
        )
        self.clear()
        self._words(self.said, "text", N_("{name} is in the list. The next person, or Esc."), name=name)
        self.begin()
        self.registered.emit(case_id)

    def _on_failed(self, error: BaseException) -> None:
        self.add_button.setEnabled(True)
        field = next((f for f in self.fields if isinstance(error, Told) and f.path == error.where), None)
        if field is None or not isinstance(error, Told):
            self._tasks.failed.emit(error)
            return
        field.set_error(error.text)
        field.focus_widget().setFocus()


def _checked(path: str) -> Callable[[object], object]:
    return partial(check_field, path)

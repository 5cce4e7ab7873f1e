"""What comes with the referral: the rest of the form 031/у, the list of documents, copies of papers."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain import dates
from app.domain.brought import ATTACHMENTS, NAMES, REFERRAL, Presence
from app.domain.case_file import check_field
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.vocabulary import LABELS
from app.i18n import Translator
from app.services import checklist
from ui.screens.examination.form import Form
from ui.widgets.copy_list import CopiesField
from ui.widgets.fold import Fold
from ui.widgets.group import Group
from ui.widgets.line_choice import LineChoiceField
from ui.widgets.options import Option
from ui.widgets.parts import label, panel
from ui.widgets.parts import row as line_of
from ui.widgets.rows import Row, RowsField

_TEXTS = (
    ("anamnesis", N_("Anamnesis"), 3),
    ("examinations", N_("Examinations done"), 3),
    ("consultations", N_("Specialists' consultations"), 3),
    ("diagnosis", N_("Diagnosis of the referring organisation"), 2),
    ("disorders", N_("Degree of disorders, in its words"), 2),
    ("clinical_prognosis", N_("Clinical prognosis"), 1),
    ("potential", N_("Rehabilitation potential"), 1),
    ("prognosis", N_("Rehabilitation prognosis"), 1),
    ("plan", N_("Plan of rehabilitation measures"), 3),
)


def rest_of_referral(form: Form, parent: QWidget) -> Group:
    """The fields of 031/у that the commission reads and doesn't compute with; folded until something stands there."""

    def text(name: str, words: str, lines: int) -> QWidget:
        return form.long_text(f"{REFERRAL}.{name}", words, lines=lines)

    texts = {name: text(name, words, lines) for name, words, lines in _TEXTS}
    incapacity, members = f"{REFERRAL}.incapacity", f"{REFERRAL}.members"
    rows = form.add(
        RowsField(
            incapacity,
            N_("Temporary incapacity in the last 12 months"),
            make_row=lambda: IncapacityRow(form),
            add=N_("Add a spell"),
            none=N_("there was none"),
            check=partial(check_field, incapacity),
        )
    )
    commission = form.add(
        RowsField(
            members,
            N_("Members of the ВКК"),
            make_row=WordRow,
            add=N_("Add a member"),
            check=partial(check_field, members),
        )
    )
    return Fold(
        N_("The rest of the form 031/у"),
        [
            [texts["anamnesis"]],
            [rows],
            [texts["examinations"]],
            [texts["consultations"]],
            [texts["diagnosis"], texts["disorders"]],
            [texts["clinical_prognosis"], texts["potential"]],
            [texts["prognosis"]],
            [texts["plan"]],
            [form.text(f"{REFERRAL}.chair", N_("Chair of the ВКК"))],
            [commission],
        ],
        unfold=N_("Show the rest of the form"),
        fold=N_("Fold"),
        parent=parent,
    )


def copies(form: Form) -> CopiesField:
    """The list of copies of medical papers."""
    return form.add(
        CopiesField(
            ATTACHMENTS,
            N_("Photographs and scans of medical papers"),
            hint=N_("PNG, JPEG or PDF, up to 20 MB a file and 200 MB a case; kept encrypted in the database"),
        )
    )


class Checklist(Group):
    """The documents that this examination asks for, each with its answer, and what their absence means."""

    def __init__(self, form: Form, parent: QWidget) -> None:
        self._form = form
        self._t: Translator | None = None
        self._answers: dict[str, LineChoiceField] = {}
        super().__init__(N_("Documents brought"), [], parent=parent)
        self.source = label("hint", wrap=True)
        self.ground = panel("banner")
        self.ground.setProperty("tone", "warning")
        self.ground_words = label(wrap=True)
        line_of(self.ground, margin=8).addWidget(self.ground_words)
        self.ground.hide()
        self.column.addWidget(self.source)
        self.column.addWidget(self.ground)

    def add_documents(self, documents: Sequence[checklist.Wanted]) -> None:
        """More documents of the list."""
        answers = [Option(one.value, NAMES[one]) for one in Presence]
        for one in documents:
            self._answers[one.id] = self._form.add(
                LineChoiceField(one.path, one.name, answers, check=partial(check_field, one.path))
            )
            self._tell_source(one)
        self.add_rows([[self._answers[one.id]] for one in documents])
        self.refresh()

    def refresh(self) -> None:
        """The case is another: other documents may be asked for."""
        document, t = self._form.record.document, self._t
        asked = {one.id for one in checklist.wanted(document)}
        for identity, field in self._answers.items():
            field.setVisible(identity in asked)
        ground = checklist.ground(document)
        self.ground.setVisible(ground is not None)
        if ground is not None and t is not None:
            sentence = t("{ground} An incomplete package is a ground for refusing the examination.", ground=ground)
            self.ground_words.setText(f"⚠ {sentence}")

    def retranslate(self, t: Translator) -> None:
        self._t = t
        super().retranslate(t)
        self.source.setText(
            t("Written without the text of the rules in force: compare it with them. What is absent stops nothing.")
        )
        for one in checklist.documents():
            self._tell_source(one)
        self.refresh()

    def _tell_source(self, one: checklist.Wanted) -> None:
        if self._t is not None and one.id in self._answers:
            told = Text(N_("{status}: {source}"), {"status": Text(LABELS[one.status]), "source": one.source})
            self._answers[one.id].setToolTip(self._t.show(told))


class WordRow(Row):
    """A name."""

    def __init__(self) -> None:
        super().__init__()
        self.name = QLineEdit()
        self.line.addWidget(self.name, 1)
        self.name.textEdited.connect(lambda _text: self.changed.emit())
        self.name.editingFinished.connect(self.left.emit)

    def value(self) -> dict[str, Any] | None:
        name = self.name.text().strip()
        return {"name": name} if name else None

    def show_value(self, value: dict[str, Any]) -> None:
        self.name.setText(str(value.get("name") or ""))

    def set_read_only(self, read_only: bool) -> None:
        self.name.setReadOnly(read_only)

    def entry(self) -> QWidget:
        return self.name

    def retranslate(self, t: Translator, *, about: str, number: int) -> None:
        super().retranslate(t, about=about, number=number)
        self.name.setPlaceholderText(t("Surname, name, patronymic"))
        self.name.setAccessibleName(t("{question}, row {n}: name", question=about, n=number))


class IncapacityRow(Row):
    """A spell of temporary incapacity: from, to, diagnosis. Days are typed as everywhere."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._today = form.today
        self.first, self.last, self.diagnosis = QLineEdit(), QLineEdit(), QLineEdit()
        for edit in (self.first, self.last):
            edit.setMaximumWidth(edit.fontMetrics().horizontalAdvance("00.00.0000") + 40)
            edit.editingFinished.connect(lambda e=edit: self._on_day(e))
            self.line.addWidget(edit)
        self.diagnosis.editingFinished.connect(self.left.emit)
        self.line.addWidget(self.diagnosis, 1)
        for edit in (self.first, self.last, self.diagnosis):
            edit.textEdited.connect(lambda _text: self.changed.emit())

    def _on_day(self, edit: QLineEdit) -> None:
        day = dates.parse_iso(self._iso(edit.text()))
        if day is not None:
            edit.setText(day.strftime("%d.%m.%Y"))
        self.left.emit()

    def _iso(self, typed: str) -> str:
        try:
            return dates.parse_typed(typed, self._today()).isoformat()
        except UserError:
            return typed.strip()  # the check of the field says what is wrong with it

    def value(self) -> dict[str, Any] | None:
        first, last, words = self.first.text().strip(), self.last.text().strip(), self.diagnosis.text().strip()
        if not (first or last or words):
            return None
        return {
            "from": self._iso(first) if first else None,
            "to": self._iso(last) if last else None,
            "diagnosis": words or None,
        }

    def show_value(self, value: dict[str, Any]) -> None:
        for edit, key in ((self.first, "from"), (self.last, "to")):
            day = dates.parse_iso(str(value.get(key) or ""))
            edit.setText(day.strftime("%d.%m.%Y") if day else "")
        self.diagnosis.setText(str(value.get("diagnosis") or ""))

    def set_read_only(self, read_only: bool) -> None:
        for edit in (self.first, self.last, self.diagnosis):
            edit.setReadOnly(read_only)

    def entry(self) -> QWidget:
        return self.first

    def retranslate(self, t: Translator, *, about: str, number: int) -> None:
        super().retranslate(t, about=about, number=number)
        for edit, words in (
            (self.first, t("from")),
            (self.last, t("to")),
            (self.diagnosis, t("The diagnosis in words")),
        ):
            edit.setPlaceholderText(words)
            edit.setAccessibleName(t("{question}, row {n}: {part}", question=about, n=number, part=words))

"""Makes the fields of the case's pages, bound to the record."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from PySide6.QtWidgets import QWidget

from app.domain.case_file import check_field
from app.domain.classifier_table import IN_LANGUAGE
from app.domain.text import LocalText, Text
from app.domain.vocabulary import LABELS
from app.i18n import Translator
from app.services import classifiers
from app.services.classifiers import Classifiers, Code
from app.services.steps import WISHED, open_conflicts, path_of, step_of
from ui.language import Language
from ui.screens.examination.record import CaseRecord
from ui.widgets.choice import ComboField, SeveralField
from ui.widgets.code_search import CodeField
from ui.widgets.country_field import CountryField
from ui.widgets.date_field import DateField
from ui.widgets.field import Field, TypedField, Words
from ui.widgets.iin_field import IinField
from ui.widgets.number_field import NumberField
from ui.widgets.options import ChoiceField, Option
from ui.widgets.place_field import PlaceField, places
from ui.widgets.rows import RowsField
from ui.widgets.text_field import LongTextField, TextField

F = TypeVar("F", bound=Field)


# Where a value is asked for under another path than it stands.
_ASKED_AS = {"decision.cause": "cause.code", "decision": "decision.outcome"}


def options(values: type[StrEnum]) -> list[Option]:
    """Every member of a closed list, in its order, by its words."""
    return [Option(member.value, LABELS[member]) for member in values]


class Fields(dict[str, Field]):
    """The fields that are made, by path. Who asks for one by its path has it made; `get`, `in` and a walk through
    them see only those that are there."""

    def __init__(self, provide: Callable[[str], object]) -> None:
        super().__init__()
        self._provide = provide

    def __missing__(self, path: str) -> Field:
        self._provide(path)
        if path not in self:
            raise KeyError(path)
        return self[path]


class Form:
    """All fields of one case by path. Each tells the record what was entered; the record's answers go back to them.

    Fields are made with their pages. `wanted(path)` is called to have the field made that asks for a path.
    """

    def __init__(self, record: CaseRecord, language: Language, known: Classifiers, today: Callable[[], date]) -> None:
        self.record, self._language, self.classifiers, self.today = record, language, known, today
        self.wanted: Callable[[str], object] = lambda _path: None
        self._begun: set[str] = set()
        self.fields = Fields(lambda path: self.wanted(path))  # noqa: PLW0108 - it is set later
        self.bound: Callable[[Field], None] = lambda _field: None
        """Called with each field once it is shown as the record has it."""
        self.is_made: Callable[[str], bool] = lambda _step: True
        """Whether the page of a step stands as a whole."""
        record.replaced.connect(self.show_field)
        record.refused.connect(self._on_refused)

    def add(self, field: F) -> F:
        """Bind a field that the page made itself."""
        self.fields[field.path] = field
        typed = isinstance(field, TypedField | RowsField)
        field.committed.connect(lambda path, value: self.record.commit(path, value, typed=typed))
        field.unfinished.connect(self.record.keep)
        return field

    def bind(self, field: Field) -> Field:
        """Bind a field that is made only when somebody asks for it, and show it as the record has it."""
        self.begin(self.add(field))
        return field

    def begin(self, field: Field) -> None:
        """Show a field that was just made as the record has it."""
        self._begun.add(field.path)
        field.set_read_only(not self.record.may_change(field.path) or self.record.is_locked(field.path))
        field.retranslate(self._language.t)
        self.show_field(field.path)
        self.bound(field)

    def begin_new(self) -> None:
        """Begin every field that was made since."""
        for path in [path for path in self.fields if path not in self._begun]:
            self.begin(self.fields[path])

    def text(self, path: str, label: Words, *, hint: Words = "", width: int = 0) -> TextField:
        return self.add(TextField(path, label, hint=hint, check=partial(check_field, path), width=width))

    def number(self, path: str, label: Words) -> NumberField:
        return self.add(NumberField(path, label, check=partial(check_field, path)))

    def country(self, path: str, label: Words, *, hint: Words = "") -> CountryField:
        """A country: shown by name, kept by its code of ISO 3166-1 in three letters."""

        def known(language: str) -> list[tuple[str, str]]:
            return [(found.code, found.title) for found in self.classifiers.countries(language)]

        return self.add(CountryField(path, label, countries=known, hint=hint, check=partial(check_field, path)))

    def long_text(self, path: str, label: Words, *, hint: Words = "", lines: int = 3) -> LongTextField:
        return self.add(LongTextField(path, label, hint=hint, check=partial(check_field, path), lines=lines))

    def date(self, path: str, label: Words, *, hint: Words = "") -> DateField:
        return self.add(DateField(path, label, today=self.today, hint=hint, check=partial(check_field, path)))

    def iin(self, path: str, label: Words, *, hint: Words = "") -> IinField:
        return self.add(IinField(path, label, hint=hint, check=partial(check_field, path)))

    def code(self, path: str, label: Words, *, hint: Words = "") -> CodeField:
        return self.add(
            CodeField(
                path,
                label,
                search=self.search,
                title=self.title,
                hint=hint,
                normalise=classifiers.normal_code,
                check=partial(check_field, path),
                nothing=self.nothing,
                browse=self.browse,
            )
        )

    def place(self, path: str, label: Words, *, hint: Words = "") -> PlaceField:
        """A place of the КАТО: shown with district and region, kept by its code."""
        return self.add(
            PlaceField(
                path, label, hint=hint, check=partial(check_field, path), **places(self.classifiers, self._language)
            )
        )

    def choice(
        self, path: str, label: Words, answers: list[Option], *, hint: Words = "", vertical: bool = False
    ) -> ChoiceField:
        return self.add(
            ChoiceField(path, label, answers, hint=hint, check=partial(check_field, path), vertical=vertical)
        )

    def combo(self, path: str, label: Words, answers: Sequence[Option], *, hint: Words = "") -> ComboField:
        return self.add(ComboField(path, label, answers, hint=hint, check=partial(check_field, path)))

    def several(self, path: str, label: Words, answers: Sequence[Option], *, hint: Words = "") -> SeveralField:
        return self.add(SeveralField(path, label, answers, hint=hint, check=partial(check_field, path)))

    def search(self, typed: str) -> list[tuple[str, str]]:
        """Hits of ICD-10 for a code field."""
        return [(hit.code, self._said(hit)) for hit in self.classifiers.search_icd10(typed, 12, self._language.code)]

    def title(self, code: str) -> str | None:
        """The title of a code of ICD-10, in the screen's language where there is one; "" while nothing is loaded."""
        if not self.classifiers.loaded:
            return ""
        found = self.classifiers.icd10(code, self._language.code)
        return None if found is None else self._said(found)

    def nothing(self, _typed: str) -> str:
        """Why a search by words finds nothing, where that is because of the language."""
        known = self.classifiers.languages
        if not known or self._language.code in known:
            return ""
        t = self._language.t
        said = t(
            "No titles {in_language} are loaded: search by code or by words {known}.",
            in_language=t(IN_LANGUAGE[self._language.code]),
            known=", ".join(t(IN_LANGUAGE[one]) for one in known),
        )
        return said[:1].upper() + said[1:]

    def browse(self, origin: QWidget, code: str, take: Callable[[str], object]) -> None:
        """Walk through ICD-10, beginning at a code."""
        from ui.screens.examination.browse import BrowseDialog

        dialog = BrowseDialog(self.classifiers, self._language, code, self._said, origin.window())
        dialog.chosen.connect(take)
        dialog.open()

    def _said(self, hit: Code) -> str:
        t, title = self._language.t, hit.title
        if hit.language:
            title = t("{title} ({in_language})", title=title, in_language=t(IN_LANGUAGE[hit.language]))
        return t("{title} · no longer in the table", title=title) if hit.gone else title

    # --- the record's answers --------------------------------------------------------------------------------
    def show_all(self) -> None:
        """Every field as the record has it."""
        for path in list(self.fields):
            self.show_field(path)

    def show_field(self, path: str) -> None:
        """One field as the record has it: its value, or the unfinished text with its error."""
        field = self.fields.get(path)
        if field is None:
            return
        text = self.record.unfinished.get(path)
        field.set_error(None)
        field.show_value(self.record.get(path), text)
        if text is not None:
            field.recheck()

    def show_wishes(self, step: str) -> None:
        """Beside its questions what the paper of this step does without. Asked for once everything that is needed is
        there: before, it would be one more thing that is missing."""
        state = next(state for state in self.record.states() if state.step == step)
        wishes = {wish.path: wish.text for wish in state.wishes} if state.status == "complete" else {}
        for path in WISHED[step]:
            if path in self.fields:
                self.fields[path].set_remark(wishes.get(path))

    def show_notices(self) -> None:
        """Below each field what contradicts there: wrong values between fields, open conflicts, obstacles."""
        found: dict[str, list[Text | LocalText]] = {}
        for problem in self.record.draft.problems:
            found.setdefault(problem.path, []).append(problem.text)
        if self.record.draft.proposal is not None:
            for conflict in open_conflicts(self.record.document, self.record.draft.proposal):
                paths = [p for p in (self.place_of(path_of(fact)) for fact in conflict.facts) if p]
                # One sentence below a dozen degrees would bury them: there the first one says it for all.
                together = bool(paths) and step_of(paths[0]) in ("functions", "decision")
                for path in dict.fromkeys(paths[:1] if together else paths):
                    found.setdefault(path, []).append(conflict.text)
        for path, field in list(self.fields.items()):
            field.set_notices(tuple(found.get(path, ())))

    def asked_as(self, path: str) -> str:
        """The path of the field that asks for the value at `path`."""
        return _ASKED_AS.get(path, path)

    def nearest(self, path: str) -> str | None:
        """The field that asks for `path`: itself, its parent (`examination.commission[1].name`) or its first child."""
        path = self.asked_as(path)
        while path:
            if path in self.fields:
                return path
            child = next((known for known in self.fields if known.startswith(path + ".")), None)
            if child is not None:
                return child
            head = path.rstrip("]").rpartition("[")[0] if path.endswith("]") else path.rpartition(".")[0]
            if "." not in head and head not in self.fields:
                return None
            path = head
        return None

    def place_of(self, path: str) -> str | None:
        """As `nearest`; on a page that isn't made yet the path itself: its field will be there with the page."""
        found = self.nearest(path)
        step = step_of(path)
        return found or (path if step != "proposal" and not self.is_made(step) else None)

    def asking(self, path: str) -> Field | None:
        """The field that asks for `path`, made where it isn't there yet."""
        if self.place_of(path):
            self.wanted(path)
        return self.fields.get(self.nearest(path) or "")

    def settle(self) -> None:
        """Take in what is being typed."""
        for field in list(self.fields.values()):  # what is entered may have other fields made
            field.settle()

    def retranslate(self, t: Translator) -> None:
        for field in list(self.fields.values()):
            field.retranslate(t)

    def lock(self) -> None:
        """Let change what may be changed in the state of the case, and nothing else."""
        for path, field in list(self.fields.items()):
            field.set_read_only(not self.record.may_change(path) or self.record.is_locked(path))

    def _on_refused(self, path: str, text: Text) -> None:
        if path in self.fields:
            self.fields[path].set_error(text)


def given(record: CaseRecord, path: str) -> bool:
    """Whether anything stands at the path or below it."""

    def holds(value: Any) -> bool:
        return any(holds(v) for v in value.values()) if isinstance(value, dict) else value is not None

    return holds(record.get(path)) or any(p.startswith(path + ".") for p in record.unfinished)

"""Functions and limitations: one degree per question, each with its definition for the person's age."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLabel, QWidget

from app.domain.case_file import check_field
from app.domain.criteria import DefectInfo, FactInfo, ScaleInfo
from app.domain.proposal import Citation
from app.domain.scales import FORMS
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import LABELS, InjuryCapacity, Outcome, Prognosis
from app.i18n import Translator
from ui.screens.examination import statements
from ui.screens.examination.case_criteria import CaseCriteria
from ui.screens.examination.choices import YES_NO
from ui.screens.examination.form import Form, options
from ui.screens.examination.scale_form import ScaleFold, remarks
from ui.screens.examination.step_page import StepPage, wanted
from ui.widgets.degree_row import Degree, DegreeRow
from ui.widgets.field import Field
from ui.widgets.group import Group
from ui.widgets.options import ChoiceField, Option
from ui.widgets.picker import Entry, PickerField

# Words for a question until the criteria in force name it.
_FUNCTIONS = {
    "functions.mental": N_("Mental functions"),
    "functions.sensory": N_("Sensory functions"),
    "functions.statodynamic": N_("Statodynamic functions"),
    "functions.visceral": N_("Visceral and metabolic functions"),
}
_LIMITATIONS = {
    "limitations.self_care": N_("Self-care"),
    "limitations.movement": N_("Independent movement"),
    "limitations.orientation": N_("Orientation"),
    "limitations.communication": N_("Communication"),
    "limitations.behaviour": N_("Control of one's behaviour"),
    "limitations.learning": N_("Learning"),
    "limitations.work": N_("Work"),
    "limitations.play": N_("Play and cognitive activity"),
    "limitations.motor": N_("Motor activity"),
}
_AT_ONCE = 2  # questions with degrees that are made in one turn
_LEVELS = {1: Outcome.GROUP_1, 2: Outcome.GROUP_2, 3: Outcome.GROUP_3}


def source(citation: Citation) -> Text:
    """Act, place in it and how sure the record is, as one sentence part."""
    sure = Text(LABELS[citation.status])
    if not citation.place.en:
        return Text(N_("{act}. {status}"), {"act": citation.act, "status": sure})
    return Text(N_("{act}, {place}. {status}"), {"act": citation.act, "place": citation.place, "status": sure})


class InjuryField(ChoiceField):
    """A work injury: `{capacity}`; an injury whose capacity isn't examined yet is `{"capacity": null}`."""

    def show_value(self, value: Any, text: str | None = None) -> None:
        super().show_value({"capacity": value.get("capacity")} if isinstance(value, dict) else None, text)


class FunctionsPage(StepPage):
    """Eleven to fourteen degrees, and what period and percentages depend on."""

    def __init__(self, form: Form, parent: QWidget) -> None:
        super().__init__("functions", N_("Functions and limitations"), parent)
        self._form = form
        self.hint = QLabel()
        self.hint.setProperty("role", "hint")
        self.hint.setWordWrap(True)
        self.add(self.hint)
        self.degrees: dict[str, DegreeRow] = {}
        self.scales: dict[str, ScaleFold] = {}
        self._scale_group: Group | None = None
        self._defects: PickerField | None = None
        self._complication: ChoiceField | None = None
        self._facts: tuple[FactInfo, ...] = ()
        self._named: dict[str, LocalText] = {}
        self._served: dict[str, FactInfo] = {}
        self._scales_shown = False
        functions, limitations = list(_FUNCTIONS), list(_LIMITATIONS)
        disorders = self.group(N_("Disorders of functions"), self._degree_rows(functions[:_AT_ONCE]))
        self.later(
            lambda: disorders.add_rows(self._degree_rows(functions[_AT_ONCE:])),
            lambda: self._make_limitations(limitations[:_AT_ONCE]),
            *(partial(self._more_limitations, limitations[at : at + _AT_ONCE]) for at in range(_AT_ONCE, 9, _AT_ONCE)),
            self._make_scales,
            self._make_defects,
            self._make_period,
            lambda: self.group(N_("Prognoses for the act"), statements.prognoses(form)),
        )
        self.finish()

    def _degree_rows(self, facts: Iterable[str]) -> list[list[QWidget]]:
        words = {**_FUNCTIONS, **_LIMITATIONS}
        made = {fact: self._degree(fact, words[fact]) for fact in facts}
        self.degrees |= made
        return [[row] for row in made.values()]

    def _make_limitations(self, facts: Sequence[str]) -> None:
        self._limitations = self.group(N_("Limitations of life activity"), self._degree_rows(facts))

    def _more_limitations(self, facts: Sequence[str]) -> None:
        self._limitations.add_rows(self._degree_rows(facts))

    def _make_scales(self) -> None:
        form = self._form
        self.scales = {scale: form.add(ScaleFold(scale, form.bind)) for scale in FORMS}
        for fold in self.scales.values():
            fold.rebuilt.connect(form.show_notices)  # its entries are there now, with what contradicts there
        self._scale_group = self.group(
            N_("Scales as cross-checks"),
            [[fold] for fold in self.scales.values()],
            add=N_("Show the scales"),
            remove=N_("Hide the scales"),
        )

    def _make_defects(self) -> None:
        path = "facts.anatomical_defects"
        self._defects = self._form.add(
            PickerField(
                path,
                N_("Anatomical defects"),
                none=N_("none of the list"),
                some=N_("some of the list"),
                check=partial(check_field, path),
            )
        )
        self._complication = self._form.choice("facts.defect_complication", N_("Complication of the defect"), YES_NO)
        self.group(N_("Anatomical defects of the list"), [[self._defects], [self._complication]])

    def _make_period(self) -> None:
        form = self._form
        injured = [Option({"capacity": None}, N_("work injury, capacity not examined yet"))]
        injured += [Option({"capacity": o.value}, o.words) for o in options(InjuryCapacity)]
        injury = InjuryField(
            "facts.work_injury",
            N_("Work injury: what the person can still do"),
            injured,
            vertical=True,
            hint=N_("none chosen: no work injury; Backspace takes an answer away"),
            check=partial(check_field, "facts.work_injury"),
        )
        self.group(
            N_("For the period and the percentages"),
            [
                [form.choice("facts.prognosis", N_("Rehabilitation prognosis"), options(Prognosis))],
                [
                    form.choice(
                        "facts.active_treatment",
                        N_("Active treatment or rehabilitation goes on"),
                        YES_NO,
                        hint=N_("decides the period only where the prognosis is favourable"),
                    )
                ],
                [form.choice("facts.insured", N_("Participant of compulsory social insurance"), YES_NO)],
                [form.add(injury)],
            ],
        )

    @property
    def scale_group(self) -> Group:
        """The scales, folded or not."""
        self.make_whole()
        return wanted(self._scale_group)

    def _degree(self, fact: str, words: str) -> DegreeRow:
        path = f"facts.{fact}"
        return self._form.add(DegreeRow(path, words, check=partial(check_field, path)))

    def take_criteria(self, criteria: CaseCriteria) -> None:
        self.take_scales(criteria.scales)
        self.take_facts(criteria.facts, criteria.defects)

    def take_facts(self, facts: tuple[FactInfo, ...], defects: tuple[DefectInfo, ...]) -> None:
        """The questions as the criteria in force word them for the person's age."""
        self._facts = facts
        for info in facts:
            field = self._form.fields.get(f"facts.{info.id}")
            if field is None or self._served.get(info.id) is info:
                continue
            self._served[info.id] = info
            if self._named.get(info.id) != info.name:
                self._named[info.id] = info.name
                field.label_words = info.name
                if field.t is not None:
                    field.retranslate(field.t)
            if isinstance(field, DegreeRow):
                degrees = [Degree(d.value, d.name, d.definition, source(d.citation)) for d in info.degrees]
                field.set_degrees(degrees, may_not_apply=info.may_be_not_applicable)
        if self._defects is not None:
            self._defects.set_entries([Entry(d.id, d.name, LABELS[_LEVELS[d.level]]) for d in defects])
        self._show_applying()

    def _show_applying(self) -> None:
        """The questions that are asked at that age, and what was answered all the same."""
        for info in self._facts:
            field = self._form.fields.get(f"facts.{info.id}")
            if field is not None:
                field.setVisible(info.applies or self._given(info.id))
        self._show_dependent()

    def take_scales(self, scales: tuple[tuple[ScaleInfo, bool], ...]) -> None:
        """The scales as the criteria in force word them, each with whether it is meant for the person's age."""
        known = {scale.id: (scale, applies) for scale, applies in scales}
        for scale, fold in self.scales.items():
            if scale in known:
                info, applies = known[scale]
                fold.take_scale(info, applies=applies)
            fold.setVisible(scale in known and (known[scale][1] or fold.given))
        if self._scale_group is not None:
            self._scale_group.setVisible(bool(known))

    def _show_scales(self) -> None:
        """What the scales come to, beside themselves and beside the degrees that they speak to."""
        record = self._form.record
        told = record.draft.explanation
        readings = () if told is None else told.scales
        for fact, row in self.degrees.items():
            row.set_remark(remarks(readings, fact))
        wrong = [*record.unfinished, *(problem.path for problem in record.draft.problems)]
        for scale, fold in self.scales.items():
            fold.show_value(record.get(fold.path))
            fold.take_reading(next((reading for reading in readings if reading.scale == scale), None))
            if fold.given and not self._scales_shown:
                self._scales_shown = True  # once: whoever hides them has seen them
                self.scale_group.open()
            if not fold.is_open and any(path.startswith(f"{fold.path}.") for path in wrong):
                self.scale_group.open()
                fold.open()

    def reveal(self, field: Field) -> None:
        fold = next((fold for fold in self.scales.values() if field.path.startswith(f"{fold.path}.")), None)
        if fold is not None:
            self.scale_group.open()
            fold.open()
        super().reveal(field)

    def _given(self, fact: str) -> bool:
        return self._form.record.get(f"facts.{fact}") is not None

    def _show_dependent(self) -> None:
        record = self._form.record
        chosen = bool(record.get("facts.anatomical_defects"))
        if self._complication is not None:
            self._complication.setVisible(chosen or self._given("defect_complication"))

    def refresh(self) -> None:
        self._show_applying()
        self._show_scales()
        if self._form.record.is_loaded:
            self._form.show_wishes(self.step)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.hint.setText(
            t(
                "Keys: 0 to 4 the degree, N does not apply, Backspace not examined, Tab the next question. "
                "“Not examined” is not “0”: 0 says that it was examined and nothing was found."
            )
        )

    def first(self) -> QWidget | None:
        path = self.first_path()
        return self._form.fields[path].focus_widget() if path in self._form.fields else None

    def first_path(self) -> str:
        """The first question that isn't answered yet, else the first."""
        applying = {info.id for info in self._facts if info.applies}
        asked = [fact for fact in (*_FUNCTIONS, *_LIMITATIONS) if fact in applying or not self._facts]
        fact = next((fact for fact in asked if not self._given(fact)), next(iter(_FUNCTIONS)))
        return f"facts.{fact}"

"""The steps that are plain questions: person, referral, examination, diagnosis. In the order of the paper."""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.brought import REFERRAL
from app.domain.case_file import check_field, get
from app.domain.dates import age, parse_iso
from app.domain.iin import Iin
from app.domain.text import N_, Text
from app.domain.vocabulary import (
    FurtherPurpose,
    IdentityKind,
    NoIin,
    Occasion,
    Outcome,
    PeriodKind,
    Place,
    Purpose,
    ReferralException,
    RepresentativeKind,
    Role,
    Sex,
)
from app.i18n import Translator
from app.services.classifiers import normal_code
from app.services.steps import NO_IIN, NO_IIN_WORDS, WISHED
from app.services.views import CaseView
from ui.screens.examination import brought
from ui.screens.examination.form import Form, StepPage, given, options
from ui.widgets.copy_list import CopiesField
from ui.widgets.group import Group
from ui.widgets.options import Option
from ui.widgets.parts import button, label
from ui.widgets.rows import CodeRow, NameRow, PlainRow, RowsField

YES_NO = [Option(True, N_("yes")), Option(False, N_("no"))]
_PERIODS = (
    ("months", 6, N_("6 months")), ("years", 1, N_("1 year")), ("years", 2, N_("2 years")), ("years", 5, N_("5 years")),
)  # fmt: skip


def outcome_options() -> list[Option]:
    """What a commission may decide."""
    return [option for option in options(Outcome) if option.value != Outcome.UNDETERMINED]


def period_options() -> list[Option]:
    """The periods that the criteria know."""
    counted = [Option({"kind": kind, "value": value}, words) for kind, value, words in _PERIODS]
    plain = [o for o in options(PeriodKind) if o.value not in (PeriodKind.MONTHS, PeriodKind.YEARS)]
    return counted + [Option({"kind": o.value, "value": None}, o.words) for o in plain]


class PersonPage(StepPage):
    """Who is examined. The ИИН fills birth date and sex where they are empty."""

    def __init__(self, form: Form, doubles: QWidget) -> None:
        """`doubles` says below the name that the person may be here already."""
        super().__init__("person", N_("Person"))
        self._form = form
        iin = form.iin("person.iin", N_("ИИН"), hint=N_("12 digits; the birth date and the sex are read from it"))
        iin.told.connect(self._on_told)
        regions = [Option(region.code, region.name) for region in form.classifiers.regions()]
        self._kato = form.combo("person.address.kato", N_("Region"), regions)
        self._regions = regions
        self._no_iin = form.combo(NO_IIN, N_("Without an ИИН because"), options(NoIin))
        self._no_iin_words = form.text(NO_IIN_WORDS, N_("In words"), hint=N_("stands on the paper beside the reason"))
        self.add(
            Group(
                N_("Who is examined"),
                [
                    [iin, self._no_iin],
                    [self._no_iin_words],
                    [form.text("person.surname", N_("Surname")), form.text("person.given_name", N_("Given name"))],
                    [
                        form.text("person.patronymic", N_("Patronymic"), hint=N_("empty if there is none")),
                        form.date("person.birth_date", N_("Birth date")),
                    ],
                    [doubles],
                    [
                        form.choice("person.sex", N_("Sex"), options(Sex)),
                        form.country(
                            "person.citizenship", N_("Citizenship"), hint=N_("the first letters of the country")
                        ),
                    ],
                ],
            )
        )
        self.add(
            Group(
                N_("Address"),
                [
                    [self._kato],
                    [form.text("person.address.text", N_("Address in words"))],
                ],
            )
        )
        self.add(
            Group(
                N_("Identity document"),
                [
                    [
                        form.combo("person.identity.kind", N_("Kind of document"), options(IdentityKind)),
                        form.text("person.identity.number", N_("Number of the document")),
                    ],
                    [
                        form.date("person.identity.issued_on", N_("Issued on")),
                        form.text("person.identity.issued_by", N_("Issued by")),
                    ],
                ],
            )
        )
        self._representative = Group(
            N_("Representative"),
            [
                [form.choice("dossier.guardianship", N_("Somebody was appointed to act for the person"), YES_NO)],
                [
                    form.combo("person.representative.kind", N_("Who represents"), options(RepresentativeKind)),
                    form.text("person.representative.name", N_("Name of the representative")),
                ],
                [form.iin("person.representative.iin", N_("ИИН of the representative"))],
                [
                    form.text("person.representative.basis.kind", N_("Document that gives the right")),
                    form.text("person.representative.basis.number", N_("Its number")),
                ],
                [
                    form.date("person.representative.basis.date", N_("Its date")),
                    form.text("person.representative.basis.issuer", N_("Who issued it")),
                ],
            ],
            add=N_("Add a representative"),
            remove=N_("Take the representative out"),
        )
        self._representative.emptied.connect(lambda: self._empty("person.representative"))
        self._closed_by_hand = False
        self.add(self._representative)
        self.finish()

    def _on_told(self, told: Iin) -> None:
        record = self._form.record
        for path, value in (("person.birth_date", told.birth_date), ("person.sex", told.sex)):
            if value is not None and record.get(path) is None and path not in record.unfinished:
                record.put(path, value.isoformat() if isinstance(value, date) else value.value)

    def _empty(self, path: str) -> None:
        self._closed_by_hand = True
        self._form.record.put(path, None)
        for field in self._representative.fields:
            self._form.show_field(field.path)

    def refresh(self) -> None:
        record = self._form.record
        numbered = record.get("person.iin") is not None or "person.iin" in record.unfinished
        reason = record.get(NO_IIN)
        self._no_iin.setVisible(not numbered)
        self._no_iin_words.setVisible(not numbered and (reason is not None or given(record, NO_IIN_WORDS)))
        state = next(state for state in record.states() if state.step == self.step)
        # Asked for once everything that is needed is there: before, it would be one more thing that is missing.
        wishes = {wish.path: wish.text for wish in state.wishes} if state.status == "complete" else {}
        for path in WISHED:
            self._form.fields[path].set_remark(wishes.get(path))
        on, birth = (parse_iso(str(record.get(path) or "")) for path in ("examination.on", "person.birth_date"))
        child = on is not None and birth is not None and birth <= on and age(birth, on) < 18
        if given(record, "person.representative") or (child and not self._closed_by_hand):
            self._representative.open()
        # A code below the region (a village's) came with an import: it stays, and is shown as such.
        code = record.get("person.address.kato")
        region = next((r for r in self._regions if code and str(r.value)[:2] == str(code)[:2]), None)
        if code and region is not None and region.value != code:
            words = Text(N_("{region}, place {code}"), {"region": region.words, "code": code})
            self._kato.set_options([*self._regions, Option(code, words)])


class ReferralPage(StepPage):
    """The referral, form 031/у: number, date, what it asks, since when; its rest, and what was brought."""

    def __init__(self, form: Form) -> None:
        super().__init__("referral", N_("Referral, form 031/у"))
        self._form = form
        self.add(
            Group(
                N_("The referral"),
                [
                    [
                        form.text("referral.number", N_("Number of the referral")),
                        form.date("referral.signed_on", N_("Signed on"), hint=N_("valid for one month from this day")),
                    ],
                    [
                        form.text("referral.organisation", N_("Referring organisation")),
                        form.date("referral.registered_on", N_("Application registered on")),
                    ],
                    [form.several("referral.purpose", N_("Purpose"), options(Purpose))],
                    [
                        form.several(
                            "dossier.purpose",
                            N_("Asked for beside it"),
                            options(FurtherPurpose),
                            hint=N_("what needs no form 031/у: its questions are then not asked for"),
                        )
                    ],
                ],
            )
        )
        self._form = form
        self._request = Group(
            N_("Letter of the court"),
            [
                [form.text("dossier.request.organ", N_("Court"))],
                [form.text("dossier.request.number", N_("Number of the letter")),
                 form.date("dossier.request.on", N_("Its date"))],
            ],
        )  # fmt: skip
        self.add(self._request)
        self.add(
            Group(
                N_("The four months before it"),
                [
                    [
                        form.date("referral.incapacity_since", N_("Incapacity for work since")),
                        form.date("referral.diagnosed_on", N_("Diagnosed on")),
                    ],
                    [
                        form.choice(
                            "referral.exception",
                            N_("Earlier than four months because"),
                            options(ReferralException),
                            hint=N_("leave it empty where no exception applies; Backspace takes an answer away"),
                        )
                    ],
                ],
            )
        )
        self._t: Translator | None = None
        self._rest = QVBoxLayout()
        self._rest.setSpacing(20)
        self.column.addLayout(self._rest)
        self.finish()
        self.completed: Callable[[], None] = lambda: None
        """Called once the rest of the page stands."""

    rest: Group
    checklist: brought.Checklist
    copies: CopiesField
    _complete = False

    def provide(self, path: str) -> None:
        """The rest of the page has half a hundred controls: it is made when somebody comes here, not with the case."""
        if self._complete:
            return
        self._complete = True
        form, known = self._form, set(self._form.fields)
        self.rest = brought.rest_of_referral(form)
        self.checklist = brought.Checklist(form)
        self.copies = brought.copies(form)
        self.completed()
        groups = (self.rest, self.checklist, Group(N_("Copies of papers"), [[self.copies]]))
        for made in set(form.fields) - known:
            form.begin(form.fields[made])
        for group in groups:  # once its controls stand: each new one would have the whole page put in order
            self.take(group)
            self._rest.addWidget(group)
            group.show()  # at once, for who jumps to a question in it
        if self._t is not None:
            self.retranslate(self._t)
        self.set_read_only(not form.record.editable)

    def refresh(self) -> None:
        self.provide("")
        self.checklist.refresh()
        record = self._form.record
        self._request.setVisible("request" in record.needs or given(record, "dossier.request"))
        if not self.rest.is_open and given(self._form.record, REFERRAL):
            self.rest.open()

    def retranslate(self, t: Translator) -> None:
        self._t = t
        super().retranslate(t)


class ExaminationPage(StepPage):
    """When, where, on what occasion, by whom; and what was decided before.

    `found_wanted(number)`: whether this desk has the case that is looked at again.
    """

    found_wanted = Signal(str)

    def __init__(self, form: Form, names: list[str]) -> None:
        super().__init__("examination", N_("Examination"))
        self._form = form
        self.names = names
        self.commission = form.add(
            RowsField(
                "examination.commission",
                N_("Commission"),
                add=N_("Add a member"),
                hint=N_("the head and at least two members; names of users are completed while typing"),
                make_row=lambda: NameRow(options(Role), self.names),
                check=partial(check_field, "examination.commission"),
            )
        )
        self.add(
            Group(
                N_("The examination"),
                [
                    [form.date("examination.on", N_("Day of the examination"))],
                    [form.choice("examination.place", N_("Place and form"), options(Place))],
                    [form.choice("examination.occasion", N_("Occasion"), options(Occasion))],
                ],
            )
        )
        self._absentia = Group(
            N_("In absentia"),
            [
                [form.choice("dossier.in_absentia.consent", N_("The person consents"), YES_NO)],
                [form.long_text("dossier.in_absentia.reason", N_("Why it is held in absentia"), lines=2)],
            ],
        )
        self.find_button = button()
        self.find_button.clicked.connect(self._find)
        self.found = label("hint", wrap=True)
        self._t: Translator | None = None
        self.reviewed_members = form.add(
            RowsField(
                "dossier.reviewed.members",
                N_("Who decided it"),
                add=N_("Add a member"),
                hint=N_("nobody of them should look at it again (from memory, not checked)"),
                make_row=lambda: PlainRow(self.names),
                check=partial(check_field, "dossier.reviewed.members"),
            )
        )
        self._reviewed = Group(
            N_("The decision that is looked at again"),
            [
                [form.text("dossier.reviewed.number", N_("Number of the case or document")),
                 form.date("dossier.reviewed.on", N_("Decided on"))],
                [self.find_button, self.found],
                [form.text("dossier.reviewed.organ", N_("Who decided: department, organ"))],
                [self.reviewed_members],
            ],
        )  # fmt: skip
        self.add(self._absentia)
        self.add(self._reviewed)
        self.add(Group(N_("Who examines"), [[self.commission]]))
        self._cause = form.combo("previous.cause", N_("Cause then"), [])
        self._previous = Group(
            N_("Earlier decision"),
            [
                [
                    form.date("previous.on", N_("Decided on")),
                    form.combo("previous.outcome", N_("Outcome then"), outcome_options()),
                ],
                [form.combo("previous.period", N_("Period then"), period_options()), self._cause],
                [
                    form.choice(
                        "previous.good_reason",
                        N_("The term was missed"),
                        [Option(True, N_("with a good reason")), Option(False, N_("without a good reason"))],
                        hint=N_("leave it empty where nothing was missed; Backspace takes an answer away"),
                    )
                ],
            ],
            add=N_("Add an earlier decision"),
            remove=N_("Take the earlier decision out"),
        )
        self._previous.emptied.connect(self._on_emptied)
        self.add(self._previous)
        self.finish()

    def _on_emptied(self) -> None:
        self._form.record.put("previous", None)
        for field in self._previous.fields:
            self._form.show_field(field.path)

    def refresh(self) -> None:
        record = self._form.record
        occasion, needs = record.get("examination.occasion"), record.needs
        if given(record, "previous") or occasion in (Occasion.REPEAT, Occasion.CONTROL) or "previous" in needs:
            self._previous.open()
        absent = record.get("examination.place") == Place.IN_ABSENTIA
        self._absentia.setVisible(absent or given(record, "dossier.in_absentia"))
        again = occasion in (Occasion.CONTROL, Occasion.APPEAL)
        self._reviewed.setVisible(again or given(record, "dossier.reviewed"))
        self.find_button.setEnabled(record.editable)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self._t = t
        self.find_button.setText(t("Take over from the case of this desk"))
        self.find_button.setAccessibleName(self.find_button.text())

    def _find(self) -> None:
        self._form.settle()
        number = self._form.record.get("dossier.reviewed.number")
        if number:
            self.found_wanted.emit(str(number))
        else:
            self.reveal(self._form.fields["dossier.reviewed.number"])

    def take_found(self, view: CaseView | None) -> None:
        """What this desk has signed under that number."""
        t, record = self._t, self._form.record
        if t is None:
            return
        if view is None or view.signed is None or view.id == record.case_id:
            self.found.setText(t("This desk has signed no case with that number: enter the rest from the document."))
            return
        document = view.signed.document
        record.put("dossier.reviewed.case_id", view.id)
        record.put("dossier.reviewed.number", view.number)
        record.put("dossier.reviewed.on", get(document, "examination.on"))
        record.put("dossier.reviewed.organ", view.signed.department.names.of(t.language))
        record.put("dossier.reviewed.members", [signature.name for signature in view.signed.signatures])
        for name in ("on", "outcome", "period", "cause"):
            value = get(document, "examination.on" if name == "on" else f"decision.{name}")
            if record.get(f"previous.{name}") is None and value is not None:
                record.put(f"previous.{name}", value)
        who = get(document, "person.iin")
        other = bool(who) and bool(record.get("person.iin")) and who != record.get("person.iin")
        self.found.setText(
            t("Taken over. The ИИН there is another one: check whose case it is.") if other else t("Taken over.")
        )

    def take_causes(self, causes: list[Option]) -> None:
        """The causes of the criteria in force."""
        self._cause.set_options(causes)


class DiagnosisPage(StepPage):
    """Diagnoses by ICD-10 and in the words that the person will read."""

    def __init__(self, form: Form) -> None:
        super().__init__("diagnosis", N_("Diagnosis"))

        def row() -> CodeRow:
            return CodeRow(form.search, form.title, normal_code)

        def rows(path: str, label: str, add: str, none: str) -> RowsField:
            return form.add(RowsField(path, label, make_row=row, add=add, none=none, check=partial(check_field, path)))

        self.add(
            Group(
                N_("Main diagnosis"),
                [
                    [
                        form.code(
                            "diagnosis.main.icd10", N_("ICD-10 code"), hint=N_("type the code or words of the title")
                        )
                    ],
                    [
                        form.long_text(
                            "diagnosis.main.text",
                            N_("In words"),
                            hint=N_("in the person's language, as it will be printed"),
                        )
                    ],
                ],
            )
        )
        self.add(
            Group(
                N_("Other diagnoses"),
                [
                    [
                        rows(
                            "diagnosis.accompanying",
                            N_("Accompanying diseases"),
                            N_("Add a disease"),
                            N_("no accompanying diseases"),
                        )
                    ],
                    [
                        rows(
                            "diagnosis.complications",
                            N_("Complications"),
                            N_("Add a complication"),
                            N_("no complications"),
                        )
                    ],
                ],
            )
        )
        self.finish()

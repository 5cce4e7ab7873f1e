"""The step of the examination: when, where, why, by whom; and what was decided before."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.case_file import check_field, get
from app.domain.text import N_
from app.domain.vocabulary import Occasion, Place
from app.i18n import Translator
from app.services.views import CaseView, User
from ui.screens.examination.case_criteria import CaseCriteria
from ui.screens.examination.choices import YES_NO, outcome_options, period_options
from ui.screens.examination.form import Form, given, options
from ui.screens.examination.step_page import StepPage, wanted
from ui.widgets.choice import ComboField
from ui.widgets.commission_field import CommissionField
from ui.widgets.group import Group
from ui.widgets.options import Option
from ui.widgets.parts import button, label
from ui.widgets.rows import PlainRow, RowsField


class ExaminationPage(StepPage):
    """When, where, on what occasion, by whom; and what was decided before.

    `found_wanted(number)`: whether this desk has the case that is looked at again. `account_wanted(name)`: a member
    has none yet.
    """

    found_wanted = Signal(str)
    account_wanted = Signal(str)

    def __init__(self, form: Form, me: str, parent: QWidget) -> None:
        """`me`: the name in the account of who is signed in."""
        super().__init__("examination", N_("Examination"), parent)
        self._form, self._me = form, me
        self.commission: CommissionField | None = None
        self.names: list[str] = []
        self.group(
            N_("The examination"),
            [
                [form.date("examination.on", N_("Day of the examination"))],
                [form.choice("examination.place", N_("Place and form"), options(Place))],
                [form.choice("examination.occasion", N_("Occasion"), options(Occasion))],
            ],
        )
        self._absentia = self.group(
            N_("In absentia"),
            [
                [form.choice("dossier.in_absentia.consent", N_("The person consents"), YES_NO)],
                [form.long_text("dossier.in_absentia.reason", N_("Why it is held in absentia"), lines=2)],
            ],
        )
        self._reviewed: Group | None = None
        self._cause: ComboField | None = None
        self._previous: Group | None = None
        self.later(self._make_who, self._make_previous)
        self.finish()

    def _make_who(self) -> None:
        self._make_reviewed()  # mostly hidden: in a part of its own it would leave a gap
        self._make_commission()

    def _make_reviewed(self) -> None:
        form = self._form
        self.find_button = button()
        self.find_button.clicked.connect(self._find)
        self.found = label("hint", wrap=True)
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
        self._reviewed = self.group(
            N_("The decision that is looked at again"),
            [
                [form.text("dossier.reviewed.number", N_("Number of the case or document")),
                 form.date("dossier.reviewed.on", N_("Decided on"))],
                [self.find_button, self.found],
                [form.text("dossier.reviewed.organ", N_("Who decided: department, organ"))],
                [self.reviewed_members],
            ],
        )  # fmt: skip
        self._name_find()

    def _make_commission(self) -> None:
        form = self._form
        path = "examination.commission"
        self.commission = form.add(CommissionField(path, self._me, check=partial(check_field, path)))
        self.commission.account_wanted.connect(self.account_wanted)
        self.group(N_("Who examines"), [[self.commission]])

    def _make_previous(self) -> None:
        form = self._form
        self._cause = form.combo("previous.cause", N_("Cause then"), [])
        made = self._previous = self.group(
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
        made.emptied.connect(self._on_emptied)

    def _on_emptied(self) -> None:
        self._form.record.put("previous", None)
        for field in wanted(self._previous).fields:
            self._form.show_field(field.path)

    def refresh(self) -> None:
        record = self._form.record
        occasion, needs = record.get("examination.occasion"), record.needs
        repeated = occasion in (Occasion.REPEAT, Occasion.CONTROL)
        if self._previous is not None and (given(record, "previous") or repeated or "previous" in needs):
            self._previous.open()
        absent = record.get("examination.place") == Place.IN_ABSENTIA
        self._absentia.setVisible(absent or given(record, "dossier.in_absentia"))
        again = occasion in (Occasion.CONTROL, Occasion.APPEAL)
        if self._reviewed is not None:
            self._reviewed.setVisible(again or given(record, "dossier.reviewed"))
            self.find_button.setEnabled(record.editable)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self._name_find()

    def _name_find(self) -> None:
        if self._reviewed is not None and self._t is not None:
            self.find_button.setText(self._t("Take over from the case of this desk"))
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

    def take_criteria(self, criteria: CaseCriteria) -> None:
        if self._cause is not None:
            self._cause.set_options(criteria.cause_options())

    def take_users(self, users: tuple[User, ...]) -> None:
        self.names[:] = [user.name for user in users]
        if self.commission is not None:
            self.commission.take_accounts(self.names)

"""The decision: agree with one key, or differ with a reason and a clause; then sign."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain import voting
from app.domain.case_file import check_field
from app.domain.criteria import CauseInfo
from app.domain.errors import Told
from app.domain.proposal import Band, Period, Proposal, Term
from app.domain.purposes import Needs
from app.domain.statements import RECOMMENDED
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState, Outcome, PeriodKind, Place
from app.i18n import Translator
from app.services.grounds import Ground
from app.services.steps import missing_facts
from app.services.views import Related, User
from ui import shortcuts
from ui.screens.examination import statements, vote_words
from ui.screens.examination.answers import Answers
from ui.screens.examination.case_criteria import CaseCriteria
from ui.screens.examination.choices import outcome_options, period_options
from ui.screens.examination.differences import Differences
from ui.screens.examination.dissent import Dissent
from ui.screens.examination.form import Form, given
from ui.screens.examination.notes import Notes
from ui.screens.examination.opinions import OpinionRow
from ui.screens.examination.second_reading import SecondReadingPanel
from ui.screens.examination.signing import SigningPanel
from ui.screens.examination.step_page import StepPage, wanted
from ui.screens.examination.summary import clear
from ui.screens.proposal import words
from ui.theme import restyle
from ui.widgets.field import Field
from ui.widgets.flow import FlowLayout
from ui.widgets.jump_button import JumpButton
from ui.widgets.options import Option
from ui.widgets.parts import IconButton, button, column, label, panel, row
from ui.widgets.rows import RowsField

_DECIDED = (CaseState.DECIDED, CaseState.SIGNED, CaseState.SUPERSEDED)


def _asks(needs: Needs) -> bool:
    """Whether the commission has something to choose."""
    return bool(needs & {"group", "cause", "general", "professional"})


class DecisionPage(StepPage):
    """`jumped(path)`: somebody wants to go where something is missing. `other_case_wanted(case_id)`: to the case that
    this one corrects. `ending_wanted`: the case shows a ground for a refusal, and somebody wants to refuse."""

    jumped = Signal(str)
    other_case_wanted = Signal(str)
    ending_wanted = Signal()

    def __init__(
        self,
        form: Form,
        make_signing: Callable[[], SigningPanel],
        make_reading: Callable[[], SecondReadingPanel],
        parent: QWidget,
    ) -> None:
        super().__init__("decision", N_("Decision"), parent)
        self._form, self._record = form, form.record
        self._make_signing, self._make_reading = make_signing, make_reading
        self._asked = False
        self._signing: SigningPanel | None = None
        self._reading: SecondReadingPanel | None = None
        self._causes: tuple[CauseInfo, ...] = ()
        self._band_of: Callable[[Outcome], Band | None] = lambda _outcome: None
        self._wants_to_differ = False
        self._outcomes, self._kinds = frozenset(Outcome), frozenset(PeriodKind)
        self._related, self._shown_ground = Related(None, None), ""

        self.banner = panel("banner")
        self.banner_text = label(wrap=True)
        self.reopen_button = button()
        self.reopen_button.clicked.connect(self._record.reopen)
        line = row(self.banner, margin=12)
        line.addWidget(self.banner_text, 1)
        line.addWidget(self.reopen_button)
        self.add(self.banner)

        self.closed = JumpButton()
        self.closed.clicked.connect(lambda: self.jumped.emit(voting.VOTES))
        self.add(self.closed)

        self.box = panel()
        inside = column(self.box, margin=16, gap=8)
        self.proposed = label("section", wrap=True)
        self.proposed_more = label(wrap=True)
        self.majority = label(wrap=True)
        self.agree_button = button("primary")
        self.agree_button.clicked.connect(self.agree)
        self.majority_button = button("primary", "vote")
        self.majority_button.clicked.connect(self.take_majority)
        self.differ_button = button()
        self.differ_button.clicked.connect(self._on_differ)
        choices = QWidget()
        buttons = FlowLayout(choices)
        for choice in (self.agree_button, self.majority_button, self.differ_button):
            buttons.addWidget(choice)
        inside.addWidget(self.proposed)
        inside.addWidget(self.proposed_more)
        inside.addWidget(self.majority)
        inside.addWidget(choices)
        self.add(self.box)
        self.notes = Notes()
        self.add(self.notes)
        self.changes = Differences(form)
        self.changes.opened.connect(self.other_case_wanted)
        self.add(self.changes)
        self.opinions = form.add(
            RowsField(
                "dossier.opinions",
                N_("Opinions of independent experts"),
                add=N_("Add an opinion"),
                hint=N_("three; each says the outcome, the period and why, from facts without the person's name"),
                make_row=lambda: OpinionRow(outcome_options(), period_options()),
                check=partial(check_field, "dossier.opinions"),
            )
        )
        self.opinions_group = self.group(N_("Opinions"), [[self.opinions]])

        self.outcome = form.combo("decision.outcome", N_("Outcome"), outcome_options())
        self.period = form.combo("decision.period", N_("Period"), period_options())
        self.cause = form.combo("cause.code", N_("Cause"), [])
        self.cause.committed.connect(self._on_cause)
        self.outcome.committed.connect(self._on_outcome)
        self.general = form.number("decision.general_capacity", words.GENERAL)
        self.professional = form.number("decision.professional_capacity", words.PROFESSIONAL)
        self.paper_fields: list[Field] = [
            form.text("cause.paper.number", N_("Number of the document")),
            form.date("cause.paper.date", N_("Date of the document")),
            form.text("cause.paper.issuer", N_("Issued by"), hint=N_("the competent body")),
        ]
        self.fields_group = self.group(
            N_("The commission decides"),
            [
                [self.outcome],
                [self.period],
                [self.cause],
                [self.general],
                [self.professional],
            ],
        )
        self.paper_group = self.group(
            N_("Document of the authorised body about the cause"), [self.paper_fields[:2], self.paper_fields[2:]]
        )

        self.answers_heading = label("section", wrap=True)
        self.answers = Answers(self._record)
        self.add(self.answers_heading)
        self.add(self.answers)
        self.dissent = Dissent(self._record)
        self.add(self.dissent)

        self.help_group = self.group(N_("Additional help and care"), [])
        self.recommended_group = self.group(N_("What the commission recommends"), [], add=N_("Write recommendations"))
        self.later(
            lambda: self.help_group.add_rows(statements.extra_help(form)),
            lambda: self.recommended_group.add_rows(statements.recommendations(form)),
        )

        self.way_heading = label("section", wrap=True)
        self.way = QWidget()
        self._way_column = QVBoxLayout(self.way)
        self._way_column.setContentsMargins(0, 0, 0, 0)
        self._way_column.setSpacing(4)
        self.decide_button = button("primary")
        self.decide_button.clicked.connect(self.decide)
        self.decide_said = label("error", wrap=True)
        self.decide_said.hide()
        self.decide_hint = label("hint", wrap=True)
        self.end_button = IconButton("ban")
        self.end_button.clicked.connect(self.ending_wanted)
        self.add(self.way_heading)
        self.add(self.way)
        self.lines.addWidget(self.end_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self.decide_hint)
        self.lines.addWidget(self.decide_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self.decide_said)
        self.lines.addWidget(self.dissent.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.finish()

    # --- once it is decided ----------------------------------------------------------------------------------
    @property
    def second_reading(self) -> SecondReadingPanel:
        """Where a second look at the decision is recorded."""
        self._ask_for_panels()
        self.make_whole()
        return wanted(self._reading)

    @property
    def signing(self) -> SigningPanel:
        """Where the members sign."""
        self._ask_for_panels()
        self.make_whole()
        return wanted(self._signing)

    def _ask_for_panels(self) -> None:
        if not self._asked:
            self._asked = True
            self.later(self._add_reading, self._add_signing)

    def _add_reading(self) -> None:
        self._reading = self._make_reading()
        self.add(self._reading)
        if self._t is not None:
            self._reading.retranslate(self._t)

    def _add_signing(self) -> None:
        self._signing = self._make_signing()
        self.add(self._signing)
        if self._t is not None:
            self._signing.retranslate(self._t)

    # --- acts ------------------------------------------------------------------------------------------------
    def agree(self) -> None:
        """Take over what is proposed; ask only for what the proposal leaves open."""
        proposal = self._record.draft.proposal
        if not self._record.editable:
            return
        needs = self._record.needs
        if proposal is None or ("group" in needs and proposal.outcome is Outcome.UNDETERMINED):
            self.jumped.emit(missing_facts(proposal, needs)[0] if proposal else "person.birth_date")
            return
        period = proposal.period.proposed if isinstance(proposal.period, Period) else None
        term = None if period is None else {"kind": period.kind.value, "value": period.value}
        self._take(proposal, proposal.outcome, term)
        self._to_what_is_open()

    def take_majority(self) -> None:
        """Take over what most members voted for."""
        proposal, found = self._record.draft.proposal, self._majority()
        if self._record.editable and proposal is not None and found is not None and found.outcome is not None:
            self._take(proposal, Outcome(found.outcome), found.period)
            self._to_what_is_open()

    def prefill(self) -> None:
        """Once the votes are open and nothing is decided: take over the majority where it is what is proposed."""
        proposal, found = self._record.draft.proposal, self._majority()
        if not self._record.editable or proposal is None or found is None or given(self._record, "decision"):
            return
        far = voting.distance({"outcome": found.outcome, "period": found.period}, proposal, self._record.document)
        if (
            far is not None
            and not far.differs
            and (found.period is not None or not isinstance(proposal.period, Period))
        ):
            self._take(proposal, proposal.outcome, found.period)

    def _majority(self) -> voting.Majority | None:
        return voting.majority(self._record.document, self._record.procedure)

    def _take(self, proposal: Proposal, outcome: Outcome, period: dict[str, Any] | None) -> None:
        """Decide this outcome and period, where the case asks for a group; cause and per cent as far as the proposal
        determines them and the case asks for them."""
        record, needs = self._record, self._record.needs
        if "group" in needs:
            self._take_group(proposal, outcome, period)
        elif "cause" in needs:
            record.put("decision.cause", proposal.cause_proposed or record.get("cause.code"))
        for need, name in (("general", "general_capacity"), ("professional", "professional_capacity")):
            if need not in needs:
                continue
            band, path = getattr(proposal, name), f"decision.{name}"
            figure = record.get(path)
            if not isinstance(band, Band):
                if figure is not None:
                    record.put(path, None)
            elif band.first == band.last:
                record.put(path, band.first)
            elif figure is not None and not band.first <= figure <= band.last:
                record.put(path, None)
        self._wants_to_differ = False
        self.refresh()

    def _take_group(self, proposal: Proposal, outcome: Outcome, period: dict[str, Any] | None) -> None:
        record = self._record
        record.put("decision.outcome", outcome.value)
        record.put("decision.period", period)
        if proposal.cause_proposed is not None:
            record.put("cause.code", proposal.cause_proposed)
        established = outcome is not Outcome.NOT_ESTABLISHED
        record.put("decision.cause", record.get("cause.code") if established else None)

    def _to_what_is_open(self) -> None:
        shown = [field for field in (self.cause, self.general, self.professional) if field.isVisibleTo(self)]
        open_field = next((field for field in shown if field.is_empty()), None)
        if open_field is not None:
            self.reveal(open_field)
        elif self.decide_button.isEnabled():
            self.decide_button.setFocus()
            self.ensureWidgetVisible(self.decide_button)

    def _on_differ(self) -> None:
        self._wants_to_differ = True
        self.refresh()
        self.reveal(self.outcome)

    def _on_outcome(self, _path: str, value: object) -> None:
        record = self._record
        if value == Outcome.NOT_ESTABLISHED:
            record.put("decision.period", None)
            record.put("decision.cause", None)
        elif value is not None and record.get("cause.code"):
            record.put("decision.cause", record.get("cause.code"))

    def _on_cause(self, _path: str, value: object) -> None:
        alone = "group" not in self._record.needs
        if alone or self._record.get("decision.outcome") not in (None, Outcome.NOT_ESTABLISHED):
            self._record.put("decision.cause", value)

    def decide(self) -> None:
        """Record the decision; from then on the commission signs or reopens."""
        self._form.settle()
        self.settle()
        decision = dict(self._record.get("decision") or {})
        proposal = self._record.draft.proposal
        codes = {conflict.code for conflict in proposal.conflicts} if proposal else set()
        decision["reasons"] = [r for r in decision.get("reasons") or [] if r.get("code") in codes]
        self.decide_said.setVisible(False)
        self._record.decide(decision, self._on_refused)

    def settle(self) -> None:
        self.answers.settle()
        self.dissent.settle()

    def _on_refused(self, error: BaseException) -> None:
        if isinstance(error, Told) and self._t is not None:
            self.decide_said.setText("⚠ " + self._t.show(error.text))
            self.decide_said.setVisible(True)
        else:
            raise error

    # --- show ------------------------------------------------------------------------------------------------
    def take_criteria(self, criteria: CaseCriteria) -> None:
        self._causes, self._band_of = criteria.causes, criteria.band_of
        self._outcomes, self._kinds = criteria.outcomes, criteria.periods
        self.cause.set_options(criteria.cause_options())

    def take_users(self, users: tuple[User, ...]) -> None:
        for part in (self._signing, self._reading):
            if part is not None:
                part.take_users(users)

    def take_related(self, related: Related, shown: Ground | None) -> None:
        """The case that this one corrects, and the ground for a refusal that this one shows."""
        self._related = related
        self._shown_ground = "" if shown is None or self._t is None else self._t.show(shown.name)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.agree_button.setText(t("Agree with the proposal"))
        self.agree_button.setToolTip(shortcuts.native("agree"))
        self.differ_button.setText(t("Differ from the proposal"))
        self.reopen_button.setText(t("Reopen the decision"))
        self.decide_button.setText(t("Record the decision"))
        self.answers_heading.setText(t("Contradictions to be answered"))
        self.way_heading.setText(t("What stands in the way"))
        self.majority_button.setText(t("Decide as the majority voted"))
        self.closed.set_words(t("The commission decides once all members have voted. To the vote"))
        for part in (self._signing, self._reading):
            if part is not None:
                part.retranslate(t)
        for made in (
            self.agree_button,
            self.majority_button,
            self.differ_button,
            self.reopen_button,
            self.decide_button,
        ):
            made.setAccessibleName(made.text())

    def refresh(self) -> None:
        t, record = self._t, self._record
        if t is None or not record.is_loaded:
            return
        state, proposal = record.view.state, record.draft.proposal
        draft, closed = state is CaseState.DRAFT, record.draft.closed
        self._show_banner(t, state)
        self.closed.setVisible(closed)
        self.box.setVisible(draft and not closed)
        self._show_proposal(t, proposal)
        explanation = record.draft.explanation
        self.notes.show_notes(t, explanation.notes if explanation is not None else ())
        needs = record.needs
        group, anything = "group" in needs, bool(needs)
        self.box.setVisible(draft and anything and not closed)
        begun = (
            anything
            and not closed
            and (self._wants_to_differ or given(record, "decision") or not draft or not _asks(needs))
        )
        self.fields_group.setVisible(begun and _asks(needs))
        established = record.get("decision.outcome") != Outcome.NOT_ESTABLISHED
        self.outcome.setVisible(group)
        # A percentage may have a period, a change of the cause has none of its own.
        self.period.setVisible(established and (group or bool(needs & {"general", "professional"})))
        self.cause.setVisible(established and (group or "cause" in needs))
        self.opinions_group.setVisible(anything and record.get("examination.place") == Place.IN_ABSENTIA_PROACTIVE)
        self.changes.show_changes(t, self._related.corrects, record.document, record.view.state)
        self._show_outcomes()
        self._show_periods(t, proposal)
        self._show_bands(t, proposal)
        cause = next((c for c in self._causes if c.code == record.get("cause.code")), None)
        established = established and (group or "cause" in needs)
        paper = given(record, "cause.paper") or (cause is not None and (cause.paper_required or cause.code == "04"))
        self.paper_group.setVisible(begun and established and paper)
        self.help_group.setVisible(begun and statements.help_asked(record))
        self.recommended_group.setVisible(begun and (draft or given(record, RECOMMENDED)))
        if given(record, RECOMMENDED):
            self.recommended_group.open()
        statements.show_help_wish(self._form, self.step)

        conflicts = proposal.conflicts if proposal else ()
        asked = tuple(self.answers.answers.values())
        self.answers.show_conflicts(conflicts, t, read_only=not draft)
        if asked != tuple(self.answers.answers.values()):
            self._on_rebuilt()  # Tab leads to them before it leads below them
        self.answers_heading.setVisible(bool(self.answers.answers) and not closed)
        self.answers.setVisible(bool(self.answers.answers) and not closed)
        self.dissent.show_members(t, read_only=not draft)
        if not begun:
            self.dissent.hide()
            self.dissent.add_button.hide()
        if state is CaseState.DECIDED or record.get(voting.SECOND_READING) is not None:
            self._ask_for_panels()
        if self._reading is not None:
            self._reading.refresh()
        self._show_way(t, draft=draft, begun=begun)
        if self._signing is not None:
            self._signing.setVisible(state is CaseState.DECIDED)
            self._signing.refresh()

    def _show_banner(self, t: Translator, state: CaseState) -> None:
        match state:
            case CaseState.DECIDED:
                words_ = t("The decision is recorded. The case takes no changes until it is reopened; sign it below.")
            case CaseState.DRAFT if not self._record.needs:
                words_ = t("A duplicate is handed out without a decision. Then the case is ended as served.")
            case CaseState.DRAFT if not _asks(self._record.needs):
                words_ = t(
                    "The group is not asked for: the commission has nothing to decide but to sign what it found."
                )
            case CaseState.DRAFT if "group" not in self._record.needs:
                words_ = t("The group is not asked for: only what stands below is decided.")
            case _:
                words_ = ""
        self.banner_text.setText(words_)
        self.banner.setVisible(bool(words_))
        self.reopen_button.setVisible(state is CaseState.DECIDED)

    def _show_proposal(self, t: Translator, proposal: Proposal | None) -> None:
        known = proposal is not None and (
            proposal.outcome is not Outcome.UNDETERMINED or "group" not in self._record.needs
        )
        if proposal is None or not known:
            self.proposed.setText(t("There is not enough data for a proposal."))
            self.proposed_more.setText(t("The panel on the right lists what is missing."))
        else:
            needs = self._record.needs
            lines = words.percentages(t, proposal, needs)
            if "group" in needs:
                self.proposed.setText(t("Proposed: {outcome}", outcome=t.show(proposal.outcome)))
                lines = [words.period(t, proposal.period), *lines]
            else:
                self.proposed.setText(t("Proposed by the criteria") if _asks(needs) else t("Nothing is to be decided"))
            self.proposed_more.setText("\n".join(lines))
        self.proposed_more.setVisible(bool(self.proposed_more.text()))
        self.agree_button.setEnabled(known)
        self.agree_button.setVisible(_asks(self._record.needs))
        self.differ_button.setVisible(_asks(self._record.needs))
        self._show_majority(t, proposal)

    def _show_outcomes(self) -> None:
        chosen = self._record.get("decision.outcome")
        self.outcome.set_options(
            [option for option in outcome_options() if option.value in self._outcomes or option.value == chosen]
        )

    def _show_majority(self, t: Translator, proposal: Proposal | None) -> None:
        """What most members want, where it is another thing than what is proposed."""
        found = self._majority()
        self.majority.setVisible(found is not None)
        same = True
        if found is not None:
            chosen = {"outcome": found.outcome, "period": found.period}
            self.majority.setText(t("Majority of the votes: {choice}", choice=vote_words.most(t, found)))
            far = voting.distance(chosen, proposal, self._record.document) if proposal is not None else None
            same = found.outcome is None or (far is not None and not far.differs and not far.months)
        self.majority_button.setVisible(not same)
        # What the members voted for comes before what is proposed: the colour doesn't lead away from it.
        for choice, kind in ((self.agree_button, "primary" if same else ""), (self.majority_button, "primary")):
            if choice.property("kind") != kind:
                choice.setProperty("kind", kind)
                restyle(choice)

    def _show_periods(self, t: Translator, proposal: Proposal | None) -> None:
        options: list[Option] = []

        def add(terms: tuple[Term, ...], words_: str) -> None:
            for term in terms:
                value = {"kind": term.kind.value, "value": term.value}
                options.append(Option(value, Text(words_, {"period": words.term(t, term)})))

        if proposal is not None and isinstance(proposal.period, Period):
            add((proposal.period.proposed,), N_("{period} (proposed)"))
            add(proposal.period.alternatives, N_("{period} (may be chosen instead)"))
            add(proposal.period.candidates, N_("{period} (needs a ground, confirmed by a person)"))
        known = [option.value for option in options]
        fitting = [option for option in period_options() if option.value["kind"] in self._kinds]
        options += [option for option in fitting if option.value not in known]
        chosen = self._record.get("decision.period")
        if chosen and all(option.value != chosen for option in options):
            options.append(Option(chosen, Text(N_("{period}"), {"period": words.decided_period(t, chosen)})))
        self.period.set_options(options)

    def _show_bands(self, t: Translator, proposal: Proposal | None) -> None:
        for field, name in ((self.general, "general_capacity"), (self.professional, "professional_capacity")):
            value = getattr(proposal, name) if proposal is not None else None
            asked = ("general" if field is self.general else "professional") in self._record.needs
            due = asked and isinstance(value, Band)
            field.setVisible(due or not field.is_empty() or self._record.get(f"decision.{name}") is not None)
            if isinstance(value, Band):
                chosen = self._band_of_the_decision(proposal) if field is self.general else None
                words_ = N_("per cent; the criteria give {first} to {last}")
                if chosen is not None:
                    value, words_ = chosen, N_("per cent; the criteria give {first} to {last} for the group chosen")
                limits = {"first": value.first, "last": value.last}
                field.set_band((value.first, value.last), Text(words_, limits))
                figure = self._record.get(f"decision.{name}")
                outside = isinstance(figure, int) and not value.first <= figure <= value.last
                said = N_("{figure} % lies outside what the criteria give: {first} to {last}.")
                field.set_remark(Text(said, {"figure": figure, **limits}) if outside else None)
            else:
                field.set_band(None, N_("per cent; none is due by the criteria"))
                field.set_remark(None)

    def _band_of_the_decision(self, proposal: Proposal | None) -> Band | None:
        """The band of the group decided on, where it isn't the one proposed."""
        outcome = self._record.get("decision.outcome")
        if outcome is None or proposal is None or outcome == proposal.outcome:
            return None
        return self._band_of(Outcome(outcome))

    def _show_way(self, t: Translator, *, draft: bool, begun: bool) -> None:
        found = self._record.obstacles() if draft and begun else ()
        clear(self._way_column)
        for problem in found:
            sentence = t.show(problem.text).removeprefix(f"{problem.path}: ")
            item = JumpButton(f"⚠ {sentence}")
            item.clicked.connect(lambda _checked=False, p=problem.path: self.jumped.emit(p))
            self._way_column.addWidget(item)
        served = not self._record.needs
        self.end_button.setVisible(draft and (served or bool(self._shown_ground)) and self._related.corrects is None)
        refuse = t("End without a decision… ({ground})", ground=self._shown_ground)
        self.end_button.setText(t("Handed out: end the case…") if served else refuse)
        self.end_button.set_icon_name("check-check" if served else "ban")
        self.end_button.setAccessibleName(self.end_button.text())
        self.way_heading.setVisible(bool(found))
        self.way.setVisible(bool(found))
        self.decide_button.setVisible(draft and begun)
        self.decide_button.setEnabled(not found)
        self.decide_hint.setVisible(draft and begun)
        self.decide_hint.setText(
            t("The decision can be recorded once nothing of this list is left.")
            if found
            else t("After this the members sign. Until they have signed, the decision can be reopened.")
        )
        self.decide_said.setVisible(self.decide_said.isVisibleTo(self) and draft)

    def first(self) -> QWidget | None:
        state = self._record.view.state
        if state is CaseState.DECIDED:
            return self.second_reading.first() or self.signing.first()
        if state is not CaseState.DRAFT:
            return None
        if self._record.draft.closed:
            return self.closed
        if given(self._record, "decision"):
            return self.outcome.focus_widget()
        if not _asks(self._record.needs):
            return self.decide_button if self._record.needs else None
        return self.agree_button if self.agree_button.isEnabled() else self.differ_button

    def answer(self, code: str) -> QWidget | None:
        """Where the conflict `code` is answered, if it is asked for."""
        answer = self.answers.answers.get(code)
        return None if answer is None else answer.reason.edit

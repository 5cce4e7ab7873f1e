"""The step of the referral: what it asks for and since when, its rest, and what was brought with it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.brought import REFERRAL
from app.domain.text import N_
from app.domain.vocabulary import FurtherPurpose, Purpose, ReferralException
from app.services.checklist import Wanted, documents
from ui.screens.examination import brought
from ui.screens.examination.form import Form, given, options
from ui.screens.examination.step_page import StepPage, wanted
from ui.widgets.copy_list import CopiesField
from ui.widgets.group import Group

_AT_ONCE = 3  # documents of the list that are made in one turn


class ReferralPage(StepPage):
    """The referral, form 031/у: number, date, what it asks, since when; its rest, and what was brought."""

    def __init__(self, form: Form, parent: QWidget) -> None:
        super().__init__("referral", N_("Referral, form 031/у"), parent)
        self._form = form
        self.group(
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
        self.finish()
        self.completed: Callable[[CopiesField], object] = lambda _copies: None
        """Called with the list of copies once it stands."""
        self._unfolded: Group | None = None
        self._checklist: brought.Checklist | None = None
        self._copies: CopiesField | None = None
        self._request: Group | None = None
        self.later(self._make_since, self._make_rest, self._make_checklist, self._make_copies)

    def _make_since(self) -> None:
        form = self._form
        self._request = self.group(
            N_("Letter of the court"),
            [
                [form.text("dossier.request.organ", N_("Court"))],
                [form.text("dossier.request.number", N_("Number of the letter")),
                 form.date("dossier.request.on", N_("Its date"))],
            ],
        )  # fmt: skip
        self.group(
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

    # --- the rest: half a hundred controls, in parts ---------------------------------------------------------
    @property
    def rest(self) -> Group:
        """What of the form 031/у the commission doesn't compute with."""
        self.make_whole()
        return wanted(self._unfolded)

    @property
    def checklist(self) -> brought.Checklist:
        """The documents that are asked for."""
        self.make_whole()
        return wanted(self._checklist)

    @property
    def copies(self) -> CopiesField:
        """The copies of papers."""
        self.make_whole()
        return wanted(self._copies)

    def _make_rest(self) -> None:
        self._unfolded = brought.rest_of_referral(self._form, self.place)
        self.add(self._unfolded)

    def _make_checklist(self) -> None:
        self._checklist = brought.Checklist(self._form, self.place)
        self.add(self._checklist)
        self._more_documents(documents())

    def _more_documents(self, asked: tuple[Wanted, ...]) -> None:
        wanted(self._checklist).add_documents(asked[:_AT_ONCE])
        if asked[_AT_ONCE:]:
            self.next(partial(self._more_documents, asked[_AT_ONCE:]))

    def _make_copies(self) -> None:
        self._copies = brought.copies(self._form)
        self.completed(self._copies)
        self.group(N_("Copies of papers"), [[self._copies]])

    # --- show ------------------------------------------------------------------------------------------------
    def refresh(self) -> None:
        record = self._form.record
        if self._request is not None:
            self._request.setVisible("request" in record.needs or given(record, "dossier.request"))
        if self._checklist is not None:
            self._checklist.refresh()
        if self._unfolded is not None and not self._unfolded.is_open and given(record, REFERRAL):
            self._unfolded.open()

"""Questions about what the commission states beside the decision; papers print the answers, or lines to write on."""

from enum import StrEnum

from app.domain.purposes import purposes_of
from app.domain.statements import HELP, NAMES, PROGNOSES, RECOMMENDED, ExtraHelp, Potential
from app.domain.text import N_
from app.domain.vocabulary import Prognosis, Purpose
from ui.screens.examination.form import Form, given, options
from ui.screens.examination.record import CaseRecord
from ui.widgets.field import Field
from ui.widgets.options import Option


def _named(values: type[StrEnum]) -> list[Option]:
    return [Option(member.value, NAMES[member]) for member in values]


def prognoses(form: Form) -> list[list[Field]]:
    """What the act says of disease, rehabilitation and work."""
    return [
        [form.choice(f"{PROGNOSES}.clinical", N_("Clinical prognosis"), options(Prognosis),
                     hint=N_("how the disease is expected to go on"))],
        [form.choice(f"{PROGNOSES}.potential", N_("Rehabilitation potential"), _named(Potential),
                     hint=N_("what the person can regain"))],
        [form.choice(f"{PROGNOSES}.work", N_("Prognosis for work"), options(Prognosis))],
    ]  # fmt: skip


def extra_help(form: Form) -> list[list[Field]]:
    """The kinds of help that the commission found needed."""
    return [
        [form.several(f"{HELP}.kinds", N_("Kinds that are needed"), _named(ExtraHelp))],
        [form.text(f"{HELP}.other", N_("Another kind of help")),
         form.text(f"{HELP}.term", N_("Term of the help"), hint=N_("until when, in words"))],
    ]  # fmt: skip


def recommendations(form: Form) -> list[list[Field]]:
    """What the commission recommends."""
    return [
        [form.text(f"{RECOMMENDED}.work", N_("Recommendations on work"),
                   hint=N_("one line; stands on the disability certificate"))],
        [form.long_text(f"{RECOMMENDED}.text", N_("Recommendations of the commission"),
                        hint=N_("stand in the conclusion and the act"), lines=2)],
    ]  # fmt: skip


def help_asked(record: CaseRecord) -> bool:
    """Whether the case is asked for the need of help, or somebody answered it all the same."""
    return Purpose.EXTRA_HELP in purposes_of(record.document) or given(record, HELP)


def show_help_wish(form: Form, step: str) -> None:
    """Say beside the kinds what the paper does without, as long as it can be mended: the step is whole only once it is
    decided, and then nothing is entered any more."""
    field = form.fields.get(f"{HELP}.kinds")
    if field is not None:
        states = form.record.states()
        wishes = [wish for state in states if state.step == step for wish in state.wishes if wish.path == field.path]
        field.set_remark(wishes[0].text if wishes else None)

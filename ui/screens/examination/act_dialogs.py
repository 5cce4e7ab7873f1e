"""The questions of the acts on a whole case: end, resume, put off, correct. The list of cases asks the same ones."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from app.domain.case_file import check_field
from app.domain.endings import OTHER
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import CorrectionKind, EndingKind, Status
from app.services.grounds import Ground, grounds
from ui.language import Language
from ui.screens.examination.form import options
from ui.screens.examination.style import RULES
from ui.screens.proposal.words import STATUS_SIGNS
from ui.widgets.choice import ComboField
from ui.widgets.date_field import DateField
from ui.widgets.field import Field
from ui.widgets.fields_dialog import FieldsDialog
from ui.widgets.options import ChoiceField, Option
from ui.widgets.text_field import LongTextField, TextField

_SURE = N_("{memory} from memory, {seen} seen in a source: none was checked against the official text")
_ENDING, _POSTPONED, _CORRECTION = "dossier.ending", "dossier.postponed", "dossier.correction"


def ending_dialog(
    language: Language,
    number: str,
    *,
    served: bool,
    shown: Ground | None,
    head: str | None,
    today: Callable[[], date],
    parent: QWidget,
) -> FieldsDialog:
    """How a case ends. `served`: nothing has to be decided in it; `shown`: the ground that the case itself shows."""
    fields = ending_fields(served=served, shown=shown, today=today)
    about = N_(
        "Case {number} is closed and frozen without a decision; the ending goes to the centre. It can be resumed with a"
        " reason."
    )
    dialog = FieldsDialog(language, N_("End without a decision"), Text(about, {"number": number}), fields,
                          N_("End the case"), parent, kind="danger", stay=N_("Keep the case open"))  # fmt: skip
    dialog.shows = dict(ENDING_SHOWS)
    refused = shown is not None and not served
    dialog.ask(
        {
            "kind": EndingKind.REFUSED.value if refused else EndingKind.SERVED.value if served else None,
            "ground": shown.id if shown is not None and refused else None,
            "on": today().isoformat(),
            "head": head,
        }
    )
    return dialog


ENDING_SHOWS: Final[Mapping[str, Callable[[dict[str, Any]], bool]]] = MappingProxyType(
    {
        "ground": lambda values: values.get("kind") == EndingKind.REFUSED,
        "source": lambda values: values.get("kind") == EndingKind.DIED,
    }
)
"""Which questions about an ending are asked after which answers."""


def ending_fields(*, served: bool, shown: Ground | None, today: Callable[[], date]) -> list[Field]:
    """The questions about how a case ends, in their order; the first is the kind of ending."""
    kinds = [o for o in options(EndingKind) if (o.value == EndingKind.SERVED) == served or o.value != EndingKind.SERVED]

    def path(key: str) -> str:
        return f"{_ENDING}.{key}"

    def check(key: str) -> Callable[[object], object]:
        return partial(check_field, path(key))

    ground = ComboField(path("ground"), N_("Ground for the refusal"), [_ground(g) for g in grounds()],
                        hint=Text(_SURE, {"memory": STATUS_SIGNS[Status.MEMORY], "seen": STATUS_SIGNS[Status.SEEN]}),
                        check=check("ground"))  # fmt: skip
    if shown is not None:
        ground.set_remark(Text(N_("The case itself shows it: {ground}."), {"ground": shown.name}))
    return [
        ChoiceField(path("kind"), N_("How the case ends"), kinds, check=check("kind")),
        ground,
        LongTextField(path("text"), N_("In words"), check=check("text"), lines=2),
        DateField(path("on"), N_("Day"), today=today, check=check("on"),
                  hint=N_("of the refusal, of the failed meeting, of the death, of the person's word, of handing out")),
        TextField(path("source"), N_("Where the death is known from"), check=check("source")),
        TextField(path("head"), N_("Head of the commission who says so"), check=check("head")),
    ]  # fmt: skip


def _ground(ground: Ground) -> Option:
    sign = STATUS_SIGNS[ground.status]
    return Option(ground.id, _marked(ground.name, sign) if ground.id != OTHER else ground.name)


def _marked(name: LocalText, sign: str) -> LocalText:
    return LocalText(*(f"{sign} {name.of(code)}" for code in ("kk", "ru", "en")))


def reason_dialog(language: Language, number: str, parent: QWidget) -> FieldsDialog:
    """Why an ended case goes on."""
    about = Text(
        N_("Case {number} becomes a draft again, as it was. The log keeps how it had ended."), {"number": number}
    )
    dialog = FieldsDialog(language, N_("Resume the case"), about, [TextField("reason", N_("Why it goes on"))],
                          N_("Resume the case"), parent, stay=N_("Leave it ended"))  # fmt: skip
    dialog.ask()
    return dialog


def postponing_dialog(language: Language, number: str, today: Callable[[], date], parent: QWidget) -> FieldsDialog:
    """Until when a case is put off, for what and why."""
    fields: Sequence[DateField | LongTextField] = [
        DateField(f"{_POSTPONED}.until", N_("The person comes again on"), today=today,
                  hint=N_("how much time may be given was not found in any text"),
                  check=partial(check_field, f"{_POSTPONED}.until")),
        LongTextField(f"{_POSTPONED}.what", N_("What is to be examined"), lines=2),
        LongTextField(f"{_POSTPONED}.reason", N_("Why the case can't be decided without it"), lines=2),
    ]  # fmt: skip
    about = Text(N_("Case {number} stays a draft and comes back by itself on that day."), {"number": number})
    dialog = FieldsDialog(language, N_("Put off for more examination"), about, fields, N_("Put off"), parent,
                          stay=N_("Don't put off"))  # fmt: skip
    dialog.ask()
    return dialog


def correction_dialog(language: Language, number: str, parent: QWidget) -> FieldsDialog:
    """Why a signed case is corrected."""
    fields = [
        ChoiceField(f"{_CORRECTION}.kind", N_("What makes it necessary"), options(CorrectionKind), vertical=True),
        LongTextField(f"{_CORRECTION}.reason", N_("What is wrong in it, in words"), lines=3),
    ]
    about = N_(
        "A new case with the same content is made. Once it is signed it takes the place of {number}, which stays as it"
        " was signed."
    )
    dialog = FieldsDialog(language, N_("Correct a signed case"), Text(about, {"number": number}), fields,
                          N_("Make the correction"), parent, stay=N_("Leave it as it is"))  # fmt: skip
    dialog.setStyleSheet(RULES)  # the list of cases asks it, too
    dialog.ask()
    return dialog

"""Answers that several steps offer: yes and no, what may be decided, for how long."""

from app.domain.text import N_
from app.domain.vocabulary import Outcome, PeriodKind
from ui.screens.examination.form import options
from ui.widgets.options import Option

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

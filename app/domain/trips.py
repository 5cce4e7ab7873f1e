"""Trips: the sittings of a commission (отырыс, заседание), in a village, at the department, at a bedside.

The most common is the on-site sitting (көшпелі отырыс, выездное заседание). A trip is kept as an entry of the kind
`trip`; `TRIP` declares its fields. How a person stands in its order is `cases.queue`; what of it follows from the
state of the case is derived by `standing`.
"""

from functools import partial
from typing import Any, Final

from app.domain.case_fields import Object, Words, spec_of, tidy
from app.domain.typed import LONGEST_TEXT
from app.domain.vocabulary import CaseState, QueueState

KIND: Final = "trip"

TRIP: Final = Object({
    "on": spec_of("examination.on"),
    "place": spec_of("examination.place"),
    "kato": spec_of("person.address.kato"),
    "settlement": Words(),
    "address": Words(),
    "venue": Words(),  # ward, office, vehicle
    "commission": spec_of("examination.commission"),
    "note": Words(longest=LONGEST_TEXT, lines=True),
})  # fmt: skip
NEEDED: Final = ("on", "place")

# What a draft takes from its trip: path of the case → field of the trip.
TAKEN: Final = {
    "examination.on": "on",
    "examination.place": "place",
    "examination.commission": "commission",
}

# What is kept; the other states follow from the state of the case.
KEPT: Final = (
    QueueState.WAITING,
    QueueState.CALLED,
    QueueState.IN_EXAMINATION,
    QueueState.REFUSED,
    QueueState.NOT_COME,
    QueueState.POSTPONED,
)
INSIDE: Final = frozenset({QueueState.CALLED, QueueState.IN_EXAMINATION})
ABSENT: Final = frozenset({QueueState.REFUSED, QueueState.NOT_COME, QueueState.POSTPONED})


def check_field(name: str, value: object) -> Any:
    """A field of a trip as it is stored. UserError for a wrong value; KeyError for a field that no trip has."""
    spec = TRIP.fields[name]
    tidied = tidy(value)
    if tidied is not None:
        spec.check(tidied, name)
    return tidied


def checks(name: str) -> "partial[Any]":
    """`check_field` of one field, for the line in which it is typed."""
    return partial(check_field, name)


def standing(queue: str | None, state: CaseState) -> QueueState:
    """How a person stands in the order of a trip."""
    if state is CaseState.ENDED:
        return QueueState(queue) if queue in ABSENT else QueueState.CLOSED
    if state is not CaseState.DRAFT:
        return QueueState.EXAMINED
    return QueueState(queue) if queue in KEPT else QueueState.WAITING

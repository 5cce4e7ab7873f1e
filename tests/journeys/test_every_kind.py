"""Each occasion in each place at each age goes its whole way, from the turn in a trip to the paper or to the ending."""

import copy
from collections.abc import Iterator
from itertools import product
from typing import Any, Final

import pytest

from app.domain.case_file import get
from app.domain.errors import UserError
from app.domain.vocabulary import CaseState, EndingKind, Occasion, Outcome, PeriodKind, Place, QueueState
from app.services.desk import Desk
from tests import factories, once
from tests.documents.papers import text_of
from tests.factories import HEAD, NAMES, PASSPHRASE, case_document, signatures
from tests.kinds import AGAIN, BABY, CHILD, agreed, dossier_of

Band = tuple[str, dict[str, Any], str, frozenset[Outcome], PeriodKind | None]
# By age: the birth date, what differs from the sample, an earlier outcome, what may come out, a period of that age.
BANDS: Final[dict[str, Band]] = {
    "under 7": ("2021-03-05", BABY, "child", frozenset({Outcome.CHILD}), PeriodKind.UNTIL_7),
    "7 to 17": (
        "2015-06-14",
        {**CHILD, "cause.code": "06"},
        "child_group_3",
        frozenset({Outcome.CHILD_GROUP_1, Outcome.CHILD_GROUP_2, Outcome.CHILD_GROUP_3}),
        PeriodKind.UNTIL_18,
    ),
    "18 and older": ("1971-06-14", {}, "group_3", frozenset({Outcome.GROUP_2}), None),
}
ENDINGS: Final[dict[EndingKind, dict[str, Any]]] = {
    EndingKind.REFUSED: {"ground": "incomplete_package"},
    EndingKind.NOT_COME: {},
    EndingKind.DIED: {"source": "куәлік 12"},
    EndingKind.WITHDRAWN: {},
}
DRAFT_MARK: Final = ("ЖОБА", "Ж О Б А")
"""As it stands in a sentence, and as it is read where it climbs the page."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all of them; its log is whole at the end."""
    with once.reading_once():
        desk = factories.make_desk(tmp_path_factory.mktemp("office") / "desk").sign_in(HEAD, PASSPHRASE)
        yield factories.with_commission(desk)
        told = desk.integrity.verify()
        desk.close()
        assert told.ok, told.problem


def registered(desk: Desk, trip_id: str, occasion: Occasion, band: str, surname: str) -> str:
    """A person in a trip, as the line of registration takes it."""
    born, _, earlier, _, _ = BANDS[band]
    sample = case_document()
    fields: dict[str, object] = {
        "person.surname": surname,
        "person.given_name": "Айгүл",
        "person.birth_date": born,
        "person.sex": "female",
        "examination.occasion": occasion.value,
    }
    case_id = desk.registration.register(trip_id, fields)
    if occasion not in AGAIN:
        desk.examinations.set_field(case_id, "referral", sample["referral"])
    else:
        desk.examinations.set_field(case_id, "referral.purpose", ["disability"])
    if occasion is not Occasion.FIRST:
        desk.examinations.set_field(case_id, "previous", {"on": "2025-11-18", "outcome": earlier})
    return case_id


def entered(desk: Desk, case_id: str, occasion: Occasion, place: Place, band: str) -> None:
    """What the commission sees and says of the person."""
    _, changes, _, _, _ = BANDS[band]
    document = case_document(changes)
    given = {key: document[key] for key in ("diagnosis", "facts", "cause")}
    given |= {f"dossier.{key}": value for key, value in dossier_of(occasion, place).items()}
    given["dossier.no_iin.reason"] = "foreigner"
    for path, value in given.items():
        desk.examinations.set_field(case_id, path, copy.deepcopy(value))


@pytest.mark.parametrize("occasion", Occasion)
def test_every_kind_of_case_goes_from_its_turn_to_its_paper_or_its_ending(office: Desk, occasion: Occasion) -> None:
    desk, commission = office, case_document()["examination"]["commission"]
    endings = list(ENDINGS)
    for at, place in enumerate(Place):
        trip = desk.trips.create({"place": place.value, "settlement": "Бестамақ", "commission": commission})
        signed, ended = (
            {band: registered(desk, trip.id, occasion, band, surname) for band in BANDS}
            for surname in ("Қалиева", "Өтегенова")
        )
        for case_id in [*signed.values(), *ended.values()]:
            assert desk.trips.call_next(trip.id) == case_id
        for nth, (band, case_id) in enumerate(signed.items()):
            said = f"{occasion} {place} {band}"
            entered(desk, case_id, occasion, place, band)
            decision = agreed(desk, case_id)
            _, _, _, outcomes, period = BANDS[band]
            assert decision["outcome"] in outcomes, said
            offered = desk.packs.offered(trip.on, desk.trips.worklist(trip.id).turns[nth].birth_date)
            assert decision["outcome"] in offered[0], said
            assert period is None or period in offered[1], said
            desk.conclusions.decide(case_id, decision)
            view = desk.conclusions.sign(case_id, signatures())
            assert view.state is CaseState.SIGNED, said
            assert get(view.document, "examination.place") == place, said
            assert (get(view.document, "dossier.until") is None) == (decision["period"]["kind"] == "no_term"), said
            if nth == at % len(BANDS) or place is Place.IN_ABSENTIA_PROACTIVE:
                paper = desk.conclusions.render(case_id, "conclusion", "kk")
                assert not paper.draft, said
                words = text_of(paper.pdf)
                assert not any(mark in words.upper() for mark in DRAFT_MARK), said
                assert view.number in words, said
        for nth, (band, case_id) in enumerate(ended.items()):
            kind = endings[(at + nth) % len(endings)]
            told = {"kind": kind.value, "on": trip.on.isoformat(), "head": NAMES[HEAD], **ENDINGS[kind]}
            assert desk.endings.end(case_id, told).state is CaseState.ENDED, f"{occasion} {place} {band}"
            with pytest.raises(UserError):
                desk.conclusions.decide(case_id, agreed(desk, signed[band]))
        tally = desk.trips.close(trip.id).tally
        assert (tally.total, tally.signed, tally.states[QueueState.CLOSED]) == (6, 3, 3)
        assert desk.trips.trip(trip.id).left == ()
    kinds = {(get(view.document, "examination.occasion"), view.state) for view in _views(desk)}
    assert kinds >= set(product([occasion.value], [CaseState.SIGNED, CaseState.ENDED]))


def _views(desk: Desk) -> Iterator[Any]:
    for row in desk.examinations.rows():
        yield desk.examinations.open(row.id)

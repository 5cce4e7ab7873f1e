"""Majority, even votes, dissent and distances, over votes of every kind."""

from collections import Counter
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain import voting
from app.domain.case_file import check_field, get, put
from app.domain.proposal import Level, PackIdentity, Period, Proposal, Term
from app.domain.vocabulary import Outcome, PeriodKind, Status
from app.domain.voting import Procedure, tally
from tests import factories

OUTCOMES = ("group_1", "group_2", "group_3", "not_established")
PERIODS = (
    {"kind": "months", "value": 6}, {"kind": "years", "value": 1}, {"kind": "years", "value": 2},
    {"kind": "no_term", "value": None},
)  # fmt: skip
HEAD_DECIDES, NOBODY = Procedure(blind_vote="required"), Procedure(blind_vote="required", tie="none")
OPENED = "2026-11-18T05:00:00.000000Z"


@st.composite
def votes(draw: Any) -> list[dict[str, Any]]:
    """Three to six members' votes; the first is the head's."""
    found = []
    for member in range(draw(st.integers(3, 6))):
        outcome = draw(st.sampled_from(OUTCOMES))
        period = None if outcome == "not_established" else draw(st.sampled_from(PERIODS))
        found.append({"member": member, "name": f"Мүше {member}", "outcome": outcome, "period": period, "at": OPENED})
    return found


def case(given_votes: list[dict[str, Any]], *, opened: bool = True) -> dict[str, Any]:
    members = [{"name": vote["name"], "role": "member"} for vote in given_votes]
    members[0]["role"] = "head"
    document = factories.case_document({"examination.commission": members})
    document = put(document, voting.VOTES, check_field(voting.VOTES, given_votes))
    return put(document, voting.OPENED, OPENED) if opened else document


def proposal(outcome: Outcome = Outcome.GROUP_2) -> Proposal:
    two, one = (Term(PeriodKind.YEARS, years, date(2026 + years, 12, 1)) for years in (2, 1))
    return Proposal(
        pack=PackIdentity("kz-mse", "1.0.0", "sha256:0", Status.MEMORY), on=date(2026, 11, 18), age=55, outcome=outcome,
        level=Level(2, None, 2), missing=(), period=Period(two, (one,), ()), general_capacity=None,
        professional_capacity=None, cause_proposed=None, conflicts=(), trace=(),
    )  # fmt: skip


@given(votes())
def test_who_has_most_votes_decides_and_an_even_vote_is_the_heads_or_nobodys(given_votes: list[dict[str, Any]]) -> None:
    counts = Counter(vote["outcome"] for vote in given_votes)
    most = {outcome for outcome, count in counts.items() if count == max(counts.values())}
    document = case(given_votes)
    by_head, by_nobody = (voting.majority(document, how) for how in (HEAD_DECIDES, NOBODY))
    assert by_head is not None
    assert by_nobody is not None
    if len(most) == 1:
        assert {by_head.outcome} == {by_nobody.outcome} == most
        assert by_head.by == ("all" if len(counts) == 1 else "majority")
    else:
        assert (by_nobody.outcome, by_nobody.by) == (None, "tie")
        heads = given_votes[0]["outcome"]
        assert by_head.outcome == (heads if heads in most else None)
        assert by_head.by == ("head" if heads in most else "tie")
    for found in (by_head, by_nobody):
        assert dict(found.counts) == counts
        assert sum(count for _, count in found.counts) == len(given_votes)
        wanted = [vote["period"] for vote in given_votes if vote["outcome"] == found.outcome]
        assert found.period is None or found.period in wanted
        lengths = Counter((period["kind"], period["value"]) for period in wanted if period)
        even = list(lengths.values()).count(max(lengths.values(), default=0)) > 1
        assert (found.period_by in ("head", "tie")) is even, "an even vote on the period is no majority"
        assert found.agreed["period"] == (None if even else found.period)


@given(votes(), st.randoms(use_true_random=False))
def test_the_order_of_votes_decides_nothing(given_votes: list[dict[str, Any]], chance: Any) -> None:
    mixed = list(given_votes)
    chance.shuffle(mixed)
    for heads in (None, given_votes[0]):
        straight, shuffled = tally(given_votes, heads), tally(mixed, heads)
        assert straight == shuffled


@given(votes(), st.sampled_from(OUTCOMES), st.sampled_from(PERIODS))
def test_every_member_is_followed_or_dissents(
    given_votes: list[dict[str, Any]], outcome: str, period: dict[str, Any]
) -> None:
    document = put(case(given_votes), "decision", {"outcome": outcome, "period": period})
    dissenting = voting.dissenting(document)
    for member, vote in enumerate(given_votes):
        same = vote["outcome"] == outcome and (outcome == "not_established" or vote["period"] == period)
        assert (member in dissenting) is not same
    assert voting.for_and_against(document) == (len(given_votes) - len(dissenting), len(dissenting))
    for answer in ({"text": "жоқ", "declined": None}, {"text": None, "declined": True}):
        said = [{"member": member, "name": given_votes[member]["name"], **answer} for member in dissenting]
        answered = put(document, voting.DISSENT, said or None)
        assert all(voting.dissent_answered(answered, member) for member in dissenting)
    assert not any(voting.dissent_answered(document, member) for member in dissenting)


@given(votes())
def test_a_vote_that_is_not_open_says_nothing_and_is_not_counted(given_votes: list[dict[str, Any]]) -> None:
    document = case(given_votes, opened=False)
    shown = voting.without_content(document)
    assert [set(vote) for vote in shown["dossier"]["votes"]] == [{"member", "name", "at"}] * len(given_votes)
    assert voting.waiting(shown) == voting.waiting(document) == ()
    for hidden in (shown, document):
        assert voting.majority(hidden, HEAD_DECIDES) is None
        assert voting.dissenting(put(hidden, "decision.outcome", "group_1")) == ()
    opened = case(given_votes)
    assert voting.without_content(opened) == opened


@given(votes())
def test_distances_have_a_sign_and_fit_the_dossier(given_votes: list[dict[str, Any]]) -> None:
    document = put(case(given_votes), "decision", {"outcome": "group_2", "period": PERIODS[2]})
    told = voting.distances(document, proposal(), HEAD_DECIDES)
    assert told is not None
    assert check_field(voting.DISTANCE, told) == told
    heavier = {"group_1": 1, "group_2": 0, "group_3": -1, "not_established": -2}
    assert [far["groups"] for far in told["votes"]] == [heavier[vote["outcome"]] for vote in given_votes]
    for far, vote in zip(told["votes"], given_votes, strict=True):
        offered = vote["period"] in (PERIODS[1], PERIODS[2])
        assert far["differs"] is not (vote["outcome"] == "group_2" and offered)
        assert far["months"] == {"years1": -12, "years2": 0, "months6": -18}.get(
            f"{(vote['period'] or {}).get('kind')}{(vote['period'] or {}).get('value')}"
        )
    assert told["decision"] == {"groups": 0, "months": 0, "differs": False}


def test_until_a_birthday_counts_the_full_months_to_it() -> None:
    birth, on = date(2020, 3, 15), date(2026, 11, 18)
    assert voting.months_of({"kind": "until_7", "value": None}, birth, on) == 3
    assert voting.months_of({"kind": "until_18", "value": None}, birth, on) == 135
    assert voting.months_of({"kind": "no_term", "value": None}, birth, on) is None


def test_only_what_members_vote_on_is_locked() -> None:
    for path in ("facts", "facts.functions.mental", "diagnosis.accompanying", "person.birth_date", "scales.mmse.total"):
        assert voting.rests_on(path), path
    for path in ("person.surname", "factsheet", "decision.outcome", "cause.code", "dossier.dissent", "referral.number"):
        assert not voting.rests_on(path), path


def test_two_members_of_one_name_have_a_vote_each() -> None:
    members = [{"name": "Ким А. В.", "role": "head"}, {"name": "Ким А. В.", "role": "member"}]
    document = factories.case_document({"examination.commission": members})
    document = put(document, voting.VOTES, [{"member": 1, "name": "Ким А. В.", "outcome": "group_1", "period": None}])
    assert [vote is not None for vote in voting.votes(document)] == [False, True]
    # Who moves to another place in the commission keeps the vote.
    alone = put(document, "examination.commission", [{"name": "Ким А. В.", "role": "member"}])
    assert voting.waiting(alone) == ()
    assert get(alone, voting.VOTES)

"""Numbered blanks: none used twice, none passed over, none given back, and the log knows of each."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import UserError
from app.domain.papers import Range, new_range, overlapping
from app.domain.vocabulary import CorrectionKind, PaperKind, PaperState
from app.services.desk import Desk
from app.storage.chain import EVENTS
from tests.factories import DECISION, case_document, decided_case, signatures, signed_case

CERTIFICATE = PaperKind.DISABILITY_CERTIFICATE
EXTRACT = PaperKind.CERTIFICATE_EXTRACT


def refused(work: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as raised:
        work()
    return raised.value


def test_numbers_are_taken_in_turn_and_the_second_range_follows_the_first(full_desk: Desk) -> None:
    papers, case = full_desk.papers, signed_case(full_desk).id
    papers.add_range(EXTRACT, "аа", "000098", "000099", "2026-11-01", "Комитет")
    papers.add_range(EXTRACT, "АБ", "000001", "000003")
    taken = [papers.issue(case, EXTRACT).name for _ in range(4)]
    assert taken == ["АА № 000098", "АА № 000099", "АБ № 000001", "АБ № 000002"]
    assert [(view.left, view.used) for view in papers.ranges()] == [(0, 2), (1, 2)]
    assert papers.left(EXTRACT) == 1
    assert papers.running_out() == {EXTRACT: 1}
    papers.issue(case, EXTRACT)
    assert "No blank is left" in refused(lambda: papers.issue(case, EXTRACT)).text.msgid
    (offer,) = papers.of_case(case).offers
    assert (offer.number, offer.left, offer.low) == (None, 0, True)
    assert full_desk.integrity.verify().problem is None


def test_a_spoiled_blank_is_written_off_with_a_reason_and_the_next_is_taken(full_desk: Desk) -> None:
    papers, case = full_desk.papers, signed_case(full_desk).id
    papers.add_range(CERTIFICATE, "АА", "0000007", "0000100")
    first = papers.issue(case, CERTIFICATE, expected="0000007")
    assert "Issued already" in refused(lambda: papers.issue(case, CERTIFICATE)).text.msgid
    assert refused(lambda: papers.spoil(CERTIFICATE, "АА", first.number, "  ")).where == "reason"
    papers.spoil(CERTIFICATE, "аа", " 7 ", "принтер зажевал")
    papers.spoil(CERTIFICATE, "АА", "0000009", "мокрый")  # still blank, ahead of its turn
    for number in ("0000007", "0000009"):
        assert "already" in refused(lambda n=number: papers.spoil(CERTIFICATE, "АА", n, "x")).text.msgid  # type: ignore[misc]
    assert "holds no blank" in refused(lambda: papers.spoil(CERTIFICATE, "АА", "101", "x")).text.msgid
    assert papers.issue(case, CERTIFICATE).number == "0000008"
    other = signed_case(full_desk).id
    wrong = refused(lambda: papers.issue(other, CERTIFICATE, expected="0000009"))
    assert wrong.text.params["number"] == "0000010"
    assert papers.issue(other, CERTIFICATE).number == "0000010"
    states = [(paper.number, paper.state, paper.reason) for paper in papers.of_case(case).issued]
    assert states == [("0000007", PaperState.SPOILED, "принтер зажевал"), ("0000008", PaperState.ISSUED, None)]
    assert full_desk.integrity.verify().problem is None
    with full_desk._place.database.reading() as connection:
        told = [event["type"] for _, event in EVENTS.walk(connection) if event["type"].startswith("paper.")]
    assert told == ["paper.issued", "paper.spoiled", "paper.spoiled", "paper.issued", "paper.issued"]


def test_a_paper_is_issued_for_a_signed_case_in_force_that_gives_it(full_desk: Desk) -> None:
    papers = full_desk.papers
    for kind in (CERTIFICATE, PaperKind.PROFESSIONAL_CAPACITY):
        papers.add_range(kind, "АА", "1", "9")
    draft = full_desk.examinations.import_case(case_document())
    assert "not signed" in refused(lambda: papers.issue(draft.id, CERTIFICATE)).text.msgid
    signed = signed_case(full_desk)
    assert [offer.kind for offer in papers.of_case(signed.id).offers] == [CERTIFICATE]
    assert "no such paper" in refused(lambda: papers.issue(signed.id, PaperKind.PROFESSIONAL_CAPACITY)).text.msgid
    correction = full_desk.examinations.correct(signed.id, CorrectionKind.SLIP, "typed wrong")
    full_desk.conclusions.decide(correction.id, DECISION)
    full_desk.conclusions.sign(correction.id, signatures())
    assert "was corrected" in refused(lambda: papers.issue(signed.id, CERTIFICATE)).text.msgid
    assert papers.of_case(signed.id).offers == ()
    assert papers.issue(correction.id, CERTIFICATE).number == "1"


@pytest.mark.parametrize(
    ("series", "first", "last", "where"),
    [
        ("АА", "0005", "0009", "first"),  # inside
        ("AA", "0010", "0030", "first"),  # Latin letters look the same on paper
        ("АА", "0021", "0020", "last"),
        ("АА", "021", "0022", "last"),
        ("АА", "x", "0022", "first"),
        ("АА", "0000000000021", "0000000000022", "first"),
        ("АА", "100000", "999999", "last"),
    ],
)
def test_a_range_that_cannot_be_is_refused_in_words(desk: Desk, series: str, first: str, last: str, where: str) -> None:
    desk.papers.add_range(CERTIFICATE, "АА", "0001", "0010")
    assert refused(lambda: desk.papers.add_range(CERTIFICATE, series, first, last)).where == where
    desk.papers.add_range(EXTRACT, "АА", "0001", "0010")  # another paper has its own numbers
    desk.papers.add_range(CERTIFICATE, "АА", "0011", "0020")
    assert len(desk.papers.ranges()) == 3


def test_a_range_goes_only_while_no_number_of_it_was_used(full_desk: Desk) -> None:
    papers, case = full_desk.papers, signed_case(full_desk).id
    papers.add_range(CERTIFICATE, "АА", "0001", "0010")
    papers.add_range(CERTIFICATE, "АА", "0011", "0020")
    papers.issue(case, CERTIFICATE)
    one, two = (view.range.id for view in papers.ranges())
    assert "stays" in refused(lambda: papers.remove_range(one)).text.msgid
    papers.remove_range(two)
    papers.remove_range(two)
    assert [view.range.id for view in papers.ranges()] == [one]
    assert full_desk.integrity.verify().problem is None


def test_nothing_is_taken_where_the_transaction_fails(full_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    papers, case = full_desk.papers, decided_case(full_desk)
    full_desk.conclusions.sign(case.id, signatures())
    papers.add_range(CERTIFICATE, "АА", "0001", "0010")

    def fails(*_: object, **__: object) -> None:
        raise OSError("no more")

    with monkeypatch.context() as patched:
        patched.setattr("app.storage.unit_of_work.UnitOfWork.emit", fails)
        with pytest.raises(OSError, match="no more"):
            papers.issue(case.id, CERTIFICATE)
    assert papers.left(CERTIFICATE) == 10
    assert papers.issue(case.id, CERTIFICATE).number == "0001"


ENDS = st.tuples(st.integers(0, 99), st.integers(0, 99)).map(sorted)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ENDS, max_size=12))
def test_ranges_that_were_taken_share_no_number(ends: list[list[int]]) -> None:
    taken: dict[str, Range] = {}
    for at, (first, last) in enumerate(ends):
        fresh = new_range(str(at), CERTIFICATE, "А", f"{first:02}", f"{last:02}", None, "")
        numbers = set(range(first, last + 1))
        shared = any(numbers & set(range(one.first, one.last + 1)) for one in taken.values())
        assert (overlapping(fresh, taken) is not None) == shared
        if not shared:
            taken[fresh.id] = fresh


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(acts=st.lists(st.one_of(st.just("issue"), st.integers(0, 11)), min_size=4, max_size=14))
def test_whatever_is_issued_and_written_off_no_number_is_used_twice_or_lost(
    full_desk: Desk, acts: list[object]
) -> None:
    papers = full_desk.papers
    case = next((row.id for row in full_desk.examinations.rows()), None) or signed_case(full_desk).id
    series = f"С{len(papers.ranges())}"
    for first, last in (("00", "05"), ("06", "11")):
        papers.add_range(EXTRACT, series, first, last)
    earlier = papers.left(EXTRACT) - 12
    for view in papers.ranges():
        for number in range(view.range.first, view.range.last + 1) if view.range.series != series else ():
            if earlier:  # what an earlier example has left
                try:
                    papers.spoil(EXTRACT, view.range.series, str(number), "заново")
                except UserError:
                    continue
    used: set[str] = set()
    for act in acts:
        try:
            if act == "issue":
                paper = papers.issue(case, EXTRACT)
                assert paper.series == series
                assert paper.number not in used
                below = {f"{n:02}" for n in range(int(paper.number))}
                assert below <= used
                used.add(paper.number)
            else:
                papers.spoil(EXTRACT, series, str(act), "бұзылды")
                used.add(f"{act:02}")
        except UserError:
            assert act != "issue" or len(used) == 12
    assert full_desk.integrity.verify().problem is None

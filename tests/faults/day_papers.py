"""The numbered blanks, the journals and the persons of a day that may be broken off (tests.faults.day)."""

from typing import Any

from app.domain.vocabulary import PaperKind, PaperState
from app.services.desk import Desk
from app.services.journals import Asked
from tests.faults.day_telling import BLANKS, SERIES, Facts, Teller


def give_papers(desk: Desk, tell: Teller, case_id: str, *, spoiled: bool) -> None:
    """Each paper of a signed case; `spoiled`: the first one tears and is issued anew."""
    for kind in BLANKS:
        states = [paper.state for paper in desk.papers.of_case(case_id).issued if paper.kind is kind]
        if not states:
            issue(desk, tell, case_id, kind)
            states = [PaperState.ISSUED]
        if spoiled and kind is BLANKS[0]:
            if states == [PaperState.ISSUED]:
                spoil_what_was_issued(desk, tell, case_id, kind)
                states = [PaperState.SPOILED]
            if states == [PaperState.SPOILED]:
                issue(desk, tell, case_id, kind)


def issue(desk: Desk, tell: Teller, case_id: str, kind: PaperKind) -> None:
    offer = next(offer for offer in desk.papers.of_case(case_id).offers if offer.kind is kind)
    number = str(offer.number)
    facts = {f"paper|{kind}|{int(number)}": [case_id, "issued"]}
    tell.does(facts, lambda: desk.papers.issue(case_id, kind, expected=number))


def spoil_what_was_issued(desk: Desk, tell: Teller, case_id: str, kind: PaperKind) -> None:
    first = next(paper for paper in desk.papers.of_case(case_id).issued if paper.kind is kind)
    tell.does(
        {f"paper|{kind}|{int(first.number)}": [case_id, "spoiled"]},
        lambda: desk.papers.spoil(kind, SERIES, first.number, "бұзылды"),
    )


def spoil_a_blank_one(desk: Desk, tell: Teller, day: int) -> None:
    """Each day a blank gets wet before anybody has it."""
    kind, why = BLANKS[0], f"су болды, {day}"
    rows = used_blanks(desk)
    if any(row.reason == why for row in rows):
        return
    number = max((row.number for row in rows if row.kind == kind), default=0) + 1
    tell.does(
        {f"paper|{kind}|{number}": [None, "spoiled"]}, lambda: desk.papers.spoil(kind, SERIES, f"{number:05}", why)
    )


def used_blanks(desk: Desk) -> list[Any]:
    from app.storage import papers

    with desk._place.database.reading() as connection:
        return list(papers.every(connection))


def print_journal(desk: Desk, tell: Teller, day: int) -> None:
    """The journal of protocols goes onto paper each evening: which rows is kept in the trail."""
    asked = f"күн {day}"
    if asked not in printed_journals(desk):
        signed = len(list(desk.journals.every("protocols", Asked())))
        facts: Facts = {f"printed|{asked}": signed}
        tell.does(facts, lambda: desk.exports.record_print("protocols", Asked(query=asked), signed))


def printed_journals(desk: Desk) -> dict[str, int]:
    """How many rows went onto paper, by what was asked for."""
    from app.storage.chain import AUDIT

    with desk._place.database.reading() as connection:
        records = (record for _, record in AUDIT.of_the_desk(connection))
        told = [record["new"] for record in records if record["action"] == "journal.exported"]
    return {each["asked"]["query"]: each["rows"] for each in told}


def join_or_separate(desk: Desk, tell: Teller, day: int, kept: str, merged: str) -> None:
    """On odd days two records of persons (of these cases) are found to be one; on even days they are separated."""
    one, other = desk.examinations.open(kept), desk.examinations.open(merged)
    joined = desk.people.card(one.person_id).merged
    if day % 2 and not joined:
        facts: Facts = {f"person|{merged}": one.person_id}
        tell.does(facts, lambda: desk.people.merge(one.person_id, other.person_id, "бір адам"))
    elif day % 2 == 0 and joined:
        was = joined[0].id
        tell.does({f"person|{merged}": was}, lambda: desk.people.separate(was, "екі адам"))

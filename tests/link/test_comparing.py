"""Across laptops: what one laptop can't see is found once, says what was found, and what is in order is left alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.centre import audit, comparing
from app.centre.screening_lists import Listed, read_list, take_list
from app.domain.errors import UserError
from app.services.desk import Desk
from tests import factories
from tests.link.meaning_kit import Centre, Desklike, centre_at

OTHER_IIN = "900101300017"


@pytest.fixture
def centre(address: str) -> Iterator[Centre]:
    with centre_at(address) as made:
        yield made


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Desk]:
    """Another laptop, of another department; its clock is a day later."""
    clock = factories.FakeClock()
    access = factories.make_desk(tmp_path / "second", clock)
    desk = factories.with_commission(access.sign_in(factories.HEAD, factories.PASSPHRASE))
    yield desk
    desk.close()


def found(centre: Centre, *desks: Desk) -> dict[str, list[Any]]:
    """Take what the desks hold; the alarms by kind."""
    for desk in desks:
        centre.take(Desklike(desk))
    centre.interpreter.run_dry()
    while comparing.compare(centre.store):
        pass
    alarms: dict[str, list[Any]] = {}
    for kind, told in centre.rows("SELECT kind, told FROM alarms ORDER BY id"):
        assert "710614301212" not in told
        assert "Әбдіқадырұлы" not in told
        alarms.setdefault(kind, []).append(json.loads(told))
    return alarms


def test_one_person_on_two_laptops_is_found_once(centre: Centre, full_desk: Desk, second: Desk) -> None:
    factories.signed_case(full_desk)
    factories.signed_case(second)
    alarms = found(centre, full_desk, second)
    [twice] = alarms["person_twice"]
    assert twice["days"] > 700
    assert twice["between"] == 0
    assert len(set(twice["laptops"])) == 2
    # Both desks gave their first number, and the same members signed on both within minutes.
    assert len(alarms["number_twice"]) == 1
    assert len(alarms["two_places"]) == 3
    assert alarms["two_places"][0]["at"]
    with centre.store.begin(write=True) as connection:
        connection.execute(text("UPDATE conclusions SET compared = 0"))
    assert found(centre) == alarms


def test_a_correction_and_a_later_examination_are_in_order(centre: Centre, full_desk: Desk) -> None:
    first = factories.signed_case(full_desk)
    correction = full_desk.examinations.correct(first.id, "slip", "Қате")  # type: ignore[arg-type]
    full_desk.conclusions.decide(correction.id, factories.DECISION)
    full_desk.conclusions.sign(correction.id, factories.signatures())
    other = factories.case_document({"person.iin": OTHER_IIN, "person.birth_date": "1990-01-01"})
    view = full_desk.examinations.import_case(other)
    full_desk.conclusions.decide(view.id, factories.DECISION)
    full_desk.conclusions.sign(view.id, factories.signatures())
    assert found(centre, full_desk) == {}


def test_an_alarm_about_a_conclusion_that_was_superseded_closes_and_its_successor_has_one(
    centre: Centre, full_desk: Desk, second: Desk
) -> None:
    factories.signed_case(full_desk)
    first = factories.signed_case(second)
    [twice] = found(centre, full_desk, second)["person_twice"]
    correction = second.examinations.correct(first.id, "slip", "Қате")  # type: ignore[arg-type]
    second.conclusions.decide(correction.id, factories.DECISION)
    second.conclusions.sign(correction.id, factories.signatures())
    alarms = found(centre, second)
    closed, opened = alarms["person_twice"]
    assert closed["numbers"] == twice["numbers"]
    assert (closed["superseded"], closed["superseded_by"]) == ("2/2026/000001", "2/2026/000002")
    assert "2/2026/000002" in opened["numbers"]
    kinds = "SELECT answered_at IS NULL FROM alarms WHERE kind = '{}' ORDER BY id"
    assert [bool(row[0]) for row in centre.rows(kinds.format("person_twice"))] == [False, True]
    # What happened stays to be looked at, whatever stands.
    assert all(row[0] for row in centre.rows(kinds.format("number_twice")))
    with centre.store.begin() as connection:
        [act], _ = audit.rows(connection, action="alarm.closed")
        assert (act.actor, act.reason) == (audit.CENTRE, "2/2026/000001 → 2/2026/000002")
        audit.check(connection)
    with centre.store.begin(write=True) as connection:
        connection.execute(text("UPDATE conclusions SET compared = 0"))
    assert found(centre) == alarms


def test_the_deceased_are_found_also_when_the_list_comes_later(centre: Centre, full_desk: Desk) -> None:
    factories.signed_case(full_desk)
    assert found(centre, full_desk) == {}
    take_list(centre.store, "deceased", [Listed("710614301212", "2026-11-19", "x")])
    assert found(centre) == {}  # died afterwards
    take_list(centre.store, "deceased", read_list(b"# ...\n710614301212;2026-11-01;registry office\n"))
    [told] = found(centre)["deceased"]
    assert (told["since"], told["examined_on"], told["source"]) == ("2026-11-01", "2026-11-18", "registry office")


@pytest.mark.parametrize("line", ["710614301213", "71061430121", "710614301212;yesterday", "ә" * 12])
def test_a_list_with_a_wrong_line_is_refused(line: str) -> None:
    with pytest.raises(UserError) as refused:
        read_list(f"710614301212\n{line}\n".encode())
    assert refused.value.text.params["n"] == 2


def test_a_copied_text_is_found_whatever_its_digits_and_blanks(centre: Centre, full_desk: Desk) -> None:
    words = "Шағымдары: басының ауыруы, қан қысымы {n}/90, есте сақтау қабілетінің төмендеуі. " * 4
    path = "dossier.observations.neurologist.complaints"
    other = {"person.iin": OTHER_IIN, "person.birth_date": "1990-01-01"}
    for n, changes in ((140, {}), (165, other)):
        view = full_desk.examinations.import_case(factories.case_document(dict(changes)))
        full_desk.examinations.set_field(view.id, path, words.format(n=n) + " " * (n % 3))
        full_desk.conclusions.decide(view.id, factories.DECISION)
        full_desk.conclusions.sign(view.id, factories.signatures())
    [told] = found(centre, full_desk)["text_alike"]
    assert told["field"] == "observations.neurologist.complaints"
    assert told["numbers"] == ["2/2026/000001", "2/2026/000002"]


def test_periods_overlap_where_both_stand() -> None:
    def one(on: str, until: str | None, outcome: str = "group_2") -> dict[str, Any]:
        return {"examined_on": on, "until": until, "outcome": outcome}

    assert comparing.overlap(one("2026-01-01", "2027-02-01"), one("2026-12-01", "2028-01-01")) == 62
    assert comparing.overlap(one("2026-01-01", "2026-12-01"), one("2026-12-01", None)) == 0
    assert comparing.overlap(one("2026-01-01", None), one("2026-12-01", None)) == 99_999
    assert comparing.overlap(one("2026-01-01", None, "not_established"), one("2026-12-01", None)) == 0


def test_a_share_stands_out_only_where_chance_does_not_explain_it() -> None:
    plain = {f"c{n}": (100, 5) for n in range(20)}
    assert comparing.rates(plain) == ()
    assert comparing.rates({**plain, "few": (19, 19)}) == ()
    assert comparing.rates({**plain, "none": (1000, 0)}) == ()
    assert comparing.rates({"alone": (500, 400)}) == ()
    [rate] = comparing.rates({**plain, "odd": (100, 25)})
    assert (rate.group, rate.conclusions, rate.overrides) == ("odd", 100, 25)
    assert 0.04 < rate.others < 0.06
    assert rate.chance < 1e-8
    # Of a hundred centres whose groups are all alike, about one has a false alarm: here none of forty.
    import random

    draw = random.Random(5)
    alike = [{f"c{n}": (200, sum(draw.random() < 0.06 for _ in range(200))) for n in range(30)} for _ in range(40)]
    assert sum(bool(comparing.rates(one)) for one in alike) <= 2
    assert comparing.tail(10, 0, 0.5) == 1.0
    assert comparing.tail(10, 10, 0.5) == pytest.approx(2**-10)
    assert comparing.tail(3, 2, 0.5) == pytest.approx(0.5)


def test_a_commission_that_overrides_often_is_an_alarm_with_its_figures(centre: Centre, full_desk: Desk) -> None:
    """Over rows as conclusions leave them."""
    with centre.store.begin(write=True) as connection:
        for number in range(200):
            head = "odd" if number < 40 else f"h{number % 5}"
            row = {
                "incarnation": "ab" * 16, "line": 0, "seq": number + 1, "device": "cd" * 16,
                "case_id": f"{number:032x}",
                "number": str(number), "digest": f"d{number}", "complete": 1, "person": "", "birth_date": "1990-01-01",
                "sex": "male", "region": "1", "department": "2", "organisation": "A" if number % 2 else "B",
                "examined_on": "2026-11-01", "signed_at": "2026-11-01T00:00:00.000000Z", "received_at": "",
                "outcome": "group_2", "proposed_outcome": "group_2", "pack": "", "pack_version": "", "compared": 1,
                "overridden": int((head == "odd" and number % 2 == 0) or number % 25 == 0),
            }  # fmt: skip
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO conclusions ({names}) VALUES ({values})"), row)  # noqa: S608
            member = {key: row[key] for key in ("incarnation", "line", "seq", "device", "signed_at")}
            connection.execute(
                text("INSERT INTO conclusion_members (incarnation, line, seq, member, device, name, folded, role,"
                     " began_at, signed_at) VALUES (:incarnation, :line, :seq, 0, :device, :name, :name, 'head',"
                     " :signed_at, :signed_at)"),
                {**member, "name": head},
            )  # fmt: skip
    for _ in range(2):
        stand_out = comparing.compare_rates(centre.store)
    assert [(by, rate.group) for by, rate in stand_out if by == "commission"] == [("commission", "1 · 2 · odd")]
    told = [json.loads(row[0]) for row in centre.rows("SELECT told FROM alarms WHERE kind = 'overrides'")]
    assert [one["group"] for one in told if one["by"] == "commission"] == ["1 · 2 · odd"]
    assert told[0]["overrides"] == 21


def test_one_blank_issued_twice_is_found(centre: Centre) -> None:
    """Over rows as `paper.issued` leaves them: two laptops, one number."""
    for n, number in enumerate((7, 7, 8)):
        with centre.store.begin(write=True) as connection:
            connection.execute(
                text("INSERT INTO blanks (incarnation, line, seq, device, kind, series, number, compared)"
                     " VALUES (:i, 0, 5, :i, 'disability_certificate', 'AA', :number, 0)"),
                {"i": f"{n:032x}", "number": number},
            )  # fmt: skip
    [told] = found(centre)["blank_twice"]
    assert (told["series"], told["blank"], len(told["laptops"])) == ("AA", 7, 2)
    assert list(found(centre)) == ["blank_twice"]

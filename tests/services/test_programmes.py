"""The programme of a case: what is taken over, what follows changed facts, what stays as a doctor wrote it."""

import copy
from typing import Any

import pytest

from app.domain.case_file import check_field, get, put
from app.domain.errors import UserError
from app.domain.programme import PATH, may_change_after_decision, rows_of
from app.domain.vocabulary import CaseState, MeasureState
from app.services import programmes
from app.services.desk import Desk
from app.services.programmes import MeasureList
from app.services.steps import step_states
from app.services.views import CaseView
from tests import factories
from tests.factories import case_document, decided_case, signatures

PURPOSE = {"referral.purpose": ["disability", "rehabilitation"]}
PROPOSED = {"cane", "crutches", "walker", "handrails"}


def listed(desk: Desk, document: dict[str, Any]) -> MeasureList:
    return desk.programmes.listed(document, desk.conclusions.draft(document))


def ids(programme: dict[str, Any] | None) -> list[str | None]:
    return [row.get("measure") for row in rows_of(programme)]


def step(desk: Desk, view: CaseView) -> Any:
    states = step_states(view, desk.conclusions.draft(view.document, view.unfinished))
    return next(state for state in states if state.step == "programme")


def test_taking_over_puts_every_proposed_measure_and_no_other_with_what_the_criteria_know(desk: Desk) -> None:
    found = listed(desk, case_document())
    taken = programmes.take_over(None, found)
    proposed = [one.id for one in found.of(MeasureState.PROPOSED)]
    assert set(proposed) >= PROPOSED
    assert ids(taken) == taken["taken"] == proposed
    assert not set(ids(taken)) & {one.id for one in found.of(MeasureState.TO_CONFIRM)}
    cane = rows_of(taken)[proposed.index("cane")]
    # The criteria know neither quantity nor term: none is made up.
    assert cane == {"measure": "cane", "part": "social", "carrier": "local", "state": "included", "origin": "proposed"}
    assert check_field(PATH, taken) == taken
    assert programmes.take_over(taken, found) == taken, "once more changes nothing"
    injured = listed(desk, case_document({"facts.work_injury": {"capacity": "special_conditions"}}))
    carriers = {row["measure"]: row.get("carrier") for row in rows_of(programmes.take_over(None, injured))}
    assert carriers["cane"] == "employer"
    assert injured.find("housing").carrier is None, "who provides it is not known: nobody is made up"  # type: ignore[union-attr]


def test_what_is_known_of_quantity_and_term_comes_along(desk: Desk) -> None:
    from dataclasses import replace

    measure = listed(desk, case_document()).find("cane")
    assert measure is not None
    row = programmes.row_of(replace(measure, quantity=2, months=24))
    assert (row["quantity"], row["unit"], row["months"]) == (2, "piece", 24)
    assert programmes.row_of(replace(measure, with_programme=True))["with_programme"] is True


def test_to_confirm_is_taken_one_by_one_and_contra_indicated_only_with_a_reason(desk: Desk) -> None:
    document = case_document()
    found = listed(desk, document)
    confirm = found.of(MeasureState.TO_CONFIRM)[0]
    one = programmes.take(None, confirm)
    assert rows_of(one)[0]["origin"] == "confirmed"
    with pytest.raises(UserError, match="in the programme already"):
        programmes.take(one, confirm)
    against, measure = contra_indicated(desk)
    with pytest.raises(UserError, match="contra-indicated"):
        programmes.take(None, measure, "  ")
    taken = rows_of(programmes.take(None, measure, "Комиссия считает иначе"))
    assert (taken[0]["origin"], taken[0]["reason"]) == ("added", "Комиссия считает иначе")
    assert measure.id not in ids(programmes.take_over(None, against))
    added = found.of(MeasureState.NOT_INDICATED)[0]
    assert rows_of(programmes.take(None, added))[0]["origin"] == "added"


def contra_indicated(desk: Desk) -> tuple[MeasureList, Any]:
    found = listed(desk, case_document({"facts.anatomical_defects": ["arms_both_stumps"]}))
    return found, found.of(MeasureState.CONTRAINDICATED)[0]


def test_what_changed_since_is_told_exactly_and_followed_at_once(desk: Desk) -> None:
    document = case_document()
    before = listed(desk, document)
    taken = programmes.take_over(None, before)
    rows = rows_of(taken)
    rows[0] |= {"quantity": 1, "unit": "piece", "note": "складная"}
    taken = programmes.with_rows(taken, [*rows, {"name": "матрас", "part": "medical", "origin": "added"}])
    assert programmes.changes(taken, before) == programmes.Changes()
    # Hearing is lost: something new. Movement is no longer limited: what rested on it is gone.
    other = put(put(document, "facts.limitations.communication", 2), "facts.limitations.movement", 0)
    other = put(other, "facts.functions.sensory", 3)
    after = listed(desk, other)
    found = programmes.changes(taken, after)
    now = {one.id for one in after.of(MeasureState.PROPOSED)}
    assert set(found.gone) == {row["measure"] for row in rows} - now
    assert set(found.fresh) == now - {row["measure"] for row in rows}
    assert found.gone
    assert found.unsure == ()
    followed = programmes.follow(taken, after)
    assert set(ids(followed)) == now | {None}
    assert programmes.changes(followed, after) == programmes.Changes()
    assert ids(followed)[: len(rows) - len(found.gone) + 1] == [i for i in ids(taken) if i not in found.gone]


def test_a_fact_that_is_not_known_leaves_measures_open_and_takes_none_out(desk: Desk) -> None:
    document = case_document()
    taken = programmes.take_over(None, listed(desk, document))
    unknown = listed(desk, put(document, "facts.limitations.movement", None))
    assert not {one.id for one in unknown.of(MeasureState.PROPOSED)} & {"cane"}
    found = programmes.changes(taken, unknown)
    assert "cane" in found.unsure
    assert not set(found.unsure) & {*found.gone, *found.fresh}
    kept = programmes.follow(taken, unknown)
    assert set(found.unsure) <= set(ids(kept))
    assert programmes.changes(kept, listed(desk, document)) == programmes.Changes(), "known again: as it was"
    # Nothing can be said before there is a proposal, and then nothing is.
    nobody = listed(desk, put(document, "person.sex", None))
    assert not nobody.known
    assert nobody.measures
    assert programmes.changes(taken, nobody) == programmes.Changes()
    with pytest.raises(UserError, match="propose no measure"):
        programmes.take_over(None, nobody)


def test_a_measure_taken_out_on_purpose_is_not_called_new(desk: Desk) -> None:
    found = listed(desk, case_document())
    taken = programmes.take_over(None, found)
    without = programmes.with_rows(taken, [row for row in rows_of(taken) if row["measure"] != "cane"])
    assert programmes.changes(without, found) == programmes.Changes()
    assert "cane" in ids(programmes.take_over(without, found)), "asked for again it comes back, at the end"


def test_the_whole_list_is_searched_in_each_language(desk: Desk) -> None:
    found = listed(desk, case_document())
    for language, typed in (("en", "wheel"), ("ru", "кресло"), ("kk", "кресло")):
        hits = [one.id for one in found.search(typed, language)]
        assert "wheelchair_indoor" in hits, language
    assert found.search("CRUTCH", "en")[0].id == "crutches"
    assert found.search("no such thing", "en") == ()
    assert len(found.search("", "en")) == len(found.measures)


@pytest.mark.parametrize(
    "row",
    [
        {"part": "social"},
        {"name": "x", "months": 6, "with_programme": True},
        {"name": "x", "quantity": 0},
        {"name": "x", "months": 6.5},
        {"name": "x", "unit": "kilos"},
        {"name": "x", "state": "maybe"},
        {"name": "x", "colour": "red"},
        {"measure": "Not An Id"},
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_path(row: dict[str, Any]) -> None:
    with pytest.raises(UserError) as refused:
        check_field(PATH, {"rows": [row]})
    assert str(refused.value.where).startswith(f"{PATH}.rows[0]")


def test_the_step_says_what_it_needs_and_never_stops_signing(desk: Desk) -> None:
    plain = decided_case(desk)
    assert step(desk, plain).status == "complete", "the purpose doesn't ask for a programme"
    view = decided_case(desk, dict(PURPOSE))
    assert step(desk, view).status == "incomplete"
    assert [wish.path for wish in step(desk, view).wishes] == [f"{PATH}.rows"]
    assert desk.conclusions.obstacles(view.document) == ()
    none = desk.examinations.set_field(view.id, f"{PATH}.none", "Мероприятия не нужны")
    assert step(desk, none).status == "complete"
    rows = [{"measure": "cane", "state": "refused_by_person", "origin": "proposed"}]
    refused = desk.examinations.set_field(
        view.id, PATH, programmes.with_rows(none.document["dossier"]["programme"], rows)
    )
    assert get(refused.document, f"{PATH}.none") is None
    assert [wish.path for wish in step(desk, refused).wishes] == [f"{PATH}.rows", f"{PATH}.consent.answer"]
    rows[0]["reason"] = "не хочет"
    desk.examinations.set_field(view.id, PATH, {"rows": rows})
    agreed = desk.examinations.set_field(view.id, f"{PATH}.consent", {"answer": "refused_whole", "by": "person"})
    assert [wish.path for wish in step(desk, agreed).wishes] == [f"{PATH}.consent.by"], "on which day"
    agreed = desk.examinations.set_field(view.id, f"{PATH}.consent.on", "2026-11-20")
    assert step(desk, agreed).status == "complete"
    bare = put(agreed.document, PATH, {**agreed.document["dossier"]["programme"], "rows": [{"name": "таяқ"}, rows[0]]})
    (told,) = step(desk, factories_view(agreed, bare)).wishes
    assert told.text.params == {"numbers": "1"}, "quantity, term, carrier of the first; the second is refused"
    whole = {"name": "таяқ", "quantity": 1, "months": 12, "carrier": "бөлім"}
    full = put(bare, f"{PATH}.rows", [whole, rows[0]])
    assert step(desk, factories_view(agreed, full)).status == "complete"
    nothing = put(agreed.document, "decision.outcome", "not_established")
    assert step(desk, factories_view(agreed, nothing)).status == "incomplete", "measures without a disability are told"
    assert step(desk, factories_view(agreed, put(nothing, PATH, None))).status == "complete"


def factories_view(view: CaseView, document: dict[str, Any]) -> CaseView:
    from dataclasses import replace

    return replace(view, document=document)


def test_it_is_written_after_the_decision_and_nothing_else_is_and_frozen_once_signed(full_desk: Desk) -> None:
    desk = full_desk
    view = decided_case(desk, dict(PURPOSE))
    programme = programmes.take_over(None, listed(desk, view.document))
    saved = desk.examinations.set_field(view.id, PATH, programme)
    assert saved.state is CaseState.DECIDED
    assert get(saved.document, PATH) == programme
    kept = desk.examinations.keep_unfinished(view.id, f"{PATH}.consent.on", "18.1")
    assert kept.unfinished == {f"{PATH}.consent.on": "18.1"}
    assert f"{PATH}.consent.on" in {
        problem.path for problem in desk.conclusions.obstacles(kept.document, kept.unfinished)
    }
    desk.examinations.set_field(view.id, f"{PATH}.consent.on", "2026-11-18")
    for path, value in (("person.surname", "Басқа"), ("dossier.until", "2030-01-01"), ("decision.outcome", "group_1")):
        assert not may_change_after_decision(path)
        with pytest.raises(UserError, match="is decided"):
            desk.examinations.set_field(view.id, path, value)
    with pytest.raises(UserError, match="is decided"):
        desk.examinations.keep_unfinished(view.id, "person.birth_date", "1")
    signed = desk.conclusions.sign(view.id, signatures())
    assert signed.signed is not None
    assert ids(get(signed.signed.document, PATH)) == ids(programme)
    for path in (PATH, f"{PATH}.plan", f"{PATH}.none"):
        with pytest.raises(UserError, match="is signed"):
            desk.examinations.set_field(view.id, path, None)
    assert step(desk, signed).status == "complete"
    assert desk.integrity.verify().ok
    paper = desk.conclusions.render(view.id, "conclusion", "ru")
    assert not paper.draft


def test_reopening_keeps_the_programme(desk: Desk) -> None:
    view = decided_case(desk)
    programme = programmes.take_over(None, listed(desk, view.document))
    desk.examinations.set_field(view.id, PATH, programme)
    again = desk.conclusions.reopen(view.id)
    assert get(again.document, PATH) == programme
    decided = desk.conclusions.decide(view.id, copy.deepcopy(factories.DECISION))
    assert get(decided.document, PATH) == programme
    assert desk.integrity.verify().ok

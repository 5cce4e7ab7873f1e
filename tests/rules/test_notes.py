"""What is said beside the group: which notes, their words, their switches; and that they change nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.case_file import check_document, put, read_case_path
from app.domain.errors import Told, UserError
from app.domain.text import LANGUAGES
from app.rules.engine import propose
from app.rules.explanation import explain, to_document
from app.rules.loader import load_draft
from app.rules.model import Value
from app.rules.nearest import Neighbourhood
from app.rules.notes import notes_of
from app.rules.slices import with_parameter

STROKE = read_case_path(Path(__file__).parent.parent / "cases" / "01-stroke-at-home.case.json")
EARLIER = {
    "on": "2024-09-10",
    "outcome": "group_2",
    "period": {"kind": "years", "value": 2},
    "cause": "01",
}  # 1 Oct 2026


def case(**changes):
    document = put(put(STROKE, "examination.occasion", "repeat"), "previous", EARLIER)
    for path, value in changes.items():
        document = put(document, path.replace("__", "."), value)
    check_document(document)
    return document


def switched(pack, **parameters):
    for name, value in parameters.items():
        parameter = pack.parameters[name.replace("__", ".")]
        pack = with_parameter(pack, parameter, replace(parameter, values=(Value(None, None, value),)))
    return pack


def notes(pack, document):
    return {note.id: note.text.en for note in notes_of(pack, document, propose(pack, document))}


def test_a_missed_term_is_told_and_not_counted_while_the_rule_is_off(pack):
    (text,) = notes(pack, case()).values()
    assert "ended on 01.10.2026, the person came on 18.11.2026: the term was missed." in text
    assert "switched off" in text


@pytest.mark.parametrize(
    ("reason", "note", "ending"),
    [
        (True, "note.missed_with_reason", "disability counts from 01.10.2026."),
        (False, "note.missed_without_reason", "Disability counts from the examination (18.11.2026)."),
        (None, "note.missed_reason_unknown", "without one disability counts from the examination (18.11.2026)."),
    ],
)
def test_switched_on_it_is_said_from_when_the_new_period_counts(pack, reason, note, ending):
    found = notes(switched(pack, reexamination__missed__switch=True), case(previous__good_reason=reason))
    assert list(found) == [note]
    assert found[note].endswith(ending)


def test_what_lies_beyond_the_limit_is_restored_in_part(pack):
    on = switched(pack, reexamination__missed__switch=True, reexamination__missed__limit=1)
    earlier = {**EARLIER, "on": "2022-09-10", "good_reason": True}  # ended on 1 October 2024
    found = notes(on, case(previous=earlier))
    assert found["note.missed_beyond_limit"].endswith("disability counts from 18.11.2025.")


@pytest.mark.parametrize("occasion", ["first", "control", "appeal", None])
def test_only_who_comes_by_the_term_can_be_early_or_late(pack, occasion):
    assert notes(pack, case(examination__occasion=occasion)) == {}
    assert notes(pack, case(examination__occasion=occasion, previous={**EARLIER, "on": "2026-01-10"})) == {}


def test_an_earlier_record_that_says_half_gives_no_note(pack):
    for earlier in (None, {"on": "2024-09-10"}, {"period": EARLIER["period"]}, {**EARLIER, "on": "1950-01-01"}):
        assert notes(pack, case(previous=earlier)) == {}
    assert notes(pack, case(previous={**EARLIER, "period": {"kind": "no_term", "value": None}})) == {}


def test_an_edition_without_a_value_for_the_earlier_day_says_nothing_of_it(pack):
    parameter = pack.parameters["period.end"]
    since = replace(parameter, values=(replace(parameter.values[0], first=pack.valid_from),))
    assert notes(with_parameter(pack, parameter, since), case(previous={**EARLIER, "on": "2022-09-10"})) == {}


def test_the_period_counts_from_registration_where_that_is_switched_on(pack):
    by_registration = switched(pack, period__start="registration")
    document = case(referral__registered_on="2026-10-31", referral__signed_on="2026-10-30")
    proposal = propose(by_registration, document)
    assert [term.until.isoformat() for term in (proposal.period.proposed, *proposal.period.alternatives)] == [
        "2028-11-01", "2027-11-01",
    ]  # fmt: skip
    around = Neighbourhood(by_registration, document, proposal)
    assert around.to_period(proposal.period.alternatives[0]) is not None
    assert propose(pack, document).period.proposed.until.isoformat() == "2028-12-01"
    without = propose(by_registration, case())
    assert without.period.proposed.until.isoformat() == "2028-12-01"
    assert "note.registration_unknown" in notes(by_registration, case())


def test_an_application_registered_after_the_examination_is_refused():
    with pytest.raises(UserError) as refused:
        case(referral__registered_on="2026-11-19")
    assert refused.value.where == "referral.registered_on"


def test_the_change_of_cause_at_eighteen_can_be_switched_off(pack):
    young = case(person__birth_date="2008-11-18", previous={"cause": "06"}, examination__occasion=None)
    assert propose(pack, young).cause_proposed == "04"
    off = switched(pack, cause__change__switch=False)
    assert propose(off, young).cause_proposed is None
    assert notes(off, young)["note.cause_stays"].startswith("The earlier cause is 06.")
    assert "cause.from_childhood" not in {step.rule for step in propose(off, young).trace}


def test_a_switch_follows_the_day_of_examination(pack):
    parameter = pack.parameters["cause.change.switch"]
    value = parameter.values[0]
    day = pack.valid_from.replace(year=2027, month=1, day=1)
    dated = replace(parameter, values=(
        replace(value, last=day.replace(year=2026, month=12, day=31)), replace(value, first=day, value=False),
    ))  # fmt: skip
    changed = with_parameter(pack, parameter, dated)
    young = case(person__birth_date="2008-11-18", previous={"cause": "06"}, examination__occasion=None)
    causes = [propose(changed, put(young, "examination.on", on)).cause_proposed for on in ("2026-12-31", "2027-01-01")]
    assert causes == ["04", None]


def test_an_injured_worker_is_told_of_extra_help(pack):
    injured = case(previous=None, facts__work_injury={})
    assert list(notes(pack, injured)) == ["note.extra_help"]
    assert notes(switched(pack, extra_help__switch=False), injured) == {}


def test_notes_change_nothing_of_the_proposal(pack):
    document = case(facts__work_injury={"capacity": "reduced"}, previous__good_reason=True)
    plain = to_document(propose(pack, document), "kk")
    other = switched(pack, reexamination__missed__switch=True, reexamination__early=12, extra_help__switch=False)
    assert notes(pack, document) != notes(other, document)
    assert to_document(propose(other, document), "kk") == plain


def test_each_note_is_worded_and_cited_in_three_languages(pack):
    on = switched(pack, reexamination__missed__switch=True)
    told = explain(on, propose(on, case()), case())
    for note in told.notes:
        assert note.citation.act.en
        for language in LANGUAGES:
            assert not set("{}") & set(note.text.of(language))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('check = "came_early"', 'check = "came_late"', "“came_late” is not known as “check”"),
        ('months = "reexamination.early"', 'months = "age.adult"', "“age.adult” is no parameter in months"),
        ('switch = "extra_help.switch"', 'said_when = "off"', "it is said when its switch is off, but it names none"),
        ("The person is an injured", "The {person} is an injured", "a placeholder that is not known"),
        ("The person is an injured", "On {since} the person is an injured", "a placeholder that is not known"),
        (
            "missed time is restored: disability counts from {since}",
            "counts from {on}",
            "Known are: until, came, years, since",
        ),
        ('id = "note.extra_help"', 'id = "note.early"', "this record stands twice"),
    ],
)
def test_a_broken_note_is_refused_by_name(copy, old, new, sentence):
    file = copy / "notes.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Told) as refused:
        load_draft(copy)
    assert sentence in shown(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"cause.change.switch" = false }', '"cause.change" = false }', "“cause.change” is no parameter"),
        ('"cause.change.switch" = false }', '"cause.change.switch" = 0 }', "“0” is no value of cause.change.switch"),
        ('"period.end" = "day_itself" }', '"period.end" = "noon" }', "“noon” is no value of period.end"),
    ],
)
def test_a_case_that_tries_what_cannot_be_is_refused(copy, old, new, sentence):
    file = copy / "cases.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Told) as refused:
        load_draft(copy)
    assert sentence in shown(refused.value)


def shown(told):
    from app.i18n import translator

    return translator("en").show(told.text)


def test_kinds_of_extra_help_are_proposed_from_facts_to_injured_workers_alone(pack):
    injured = case(previous=None, facts__work_injury={"capacity": "reduced"})
    found = {
        measure.record: measure.state.value
        for measure in explain(pack, propose(pack, injured), injured).extra_help.measures
    }
    assert found["rehabilitation.household_care"] == "proposed"  # self-care 2, movement 2
    assert found["rehabilitation.medical_care"] == "to_confirm"
    assert "rehabilitation.constant_care" not in found
    healthy = case(previous=None)
    assert explain(pack, propose(pack, healthy), healthy).extra_help is None
    off = switched(pack, extra_help__switch=False)
    assert explain(off, propose(off, injured), injured).extra_help is None
    unknown = put(injured, "facts.limitations", {"learning": "n/a"})
    states = {measure.record: measure for measure in explain(pack, propose(pack, unknown), unknown).extra_help.measures}
    constant = states["rehabilitation.constant_care"]
    assert (constant.state.value, len(constant.missing)) == ("open", 4)


def test_an_id_of_both_programmes_is_refused(copy):
    file = copy / "help.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('id = "extra_services"', 'id = "people"').replace(
        'kind = "extra_services"', 'kind = "people"'), encoding="utf-8")  # fmt: skip
    with pytest.raises(Told) as refused:
        load_draft(copy)
    assert "measures.toml has a record of this id" in shown(refused.value)

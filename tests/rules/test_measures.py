"""Rehabilitation measures: proposed exactly, with reason and source, and never in the way of what the contract says."""

import random
from dataclasses import replace
from datetime import date

import pytest

from app.cli import main
from app.domain.case_file import put, read_case_path
from app.domain.text import LANGUAGES
from app.domain.vocabulary import MeasureState
from app.i18n import translator
from app.rules.coverage import run_cases
from app.rules.engine import propose
from app.rules.explanation import explain, to_document
from app.rules.explanation_document import explanation_document
from app.rules.loader import load_draft
from app.rules.measure_coverage import measure_coverage
from app.rules.measures import measures_of
from tests.rules.conftest import CASES, PACK
from tests.rules.naive_measures import Evaluator
from tests.rules.oracle import variables
from tests.rules.test_loader import edit, refused

STROKE = read_case_path(CASES / "01-stroke-at-home.case.json")
DAY = date(2026, 11, 20)
MOVED = 'fact = "limitations.movement", at_least = 1, at_most = 2'
BORN = (
    date(1971, 6, 14),
    date(1963, 11, 21),
    date(1963, 11, 20),
    date(2008, 11, 21),
    date(2014, 3, 1),
    date(2022, 3, 1),
)


def drawn(dice, evaluator):
    """A case by chance, at most two degrees, the defects or the diagnosis unknown; beside it its facts, flat."""
    born, sex = dice.choice(BORN), dice.choice(["male", "female"])
    age = (DAY - born).days // 365.25
    names = [name for name in variables(age) if name.split(".")[0] in ("functions", "limitations")]
    heavy = dice.random() < 0.5
    flat = {name: dice.choice(variables(age)[name][2 if heavy and dice.random() < 0.4 else 0 :]) for name in names}
    diagnoses = [code for measure in evaluator.measures.values() for code in evaluator.codes(measure)]
    main, others = dice.choice(diagnoses), dice.sample(diagnoses, dice.choice([0, 0, 1, 2]))
    flat["anatomical_defects"] = tuple(dice.sample(list(evaluator.levels), dice.choice([0, 1, 1, 2])))
    for unknown in dice.choice(
        [
            (),
            ("degree",),
            ("degree", "degree"),
            ("degree", "defects"),
            ("degree", "main"),
            ("defects", "main"),
            ("main",),
        ]
    ):
        if unknown == "main":
            main = None
        else:
            flat.pop("anatomical_defects" if unknown == "defects" else dice.choice(names), None)
    code = {1: "{}50.1", 2: "{}9.1"}
    full = [code.get(len(one), "{}").format(one) if one else None for one in (main, *others)]
    document = {
        "format": "mse-case/1",
        "person": {"birth_date": born.isoformat(), "sex": sex},
        "examination": {"on": DAY.isoformat()},
        "facts": {},
    }
    for name, value in flat.items():
        document = put(document, f"facts.{name}", list(value) if isinstance(value, tuple) else value)
    if age < 18 and "limitations.work" not in flat and dice.random() < 0.3 and age >= 14:
        flat["limitations.work"] = dice.choice((0, 1, 2))
        document = put(document, "facts.limitations.work", flat["limitations.work"])
    if full[0]:
        document = put(document, "diagnosis.main", {"icd10": full[0], "text": "–"})
    document = put(document, "diagnosis.accompanying", [{"icd10": one, "text": "–"} for one in full[1:]])
    return document, flat, (full[0], full[1:]), born, sex


def test_a_second_evaluator_agrees_on_every_measure_of_cases_with_unknown_facts(pack):
    dice, evaluator = random.Random(20261122), Evaluator(PACK)
    seen = dict.fromkeys(MeasureState, 0)
    for _ in range(60):
        document, flat, diagnoses, born, sex = drawn(dice, evaluator)
        for found in measures_of(pack, document, of=pack.programme):
            expected = evaluator.answer(found.measure.id, flat, diagnoses, born, sex, DAY)
            assert (found.state.value, list(found.missing)) == expected, (found.measure.id, document)
            seen[found.state] += 1
    assert min(seen.values()) >= 5, seen


def test_measures_change_nothing_of_the_proposal(pack, copy):
    """The same cases with and without measures.toml: equal but for the edition's digest."""
    (copy / "measures.toml").unlink()
    text = (copy / "cases.toml").read_text("utf-8")
    (copy / "cases.toml").write_text(text[: text.index("# Rehabilitation measures with unknown")], "utf-8")
    for place in ("[act.order_26]", "[act.order_286]", "[act.order_345]", "[act.textbook]", "[act.explanations]",
                  "[place.assistant_indications]"):  # fmt: skip
        without(copy, "pack.toml", place)
    edit(copy, "checklist.toml", '"programme.*", "kind.*", "carrier.*", "rehabilitation.*", "indication.*", '
         '"contraindication.*"', "")  # fmt: skip
    bare = load_draft(copy)
    assert bare.programme is None
    for case in pack.cases[::7]:
        one, other = (to_document(propose(held, case.document), "ru") for held in (pack, bare))
        del one["pack"], other["pack"]
        assert one == other
    assert explain(bare, propose(bare, STROKE), STROKE).programme is None


def without(folder, file, table):
    path = folder / file
    text = path.read_text("utf-8")
    begin = text.index(table)
    end = text.find("\n[", begin)
    path.write_text(text[:begin] + ("" if end < 0 else text[end + 1 :]), "utf-8", newline="\n")


def test_each_reason_has_words_in_three_languages_and_a_source(pack):
    told = explain(pack, propose(pack, STROKE), STROKE).programme
    assert told.made is True
    assert {measure.state for measure in told.measures} == {MeasureState.PROPOSED, MeasureState.TO_CONFIRM}
    for measure in told.measures:
        assert measure.indications
        for language in LANGUAGES:
            assert measure.name.of(language)
            for ground in (*measure.indications, *measure.against):
                assert ground.lines or ground.confirm
                assert ground.citation.act.of(language)
    cane = next(measure for measure in told.measures if measure.record == "rehabilitation.cane")
    lines = [(line.held, line.text.ru) for line in cane.indications[0].lines]
    assert lines == [(True, "способность к самостоятельному передвижению: 2"), (True, "статодинамические функции: 3")]


def test_what_is_not_known_is_no_number(pack):
    """No source names a quantity or a term of replacement: the built-in pack has none, and says so."""
    assert {(one.quantity, one.months) for one in pack.programme.measures} == {(None, None)}


def test_the_explanation_says_all_of_it_as_json_and_on_the_command_line(pack, capsys):
    proposal = propose(pack, STROKE)
    document = explanation_document(explain(pack, proposal, STROKE), proposal, "kk")
    states = {measure["record"]: measure["state"] for measure in document["programme"]["measures"]}
    assert states["rehabilitation.crutches"] == "proposed"
    assert states["rehabilitation.wheelchair_indoor"] == "to_confirm"
    assert main(["propose", str(CASES / "01-stroke-at-home.case.json"), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "    – crutches (prosthetic-orthopaedic aids)\n        ✓ independent movement: 2" in said
    assert "Quantity and term: not checked" in said
    assert "A doctor must confirm: cannot go about the rooms even with support" in said


def test_an_open_measure_names_what_is_missing_and_a_contradicted_one_why(pack):
    document = put(STROKE, "facts.limitations.movement", None)
    document = put(document, "facts.anatomical_defects", ["arms_both_stumps"])
    told = explain(pack, propose(pack, document), document).programme
    cane = next(measure for measure in told.measures if measure.record == "rehabilitation.cane")
    assert [fact.en for fact in cane.missing] == ["independent movement"]
    document = put(document, "facts.limitations.movement", 2)
    told = explain(pack, propose(pack, document), document).programme
    cane = next(measure for measure in told.measures if measure.record == "rehabilitation.cane")
    assert cane.state is MeasureState.CONTRAINDICATED
    assert [line.text.en for line in cane.against[0].lines] == ["anatomical defects: stumps of both upper limbs"]


def test_without_a_programme_for_the_person_nothing_is_told_and_the_reason_is(pack):
    document = STROKE
    for name in ("mental", "sensory", "statodynamic", "visceral"):
        document = put(document, f"facts.functions.{name}", 0)
    told = explain(pack, propose(pack, document), document).programme
    assert (told.made, told.measures) == (False, ())
    assert told.lines[0].text.en == "level of the case: none (needed: 1, 2 or 3)"
    document = put(document, "facts.functions.statodynamic", None)
    assert explain(pack, propose(pack, document), document).programme.made is None


def test_whoever_is_injured_at_work_gets_aids_from_the_employer(pack):
    document = put(STROKE, "facts.work_injury", {"capacity": None})
    by = {one.measure.id: one.carrier and one.carrier.id for one in measures_of(pack, document, of=pack.programme)}
    assert (by["cane"], by["sanatorium"], by["housing"]) == ("employer", "local", None)
    assert {one.carrier.id for one in measures_of(pack, STROKE, of=pack.programme) if one.carrier} == {"local"}


def test_a_measure_with_days_holds_on_its_days_alone(copy):
    edit(copy, "measures.toml", 'id = "cane"\n', 'id = "cane"\nvalid_from = 2027-01-01\n')
    edit(copy, "measures.toml", 'id = "cane.movement"\n', 'id = "cane.movement"\nvalid_from = 2027-01-01\n')
    edit(copy, "measures.toml", 'id = "cane.arms"\n', 'id = "cane.arms"\nvalid_from = 2027-01-01\n')
    dated = load_draft(copy)
    given = [{one.measure.id for one in measures_of(dated, put(STROKE, "examination.on", day))}
             for day in ("2026-12-31", "2027-01-01")]  # fmt: skip
    assert given[1] - given[0] == {"cane"}


def test_the_check_of_the_pack_is_green_and_counts_each_measure(pack):
    findings = list(measure_coverage(pack))
    assert [finding.subject for finding in findings if not finding.ok] == []
    decided = {finding.subject for finding in findings if finding.check == "decides"}
    assert {f"rehabilitation.{measure.id}" for measure in pack.programme.measures} <= decided


def test_a_defect_and_the_level_that_it_gives_are_never_taken_apart(copy):
    """No set of defects with tetraplegia, which gives group I, has level 3: certain though no defect was asked for."""
    edit(
        copy, "measures.toml", MOVED, f'level = "by_defects", in = [3] }}, {{ defects = ["tetraplegia"] }}, {{ {MOVED}'
    )
    document = put(STROKE, "facts.anatomical_defects", None)
    changed = load_draft(copy)
    (cane,) = measures_of(changed, document, ["cane"])
    assert (cane.state, cane.missing) == (MeasureState.NOT_INDICATED, ())
    dead = {finding.subject for finding in measure_coverage(changed) if finding.check == "decides" and not finding.ok}
    assert "indication.cane.movement" in dead


def test_a_measure_that_no_case_shows_is_told(pack):
    without = tuple(case for case in pack.cases if "cane" not in case.expect.get("measures", {}))
    t = translator("en")
    told = [t.show(finding.detail) for finding in measure_coverage(replace(pack, cases=without))
            if not finding.ok and finding.subject == "rehabilitation.cane"]  # fmt: skip
    assert told[0] == "Cases must show it given, and not given. Add the case that is lacking."


@pytest.mark.parametrize(
    ("old", "new", "red"),
    [
        (MOVED, MOVED.replace("1", "2"), "rehabilitation.cane"),
        ('"forearm_stump"', '"foot_stump"', "rehabilitation.prosthesis_arm"),
        ('below = "age.adult"\n', "", "rehabilitation.wheelchair_cp"),
    ],
)
def test_a_changed_condition_turns_a_case_red(copy, old, new, red):
    edit(copy, "measures.toml", old, new)
    changed = load_draft(copy)
    failed = {finding.subject for finding in run_cases(changed) if not finding.ok}
    assert red in {case.clause for case in changed.cases if case.id in failed}


def test_a_condition_that_no_case_notices_is_told(copy):
    edit(copy, "measures.toml", 'when = [{ diagnosis = ["Z93.2", "Z93.3"] }]',
         'when = [{ diagnosis = ["Z93.2", "Z93.3", "K91.4"] }]')  # fmt: skip
    t = translator("en")
    open_ones = [t.show(finding.detail) for finding in measure_coverage(load_draft(copy)) if not finding.ok]
    assert open_ones == [
        "stool collector: in the record stool_collector.stoma, if “K91.4” (K91.4) were not in the list, no case would"
        " notice it. A case is needed in which just this decides whether the measure is given."
    ]


CITED = 'kk = "a"\nru = "a"\nen = "a"\ncite = ["convention", "none", "memory"]\n\n'
Q71, KIND = 'diagnosis = ["Q71"]', 'kind = "surdo"'
# what is wrong: what stood there, what stands there now, the record named, what is said of it
BROKEN = {
    "unknown fact": (MOVED, MOVED.replace("movement", "movment"), "indication cane.movement", "no fact of facts.toml. Correct the name. Known are: limitations.movement, "),  # noqa: E501
    "degree beyond the scale": (MOVED, MOVED.replace("2", "4"), "indication cane.movement", "it has 1 to 3"),
    "degree of nothing": (MOVED, MOVED.replace("1", "0"), "indication cane.movement", "it has 1 to 3"),
    "unknown defect": ('"forearm_stump"', '"forarm_stump"', "indication prosthesis_arm.stump", "not in defects.toml"),
    "no code": (Q71, 'diagnosis = ["71"]', "indication prosthesis_arm.from_birth", "beginning of a code of ICD-10"),
    "empty list": (Q71, "diagnosis = []", "indication prosthesis_arm.from_birth", "is empty"),
    "unknown condition": (Q71, 'illness = ["Q71"]', "indication prosthesis_arm.from_birth", "not a known kind of"),
    "unknown level": ("in = [1, 2, 3]", "in = [1, 2, 4]", "programme rehabilitation", "no row of decisions.toml gives"),
    "unknown kind": (KIND, 'kind = "sordo"', "rehabilitation hearing_aid", "“sordo” is not known"),
    "unknown carrier": ('["employer", "local"]', '["locals"]', "rehabilitation prosthesis_arm", "no carrier"),
    "idle carrier": ("[[carrier]]", f'[[carrier]]\nid = "idle"\n{CITED}[[carrier]]', "carrier idle", "nothing uses it"),
    "measure without indication": ('"corset.spine"', '"bandage.spine"', "rehabilitation corset", "no indication"),
    "ground of nothing": ('"prosthesis_arm.unsure"', '"arm.unsure"', "indication arm.unsure", "id before the dot"),
    "empty ground": (
        f"when = [{{ {Q71} }}]\nconfirm", "when = []\nconfirmed", "indication prosthesis_arm.from_birth", "neither",
    ),
    "doubled measure": ('id = "walker"', 'id = "crutches"', "rehabilitation crutches", "twice"),
    "no number": (KIND, f"{KIND}\nquantity = 0", "rehabilitation hearing_aid", "above 0"),
    "text for a number": (KIND, f'{KIND}\nmonths = "24"', "rehabilitation hearing_aid", "“months”"),
    "unknown term": (KIND, f'{KIND}\nterm = "life"', "rehabilitation hearing_aid", "“life” is not known"),
    "two programmes": (
        "[[kind]]", f'[[programme]]\nid = "b"\nwhen = []\n{CITED}[[kind]]', "programme", "one record “programme”",
    ),
    "uncited": ('cite = ["order_345", "unchecked", "seen"]\n', "", "carrier local", "not cited"),
    "a language lacks": ('ru = "протез верхней конечности"\n', "", "rehabilitation prosthesis_arm", "“ru” is missing"),
    "unknown key": (KIND, f'{KIND}\ncolour = "red"', "rehabilitation hearing_aid", "“colour” is not known"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_record_is_refused_with_file_record_and_mend(copy, name):
    old, new, record, said = BROKEN[name]
    edit(copy, "measures.toml", old, new)
    message = refused(copy)
    assert "measures.toml" in message
    assert record in message
    assert said in message


def test_an_edition_that_lost_its_measures_is_refused(copy):
    (copy / "measures.toml").unlink()
    assert "measures.toml: the file is missing" in refused(copy, sign=False)

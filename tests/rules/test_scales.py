"""Scales are cross-checks: they decide nothing, and contradict only what no unknown fact can bring together again."""

import random
from dataclasses import replace
from itertools import product

import pytest

from app.domain.case_file import put
from app.domain.errors import UserError
from app.domain.scales import FORMS
from app.domain.text import LANGUAGES
from app.i18n import translator
from app.rules.coverage import run_cases
from app.rules.difference import difference
from app.rules.engine import propose
from app.rules.explanation import explain, to_document
from app.rules.explanation_document import explanation_document
from app.rules.loader import load_draft
from app.rules.scale_coverage import scale_coverage
from app.services.editions import read_edition
from tests import factories
from tests.rules.conftest import PACK
from tests.rules.test_loader import edit, refused

FIVE = ("self_care", "movement", "orientation", "communication", "behaviour")


def drawn(dice):
    """A case with degrees and scales by chance, some of them not given."""
    document = factories.case_document({"examination.on": "2026-11-18"})
    document["person"]["birth_date"] = dice.choice(["1971-06-14", "2008-11-18", "2008-11-19", "2015-01-01"])
    for name in ("mental", "sensory", "statodynamic", "visceral"):
        document = put(document, f"facts.functions.{name}", dice.choice([None, 0, 1, 2, 3, 4]))
    for name in FIVE:
        document = put(document, f"facts.limitations.{name}", dice.choice([None, 0, 1, 2, 3]))
    scales = {}
    for name, form in FORMS.items():
        if dice.random() < 0.5:
            values = {key: allowed.values or (0, 0.03, 0.05, 0.1, 0.3, 1) for key, allowed in form.entries.items()}
            keys = [form.whole] if form.whole and dice.random() < 0.5 else list(form.items)
            scales[name] = {key: dice.choice(values[key]) for key in keys}
    return {**document, "scales": scales}


def differing(pack, document):
    found = [conflict for conflict in propose(pack, document).conflicts if conflict.code == "scale_differs"]
    return found[0] if found else None


def test_scales_change_nothing_but_their_own_contradiction(pack):
    dice = random.Random(18)
    for _ in range(300):
        document = drawn(dice)
        with_them, without = (
            to_document(propose(pack, case), "en") for case in (document, {**document, "scales": None})
        )
        with_them["conflicts"] = [found for found in with_them["conflicts"] if found["code"] != "scale_differs"]
        assert with_them == without


def naive(pack, document, degrees):
    """Whether some scale is far from some degree: read from the pack's records, for degrees that are all known."""
    allowed = pack.parameters["scale.tolerance"].values[0].value
    adult = document["person"]["birth_date"] <= "2008-11-18"
    for scale in pack.scales:
        given = document["scales"].get(scale.id) or {}
        values = [given.get(item) for item in FORMS[scale.id].items]
        if None in values:
            score = given.get(FORMS[scale.id].whole)
        else:
            score = sum(values) / (4 if scale.id == "hearing" else 1)
        if score is None or scale.ages == (("age.adult", None) if not adult else (None, "age.adult")):
            continue
        band = [band for band in scale.bands if band.first <= score][-1]
        for subject, least, most in band.degrees:
            degree = max(degrees[member] for member in pack.groups.get(subject, (subject,)) if member in degrees)
            if degree < least - allowed or degree > most + allowed:
                return True
    return False


def test_a_contradiction_is_reported_exactly_if_it_holds_in_every_completion(pack):
    dice = random.Random(260)
    seen = {True: 0, False: 0}
    for _ in range(150):
        document = drawn(dice)
        child = document["person"]["birth_date"] > "2008-11-18"
        facts, unknown = {}, {}
        for section, names, top in (("functions", ("mental", "sensory", "statodynamic", "visceral"), 4),
                                    ("limitations", FIVE, 3)):  # fmt: skip
            for name in names:
                value = document["facts"][section][name]
                if value is None:
                    unknown[f"{section}.{name}"] = range(top + 1)
                else:
                    facts[f"{section}.{name}"] = value
        if child:
            document = put(document, "facts.limitations.motor", 0)
            facts["limitations.motor"] = 0
        if len(unknown) > 5:
            continue
        completions = (dict(zip(unknown, values, strict=True)) for values in product(*unknown.values()))
        expected = all(naive(pack, document, {**facts, **filled}) for filled in completions)
        assert (differing(pack, document) is not None) is expected
        seen[expected] += 1
    assert min(seen.values()) > 20


def test_two_scales_that_leave_no_degree_to_an_unknown_fact_contradict(pack):
    document = {**factories.case_document(), "scales": {"barthel": {"total": 0}, "whodas_12": {"total": 12}}}
    for name in FIVE:
        document = put(document, f"facts.limitations.{name}", 0)
    conflict = differing(pack, put(document, "facts.limitations.self_care", None))
    assert set(conflict.facts) > {"limitations.self_care", "scales.barthel", "scales.whodas_12"}
    assert "self-care: not examined" in conflict.text.en
    alone = put({**document, "scales": {"barthel": {"total": 0}}}, "facts.limitations.self_care", None)
    assert differing(pack, alone) is None


def test_a_degree_that_was_not_examined_or_does_not_apply_is_not_compared(pack):
    document = {**factories.case_document(), "scales": {"barthel": {"total": 0}}}
    assert differing(pack, put(document, "facts.limitations.self_care", 0)) is not None
    assert differing(pack, put(document, "facts.limitations.self_care", None)) is None


def test_the_heaviest_of_a_group_may_still_be_among_the_unknown(pack):
    document = {**factories.case_document(), "scales": {"whodas_12": {"total": 60}}}
    for name in FIVE:
        document = put(document, f"facts.limitations.{name}", 0)
    assert differing(pack, document) is not None
    assert differing(pack, put(document, "facts.limitations.movement", None)) is None
    for name in ("movement", "orientation"):
        document = put(document, f"facts.limitations.{name}", None)
    assert differing(pack, document) is None
    light = {**document, "scales": {"whodas_12": {"total": 12}}}
    for degree, said in ((2, "degree 2 or heavier."), (3, "degree 3.")):
        heavy = put(put(light, "facts.limitations.movement", degree), "facts.limitations.self_care", None)
        conflict = differing(pack, heavy)
        assert conflict is not None, "what is unknown can only make it heavier"
        assert f"limitation of life activity: {said} A scale" in conflict.text.en


def test_the_contradiction_names_both_and_all_facts_in_three_languages(pack):
    document = {**factories.case_document(), "scales": {"barthel": {"total": 100}, "nyha": {"class": 4}}}
    conflict = differing(pack, document)
    assert conflict.facts == ("functions.visceral", "limitations.self_care", "scales.barthel", "scales.nyha")
    assert "Barthel index: 100 of 100, independent – self-care: degree 2" in conflict.text.en
    assert "индекс Бартел: 100 из 100, независим – самообслуживание: степень 2" in conflict.text.ru
    assert "Бартел индексі: 100 балдан 100, тәуелді емес" in conflict.text.kk
    assert len({conflict.text.of(language) for language in LANGUAGES}) == 3


def test_the_explanation_tells_each_scale_with_its_source(pack):
    document = {**factories.case_document(), "scales": {"visual_acuity": {"better_eye": 0.03}}}
    proposal = propose(pack, document)
    told = explanation_document(explain(pack, proposal, document), proposal, "ru")["scales"]
    assert [reading["scale"] for reading in told] == ["visual_acuity"]
    assert told[0]["text"] == "0,03, слепота (категория 3)"
    assert told[0]["facts"] == ["functions.sensory"]
    assert told[0]["citation"]["edition"]


def test_every_band_is_proved_from_both_sides(pack):
    findings = list(scale_coverage(pack))
    assert len(findings) == 2 * sum(len(scale.bands) - 1 for scale in pack.scales)
    assert all(finding.ok for finding in findings)


def test_a_moved_band_turns_a_case_red(pack):
    barthel = next(scale for scale in pack.scales if scale.id == "barthel")
    bands = (barthel.bands[0], replace(barthel.bands[1], first=20), *barthel.bands[2:])
    moved = replace(pack, scales=(replace(barthel, bands=bands), *pack.scales[1:]), compiled={})
    assert [finding.subject for finding in run_cases(moved) if not finding.ok]


def test_a_band_that_no_case_tells_is_found(pack):
    cases = tuple(case for case in pack.cases if not case.id.startswith("nyha"))
    found = [finding for finding in scale_coverage(replace(pack, cases=cases)) if not finding.ok]
    assert {finding.subject for finding in found} == {"scale.nyha"}


BROKEN = {
    "no such scale": ('id = "nyha"', 'id = "rankin"', "“rankin” is not known"),
    "scale twice": ('id = "nyha"', 'id = "gmfcs"', "stands twice"),
    "no such fact": ('"functions.mental" = [4, 4]', '"functions.mind" = [4, 4]', "no fact with degrees"),
    "fact without degrees": ('"functions.mental" = [4, 4]', '"insured" = [0, 1]', "no fact with degrees"),
    "degree that no fact has": ('"functions.mental" = [4, 4]', '"functions.mental" = [4, 5]', "from 0 to 4"),
    "degrees upside down": ('"functions.mental" = [3, 4]', '"functions.mental" = [4, 3]', "the smaller first"),
    "no degrees": ('degrees = { "functions.mental" = [4, 4] }', "degrees = {}", "speaks to no fact"),
    "another fact": ('"functions.mental" = [3, 4]', '"functions.sensory" = [3, 4]', "the same facts"),
    "bands out of order": ("from = 61", "from = 20", "out of order"),
    "result outside": ("from = 61", "from = 101", "from 0 to 100"),
    "gap below": ("[[scale.band]]\nfrom = 0\n", "[[scale.band]]\nfrom = 1\n", "must begin at 0"),
    "true for a number": ("from = 61", "from = true", "but a number is needed"),
    "not a degree": ('"functions.mental" = [3, 4]', '"functions.mental" = [true, 4]', "two whole numbers"),
    "item missing": ("copying = {", "drawing = {", "“copying” is missing"),
    "unknown key": ("[scale.licence]", 'license = "free"\n[scale.licence]', "“license” is not known"),
    "placeholder": ("{score} из 100", "{points} из 100", "placeholder"),
    "no number": ("from = 61", 'from = "61"', "but a number is needed"),
    "not a number": ("from = 61", "from = nan", "from 0 to 100"),
    "without an end": ("from = 61", "from = inf", "from 0 to 100"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_scale_is_refused_with_its_record(copy, broken):
    old, new, said = BROKEN[broken]
    edit(copy, "scales.toml", old, new)
    sentence = refused(copy)
    assert sentence.startswith("Rule pack, scales.toml, scale "), sentence
    assert said in sentence


def test_the_words_of_a_pair_are_checked(copy):
    edit(copy, "conflicts.toml", "{scale}: {result} – {fact}: {degree}", "{scale}: {rank}")
    assert "placeholder" in refused(copy)


def test_a_pack_without_scales_loads_and_compares_nothing(copy):
    (copy / "scales.toml").unlink()
    for file, mark in (
        ("conflicts.toml", '[[conflict]]\ncode = "scale_differs"'),
        ("parameters.toml", "# How many degrees"),
    ):
        text = (copy / file).read_text(encoding="utf-8")
        start = text.index(mark)
        end = text.find(
            "\n[[", start + len(mark) if file == "conflicts.toml" else text.index("[[parameter]]", start) + 3
        )
        (copy / file).write_text(text[:start] + (text[end + 1 :] if end > 0 else ""), encoding="utf-8")
    for name in ("checklist.toml", "signoffs.toml", "cases.toml"):
        if name != "cases.toml" and (copy / name).exists():
            (copy / name).unlink()
    head = (copy / "pack.toml").read_text(encoding="utf-8")
    start, end = head.index("[act.barthel]"), head.index("[place.unchecked]")
    kept = [part for part in head[start:end].split("\n\n") if part.split("]")[0][5:] not in ACTS]
    (copy / "pack.toml").write_text(head[:start] + "\n\n".join(kept) + head[end:], encoding="utf-8")
    base = (copy / "cases.toml").read_text(encoding="utf-8").partition("[[case]]")[0]  # its cases speak of scales
    (copy / "cases.toml").write_text(base, encoding="utf-8")
    older = load_draft(copy)
    assert older.scales == ()
    document = {**factories.case_document(), "scales": {"barthel": {"total": 100}}}
    assert differing(older, document) is None
    assert explain(older, propose(older, document), document).scales == ()


ACTS = ("barthel", "mmse", "gmfcs", "nyha", "vision", "hearing", "whodas")


def test_a_scale_may_have_days(copy):
    edit(copy, "scales.toml", 'id = "nyha"\n', 'id = "nyha"\nvalid_from = 2026-11-19\n')
    older = load_draft(copy)
    document = {**factories.case_document(), "scales": {"nyha": {"class": 4}}}
    assert differing(older, put(document, "examination.on", "2026-11-18")) is None
    assert differing(older, put(document, "examination.on", "2026-11-19")) is not None


def test_messages_of_scales_are_in_three_languages(copy):
    edit(copy, "scales.toml", "from = 61", "from = 20")
    with pytest.raises(UserError) as caught:
        load_draft(copy)
    said = {language: translator(language).show(caught.value.text) for language in LANGUAGES}
    assert len(set(said.values())) == 3


def test_scales_are_loaded_from_the_signed_pack(pack):
    assert {scale.id for scale in pack.scales} == set(FORMS)
    for scale in pack.scales:
        assert [item.id for item in scale.items] == list(FORMS[scale.id].items)
        assert scale.licence.kk
        assert scale.citation.act.ru


def test_a_changed_band_is_told_in_words_where_editions_are_compared(copy):
    edit(copy, "scales.toml", 'from = 61\ndegrees = { "limitations.self_care" = [1, 1] }',
         'from = 66\ndegrees = { "limitations.self_care" = [1, 2] }')  # fmt: skip
    (change,) = difference(read_edition(PACK), read_edition(copy))
    (field,) = change.fields
    shown = {language: [translator(language).show(said) for said in (field.label, *field.before, *field.after)]
             for language in LANGUAGES}  # fmt: skip
    assert shown["en"] == ["bands", "61 and more: moderate dependence. Degrees: self-care 1",
                           "66 and more: moderate dependence. Degrees: self-care 1–2"]  # fmt: skip
    assert shown["kk"][0] == "аралықтары"
    assert shown["ru"][2] == "от 66: умеренная зависимость. Степени: самообслуживание 1–2"

"""A record is verified by an entry of the ledger over what it says, and only as long as it says that."""

import hashlib
import tomllib
from collections import Counter
from copy import deepcopy
from datetime import date

import pytest

from app.domain.errors import UserError
from app.domain.text import LocalText
from app.domain.vocabulary import Status
from app.i18n import translator
from app.rules import checklist, signoffs
from app.rules.difference import Edition
from app.rules.loader import load_draft
from app.rules.records import cited_records
from app.rules.signoffs import SignOff
from app.services import signing_off
from app.services.editions import read_edition
from tests.rules.conftest import PACK

T = translator("en")
PLACE = LocalText("7-тармақ", "пункт 7", "paragraph 7")


def edit(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def refused(folder):
    with pytest.raises(UserError) as caught:
        load_draft(folder)
    return T.show(caught.value.text)


def sign_off(folder, *ids):
    contents = read_edition(folder).contents
    entries = [SignOff(one.record.id, "Aigerim", date(2026, 11, 1), PLACE, one.content)
               for one in signoffs.standing(contents) if one.record.id in ids]  # fmt: skip
    (folder / "signoffs.toml").write_text(signoffs.as_toml(entries), encoding="utf-8")
    return entries


def state(folder, record_id):
    return next(one for one in signoffs.standing(read_edition(folder).contents) if one.record.id == record_id)


def citation(folder, record_id):
    return next(record.citation for record in load_draft(folder).records() if record.id == record_id)


def test_a_signed_off_record_is_verified_at_the_place_that_was_found(copy):
    before = citation(copy, "level.1")
    sign_off(copy, "level.1")
    found = citation(copy, "level.1")
    assert (found.status, found.place) == (Status.VERIFIED, PLACE)
    assert (found.act, found.edition) == (before.act, before.edition)
    assert citation(copy, "level.2") == before  # nobody else is verified by it


def test_a_sign_off_lapses_when_the_record_says_something_else(copy):
    before = citation(copy, "level.1")
    sign_off(copy, "level.1", "level.2")
    edit(
        copy,
        "decisions.toml",
        'at_least = 4 }, { some = ["five"], at_least = 3',
        'at_least = 4 }, { some = ["five"], at_least = 2',
    )
    assert citation(copy, "level.1") == before
    assert citation(copy, "level.2").status is Status.VERIFIED
    one = state(copy, "level.1")
    assert one.sign_off is None
    assert one.lapsed.by == "Aigerim"
    assert T.show(signoffs.words(one)) == "changed since its sign-off by Aigerim on 01.11.2026: paragraph 7"


# What belongs to a record besides its own table: the act that it cites, the facts of its groups.
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pack.toml", 'edition = "02.05.2025 № 131"', 'edition = "02.05.2026 № 131"'),
        ("pack.toml", "(order No. 260 of 29 June 2023)", "(order No. 999)"),
        ("pack.toml", "(приказ от 29 июня 2023 года № 260)", "(приказ № 999)"),
        ("pack.toml", "(2023 жылғы 29 маусымдағы № 260 бұйрық)", "(№ 999 бұйрық)"),
        ("decisions.toml", '"limitations.behaviour", "limitations.motor"]', '"limitations.behaviour"]'),
        ("decisions.toml", 'en = "level of group I:', 'en = "Level of group I:'),
    ],
    ids=[
        "edition of the act",
        "its name in English",
        "its name in Russian",
        "its name in Kazakh",
        "facts of a group",
        "a single letter of a wording",
    ],
)
def test_a_sign_off_lapses_with_what_the_record_rests_on(copy, file, old, new):
    sign_off(copy, "level.1")
    edit(copy, file, old, new)
    assert state(copy, "level.1").sign_off is None


@pytest.mark.parametrize(
    ("record", "file", "old", "new"),
    [
        ("outcome.adult", "words.toml", 'en = "group I disability"', 'en = "group II disability"'),
        ("period.favourable", "words.toml", 'ru = "1 год"', 'ru = "2 года"'),
        ("period.favourable", "words.toml", 'kk = "{value} ай"', 'kk = "{value} жыл"'),
        ("clip.small", "words.toml", 'en = "until the age of seven"', 'en = "until the age of eight"'),
        ("functions.visceral", "words.toml", 'en = "inner functions"', 'en = "sensory functions"'),
        ("level.1", "words.toml", 'en = "disorder of functions"', 'en = "disorder of hearing"'),
        ("period.defect.adult", "words.toml", 'en = "level by the anatomical defect"', 'en = "level"'),
        ("generic.function", "facts.toml", 'en = "examined, no disorder found"', 'en = "not examined"'),
    ],
)
def test_a_sign_off_lapses_with_the_words_for_what_the_record_names(copy, record, file, old, new):
    sign_off(copy, record, "defect.monoparesis")
    edit(copy, file, old, new)
    assert state(copy, record).sign_off is None
    assert state(copy, "defect.monoparesis").sign_off is not None  # it names none of them


def test_whatever_stands_in_the_files_of_the_law_is_bound_by_the_sign_off_of_some_record():
    contents = read_contents(PACK)
    known = Counter((one.record.id, one.content) for one in signoffs.standing(contents))
    loose = set()
    for file, key in (("pack.toml", "act"), ("decisions.toml", "group"), ("facts.toml", "generic_none"),
                      ("words.toml", "outcome"), ("words.toml", "period")):  # fmt: skip
        for path in leaves(contents[file][key]):
            if path[-1] in ("kk", "ru"):
                continue  # as in English
            changed = {**contents, file: deepcopy(contents[file])}
            table = changed[file][key]
            for step in path[:-1]:
                table = table[step]
            table[path[-1]] = f"{table[path[-1]]}X"
            if Counter((one.record.id, one.content) for one in signoffs.standing(changed)) == known:
                loose.add(f"{key}.{path[0]}")
    # No record names what was not decided, nor how a period with its last day is written.
    assert loose == {"outcome.undetermined", "outcome.not_established", "period.with_end"}


def leaves(value):
    if not isinstance(value, (dict, list)):
        return [()]
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [(key, *path) for key, below in inner for path in leaves(below)]


def test_the_list_says_where_other_rows_came_above_a_signed_off_one(copy):
    heavy, light = "period.doubtful.heavy", "period.doubtful.light"
    path = copy / "decisions.toml"
    before = path.read_text(encoding="utf-8")
    rows = before.split("[[period]]")
    at = {row.split('"')[1]: number for number, row in enumerate(rows) if number}
    assert at[heavy] + 1 == at[light]
    below = next(name for name in at if at[name] == at[light] + 1)
    signing_off.sign_off(copy, [heavy, light, below, "defect.monoparesis"], by="Aigerim", on=date(2026, 11, 1),
                         place=PLACE, today=date(2026, 11, 1))  # fmt: skip
    assert not any(one.moved for one in signing_off.work(copy).records)
    rows[at[heavy]], rows[at[light]] = rows[at[light]], rows[at[heavy]]
    path.write_text("[[period]]".join(rows), encoding="utf-8")
    found = {one.id: one for one in signing_off.work(copy).records}
    assert {one for one in found if found[one].moved} == {heavy, light}  # above the next one stand the same rows
    assert all(found[one].sign_off for one in (heavy, light))
    assert T.show(found[heavy].said) == (
        "verified by Aigerim on 01.11.2026: paragraph 7. Other rows stand above it since then"
        " (+period.doubtful.light); the first that holds is taken. Compare it again."
    )
    assert "(−period.doubtful.heavy)" in T.show(found[light].said)
    path.write_text(before, encoding="utf-8")
    assert not any(one.moved for one in signing_off.work(copy).records)


def test_how_sure_a_citation_was_before_is_no_part_of_what_was_signed_off(copy):
    sign_off(copy, "level.1")
    path = copy / "decisions.toml"
    text = path.read_text(encoding="utf-8")
    at = text.index('cite = ["order_260", "unchecked", "memory"]', text.index('id = "level.1"'))
    path.write_text(text[:at] + text[at:].replace('"memory"', '"seen"', 1), encoding="utf-8")
    assert state(copy, "level.1").sign_off is not None


def test_of_records_with_days_each_has_a_sign_off_of_its_own(copy):
    path = copy / "decisions.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index('[[general_capacity]]\nid = "general_capacity.1"')
    row = text[start : text.index("[[general_capacity]]", start + 10)]
    old = row.replace('id = "general_capacity.1"\n', 'id = "general_capacity.1"\nvalid_to = 2026-12-31\n')
    new = row.replace('id = "general_capacity.1"\n', 'id = "general_capacity.1"\nvalid_from = 2027-01-01\n').replace(
        "[80, 100]", "[85, 100]"
    )
    path.write_text(text.replace(row, old + new), encoding="utf-8")
    before = citation(copy, "general_capacity.1")
    (entry, _) = sign_off(copy, "general_capacity.1")
    (copy / "signoffs.toml").write_text(signoffs.as_toml([entry]), encoding="utf-8")
    pack = load_draft(copy)
    found = [next(rule.citation.status for rule in pack.on(day).general if rule.id == "general_capacity.1")
             for day in (date(2026, 12, 31), date(2027, 1, 1))]  # fmt: skip
    assert found == [Status.VERIFIED, before.status]


def test_no_record_can_call_itself_verified(copy):
    edit(copy, "defects.toml", '["rules_44", "annex_5", "memory"]', '["rules_44", "annex_5", "verified"]')
    said = refused(copy)
    assert "defect arms_both_stumps: a record can't call itself verified" in said
    edit(copy, "defects.toml", '"verified"]', '"verified", { kk = "a", ru = "a", en = "a" }]')
    assert "the citation is not" in refused(copy)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('by = "Aigerim"', 'by = " "', "the name or a place is empty"),
        ('kk = "7-тармақ"', 'kk = ""', "the name or a place is empty"),
        (', en = "paragraph 7"', "", "the key “en” is missing"),
        ("on = 2026-11-01", 'on = "2026-11-01"', "but a day as 2027-01-01, without quotes is needed"),
        ("on = 2026-11-01", "on = 2026-11-01T10:00:00", "the value of “on” is not a day"),
        ("on = 2026-11-01\n", "", "the key “on” is missing"),
        ('content = "', 'content = "x', "is no SHA-256"),
        ("[[sign_off]]", "[[sign_off]]\nsure = true", "the key “sure” is not known"),
        ("[[sign_off]]", "[[signed]]", "the key “signed” is not known"),
    ],
)  # fmt: skip
def test_an_entry_that_is_not_whole_is_refused(copy, old, new, said):
    sign_off(copy, "level.1")
    edit(copy, "signoffs.toml", old, new)
    assert said in refused(copy)


def test_the_same_entry_twice_is_refused(copy):
    entries = sign_off(copy, "level.1")
    (copy / "signoffs.toml").write_text(signoffs.as_toml([*entries, *entries]), encoding="utf-8")
    assert "stands twice" in refused(copy)


def test_names_and_places_with_any_letters_come_back_from_the_ledger_as_they_were():
    strange = 'A "B" \\ C қ 😀'
    entry = SignOff("level.1", strange, date(2026, 1, 2), LocalText(strange, strange, strange), "0" * 64)
    assert signoffs.read({"signoffs.toml": tomllib.loads(signoffs.as_toml([entry]))}) == (entry,)


def test_a_sign_off_whose_record_is_gone_is_told_and_harms_nothing(copy):
    sign_off(copy, "defect.monoparesis")
    path = copy / "defects.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index('[[defect]]\nid = "monoparesis"')
    path.write_text(text[:start] + text[text.index("[[defect]]", start + 5) :], encoding="utf-8")
    contents = read_contents(copy)
    assert [entry.record for entry in signoffs.of_no_record(contents)] == ["defect.monoparesis"]
    assert signoffs.applied(contents)["defects.toml"]


def read_contents(folder):
    return {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.toml")}


def test_every_record_has_an_id_and_a_fingerprint_of_its_own():
    contents = read_contents(PACK)
    standing = signoffs.standing(contents)
    assert len({one.record.id for one in standing}) == len({one.content for one in standing}) == len(standing)
    assert all(len(one.content) == hashlib.sha256().digest_size * 2 for one in standing)


def test_every_record_belongs_to_a_topic_of_the_check_list(copy):
    contents = read_contents(copy)
    topics = checklist.topics(contents)
    assert [topic.number for topic in topics] == list(range(1, 13))
    assert all(any(topic.covers(record.id) for topic in topics) for record in cited_records(contents))
    edit(copy, "checklist.toml", '"pension_age.*", ', "")
    assert "pension_age.male: no topic of checklist.toml covers this record" in refused(copy)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"pension_age.*"', '"pension_age.*", "nothing.*"', "topic 3: no record has the id “nothing.*”"),
        ("number = 3", "number = 33", "topic 33: the topics do not count from 1 upwards"),
        ('"pension_age.*"', "7", "topic 3: “records” is not a list of ids"),
    ],
)
def test_a_check_list_that_leads_nowhere_is_refused(copy, old, new, said):
    edit(copy, "checklist.toml", old, new)
    assert said in refused(copy)


def test_an_edition_without_ledger_and_check_list_still_loads(copy):
    for file in ("signoffs.toml", "checklist.toml"):
        (copy / file).unlink()
    edition = read_edition(copy)
    assert isinstance(edition, Edition)
    assert edition.pack.status is Status.MEMORY

"""What changes from one edition to another is said in words, record by record, and nothing is left out."""

import shutil

import pytest

from app.domain.text import LANGUAGES
from app.i18n import translator
from app.rules.difference import difference
from app.rules.record_words import RecordWords
from app.rules.records import Record, all_records
from app.services.editions import read_edition
from tests.rules.conftest import PACK
from tests.rules.test_signoffs import edit, sign_off

T = translator("en")


@pytest.fixture(scope="module")
def shipped():
    return read_edition(PACK)


def told(shipped, folder, t=T):
    """{record: [(field, gone, come)]} of every change."""
    return {change.id: (change.kind, [(t.show(field.label), [t.show(line) for line in field.before],
                                       [t.show(line) for line in field.after]) for field in change.fields])
            for change in difference(shipped, read_edition(folder))}  # fmt: skip


def test_an_edition_says_the_same_as_itself(shipped, copy):
    assert difference(shipped, read_edition(copy)) == ()


def test_comments_and_order_of_keys_are_no_difference(shipped, copy):
    edit(copy, "decisions.toml", 'id = "level.1"\nlevel = 1\n', '# of old\nlevel = 1\nid = "level.1"\n')
    assert difference(shipped, read_edition(copy)) == ()


def test_a_value_is_told_with_its_days(shipped, copy):
    edit(
        copy,
        "parameters.toml",
        "values = [{ value = 1 }]",
        "values = [{ until = 2026-12-31, value = 1 }, { from = 2027-01-01, value = 2 }]",
    )
    ((record, (kind, fields)),) = told(shipped, copy).items()
    assert (record, kind) == ("referral.validity", "changed")
    assert fields == [("value", ["months: 1"], ["until 31.12.2026: months: 1", "from 01.01.2027: months: 2"])]


def test_a_condition_is_told_in_words_of_the_pack(shipped, copy):
    edit(copy, "decisions.toml", '{ some = ["functions"], at_least = 4 }', '{ some = ["functions"], at_least = 3 }')
    assert told(shipped, copy)["level.1"] == (
        "changed",
        [("holds when", ["disorder of functions: degree 4"], ["disorder of functions: degree 3 or heavier"])],
    )
    assert told(shipped, copy, translator("ru"))["level.1"][1][0][1:] == (
        ["нарушение функций: степень 4"], ["нарушение функций: степень 3 или тяжелее"])  # fmt: skip


def test_a_change_that_one_language_does_not_show_is_shown_in_the_one_that_does(shipped, copy):
    edit(copy, "measures.toml", 'kk = "тұқылдың', 'kk = "Тұқылдың')
    changes = told(shipped, copy)
    (_, fields) = next(iter(changes.values()))
    assert "Тұқылдың" in str(fields)


def test_added_and_removed_records_are_told_whole(shipped, copy):
    path = copy / "defects.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index('[[defect]]\nid = "skull_defect"')
    path.write_text(text[:start] + text[start:].replace("skull_defect", "skull_gap"), encoding="utf-8")
    for file in ("cases.toml", "measures.toml", "scales.toml"):
        if (copy / file).exists():
            (copy / file).write_text(
                (copy / file).read_text(encoding="utf-8").replace("skull_defect", "skull_gap"), encoding="utf-8"
            )
    changes = told(shipped, copy)
    assert changes["defect.skull_gap"][0] == "added"
    assert changes["defect.skull_defect"][0] == "removed"
    assert ("level", [], ["3"]) in changes["defect.skull_gap"][1]
    assert ("level", ["3"], []) in changes["defect.skull_defect"][1]


def test_a_record_with_days_is_compared_with_the_one_that_held_before(shipped, copy):
    path = copy / "decisions.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index('[[general_capacity]]\nid = "general_capacity.1"')
    row = text[start : text.index("[[general_capacity]]", start + 10)]
    name = 'id = "general_capacity.1"\n'
    old, new = (
        row.replace(name, f"{name}valid_to = 2026-12-31\n"),
        row.replace(name, f"{name}valid_from = 2027-01-01\n"),
    )
    path.write_text(text.replace(row, old + new.replace("[80, 100]", "[85, 100]")), encoding="utf-8")
    changes = [change for change in difference(shipped, read_edition(copy)) if change.id == "general_capacity.1"]
    assert [change.since and change.since.isoformat() for change in changes] == [None, "2027-01-01"]
    said = [[(field.key, [T.show(line) for line in field.before], [T.show(line) for line in field.after])
             for field in change.fields] for change in changes]  # fmt: skip
    assert said[0] == [("in_force", [], ["until 31.12.2026"])]
    assert said[1] == [("in_force", [], ["from 01.01.2027"]), ("band", ["80–100 %"], ["85–100 %"])]


def test_another_order_of_rows_is_a_difference_for_the_first_that_holds_is_taken(shipped, copy):
    path = copy / "decisions.toml"
    text = path.read_text(encoding="utf-8")
    rows = text.split("[[period]]")
    at = {row.split('"')[1]: number for number, row in enumerate(rows) if number}
    one, other = at["period.doubtful.heavy"], at["period.doubtful.light"]
    rows[one], rows[other] = rows[other], rows[one]
    path.write_text("[[period]]".join(rows), encoding="utf-8")
    ((record, (_, ((label, before, after),))),) = told(shipped, copy).items()
    assert record == "period"
    assert label == "order of the rows: the first that holds is taken"
    assert before.index("period.doubtful.heavy") < before.index("period.doubtful.light")
    assert after.index("period.doubtful.heavy") > after.index("period.doubtful.light")


def blocks(folder, file, header):
    """A file as its text before the first record of a table, and the text of each record by its id."""
    text = (folder / file).read_text(encoding="utf-8")
    start = text.index(header)
    end = text.find("\n[[", text.rindex(header) + 1) + 1 or len(text)
    rows = [header + row for row in text[start:end].split(header)[1:]]
    return text[:start], {row.split('"')[1]: row for row in rows}, text[end:]


def put(folder, file, head, rows, tail):
    ends = [row.rstrip("\n") + "\n\n" for row in rows]
    (folder / file).write_text(head + "".join(ends) + tail, encoding="utf-8", newline="\n")


@pytest.mark.parametrize(
    ("file", "header", "table"),
    [
        ("facts.toml", "[[fact]]", "fact"),
        ("defects.toml", "[[defect]]", "defect"),
        ("conflicts.toml", "[[conflict]]", "conflict"),
        ("measures.toml", "[[kind]]", "kind"),
        ("scales.toml", "[[scale]]", "scale"),
        ("notes.toml", "[[note]]", "note"),
        ("parameters.toml", "[[parameter]]", "parameter"),
    ],
)
def test_a_record_that_was_only_moved_is_told_in_every_list(shipped, copy, file, header, table):
    head, rows, tail = blocks(copy, file, header)
    names = list(rows)
    moved = [*names[:1], *names[2:4], names[1], *names[4:]]
    put(copy, file, head, [rows[name] for name in moved], tail)
    ((record, (kind, ((label, before, after),))),) = told(shipped, copy).items()
    assert (record, kind, label) == (table, "changed", "order of the records")
    # What begins and ends alike is left out, but for one record on either side.
    assert [name.removeprefix(f"{table}.") for name in before] == [n.removeprefix(f"{table}.") for n in names[:5]]
    assert [name.removeprefix(f"{table}.") for name in after] == [n.removeprefix(f"{table}.") for n in moved[:5]]


def test_where_a_new_row_of_the_first_that_holds_stands_is_told(shipped, copy):
    head, rows, tail = blocks(copy, "decisions.toml", "[[period]]")
    names = list(rows)
    fresh = rows[names[3]].replace(names[3], "period.fresh", 1).replace("in = [1, 2, 3]", "in = [2]")
    put(copy, "decisions.toml", head, [*(rows[name] for name in names[:2]), fresh,
                                       *(rows[name] for name in names[2:])], tail)  # fmt: skip
    changes = told(shipped, copy)
    assert changes["period.fresh"][0] == "added"
    assert changes["period"][1] == [("order of the rows: the first that holds is taken",
                                     names[1:3], [names[1], "period.fresh", names[2]])]  # fmt: skip


def test_a_row_that_stands_elsewhere_from_a_day_on_is_told_with_the_day(shipped, copy):
    head, rows, tail = blocks(copy, "decisions.toml", "[[period]]")
    names = list(rows)
    key = f'id = "{names[0]}"\n'
    until = rows[names[0]].replace(key, f"{key}valid_to = 2026-12-31\n")
    since = rows[names[0]].replace(key, f"{key}valid_from = 2027-01-01\n")
    put(copy, "decisions.toml", head, [until, *(rows[name] for name in names[1:]), since], tail)
    (order,) = [change for change in difference(shipped, read_edition(copy)) if change.id == "period"]
    assert order.since is not None
    assert order.since.isoformat() == "2027-01-01"
    assert T.show(order.fields[0].after[-1]) == names[0]


def test_sign_offs_given_and_lapsed_are_differences(copy, tmp_path):
    sign_off(copy, "level.1")
    before = read_edition(shutil.copytree(copy, tmp_path / "before"))
    edit(copy, "decisions.toml", 'en = "level of group I:', 'en = "Level of group I:')
    after = read_edition(copy)
    (change,) = difference(before, after)
    field = next(field for field in change.fields if field.key == "sign_off")
    assert T.show(field.before[0]).startswith("verified by Aigerim on 01.11.2026")
    assert T.show(field.after[0]).startswith("changed since its sign-off by Aigerim")


def test_test_cases_words_acts_groups_and_the_head_are_compared_too(shipped, copy):
    edit(copy, "pack.toml", 'version = "1.0.0"', 'version = "1.0.1"')
    edit(copy, "pack.toml", 'edition = "02.05.2025 № 131"', 'edition = "02.05.2026 № 1"')
    edit(copy, "words.toml", "Proposal: {outcome}", "Proposed: {outcome}")
    edit(copy, "decisions.toml", '"limitations.behaviour", "limitations.motor"]', '"limitations.behaviour"]')
    edit(copy, "cases.toml", '"facts.limitations.movement" = 3', '"facts.limitations.movement" = 2')
    changes = told(shipped, copy)
    assert changes["pack"][1] == [("version", ["1.0.0"], ["1.0.1"])]
    assert changes["act order_260"][1] == [("edition of the act", ["02.05.2025 № 131"], ["02.05.2026 № 1"])]
    assert changes["line headline"][1] == [("wording in English", ["Proposal: {outcome}"], ["Proposed: {outcome}"])]
    assert changes["group"][1] == [("five", ["motor activity"], [])]
    assert changes["case.level_1"][1] == [("facts", ["independent movement: 3"], ["independent movement: 2"])]


def test_every_field_of_every_record_can_be_worded_in_each_language(shipped):
    words = RecordWords(shipped.pack, shipped.contents)
    records = list(all_records(shipped.contents))
    assert len(records) > 500
    for record in records:
        for field in words.fields(record):
            for language in LANGUAGES:
                t = translator(language)
                assert t.show(field.label), (record.id, field.key)
                said = [t.show(line) for line in field.lines]  # raises where a sentence lacks its values
                assert all(said) or "" in record.content.values(), (record.id, field.key)


def test_what_has_no_words_is_shown_as_it_is_written(shipped):
    words = RecordWords(shipped.pack, shipped.contents)
    strange = {
        "id": "x",
        "when": [{"some": ["nobody"]}],
        "values": 7,
        "band": 5,
        "from": "no.parameter",
        "set": [],
    }
    fields = {
        field.key: [T.show(line) for line in field.lines] for field in words.fields(Record("x", "f.toml", "x", strange))
    }
    assert fields == {
        "when": ["some: nobody"],
        "values": ["7"],
        "band": ["5"],
        "from": ["no.parameter"],
        "set": ["[]"],
    }


def test_two_records_of_one_id_are_compared_each_with_its_own_days(copy, tmp_path):
    path = copy / "decisions.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index('[[general_capacity]]\nid = "general_capacity.1"')
    row = text[start : text.index("[[general_capacity]]", start + 10)]
    name = 'id = "general_capacity.1"\n'
    old, new = (
        row.replace(name, f"{name}valid_to = 2026-12-31\n"),
        row.replace(name, f"{name}valid_from = 2027-01-01\n"),
    )
    path.write_text(text.replace(row, old + new.replace("[80, 100]", "[85, 100]")), encoding="utf-8")
    before = read_edition(shutil.copytree(copy, tmp_path / "before"))
    path.write_text(path.read_text(encoding="utf-8").replace("[85, 100]", "[90, 100]"), encoding="utf-8")
    (change,) = difference(before, read_edition(copy))
    assert change.since is not None
    assert change.since.isoformat() == "2027-01-01"
    ((field),) = change.fields
    assert [T.show(line) for line in (*field.before, *field.after)] == ["85–100 %", "90–100 %"]

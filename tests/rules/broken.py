"""Broken rule packs, one fault each, and `python -m tests.rules.broken [FILE]`: what is said of every one of them.

`FOLDERS` break the files themselves, `EDITS` a record. `refusal` gives the sentence in a language. The list is there
to be read by people who mend packs: each sentence must say where, what and how to mend it.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from app import paths
from app.crypto.pack_signature import public_half, sign_directory, verify, write_manifest
from app.domain.errors import UserError
from app.i18n import translator
from app.rules.loader import load_pack

PACK = paths.resource("rulepacks", "kz-mse", "1.0.0")
LANGUAGES = ("kk", "ru", "en")
KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def edit(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, (file, old)
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def _append(folder, data, file="facts.toml"):
    with (folder / file).open("ab") as opened:
        opened.write(data)


def _first(folder, data, file="facts.toml"):
    (folder / file).write_bytes(data + (folder / file).read_bytes())


def _linked(folder):
    (folder / "defects.toml").rename(folder.parent / "elsewhere.toml")
    (folder / "defects.toml").symlink_to(folder.parent / "elsewhere.toml")


def _folder(folder):
    (folder / "defects.toml").unlink()
    (folder / "defects.toml").mkdir()


def _pipe(folder):
    (folder / "defects.toml").unlink()
    os.mkfifo(folder / "defects.toml")


def _changed(folder):
    sign_directory(folder, KEY)
    _append(folder, b"\n")


def _manifest(folder):
    sign_directory(folder, KEY)
    edit(folder, "manifest.json", "pack.toml", "pakc.toml")


def _lacking(folder):
    sign_directory(folder, KEY)
    path = folder / "manifest.json"
    lines = [line for line in path.read_text().splitlines() if "defects.toml" not in line]
    path.write_text("\n".join(lines))


# name → (what to do to the folder, the file that the refusal names, words that it must say)
FOLDERS = {
    "no folder": (shutil.rmtree, None, "There is no rule pack in"),
    "a byte order mark": (lambda folder: _first(folder, b"\xef\xbb\xbf"), "facts.toml", "without BOM"),
    "UTF-16": (lambda folder: _first(folder, b"\xff\xfe"), "facts.toml", "line 1 holds a character that is not UTF-8"),
    "a letter of an old code page": (lambda folder: _append(folder, b"# \xcc\xd1\xdd\n"), "facts.toml", "not UTF-8"),
    "a text that is not closed": (lambda folder: _append(folder, b'x = "y\n'), "facts.toml", "a text is not closed"),
    "a NUL": (lambda folder: _append(folder, b'x = "\x00"\n'), "facts.toml", "must not stand in it"),
    "a NUL in other words": (
        lambda folder: edit(folder, "defects.toml", 'en = "', 'en = "\\u0000'),
        "defects.toml",
        "control character",
    ),
    "a key that stands twice": (
        lambda folder: edit(folder, "defects.toml", "level = 1\n", "level = 1\nlevel = 1\n"),
        "defects.toml",
        "twice",
    ),
    "a table that stands twice": (lambda folder: _append(folder, b"[generic_none]\n"), "facts.toml", "stands twice"),
    "a bracket that is not closed": (lambda folder: _append(folder, b"x = [1,\n"), "facts.toml", "a bracket"),
    "an inline table on two lines": (
        lambda folder: _append(folder, b"x = { a = 1\nb = 2 }\n"),
        "facts.toml",
        "bracket",
    ),
    "typographic quotes": (lambda folder: _append(folder, "x = “y”\n".encode()), "facts.toml", "Write straight ones"),
    "a unit after a number": (
        lambda folder: edit(folder, "parameters.toml", "value = 738", "value = 738 месяцев"),
        "parameters.toml",
        "after “738” stands an extra word, “месяцев”",
    ),
    "a thirteenth month": (
        lambda folder: edit(folder, "parameters.toml", "2027-12-31", "2027-13-31"),
        "parameters.toml",
        "there is no such day, “2027-13-31”. Write a day that exists, as year-month-day",
    ),
    "a thirteenth month of an edition": (
        lambda folder: edit(folder, "pack.toml", "valid_from = 2023-07-01", "valid_from = 2023-13-01"),
        "pack.toml",
        "line 7, column 14: there is no such day, “2023-13-01”",
    ),
    "a day with points": (
        lambda folder: edit(folder, "parameters.toml", "2027-12-31", "31.12.2027"),
        "parameters.toml",
        "a day is not written as “31.12.2027” here. Write it as year-month-day, without quotes: 2027-12-31.",
    ),
    "a day without noughts": (lambda folder: _append(folder, b"x = 2027-1-1\n"), "facts.toml", "quotes: 2027-01-01."),
    "a decimal comma": (lambda folder: _append(folder, b"x = 2,5\n"), "facts.toml", "Write a point instead: 2.5."),
    "a heading that is not closed": (
        lambda folder: edit(folder, "pack.toml", "[place.unchecked]", "[place.unchecked"),
        "pack.toml",
        "the bracket [ is not closed. Put ] at the end of the line.",
    ),
    "a heading of two brackets that is closed by one": (
        lambda folder: edit(folder, "defects.toml", "[[defect]]\n", "[[defect\n"),
        "defects.toml",
        "line 4, column 1: the bracket [ is not closed. Put ]] at",
    ),
    "a Kazakh name of a place": (
        lambda folder: _append(folder, "[place.өзгеріс_2]\n".encode(), "pack.toml"),
        "pack.toml",
        "“ө” in “place.өзгеріс_2” is no Latin letter. Names consist of Latin letters",
    ),
    "a Cyrillic letter in a key": (
        lambda folder: edit(folder, "parameters.toml", "values = [{ value = 14", "values = [{ vаlue = 14"),
        "parameters.toml",
        "“а” in “vаlue” is no Latin letter",
    ),
    "a Cyrillic key": (lambda folder: _append(folder, "жас = 7\n".encode()), "facts.toml", "“ж” in “жас” is no Latin"),
    "a list that is not closed": (
        lambda folder: edit(folder, "parameters.toml", "value = 756 },\n]", "value = 756 },\n"),
        "parameters.toml",
        "a bracket is opened here and not closed",
    ),
    "a word for a number": (
        lambda folder: edit(folder, "decisions.toml", "at_least = 4 }", "at_least = екі }"),
        "decisions.toml",
        "“екі” stands where a whole number is needed. Write it in digits, such as at_least = 2.",
    ),
    "a degree for a number": (
        lambda folder: edit(folder, "decisions.toml", "at_least = 4 }", "at_least = 2-дәреже }"),
        "decisions.toml",
        "Write “2” alone",
    ),
    "the day of an act without quotes": (
        lambda folder: edit(folder, "pack.toml", 'edition = "02.05.2025 № 131"', "edition = 02.05.2025"),
        "pack.toml",
        'this day is a text here. Put it in quotes: "02.05.2025".',
    ),
    "a day of a case without quotes": (
        lambda folder: _append(folder, b'[[case]]\nset = { "referral.signed_on" = 01.11.2026 }\n', "cases.toml"),
        "cases.toml",
        'Put it in quotes: "2026-11-01".',
    ),
    "a colon": (lambda folder: _append(folder, b"x: 2\n"), "facts.toml", "Write an equals sign instead: x = value."),
    "a text without quotes": (lambda folder: _append(folder, b"x = year\n"), "facts.toml", "“year” stands without"),
    "true with a capital": (lambda folder: _append(folder, b"x = True\n"), "facts.toml", "Write true, in small"),
    "no comma": (lambda folder: _append(folder, b"x = { a = 1 b = 2 }\n"), "facts.toml", "Put one before “b”."),
    "no equals sign": (lambda folder: _append(folder, b"x 1\n"), "facts.toml", "equals sign"),
    "a day that does not exist": (
        lambda folder: edit(folder, "parameters.toml", "2027-12-31", "2027-11-31"),
        "parameters.toml",
        "no such day",
    ),
    "deep nesting": (lambda folder: _append(folder, b"x = " + b"[" * 50_000), "facts.toml", "nested too deeply"),
    "an endless key": (lambda folder: _append(folder, b".".join([b"a"] * 100_000) + b"=1"), "facts.toml", "nested too"),
    "an endless key in a table": (
        lambda folder: _append(folder, b"x = {" + b" a ." * 90 + b"b = 1}"),
        "facts.toml",
        "nested",
    ),
    "a number of 5,000 digits": (lambda folder: _append(folder, b"x = " + b"9" * 5_000), "facts.toml", "a number"),
    "a huge file": (lambda folder: _append(folder, b"# " + b"x" * 2_100_000), "facts.toml", "more than 2 MB"),
    "a missing file": (lambda folder: (folder / "defects.toml").unlink(), "manifest.json", "not in the manifest"),
    "a missing file of the manifest": (
        lambda folder: (sign_directory(folder, KEY), (folder / "defects.toml").unlink()),
        "defects.toml",
        "is missing",
    ),
    "a file too many": (
        lambda folder: (folder / "decisions.toml~").write_text(""),
        "decisions.toml~",
        "decisions.toml is in the folder too. See which of the two you mean",
    ),
    "a file too many, saved under another name": (
        lambda folder: (folder / "defects.toml").rename(folder / "defects.toml.txt"),
        "defects.toml.txt",
        "it may be meant to be defects.toml. Give it that name",
    ),
    "a file too many, a key": (
        lambda folder: (folder / "methodologist.pem").write_text(""),
        "methodologist.pem",
        "Don't delete it: move it",
    ),
    "a file too many, of no pack": (
        lambda folder: (folder / "notes on the act.docx").write_text(""),
        "notes on the act.docx",
        "Move it to another folder.",
    ),
    "a file of an unknown name": (
        lambda folder: (folder / "facts2.toml").write_text(""),
        "manifest.json",
        "facts2.toml",
    ),
    "a link": (_linked, "defects.toml", "a link to a file elsewhere"),
    "a folder for a file": (_folder, "defects.toml", "this is a folder"),
    "a pipe": (_pipe, "defects.toml", "a pipe or a device"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "manifest.json", "is missing"),
    "a manifest that is none": (
        lambda folder: (folder / "manifest.json").write_text("[" * 9_999),
        "manifest.json",
        "not a manifest",
    ),
    "a manifest with an unknown name": (_manifest, "manifest.json", "no pack has a file of this name"),
    "a manifest that lacks a file": (_lacking, "manifest.json", "not in the manifest"),
    "a file changed after signing": (_changed, "facts.toml", "changed after signing"),
    "no signature": (
        lambda folder: (sign_directory(folder, KEY), (folder / "manifest.sig").unlink()),
        "manifest.sig",
        "missing",
    ),
    "a signature that is none": (
        lambda folder: (sign_directory(folder, KEY), (folder / "manifest.sig").write_text("00")),
        "manifest.sig",
        "not a signature",
    ),
    "an unknown key": (lambda folder: sign_directory(folder, bytes(32)), "manifest.sig", "not known here"),
    "a revoked key": (lambda folder: sign_directory(folder, OTHER), "manifest.sig", "revoked"),
}
# Those whose manifest is written anew by the fault itself, and those that can't be written anew.
AS_THEY_ARE = (
    "no folder",
    "a file too many",
    "a folder for a file",
    "a pipe",
    "a link",
    "no manifest",
    "a manifest",
    "a missing file of",
    "a file changed",
    "no signature",
    "a signature",
    "an unknown key",
    "a revoked key",
)

SIGNED = ("a file changed", "no signature", "a signature", "an unknown key", "a revoked key")

FACT = '[[fact]]\nid = "insured"\nkind = "flag"\n'
LEVEL_1 = '{ some = ["functions"], at_least = 4 }'
# name → (file, what stands there, what stands there then, the record that is named, words that must be said)
EDITS = {
    "a level that rests on itself": (
        "decisions.toml",
        LEVEL_1,
        '{ level = "of_case", in = [1] }',
        "level level.1",
        "a level can't rest on a level",
    ),
    "a fact that is there if it is there": (
        "facts.toml",
        'present_if = "work_injury"',
        'present_if = "work_injury.capacity"',
        "fact work_injury.capacity",
        "Known are: work_injury.",
    ),
    "a fact that hangs on an injury": (
        "facts.toml",
        FACT,
        FACT + 'present_if = "work_injury"\n',
        "fact insured",
        "“present_if” belongs to",
    ),
    "conditions for an outcome": (
        "decisions.toml",
        'levels = ["child",',
        f'when = [{LEVEL_1}]\nlevels = ["child",',
        "outcome outcome.small",
        "“when” is not known",
    ),
    "ages for a professional band": (
        "decisions.toml",
        'id = "professional_capacity.reduced"\n',
        'id = "professional_capacity.reduced"\nfrom = "age.adult"\n',
        "professional_capacity.reduced",
        "capacity alone",
    ),
    "a birthday twice": (
        "decisions.toml",
        'kind = "until_18"\ncite',
        'kind = "until_7"\ncite',
        "clip.small",
        "two records “clip”",
    ),
    "a degree that no fact has": (
        "decisions.toml",
        LEVEL_1,
        LEVEL_1.replace("4", "5"),
        "level level.1",
        "a degree from 1 to 4",
    ),
    "a level that no row gives": (
        "decisions.toml",
        '"doubtful" }, { level = "of_case", in = [1,',
        '"doubtful" }, { level = "of_case", in = [4,',
        "period.doubtful.heavy",
        "name levels",
    ),
    "no level at all": (
        "decisions.toml",
        '"doubtful" }, { level = "of_case", in = [1, 2]',
        '"doubtful" }, { level = "of_case", in = []',
        "period.doubtful.heavy",
        "name levels",
    ),
    "a list for the name of a group": (
        "decisions.toml",
        '{ some = ["functions"], at',
        '{ some = [["functions"]], at',
        "level level.1",
        "a text in quotes",
    ),
    "words for a measure's values": (
        "decisions.toml",
        "values = [0, 1, 2, 2]",
        'values = [0, 1, 2, "2"]',
        "measure measure.limitations",
        "a whole number",
    ),
    "a fact that no case file has": (
        "facts.toml",
        'id = "active_treatment"',
        'id = "treatment"',
        "fact treatment",
        "a case file has no fact",
    ),
    "a choice that no case file has": (
        "facts.toml",
        'value = "unfavourable"',
        'value = "bad"',
        "fact prognosis",
        'can\'t give the value "bad"',
    ),
    "a text for the age": (
        "parameters.toml",
        "values = [{ value = 14 }]",
        'values = [{ value = "14" }]',
        "age.work",
        '“value” is "14", but a whole number',
    ),
    "a number beyond 64 bits": (
        "parameters.toml",
        "values = [{ value = 14 }]",
        "values = [{ value = 99999999999999999999 }]",
        "age.work",
        "from 0 to 150",
    ),
    "a negative age": (
        "parameters.toml",
        "values = [{ value = 14 }]",
        "values = [{ value = -1 }]",
        "age.work",
        "from 0 to 150",
    ),
    "a gap between two dates": (
        "parameters.toml",
        "until = 2027-12-31",
        "until = 2027-12-30",
        "pension_age.female",
        "no value holds between",
    ),
    "no value on the first days": (
        "parameters.toml",
        "values = [{ value = 14 }]",
        "values = [{ from = 2023-07-04, value = 14 }]",
        "age.work",
        "no value holds from 01.07.2023 to 03.07.2023, but the criteria use it on these days. Leave “from” out",
    ),
    "no value from some day on": (
        "parameters.toml",
        "values = [{ value = 4 }]",
        "values = [{ until = 2026-12-31, value = 4 }]",
        "referral.wait",
        "its last value ends on 31.12.2026, but the criteria hold on without an end",
    ),
    "ages that overlapped once": (
        "parameters.toml",
        "values = [{ value = 7 }]",
        "values = [{ until = 2024-12-31, value = 19 }, { from = 2025-01-01, value = 7 }]",
        "outcome.small",
        "it overlaps with",
    ),
    "a period without end": (
        "decisions.toml",
        '{ kind = "years", value = 5 }',
        '{ kind = "years", value = 5000000 }',
        "unfavourable.adult",
        "not longer than",
    ),
    "a version in words": (
        "pack.toml",
        'version = "1.0.0"',
        'version = "new"',
        "pack.toml",
        "“new” can't be the version",
    ),
    "an id that leaves the folder": (
        "pack.toml",
        'id = "kz-mse"',
        'id = "../kz"',
        "pack.toml",
        "“../kz” can't be the id",
    ),
    "a record without id": ("defects.toml", 'id = "tetraplegia"', 'id = ""', "defect 7", "its id is empty"),
    "a bracket in a sentence": (
        "conflicts.toml",
        "{signed}, earlier",
        "{signed:>9}, earlier",
        "referral_too_early",
        "curly bracket",
    ),
    "verified by itself": (
        "defects.toml",
        '"memory"',
        '"verified"',
        "defect arms_both_stumps",
        "can't call itself verified",
    ),
    "a period in other words": (
        "cases.toml",
        'alternatives = ["years 2"]',
        'alternatives = ["2 жыл"]',
        "case ",
        "first what it is, then how many, as “years 3”",
    ),
    "days upside down": (
        "defects.toml",
        "level = 1\n",
        "level = 1\nvalid_from = 2027-01-01\nvalid_to = 2026-01-01\n",
        "arms_both",
        "valid_to lies before",
    ),
    "days outside of the edition": (
        "defects.toml",
        "level = 1\n",
        "level = 1\nvalid_to = 2020-01-01\n",
        "arms_both_stumps",
        "it never holds",
    ),
    "the last row of a day": (
        "decisions.toml",
        'id = "level.1"\n',
        'id = "level.1"\nvalid_to = 2027-12-31\n',
        "period.defect.adult",
        "This is so from 01.01.2028 on",
    ),
}


def broken(what, parent):
    """A copy of the shipped pack in `parent` with one fault."""
    folder = Path(shutil.copytree(PACK, parent / "pack"))
    (folder / "manifest.sig").unlink()
    if what in FOLDERS:
        FOLDERS[what][0](folder)
    else:
        edit(folder, *EDITS[what][:3])
    if not what.startswith(AS_THEY_ARE):
        write_manifest(folder)
    return folder


def refusal(folder, *, signed):
    """What the loader raises of a folder; `signed`: its signature is asked for."""
    check = verify([public_half(KEY), public_half(OTHER)], [public_half(OTHER)]) if signed else None
    try:
        load_pack(folder, verify=check, with_cases=True)
    except UserError as error:
        return error
    return None


def main():
    lines = []
    for what in (*FOLDERS, *EDITS):
        with tempfile.TemporaryDirectory() as parent:
            error = refusal(broken(what, Path(parent)), signed=what.startswith(SIGNED))
            lines += ["", what]
            for language in LANGUAGES:
                said = translator(language).show(error.text) if error else "NOT REFUSED"
                lines.append(f"  {language}  {said.replace(parent, '…')}")
    text = "\n".join(lines[1:]) + "\n"
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()

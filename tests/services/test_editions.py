"""A methodologist's day at the terminal: a new edition, its difference, sign-offs, a key, a signature."""

import json
import os
import stat
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from app import cli, paths
from app.crypto import key_file
from app.crypto.pack_signature import public_half, read_public_key, read_signature, sign_directory, verify
from app.crypto.signing import fingerprint
from app.domain.errors import CheckFailed, KnownError, UserError
from app.domain.text import LANGUAGES, LocalText
from app.i18n import translator
from app.rules.loader import load_draft, load_pack
from app.services import edition_keys, editions, signing_off
from app.services.desk import Desk
from tests.editions import KEY, edit, public_file, put_in
from tests.factories import HEAD, PASSPHRASE, case_document

PHRASE = "grey stork over the wide river 41"
PLACE = ["--place-kk", "7-тармақ", "--place-ru", "пункт 7", "--place-en", "paragraph 7"]
T = translator("en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return editions.new_edition("1.0.0", tmp_path / "work", version="1.1.0", valid_from=date(2027, 1, 1))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(f"{PHRASE}\n", encoding="utf-8")
    return path


def pack(*words: object, language: str = "en") -> int:
    return cli.main(["pack", *map(str, words), "--lang", language])


def test_a_new_edition_is_a_copy_with_another_version_and_first_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "новая редакция"
    assert pack("new-edition", "1.0.0", target, "--version", "1.1.0", "--valid-from", "01.01.2027") == 0
    assert str(target) in capsys.readouterr().out
    shipped = paths.resource("rulepacks", "kz-mse", "1.0.0")
    names = {path.name for path in shipped.glob("*.toml")}
    assert {path.name for path in target.iterdir()} == names
    for name in names - {"pack.toml"}:
        assert (target / name).read_bytes() == (shipped / name).read_bytes()
    before = (shipped / "pack.toml").read_text(encoding="utf-8").splitlines()
    after = (target / "pack.toml").read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == ['version = "1.1.0"', "valid_from = 2027-01-01"]
    made = load_draft(target)
    assert (made.version, made.valid_from) == ("1.1.0", date(2027, 1, 1))


def test_the_end_of_the_edition_before_is_not_the_end_of_the_new_one(folder: Path, tmp_path: Path) -> None:
    head = folder / "pack.toml"
    text = head.read_text(encoding="utf-8")
    head.write_text(
        text.replace("valid_from = 2027-01-01\n", "valid_from = 2027-01-01\nvalid_to = 2027-12-31\n"), encoding="utf-8"
    )
    made = editions.new_edition(folder, tmp_path / "next", version="1.2.0", valid_from=date(2028, 1, 1))
    assert load_draft(made).valid_to is None


def dated(folder: Path, until: str = "2027-06-30", since: str = "2027-07-01") -> None:
    """A record that ends, with a remark behind it, and the one that follows it."""
    path = folder / "decisions.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index('[[general_capacity]]\nid = "general_capacity.1"')
    row = text[start : text.index("[[general_capacity]]", start + 10)]
    name = 'id = "general_capacity.1"\n'
    old, new = row.replace(name, f"{name}valid_to = {until}\n"), row.replace(name, f"{name}valid_from = {since}\n")
    path.write_text(text.replace(row, f"{old}# As amended.\n{new}"), encoding="utf-8", newline="\n")


def test_records_that_have_ended_stay_behind_and_are_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "decisions.toml").read_text(encoding="utf-8")
    dated(folder)
    target = tmp_path / "next"
    assert pack("new-edition", folder, target, "--version", "1.2.0", "--valid-from", "01.07.2027") == 0
    assert "Left out, because they ended before that day: general_capacity.1\n" in capsys.readouterr().out
    row = 'id = "general_capacity.1"\n'
    made = (target / "decisions.toml").read_text(encoding="utf-8")
    assert made == before.replace(f"[[general_capacity]]\n{row}",
                                  f"# As amended.\n[[general_capacity]]\n{row}valid_from = 2027-07-01\n")  # fmt: skip
    day_before = editions.new_edition(folder, tmp_path / "other", version="1.2.0", valid_from=date(2027, 6, 30))
    assert (day_before / "decisions.toml").read_bytes() == (folder / "decisions.toml").read_bytes()


def test_records_with_tables_inside_them_stay_behind_whole(folder: Path, tmp_path: Path) -> None:
    path = folder / "scales.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index('[[scale]]\nid = "barthel"')
    whole = text[start : text.index("[[scale]]", start + 10)]
    name = 'id = "barthel"\n'
    old, new = (whole.replace(name, f"{name}{days}\n") for days in ("valid_to = 2027-06-30", "valid_from = 2027-07-01"))
    path.write_text(text.replace(whole, old + new), encoding="utf-8", newline="\n")
    target = editions.new_edition(folder, tmp_path / "next", version="1.2.0", valid_from=date(2028, 1, 1))
    assert (target / "scales.toml").read_text(encoding="utf-8") == text.replace(
        name, f"{name}valid_from = 2027-07-01\n"
    )


def test_a_new_edition_that_would_be_refused_leaves_nothing_behind(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(folder, "pack.toml", "valid_from = 2027-01-01", "valid_from = 2027-01-01\nvalid_to = 2027-12-31")
    edit(folder, "parameters.toml", "values = [{ value = 4 }]", "values = [{ until = 2027-12-31, value = 4 }]")
    before = sorted(tmp_path.iterdir())
    target = tmp_path / "no" / "such" / "place"
    assert pack("new-edition", folder, target, "--version", "1.2.0", "--valid-from", "01.01.2028") == 2
    said = capsys.readouterr().err
    assert "would be refused, so nothing was written" in said
    assert "referral.wait: its last value ends on 31.12.2027" in said
    assert "Mend this in a copy of the edition 1.1.0" in said
    assert sorted(tmp_path.iterdir()) == before
    edit(folder, "parameters.toml", "until = 2027-12-31, value = 4", "value = 4")
    assert pack("new-edition", folder, target, "--version", "1.2.0", "--valid-from", "01.01.2028") == 0
    assert [path.name for path in target.parent.iterdir()] == ["place"]


@pytest.mark.skipif(os.name != "posix", reason="a limit of the size of files is POSIX's")
def test_a_full_disk_leaves_no_half_of_an_edition_behind(folder: Path, tmp_path: Path) -> None:
    import resource
    import signal

    target = tmp_path / "no" / "such" / "place"
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limit[1]))  # some of the files fit, others don't
    try:
        with pytest.raises(KnownError) as refused:
            editions.new_edition(folder, target, version="1.2.0", valid_from=date(2028, 1, 1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, ignored)
    assert "can't be written" in T.show(refused.value.text)
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("1.0.0", "new", "--version", "1.0.0", "--valid-from", "2027-01-01"), "is not higher than 1.0.0"),
        (("1.0.0", "new", "--version", "one", "--valid-from", "2027-01-01"), "“one” is no version"),
        (("1.0.0", "new", "--version", "1.1.0", "--valid-from", "2020-01-01"), "before the one it is made from"),
        (("1.0.0", "new", "--version", "1.1.0", "--valid-from", "2027-02-30"), "“2027-02-30” is not a day"),
        (("1.0.0", "new", "--version", "1.1.0", "--valid-from", "tomorrow"), "“tomorrow” is not a day"),
        (("7.7.7", "new", "--version", "8.0.0", "--valid-from", "2027-01-01"), "There is no edition 7.7.7"),
        (("../..", "new", "--version", "8.0.0", "--valid-from", "2027-01-01"), "no rule pack in"),
        (("1.0.0", "taken", "--version", "1.1.0", "--valid-from", "2027-01-01"), "There is something in"),
    ],
)  # fmt: skip
def test_an_edition_that_would_not_fit_is_not_made(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    Path("taken").mkdir()
    Path("taken", "file").touch()
    assert pack("new-edition", *words) == 2
    assert said in capsys.readouterr().err
    assert not Path("new").exists()


def test_a_difference_is_printed_in_three_languages_and_as_json(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "decisions.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('{ some = ["functions"], at_least = 4 }', '{ some = ["functions"], at_least = 3 }'),
        encoding="utf-8",
    )
    for language in LANGUAGES:
        assert pack("diff", "1.0.0", folder, language=language) == 0
        out = capsys.readouterr().out
        assert "~ level.1" in out
        degrees = {"kk": "3-дәреже немесе одан ауыр", "ru": "степень 3 или тяжелее", "en": "degree 3 or heavier"}
        assert f"+ {degrees[language]}" in out or degrees[language] in out
    assert pack("diff", "1.0.0", folder, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["before"]["version"], document["after"]["version"]) == ("1.0.0", "1.1.0")
    assert [change["record"] for change in document["changes"]] == ["pack", "level.1"]
    assert pack("diff", folder, folder) == 0
    assert "The two editions say the same." in capsys.readouterr().out


def test_records_are_signed_off_listed_and_withdrawn(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sign-off", folder, "--record", "level.1", "--record", "age.adult", "--by", "Айгерім  Сапар"]
    assert pack(*words, "--on", "01.11.2026", *PLACE) == 0
    assert "2 records were signed off." in capsys.readouterr().out
    assert pack("sign-off", folder, language="ru") == 0
    out = capsys.readouterr().out
    assert "✓ level.1" in out
    assert "подтверждено, Айгерім Сапар, 01.11.2026: пункт 7" in out
    assert "○ level.2" in out
    assert pack("sign-off", folder, "--json") == 0
    topic = json.loads(capsys.readouterr().out)["topics"][1]
    record = next(record for record in topic["records"] if record["record"] == "level.1")
    assert record["sign_off"] == {"by": "Айгерім Сапар", "on": "2026-11-01", "lapsed": False, "moved": False}
    assert record["citation"]["status"] == "verified"
    path = folder / "decisions.toml"
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace("level = 1\n", "level = 1 \n")
        .replace('en = "level of group I:', 'en = "Level of group I:'),
        encoding="utf-8",
    )
    assert pack("sign-off", folder) == 0
    out = capsys.readouterr().out
    assert "! level.1" in out
    assert "changed since its sign-off by Айгерім Сапар on 01.11.2026" in out
    assert pack("sign-off", folder, "--withdraw", "--record", "level.1", "--record", "age.adult") == 0
    assert "2 sign-offs were withdrawn." in capsys.readouterr().out
    assert not any(record.sign_off or record.lapsed for record in signing_off.work(folder).records)


def test_the_list_is_narrowed_to_a_topic_and_to_what_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def listed(*words: str) -> set[str]:
        capsys.readouterr()
        assert pack("sign-off", folder, "--json", *words) == 0
        return {one["record"] for topic in json.loads(capsys.readouterr().out)["topics"] for one in topic["records"]}

    assert listed("--changed") == set()
    assert "level.1" in listed("--topic", "2")
    assert "referral.validity" not in listed("--topic", "2")
    edit(folder, "parameters.toml", "values = [{ value = 1 }]", "values = [{ value = 2 }]")
    (differs,) = listed("--changed")
    assert pack("sign-off", folder, "--record", "level.1", "--by", "A", *PLACE) == 0
    edit(folder, "decisions.toml", '{ some = ["functions"], at_least = 4 }', '{ some = ["functions"], at_least = 3 }')
    assert {"level.1", differs} <= listed("--changed")
    assert pack("sign-off", folder, "--changed") == 0
    out = capsys.readouterr().out
    assert "! level.1" in out
    assert out.count("\n") < 40
    assert pack("sign-off", folder) == 0
    assert "curly brackets" in capsys.readouterr().out
    assert pack("sign-off", folder, "--topic", "13") == 2
    assert "from 1 to 12" in capsys.readouterr().err
    assert pack("sign-off", folder, "--topic", "2", "--record", "level.1", "--by", "A", *PLACE) == 2


def test_a_second_sign_off_replaces_the_first(folder: Path) -> None:
    for name in ("Aigerim", "Marat"):
        signing_off.sign_off(folder, ["level.1"], by=name, on=date(2026, 11, 1), place=LocalText("a", "b", "c"),
                             today=date(2026, 11, 2))  # fmt: skip
    record = next(record for record in signing_off.work(folder).records if record.id == "level.1")
    assert record.sign_off is not None
    assert record.sign_off.by == "Marat"
    assert (folder / "signoffs.toml").read_text(encoding="utf-8").count("[[sign_off]]") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--record", "level.1", *PLACE), "The name is missing"),
        (("--record", "level.1", "--by", "A", *PLACE[:4]), "three languages. Add: --place-en."),
        (("--record", "level.9", "--by", "A", *PLACE), "no record “level.9”"),
        (("--record", "level.1", "--by", "A", "--on", "9999-01-01", *PLACE), "is still to come"),
        (("--by", "A", *PLACE), "No record is named"),
        (("--withdraw", "--record", "level.1"), "None of these records has a sign-off"),
    ],
)  # fmt: skip
def test_a_sign_off_that_is_not_whole_is_refused(
    words: tuple[str, ...], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "signoffs.toml").read_bytes()
    assert pack("sign-off", folder, *words) == 2
    assert said in capsys.readouterr().err
    assert (folder / "signoffs.toml").read_bytes() == before


def test_an_edition_that_came_with_the_program_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    shipped = paths.resource("rulepacks", "kz-mse", "1.0.0")
    before = {path: path.read_bytes() for path in shipped.iterdir()}
    assert pack("sign-off", shipped, "--record", "level.1", "--by", "A", *PLACE) == 2
    assert "came with the program and stays as it is" in capsys.readouterr().err
    with pytest.raises(UserError):
        edition_keys.sign(shipped, bytes(32))
    assert {path: path.read_bytes() for path in shipped.iterdir()} == before


def test_a_key_is_made_once_and_opens_with_its_passphrase_alone(
    tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "методолог.pem"
    assert pack("key", key, "--passphrase-file", secret) == 0
    out = capsys.readouterr().out
    public = read_public_key((tmp_path / "методолог.pem.pub").read_text(encoding="ascii"))
    assert public is not None
    assert public.hex() in out
    assert fingerprint(public) in out
    assert public_half(edition_keys.read_key(key, PHRASE)) == public
    if sys.platform != "win32":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(UserError, match="passphrase is wrong"):
        edition_keys.read_key(key, PHRASE + "x")
    before = key.read_bytes()
    assert pack("key", key, "--passphrase-file", secret) == 2
    assert "a key is never overwritten" in capsys.readouterr().err
    assert key.read_bytes() == before


def test_a_file_that_is_there_is_told_before_anything_is_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    asked: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(capsys.readouterr().err) or PHRASE)
    assert pack("key", tmp_path / "key") == 0
    assert "at least 10 characters" in asked[0]
    assert pack("key", tmp_path / "key") == 2
    assert "never overwritten" in capsys.readouterr().err
    assert len(asked) == 2  # both for the first key


def test_a_weak_passphrase_makes_no_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "weak").write_text("1234567890\n")
    assert pack("key", tmp_path / "key", "--passphrase-file", tmp_path / "weak") == 2
    assert "The passphrase was not taken" in capsys.readouterr().err
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize(
    "content", [b"", b"nothing", b"\xff" * 20_000, b"-----BEGIN " + b"PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"]
)
def test_what_is_no_key_is_refused_as_such(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(UserError, match="no methodologist's key"):
        edition_keys.read_key(tmp_path / "key", PHRASE)
    with pytest.raises(UserError, match="There is no file"):
        edition_keys.read_key(tmp_path / "none", PHRASE)


def test_a_damaged_key_file_is_told_and_nothing_else_happens(tmp_path: Path) -> None:
    pem = key_file.to_pem(bytes(32), PHRASE)
    assert key_file.from_pem(pem, PHRASE) == bytes(32)
    (tmp_path / "key").write_bytes(pem.replace(b"M", b"N", 1))
    with pytest.raises(UserError, match="the file is damaged"):
        edition_keys.read_key(tmp_path / "key", PHRASE)


def test_an_edition_that_holds_is_signed_and_one_with_a_gap_is_not(
    folder: Path, tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "key"
    public = edition_keys.make_key(key, PHRASE)
    assert pack("sign", folder, "--key", key, "--passphrase-file", secret) == 0
    assert fingerprint(public) in capsys.readouterr().out
    assert load_pack(folder, verify=verify([public])).version == "1.1.0"
    signed = read_signature((folder / "manifest.sig").read_bytes())
    assert signed is not None
    assert signed.key == public
    # a sign-off is a change: the signature is taken away with it
    signing_off.sign_off(folder, ["level.1"], by="A", on=date(2026, 11, 1), place=LocalText("a", "b", "c"),
                         today=date(2026, 11, 2))  # fmt: skip
    assert not (folder / "manifest.sig").exists()
    path = folder / "parameters.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("values = [{ value = 4 }]", "values = [{ value = 5 }]"),
        encoding="utf-8",
    )
    with pytest.raises(CheckFailed) as caught:
        edition_keys.sign(folder, edition_keys.read_key(key, PHRASE))
    assert "The edition was not signed" in T.show(caught.value.text)
    assert not (folder / "manifest.sig").exists()


def test_an_edition_is_shown_whoever_signed_it_and_beside_it_stands_who(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def shown(*words: str) -> tuple[int, str]:
        pack("show", folder, "--json", *words)
        out, err = capsys.readouterr()
        assert json.loads(out)["records"]
        return json.loads(out)["pack"]["signature"], err

    standing, said = shown()
    assert (standing, "nobody has signed it yet" in said) == ("in work", True)
    sign_directory(folder, KEY)
    standing, said = shown()
    assert (standing, "which is not known here" in said) == ("unknown", True)
    (folder / "words.toml").write_text((folder / "words.toml").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    standing, said = shown()
    assert standing == "changed"
    assert "changed after it was signed with the key 5647 5aa7 5463 474c: words.toml" in said
    assert "sign it again: saraptama pack sign" in said
    sign_directory(folder, KEY)
    manifest = folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b" ")
    assert shown()[0] == "changed"
    (folder / "manifest.sig").write_text("{}")
    standing, said = shown()
    assert (standing, "damaged" in said) == ("damaged", True)
    (folder / "decisions.toml").write_text("[[", encoding="utf-8")  # what can't be read is refused, signed or not
    assert pack("show", folder) == 2


def test_the_contents_of_a_changed_edition_are_checked_and_the_check_is_not_passed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_directory(folder, KEY)
    assert pack("check", folder, "--json") == 0  # not known here, but it holds
    capsys.readouterr()
    (folder / "words.toml").write_text((folder / "words.toml").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert pack("check", folder, "--json") == 1
    out, err = capsys.readouterr()
    assert err.splitlines()[-1].startswith("✗ This edition was changed after it was signed")
    told = json.loads(out)
    assert not told["ok"]
    assert all(check["ok"] for check in told["checks"])


def test_a_desk_tells_whose_key_it_has_admitted_or_revoked(
    desk: Desk, data_dir: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_directory(folder, KEY)
    desk.acceptance.admit_key(public_file(tmp_path / "key.pub"), "Әдіскер Ахметова")
    desk.close()
    (tmp_path / "secret").write_text(PASSPHRASE, encoding="utf-8")
    who = ("--data", data_dir, "--user", HEAD, "--passphrase-file", tmp_path / "secret")
    assert pack("show", folder, *who) == 0
    assert "of Әдіскер Ахметова, which is known here" in capsys.readouterr().err
    assert pack("revoke-key", "5647 5aa7 5463 474c", "--reason", "lost", *who) == 0
    assert pack("show", folder, *who) == 0
    assert "which was revoked" in capsys.readouterr().err


def test_editions_that_a_desk_has_accepted_are_named_by_their_version(
    desk: Desk, data_dir: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "cases.jsonl"
    case.write_text(json.dumps(case_document()), encoding="utf-8")
    sign_directory(folder, KEY)
    desk.acceptance.admit_key(public_file(tmp_path / "key.pub"), "X")
    put_in(desk, folder)
    desk.close()
    (tmp_path / "secret").write_text(PASSPHRASE, encoding="utf-8")
    who = ("--data", data_dir, "--user", HEAD, "--passphrase-file", tmp_path / "secret")
    assert pack("diff", "1.0.0", "1.1.0") == 2
    assert "are found with --user" in capsys.readouterr().err
    assert pack("diff", "1.0.0", "1.1.0", *who) == 0
    assert "From kz-mse 1.0.0" in capsys.readouterr().out
    later = ("--version", "1.2.0", "--valid-from", "2028-01-01")
    assert pack("new-edition", "1.1.0", tmp_path / "next", *later, *who) == 0
    assert f"pack diff 1.1.0 {tmp_path / 'next'} --data {data_dir} --user {HEAD}" in capsys.readouterr().out
    assert load_draft(tmp_path / "next").version == "1.2.0"
    assert pack("rehearse", "1.1.0", "--against", "1.0.0", *who) == 0
    assert pack("rehearse", "1.1.0", "--against", "1.0.0", "--jsonl", case, *who) == 0
    capsys.readouterr()
    assert pack("rehearse", "9.9.9", *who) == 2
    assert "a version at hand (1.1.0, 1.0.0)" in capsys.readouterr().err


def test_a_sign_off_of_tomorrow_is_refused_and_of_today_taken(folder: Path) -> None:
    today = date(2026, 11, 22)
    place = LocalText("a", "b", "c")
    with pytest.raises(UserError, match="still to come"):
        signing_off.sign_off(folder, ["level.1"], by="A", on=today + timedelta(1), place=place, today=today)
    assert signing_off.sign_off(folder, ["level.1"], by="A", on=today, place=place, today=today) == 1


# --- what a methodologist stumbled over -------------------------------------------------------------------------------
def test_a_key_is_not_made_inside_an_edition_nor_in_a_folder_that_is_not_there(
    folder: Path, tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pack("key", folder / "methodologist.pem", "--passphrase-file", secret) == 2
    assert "a key doesn't belong there" in capsys.readouterr().err
    assert pack("key", tmp_path / "none" / "methodologist.pem", "--passphrase-file", tmp_path / "no secret") == 2
    said = capsys.readouterr().err
    assert "There is no folder" in said  # and not that there is no passphrase
    assert not list(tmp_path.rglob("*.pem*"))


def test_a_wrong_path_is_told_before_a_passphrase_is_asked_for(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)

    def asked(_: str) -> str:
        raise AssertionError("asked before the path was looked at")

    monkeypatch.setattr("getpass.getpass", asked)
    edition_keys.make_key(tmp_path / "key", PHRASE)
    none, who = tmp_path / "none", ("--data", tmp_path / "none", "--user", HEAD)
    for words, said in (
        (("sign", none, "--key", tmp_path / "key"), "There is no rule pack"),
        (("sign", folder, "--key", none), "There is no file"),
        (("sign", "1.0.0", "--key", tmp_path / "key"), "came with the program"),
        (("install", none, *who), "There is no rule pack"),
        (("install", folder, *who), "There is no desk yet"),
        (("admit-key", none, "--name", "A", *who), "no public key"),
    ):
        assert pack(*words) == 2
        assert said in capsys.readouterr().err


def test_a_released_edition_can_be_named_and_is_not_signed_off(capsys: pytest.CaptureFixture[str]) -> None:
    assert pack("sign-off", "1.0.0", "--record", "level.1", "--by", "A", *PLACE) == 2
    assert "stays as it is. Make a new edition of it, and name its folder." in capsys.readouterr().err


def test_an_edition_that_begins_on_the_day_of_the_one_before_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pack("new-edition", "1.0.0", tmp_path / "a b", "--version", "1.1.0", "--valid-from", "2023-07-01") == 0
    out = capsys.readouterr().out
    assert "begins on the same day as 1.0.0" in out
    assert f'saraptama pack diff 1.0.0 "{tmp_path / "a b"}"' in out


def test_the_list_shows_the_numbers_and_the_words_of_every_language(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(folder, "parameters.toml", "values = [{ value = 1 }]", "values = [{ value = 2 }]")
    assert pack("sign-off", folder, "--changed", language="kk") == 0
    out, err = capsys.readouterr()
    for words in ("№ 031/е нысанының", "срок действия формы № 031/у", "validity of form No. 031/у", "2 ай"):
        assert words in out
    assert "kz-mse 1.0.0" in err


def test_what_changed_is_compared_with_the_edition_that_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(folder, "parameters.toml", "values = [{ value = 1 }]", "values = [{ value = 2 }]")
    later = editions.new_edition(folder, tmp_path / "later", version="1.2.0", valid_from=date(2027, 7, 1))
    edit(later, "parameters.toml", "values = [{ value = 4 }]", "values = [{ value = 5 }]")
    assert pack("sign-off", later, "--changed") == 0
    assert "referral.validity" in capsys.readouterr().out
    assert pack("sign-off", later, "--changed", "--against", folder) == 0
    out, err = capsys.readouterr()
    assert "referral.validity" not in out
    assert "referral.wait" in out
    assert "kz-mse 1.1.0" in err
    assert pack("sign-off", later, "--against", folder) == 2
    assert "add --changed" in capsys.readouterr().err

"""The centre's command line: what it makes, prints and refuses, in three languages, on both databases."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.centre import configuration, lines, store
from app.centre.admission import devices as admitted
from app.centre.cli import _MODULES, main
from app.centre.ingest import Ingest, known_device
from app.centre.keys import Keys
from app.centre.keys import read as read_keys
from app.domain.errors import UserError
from app.i18n import translator
from app.sync import admission, bundle, told
from tests.link.laptop import Laptop
from tests.link.test_centre_bundles import carried

WORDS = "he listens to the river"


@pytest.fixture
def folder(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "secret").write_text(f"{WORDS}\n")
    told_ = {"DATA": str(tmp_path / "centre"), "DATABASE": address, "PASSPHRASE_FILE": str(tmp_path / "secret"),
             "URLS": "https://mse.example/centre", "NAME_RU": "Центр области"}  # fmt: skip
    for name, value in told_.items():
        monkeypatch.setenv(f"SARAPTAMA_CENTRE_{name}", value)
    return tmp_path


def run(*words: str, language: str = "en") -> int:
    return main([*words, "--lang", language])


def invited(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[told.Centre, str]:
    capsys.readouterr()
    assert run("invite", "--out", str(folder / "out"), "--days", "3") == 0
    path, picture, words, *_ = capsys.readouterr().out.splitlines()
    data = Path(path).read_bytes()
    import zxingcpp

    assert words in [code.text for code in zxingcpp.read_barcodes(Image.open(picture))]
    return told.read_invitation(data), words


def keys_of(folder: Path) -> Keys:
    return read_keys(folder / "centre" / "centre.keys", WORDS)


def test_from_nothing_to_a_bundle_back(folder: Path, capsys: pytest.CaptureFixture[str], address: str) -> None:
    assert run("devices") == 3  # nothing was made yet
    assert run("init") == 0
    assert run("init") == 2
    centre, _ = invited(folder, capsys)
    keys = keys_of(folder)
    assert (centre.id, centre.seal_key, centre.urls) == (keys.id, keys.seal_key, ("https://mse.example/centre",))
    assert centre.name.ru == "Центр области"
    laptop = Laptop()
    laptop.write(times=4)
    path = carried(folder / "1.mselink", keys, laptop, [(1, 4)], enrol=centre.code)
    for language in ("kk", "ru", "en"):
        run("import-bundle", str(folder / "none.mselink"), language=language)
    capsys.readouterr()
    assert run("import-bundle", str(path)) == 0
    assert "4 new records" in capsys.readouterr().out
    assert run("import-bundle", str(path), language="ru") == 0
    assert "уже" in capsys.readouterr().out
    assert run("export-bundle", laptop.device, "--out", str(folder)) == 0
    back = Path(capsys.readouterr().out.splitlines()[0])
    with bundle.Reader(back) as reader:
        assert [kind.kind for kind in reader.manifest.sections][:2] == [bundle.CERTIFICATE, bundle.RECEIPT]
    assert run("devices", "--json") == 0
    [line] = capsys.readouterr().out.splitlines()
    row = json.loads(line)
    assert (row["device"], row["number"], row["events"]) == (laptop.device, "2", 4)
    assert run("revoke", laptop.device, "lost") == 0
    assert run("revoke", laptop.device, "lost") == 2
    for language in ("kk", "ru", "en"):
        assert run("devices", language=language) == 0
        assert "lost" in capsys.readouterr().out


def test_each_file_of_a_stick_is_tried_whatever_became_of_those_before(
    folder: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    run("init")
    keys = keys_of(folder)
    first, second, third = Laptop(), Laptop(), Laptop()
    for laptop in (first, second, third):
        laptop.write(times=4)
    codes = [invited(folder, capsys)[0].code for _ in range(3)]
    old = carried(folder / "a-old.mselink", keys, first, [(1, 4)], enrol=codes[0])
    assert run("import-bundle", str(old)) == 0
    assert run("export-bundle", first.device, "--out", str(folder / "b-own.mselink")) == 0
    foreign = carried(folder / "c-foreign.mselink", keys, first, [(1, 4)], to="ab" * 16)
    last = carried(folder / "z-last.mselink", keys, second, [(1, 4)], enrol=codes[1])
    capsys.readouterr()
    assert run("import-bundle", *map(str, (old, folder / "b-own.mselink", foreign, last))) == 0
    out, err = capsys.readouterr()
    told_ = out.splitlines()
    assert [line[:5] for line in told_[:3]] == ["a-old", "b-own", "c-for"]
    assert any("z-last.mselink: 4 new records" in line for line in told_)
    assert told_[-1] == (
        "Files: 4. Taken in: 1, with 4 new records. Here already: 1. Not for this centre: 2. Refused: 0."
    )
    assert err == ""
    # One that is refused, one that isn't there, one that is no bundle: the rest is taken, and the code says it.
    stranger = carried(folder / "d-stranger.mselink", keys, Laptop(), [])
    (folder / "e-none.mselink").write_bytes(b"no bundle")
    third.write(times=2)
    late = carried(folder / "f-late.mselink", keys, third, [(5, 6)])
    early = carried(folder / "g-early.mselink", keys, third, [(1, 4)], enrol=codes[2])
    files = [stranger, folder / "e-none.mselink", folder / "missing.mselink", early, late]
    assert run("import-bundle", *map(str, files)) == 2
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 3
    assert out.splitlines()[-1].startswith("Files: 5. Taken in: 2, with 6 new records.")
    # What begins later is tried again after what lay between has come.
    third.write(times=4)
    later = carried(folder / "h-later.mselink", keys, third, [(9, 10)])
    between = carried(folder / "i-between.mselink", keys, third, [(7, 8)])
    assert run("import-bundle", str(later)) == 2
    assert "begins with record 9" in capsys.readouterr().err
    assert run("import-bundle", str(later), str(between)) == 0
    assert capsys.readouterr().err == ""
    # Nothing of it is for this centre: who typed it took the wrong stick.
    assert run("import-bundle", str(foreign)) == 2


def test_an_invitation_holds_as_long_as_one_of_the_console(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("init")
    assert run("invite", "--out", str(folder)) == 0
    assert f"within {configuration.INVITATION_DAYS} days" in capsys.readouterr().out
    assert run("invite", "--out", str(folder), "--days", str(configuration.MOST_INVITATION_DAYS + 1)) == 2


def test_a_person_adopts_what_was_kept_aside(folder: Path, capsys: pytest.CaptureFixture[str], address: str) -> None:
    run("init")
    keys, opened, laptop = keys_of(folder), store.Store(address), Laptop()
    device = laptop.enrol(opened, keys)
    ingest = Ingest(opened, keys)
    laptop.write(times=2)
    clone = laptop.copy()
    for one in (laptop, clone):
        one.write()
        ingest.take(device, one.sealed(keys, 1), store.NETWORK)
    capsys.readouterr()
    assert run("adopt", "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["incarnation"], row["line"], row["first_seq"]) == (laptop.incarnation, 1, 3)
    assert run("adopt", laptop.incarnation, "7") == 2
    assert run("adopt", laptop.incarnation, "1") == 0
    assert run("adopt", laptop.incarnation) == 2
    capsys.readouterr()
    assert run("adopt") == 0
    assert capsys.readouterr().out == "Nothing is kept aside.\n"
    with opened.begin() as connection:
        assert not any(line.aside for line in lines.lines(connection, laptop.incarnation))
        from sqlalchemy import text

        assert connection.execute(text("SELECT answer FROM alarms")).scalar_one() == "adopted"
    opened.close()


def test_an_invitation_admits_once_by_the_wire_too(
    folder: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    run("init")
    centre, _ = invited(folder, capsys)
    opened, keys = store.Store(address), keys_of(folder)
    from app.centre.admission import admit

    for expected in (True, False):
        laptop = Laptop()
        with opened.begin(write=True) as connection:
            admit(connection, keys, admission.read_enrolment(laptop.enrolment(centre.code)))
            assert (known_device(connection, laptop.device) is not None) == expected
    opened.close()
    assert run("invite", "--days", "9999") == 2


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_help_speaks_the_language(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ((), *((name,) for name in _MODULES)):
        with pytest.raises(SystemExit) as ended:
            main(["--lang", language, *command, "--help"])
        assert ended.value.code == 0
        assert capsys.readouterr().out
    assert main(["--lang", language]) == 2


@pytest.mark.parametrize(
    "given",
    [{"LISTEN": "x"}, {"LISTEN": "1.2.3.4:99999"}, {"WORKERS": "0"}, {"WORKERS": "many"}, {"RATE": "-1"},
     {"URLS": "ftp://x"}],
)  # fmt: skip
def test_a_wrong_setting_is_told(given: dict[str, str]) -> None:
    with pytest.raises(UserError):
        configuration.from_environment({f"SARAPTAMA_CENTRE_{name}": value for name, value in given.items()})


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("command", [(), ("init",), ("serve",)])
def test_help_tells_every_variable_of_the_environment_with_what_holds_without_it(
    language: str, command: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    read: set[str] = set()

    class Environment(dict[str, str]):
        def get(self, name: str, *_: object) -> Any:
            read.add(name)

    configuration.from_environment(Environment())
    with pytest.raises(SystemExit):
        main(["--lang", language, *command, "--help"])
    lines = capsys.readouterr().out.splitlines()
    t = translator(language)
    for variable in configuration.VARIABLES:
        [at] = [at for at, line in enumerate(lines) if configuration.PREFIX + variable.name in line.split()[:1]]
        shown = " ".join(lines[at : at + 2])
        assert t(variable.meaning) in shown
        assert (variable.otherwise or t(variable.told).partition("{")[0]) in shown
    assert {configuration.PREFIX + variable.name for variable in configuration.VARIABLES} == read


def test_a_laptop_is_named_by_a_beginning_of_its_id_or_by_its_name_where_only_one_has_it(
    folder: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    run("init")
    keys, opened = keys_of(folder), store.Store(address)
    seeds: dict[str, Laptop] = {}
    while len(seeds) < 2 or len({device[:1] for device in seeds}) < 2:  # one digit apart, so four tell them apart
        laptop = Laptop()
        seeds = dict([*seeds.items(), (laptop.device, laptop)][-2:])
    one, other = seeds.values()
    one.enrol(opened, keys)
    (folder / "back").mkdir()

    def back(word: str, language: str = "en") -> tuple[int, str]:
        for path in (folder / "back").glob("*"):
            path.unlink()
        capsys.readouterr()
        code = run("export-bundle", word, "--out", str(folder / "back"), language=language)
        out, err = capsys.readouterr()
        return code, out or err

    for word in (one.device[:4], one.device[:9].upper(), " отдел  № 2", "Department No 2", "№ 2 БӨЛІМ"):
        code, said = back(word)
        assert code == 0
        assert f"mse-centre-{one.device[:8]}" in said
    other.enrol(opened, keys)
    assert back(other.device[:5])[0] == 0
    for language, name in (("kk", "№ 2 бөлім"), ("ru", "Отдел № 2"), ("en", "Department No 2")):
        code, said = back("Отдел № 2", language)  # two have it
        assert code == 2
        assert all(f"{laptop.device} (" in said for laptop in (one, other))
        assert name in said
    for word in (one.device[:1], "2", "department"):  # too little is taken for nobody, but told
        code, said = back(word)
        assert code == 2
        assert one.device in said
    code, said = back("ffff-nobody")
    assert code == 2
    assert "“saraptama-centre devices” lists them" in said
    assert run("revoke", "Отдел", "lost") == 2
    assert run("revoke", one.device[:6], "lost") == 0
    assert one.device in capsys.readouterr().out
    assert "revoked)" in back("Отдел № 2")[1]
    letterhead = ("publish", "letterhead", other.device[:6], "2", "150000000", "--kk", "а", "--ru", "б", "--en", "c")
    assert main([*letterhead]) == 0
    with opened.begin() as connection:
        revoked = [row["device"] for row in admitted(connection) if row["revoked_at"]]
    assert revoked == [one.device]
    opened.close()

"""What a person at the centre types, over a centre with a real desk's log."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.centre import cli, keys, reporting, working
from app.centre.store import Store
from app.crypto.slots import Cost
from app.i18n import translator
from app.services.desk import Desk
from tests import factories
from tests.link.meaning_kit import Centre, Desklike
from tests.link.test_interpreting import worked

Run = Callable[..., tuple[int, str, str]]
SECRET = "орталықтың құпия сөзі"


@pytest.fixture
def centre(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n", "utf-8")
    monkeypatch.setattr(keys, "STANDARD", Cost(64, 1, 1))
    made = Centre(address, keys.make(tmp_path / "centre.keys", SECRET, Cost(64, 1, 1)))
    for name, value in {
        "DATA": tmp_path, "DATABASE": address, "KEYS": tmp_path / "centre.keys", "PASSPHRASE_FILE": secret,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"SARAPTAMA_CENTRE_{name}", str(value))
    yield made
    made.close()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def typed(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.main([*map(str, words), "--lang", "en"] if words[0] != "publish" else [*map(str, words)])
        out, err = capsys.readouterr()
        return code, out, err

    return typed


def test_from_records_to_a_report_by_the_command_line(
    centre: Centre, full_desk: Desk, run: Run, tmp_path: Path
) -> None:
    worked(full_desk)
    laptop = Desklike(full_desk)
    centre.take(laptop)
    assert run("work", "--once")[0:2] == (0, f"Records interpreted: {len(laptop.records)}\n")
    code, out, _ = run("check", "--json")
    assert (code, json.loads(out)["wrong"]) == (0, [])
    code, out, _ = run("check")
    assert "Conclusions: 2" in out
    assert "1 superseded conclusion is not counted in reports." in out
    assert run("rebuild")[1] == f"Records interpreted: {len(laptop.records)}\n"
    code, out, _ = run("report", "--by", "clinic")
    assert out.splitlines()[0] == "Алға аудандық ауруханасы: 1"  # the superseded one doesn't count
    assert out.splitlines()[-1] == "1 superseded conclusion is not counted in reports."
    assert run("report")[1].splitlines()[0] == "Aktobe Region (150000000): 1"
    table = tmp_path / "report.csv"
    assert run("report", "--by", "commission", "--csv", table)[0] == 0
    lines = table.read_text("utf-8-sig").splitlines()
    assert lines[1].startswith(f"Aktobe Region (150000000) · № 2 · {factories.NAMES[factories.HEAD]};1;")
    assert run("report", "--first", "2026-11-19")[1] == "No conclusions yet.\n"
    assert run("report", "--first", "soon")[0] == 2
    assert run("requeue")[0] == 0  # nothing is set aside
    assert run("requeue", "--reason", "x")[0] == 2
    assert run("requeue", "--record", f"{'ab' * 16}/1")[0] == 0  # that one isn't either
    assert run("requeue", "--record", "ab/1")[0] == 2
    device = laptop.identity.device
    words = ("--kk", "Б", "--ru", "О", "--en", "D")
    assert run("publish", "letterhead", device, "3", "150000000", *words)[0] == 0
    assert run("publish", "letterhead", "ab" * 16, "3", "150000000", *words)[0] == 2
    assert run("publish", "pack", tmp_path)[0] == 2
    user = centre.rows("SELECT id FROM laptop_users LIMIT 1")[0][0]
    assert run("revoke-user", user, "2026-12-01", "left")[0] == 0
    assert run("revoke-user", user, "x", "left")[0] == 2
    with centre.store.begin(write=True) as connection:
        connection.exec_driver_sql("DELETE FROM conclusions")
    code, out, _ = run("check")
    assert code == 1
    assert "✗ projection" in out


def test_a_report_speaks_each_language_and_no_cell_is_a_formula() -> None:
    row = reporting.Row(
        "=cmd|' /C calc'!A0", 3, 1, {"group_2": 2, "child": 1}, {("years", 2): 2, ("until_18", None): 1}
    )
    for language in ("kk", "ru", "en"):
        t = translator(language)
        data = reporting.as_csv([row], reporting.By.CLINIC, t).decode("utf-8-sig").splitlines()
        assert data[1].startswith("'=cmd")
        assert len(data[0].split(";")) == len(data[1].split(";"))
        assert "2" in "".join(reporting.as_text([row], reporting.By.CLINIC, t))


def test_a_process_works_beside_the_door(centre: Centre, full_desk: Desk) -> None:
    import threading

    factories.signed_case(full_desk)
    centre.take(Desklike(full_desk))
    pause = threading.Event()
    with working.beside(centre.store.address):
        for _ in range(1200):
            if centre.rows("SELECT count(*) FROM conclusions WHERE compared = 1") == [(1,)]:
                break
            pause.wait(0.05)
    assert centre.rows("SELECT count(*) FROM conclusions WHERE compared = 1") == [(1,)]
    assert isinstance(centre.store, Store)

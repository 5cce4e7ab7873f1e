"""A centre to try out has something to look at: it begins with laptops, conclusions and whatever a centre is for."""

import json
import time
from pathlib import Path

import pytest

from app.centre import comparing, samples
from app.centre.cli import main
from app.centre.console import application
from app.centre.interpreting import Interpreter
from app.domain.errors import UserError
from tests.link.meaning_kit import centre_at


def test_the_sample_laptops_are_taken_over_and_show_what_a_centre_finds(tmp_path: Path) -> None:
    with centre_at(str(tmp_path / "centre.db")) as centre:
        for _ in range(2):  # begun anew, nothing is there twice
            samples.take_in(centre.store, centre.keys)
            Interpreter(centre.store).run_dry()
            while comparing.compare(centre.store):
                pass
        assert centre.rows("SELECT count(*) FROM devices") == centre.rows("SELECT count(*) FROM invitations") == [(2,)]
        assert centre.rows("SELECT sum(applied), sum(waiting), sum(quarantined) FROM progress") == [(44, 1, 3)]
        assert centre.rows("SELECT reason, count(*) FROM unapplied GROUP BY reason ORDER BY reason") == [
            ("", 1), ("depends", 2), ("digest", 1)]  # fmt: skip
        assert centre.rows("SELECT count(*), sum(overridden) FROM conclusions") == [(12, 1)]
        found = [(kind, json.loads(told)["numbers"]) for kind, told in centre.rows("SELECT kind, told FROM alarms")]
        assert found == [("person_twice", ["2/2026/000003", "5/2026/000003"])]


def test_its_users_sign_in_with_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "trial"
    assert main(["trial", "--out", str(folder), "--code"]) == 3
    assert "saraptama-centre init" in capsys.readouterr().err
    with centre_at(str(tmp_path / "centre.db")) as centre:
        for _ in range(2):  # begun anew, nobody is there twice
            samples.add_users(centre.store, centre.keys, "9c0b 4801 40f9 8f7c")
        accounts = application.console(centre.store, centre.keys).accounts
        for login, code in samples.codes(centre.store, centre.keys).items():
            assert len(code) == 6
            assert accounts.sign_in(login, "9c0b 4801 40f9 8f7c", code, "127.0.0.1", time.time())


@pytest.mark.parametrize("login", ["the centre", "The  Centre", "command-line"])
def test_nobody_is_called_as_who_is_no_user_in_the_trail(tmp_path: Path, login: str) -> None:
    with centre_at(str(tmp_path / "centre.db")) as centre:
        accounts = application.console(centre.store, centre.keys).accounts
        with pytest.raises(UserError, match="There is a user with this login already"):
            accounts.add_ready("x", time.time(), login, "", samples.ROLES[0], "9c0b 4801 40f9 8f7c")
        assert centre.rows("SELECT count(*) FROM console_users") == [(0,)]

"""The console at the centre's door, and its users from the command line."""

import argparse
from pathlib import Path

import pyotp
import pytest

from app.centre import audit, cli
from app.centre.commands import user
from app.centre.configuration import from_environment
from app.centre.console import application, command
from app.centre.http import Door
from app.domain.errors import NothingToDo, UserError
from app.i18n import translator
from app.usage import Parser
from tests.link import consoles
from tests.link.consoles import CHEAP, PASSPHRASE, Stand


def call(stand: Stand, *words: str) -> int:
    t = translator("en")
    parser = Parser(t=t, prog="saraptama-centre", description="x")
    user.options(parser.add_subparsers(dest="command"), t)
    args: argparse.Namespace = parser.parse_args(list(words))
    return command.run(args, t, stand.store, stand.console.keys, cost=CHEAP)


def test_the_first_administrator_is_made_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = consoles.stand(tmp_path)
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    words = ("user", "add", "bolat", "--role", "administrator", "--user-passphrase-file", str(secret))
    assert call(stand, *words) == 0
    printed = capsys.readouterr().out
    assert PASSPHRASE not in printed
    stand.secrets["bolat"] = pyotp.parse_uri(printed.strip().splitlines()[-1]).secret
    assert stand.signed_in("bolat").get("/users").status_code == 200
    with pytest.raises(UserError):
        call(stand, *words)
    weak = tmp_path / "weak"
    weak.write_text("password12\n", encoding="utf-8")
    with pytest.raises(UserError):
        call(stand, "user", "add", "dana", "--role", "viewer", "--user-passphrase-file", str(weak))
    with pytest.raises(UserError):
        call(stand, "user", "close", "bolat")
    with pytest.raises(NothingToDo):
        call(stand, "user", "role", "bolat", "--role", "administrator")
    assert call(stand, "user", "reset", "bolat") == 0
    assert stand.browser().sign_in("bolat").status_code == 422, "what was is no more"
    assert call(stand, "user", "list") == 0
    assert "bolat\tadministrator\tnew" in capsys.readouterr().out
    with stand.store.begin() as connection:
        actors = {one.actor for one in audit.rows(connection)[0]}
    assert actors == {audit.COMMAND_LINE, "bolat"}
    stand.store.close()


def test_a_centre_of_its_own_has_its_first_administrator_and_its_trail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secret").write_text("orchard kettle velvet 99\n", encoding="utf-8")
    (tmp_path / "user").write_text(PASSPHRASE + "\n", encoding="utf-8")
    monkeypatch.setenv("SARAPTAMA_CENTRE_DATA", str(tmp_path / "centre"))
    monkeypatch.setenv("SARAPTAMA_CENTRE_PASSPHRASE_FILE", str(tmp_path / "secret"))
    assert cli.main(["init"]) == 0
    words = ["user", "add", "bolat", "--role", "administrator", "--user-passphrase-file", str(tmp_path / "user")]
    assert cli.main([*words, "--lang", "ru"]) == 0
    assert "otpauth://totp/" in capsys.readouterr().out
    assert cli.main(["invite", "--out", str(tmp_path / "invitation")]) == 0
    assert cli.main(["revoke", "0" * 32, "lost"]) == 2
    assert cli.main(["audit", "--lang", "en"]) == 0
    assert "3 rows" in capsys.readouterr().out


def test_the_console_is_served_at_its_place_where_it_is_wanted(tmp_path: Path) -> None:
    stand = consoles.stand(tmp_path)
    door = Door(stand.store, stand.console.keys, console=application.application(
        application.console(stand.store, stand.console.keys, cost=CHEAP)
    ))  # fmt: skip
    with consoles.TestClient(door.application(), base_url="http://127.0.0.1", client=("127.0.0.1", 5000)) as client:
        answer = client.get("/console")
        assert answer.status_code == 200
        assert answer.url.path == "/console/sign-in"
        assert 'href="/console/console.css"' in answer.text
        assert client.get("/healthz").status_code == 200
    with consoles.TestClient(Door(stand.store, stand.console.keys).application(), client=("127.0.0.1", 5)) as client:
        assert client.get("/console/sign-in").status_code == 404
    stand.store.close()


@pytest.mark.parametrize(
    ("listen", "said", "served"),
    [("127.0.0.1:1", "", True), ("0.0.0.0:1", "", False), ("0.0.0.0:1", "1", True), ("127.0.0.1:1", "0", False)],
)
def test_the_console_is_on_by_itself_on_the_centres_own_machine_alone(listen: str, said: str, served: bool) -> None:
    given = {"SARAPTAMA_CENTRE_LISTEN": listen, "SARAPTAMA_CENTRE_CONSOLE": said}
    assert from_environment(given).console is served

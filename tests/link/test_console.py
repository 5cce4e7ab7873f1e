"""The console: who comes in, who sees what, what every act leaves behind."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.centre import audit, bundles
from app.centre.configuration import INVITATION_DAYS
from app.centre.console import accounts, application, failures, sessions, web
from app.centre.console.access import May, Role, allowed
from app.domain.errors import CheckFailed, UserError
from app.services.desk import Desk
from tests import factories
from tests.link import console_day, consoles
from tests.link.consoles import PASSPHRASE, Stand, Visitor
from tests.link.laptop import Laptop
from tests.link.meaning_kit import Desklike
from tests.link.test_centre_bundles import carried

LOGINS = {Role.VIEWER: "viewer", Role.METHODOLOGIST: "aigul", Role.ADMINISTRATOR: "bolat"}


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    made = consoles.stand(tmp_path)
    for role, login in LOGINS.items():
        made.add(login, role)
    yield made
    made.store.close()


def acts(stand: Stand) -> list[tuple[str, str]]:
    with stand.store.begin() as connection:
        return [(one.actor, one.action) for one in audit.rows(connection, limit=1000)[0]][::-1]


# ------------------------------------------------------------------------------------------------------- coming in


def test_login_passphrase_and_code_together_open(stand: Stand) -> None:
    visitor = stand.browser()
    answer = visitor.sign_in("aigul")
    assert answer.status_code == 200
    assert str(answer.url).endswith("/")
    cookie = visitor.client.cookies.get("saraptama-console")
    assert cookie is not None
    with stand.store.begin() as connection:
        stored = connection.execute(text("SELECT token_hash FROM console_sessions")).scalar_one()
    assert stored != cookie
    assert ("aigul", "session.begun") in acts(stand)


@pytest.mark.parametrize("wrong", ["login", "passphrase", "code", "old code"])
def test_every_wrong_part_gets_the_same_answer(stand: Stand, wrong: str) -> None:
    visitor = stand.browser()
    good = stand.code("aigul")
    if wrong == "old code":
        stand.clock.forward(120)
    answer = visitor.post(
        "/sign-in",
        {
            "login": "nobody" if wrong == "login" else "aigul",
            "passphrase": "another saddle thunder" if wrong == "passphrase" else PASSPHRASE,
            "code": "000000" if wrong == "code" else good,
        },
    )
    assert answer.status_code == 422
    assert "saraptama-console" in visitor.client.cookies
    assert _words(answer, accounts.WRONG)
    assert visitor.get("/", follow_redirects=False).status_code == 303


def _words(answer: Any, msgid: str) -> bool:
    from app.i18n import translator

    return translator("kk")(msgid).replace("“", "“") in answer.text


def test_an_unknown_login_costs_what_a_wrong_passphrase_costs(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    from cryptography.hazmat.primitives.kdf import argon2

    from app.centre.console import proofs

    counted: list[str] = []
    true_hashed = proofs.hashed
    monkeypatch.setattr(proofs, "hashed", lambda *words: counted.append("computed") or true_hashed(*words))
    visitor = stand.browser()
    visitor.post("/sign-in", {"login": "nobody", "passphrase": PASSPHRASE, "code": "000000"})
    assert counted == ["computed"]
    assert hasattr(argon2.Argon2id, "verify_phc_encoded")


def test_a_code_counts_once(stand: Stand) -> None:
    code = stand.code("aigul")
    assert stand.browser().sign_in("aigul", code=code).status_code == 200
    assert stand.browser().sign_in("aigul", code=code).status_code == 422


def test_failures_are_paused_longer_and_longer_for_known_and_unknown_alike(stand: Stand) -> None:
    for login in ("aigul", "nobody"):
        visitor = stand.browser()
        pauses = []
        for _ in range(failures.FREE + 4):
            visitor.post("/sign-in", {"login": login, "passphrase": "x" * 12, "code": "111111"})
            with stand.store.begin() as connection:
                pause = failures.pause(connection, [failures.key("login", login)], stand.clock())
            pauses.append(pause)
            stand.clock.forward(pause)
        assert pauses[: failures.FREE] == [0] * failures.FREE
        later = pauses[failures.FREE :]
        assert later == sorted(later)
        assert later[-1] >= 4 * later[0] > 0
    # Within a pause even the right words don't open.
    visitor = stand.browser()
    visitor.post("/sign-in", {"login": "aigul", "passphrase": "x" * 12, "code": "111111"})
    with pytest.raises(UserError):
        stand.console.accounts.sign_in("aigul", PASSPHRASE, "123456", "127.0.0.1", stand.clock())
    stand.clock.forward(failures.LONGEST_PAUSE + 1)
    assert visitor.sign_in("aigul").status_code == 200
    # Success forgives.
    with stand.store.begin() as connection:
        assert failures.pause(connection, [failures.key("login", "aigul")], stand.clock()) == 0


def test_a_session_ends_idle_and_after_its_day_and_by_signing_out(stand: Stand) -> None:
    visitor = stand.signed_in("aigul")
    stand.clock.forward(sessions.IDLE - 60)
    assert visitor.get("/", follow_redirects=False).status_code == 200
    stand.clock.forward(sessions.IDLE - 60)
    assert visitor.get("/", follow_redirects=False).status_code == 200
    stand.clock.forward(sessions.IDLE + 1)
    assert visitor.get("/", follow_redirects=False).headers["location"].startswith("/sign-in")

    visitor = stand.signed_in("aigul")
    for _ in range(sessions.ABSOLUTE // 600):
        stand.clock.forward(600)
        visitor.get("/")
    stand.clock.forward(60)
    assert visitor.get("/", follow_redirects=False).status_code == 303

    visitor = stand.signed_in("aigul")
    stolen = visitor.client.cookies.get("saraptama-console")
    assert visitor.post("/sign-out").status_code == 200
    thief = stand.browser()
    thief.client.cookies.set("saraptama-console", stolen or "")
    assert thief.get("/", follow_redirects=False).status_code == 303
    assert ("aigul", "session.ended") in acts(stand)


def test_over_https_the_cookie_is_bound_to_the_host_and_plain_http_from_elsewhere_is_refused(stand: Stand) -> None:
    visitor = stand.browser()
    visitor.client.base_url = "https://centre.example"
    answer = visitor.get("/sign-in")
    told = answer.headers["set-cookie"]
    assert told.startswith("__Host-saraptama=")
    assert all(word in told for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"))
    assert "strict-transport-security" in answer.headers

    client = consoles.TestClient(application.application(stand.console), client=("192.0.2.7", 5000))
    client.base_url = "http://centre.example"
    assert client.get("/sign-in").status_code == 421


def test_a_new_user_sets_up_their_account_with_a_code_that_admits_once(stand: Stand) -> None:
    admin = stand.signed_in("bolat")
    answer = admin.post("/users", {"login": "dana", "name": "Дана", "role": "viewer"})
    code = re.search(r'<p class="code">([0-9A-Z ]+)</p>', answer.text)
    assert code is not None
    assert stand.signed_in("bolat").get(answer.url.path).text.count(code[1]) == 0, "another session sees no code"

    fresh = stand.browser()
    assert fresh.post("/enter", {"login": "dana", "entry": "AAAA BBBB CCCC"}).status_code == 422
    answer = fresh.post("/enter", {"login": "dana", "entry": code[1].lower()})
    assert answer.url.path == "/set-up"
    assert fresh.get("/laptops", follow_redirects=False).headers["location"] == "/set-up", "nothing else is open"
    secret = re.search(r'<p class="code">([A-Z2-7 ]+)</p>', answer.text)
    assert secret is not None
    assert fresh.get("/set-up/code.svg").headers["content-type"] == "image/svg+xml"
    totp = pyotp.TOTP(secret[1].replace(" ", ""))
    form = {"passphrase": "password", "again": "password", "code": totp.at(int(stand.clock()))}
    assert fresh.post("/set-up", form).status_code == 422, "a weak passphrase is not taken"
    form |= {"passphrase": PASSPHRASE, "again": PASSPHRASE}
    assert fresh.post("/set-up", {**form, "again": PASSPHRASE + "x"}).status_code == 422
    assert fresh.post("/set-up", {**form, "code": "000000"}).status_code == 422
    assert fresh.post("/set-up", form).status_code == 200
    assert fresh.get("/", follow_redirects=False).status_code == 200
    assert stand.browser().post("/enter", {"login": "dana", "entry": code[1]}).status_code == 422
    assert ("dana", "user.set_up") in acts(stand)


def test_the_last_administrator_stays(stand: Stand) -> None:
    admin = stand.signed_in("bolat")
    with stand.store.begin() as connection:
        me = stand.console.accounts.by_login(connection, "bolat").id
    assert admin.post(f"/users/{me}/close").status_code == 422
    assert admin.post(f"/users/{me}/role", {"role": "viewer"}).status_code == 422
    with stand.store.begin() as connection:
        assert stand.console.accounts.by_login(connection, "bolat").role is Role.ADMINISTRATOR


def test_a_closed_account_is_out_at_once(stand: Stand) -> None:
    admin, viewer = stand.signed_in("bolat"), stand.signed_in("viewer")
    with stand.store.begin() as connection:
        user = stand.console.accounts.by_login(connection, "viewer").id
    assert admin.post(f"/users/{user}/close").status_code == 200
    assert viewer.get("/", follow_redirects=False).status_code == 303
    assert viewer.sign_in("viewer").status_code == 422
    assert admin.post(f"/users/{user}/open").status_code == 200
    stand.clock.forward(failures.LONGEST_PAUSE)
    assert viewer.sign_in("viewer").status_code == 200
    assert admin.post(f"/users/{user}/role", {"role": "methodologist"}).status_code == 200
    assert viewer.get("/", follow_redirects=False).status_code == 303, "no page with old rights stays open"


# ------------------------------------------------------------------------------------------------------ who may what


def test_every_route_is_for_whom_its_right_says(stand: Stand) -> None:
    visitors = {role: stand.signed_in(login) for role, login in LOGINS.items()}
    nobody = stand.browser()
    parts = {"device": "0" * 32, "incarnation": "0" * 32, "line": "0", "seq": "1", "alarm": "1", "slip": "0" * 32}
    parts |= {"user": "0" * 32}
    seen = 0
    for page in application.PAGES:
        if page.path == "/sign-out":
            continue
        path = page.path.format(**parts)
        answer = nobody.client.request(page.method, path, follow_redirects=False)
        closed = page.may is not None or page.kind == "entry"
        assert (answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")) is closed, page.path
        for role, visitor in visitors.items():
            if page.may is None:
                continue
            if page.method == "GET":
                answer = visitor.get(path, follow_redirects=False)
            else:
                answer = visitor.client.post(path, data={"form_token": "0" * 64}, follow_redirects=False)
            refused = answer.status_code == 403
            assert refused is not allowed(role, page.may), (page.path, role)
            assert answer.status_code != 500
            if page.method == "POST" and not refused:
                assert answer.status_code == 400, (page.path, "a form without its token is not taken")
            seen += 1
    assert seen > 100
    assert acts(stand).count(("aigul", "laptop.revoked")) == 0


def test_rights_are_divided(stand: Stand) -> None:
    assert not allowed(Role.ADMINISTRATOR, May.PERSONS)
    assert not allowed(Role.METHODOLOGIST, May.LAPTOPS)
    assert [may for may in May if allowed(Role.VIEWER, may)] == [May.LOOK]


def test_every_answer_forbids_what_the_pages_do_not_need(stand: Stand) -> None:
    visitor = stand.signed_in("bolat")
    for path in ("/", "/sign-in", "/laptops", "/nothing", "/console.css", "/icon.svg", "/users.csv", "/audit"):
        answer = visitor.get(path, follow_redirects=False)
        assert answer.headers["content-security-policy"] == web.POLICY, path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in answer.text
        assert " style=" not in answer.text
        assert not re.search(r"\son[a-z]+=", answer.text)
        if not path.endswith((".css", ".svg")):
            assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("how", ["none", "of another browser", "from another site"])
def test_a_form_that_our_page_did_not_make_is_not_taken(stand: Stand, how: str) -> None:
    admin = stand.signed_in("bolat")
    token = {"none": "", "of another browser": stand.browser().token(), "from another site": admin.token()}[how]
    headers = {"sec-fetch-site": "cross-site"} if how == "from another site" else {}
    form = {"login": "evil", "role": "administrator", "form_token": token}
    assert admin.client.post("/users", data=form, headers=headers).status_code == 400
    with stand.store.begin() as connection, pytest.raises(UserError):
        stand.console.accounts.by_login(connection, "evil")


def test_too_large_a_form_is_not_read(stand: Stand) -> None:
    admin = stand.signed_in("bolat")
    token = admin.token()
    form = {"login": "x" * 100_000, "form_token": token}
    assert admin.client.post("/users", data=form).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b"login=" + b"x" * 1000 + b"&"

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert admin.client.post("/users", content=endless(), headers=kind).status_code == 413


def test_the_language_is_kept_and_leads_nowhere_else(stand: Stand) -> None:
    visitor = stand.browser()
    assert '<html lang="kk">' in visitor.get("/sign-in").text
    answer = visitor.post("/language", {"language": "ru", "back": "/enter"})
    assert answer.url.path == "/enter"
    assert '<html lang="ru">' in answer.text
    for away in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = visitor.post("/language", {"language": "en", "back": away}, follow_redirects=False)
        assert answer.headers["location"] == "/"


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    address = None if request.param == "sqlite" else request.getfixturevalue("cluster").new_database()
    made = consoles.stand(tmp_path, address)
    made.add("aigul", Role.METHODOLOGIST)
    yield made
    made.store.close()


def test_no_address_however_odd_makes_the_program_stumble(either: Stand) -> None:
    visitor = either.signed_in("aigul")
    huge, odd = "9" * 40, "%00%FF%F0%9F%98%80'\"<%2F"
    paths = [
        f"/conclusions/x/{huge}/{huge}",
        "/conclusions/x/-1/1/record",
        f"/quarantine/{odd}/0/1",
        "/quarantine/x/%D9%A1/1",
    ]
    paths += [f"/alarms/{huge}", "/alarms/%D9%A1", f"/laptops/{odd}"]
    for path in paths:
        assert visitor.get(path).status_code == 404, path
    for room in ("conclusions", "quarantine", "alarms", "laptops", "audit", "publishing"):
        for word in (huge, odd, "-1", "", "DROP"):
            asked = "&".join(f"{name}={word}" for name in (
                "page", "sort", "down", "first", "last", "region", "outcome", "decision", "state", "reason", "which",
                "kind", "actor", "action", "said",
            ))  # fmt: skip
            assert visitor.get(f"/{room}?{asked}").status_code == 200, (room, word)
    answer = visitor.post("/sign-in", {"login": "\0" * 300, "passphrase": "\0", "code": "\u0661" * 6})
    assert answer.status_code in (200, 422)


# --------------------------------------------------------------------------------------------------- the audit trail


def test_the_trail_is_chained_and_append_only(stand: Stand) -> None:
    stand.signed_in("aigul")
    with stand.store.begin() as connection:
        length, _ = audit.check(connection)
    assert length == len(acts(stand)) > 3
    for statement in ("UPDATE centre_audit SET actor = 'x'", "DELETE FROM centre_audit"):
        with pytest.raises(DBAPIError), stand.store.begin(write=True) as connection:
            connection.execute(text(statement))
    # Whoever takes the trigger away is found out.
    with stand.store.begin(write=True) as connection:
        connection.execute(text("DROP TRIGGER centre_audit_no_delete"))
        connection.execute(text("DELETE FROM centre_audit WHERE seq = 2"))
    with stand.store.begin() as connection, pytest.raises(CheckFailed):
        audit.check(connection)
    admin = stand.signed_in("bolat")
    assert admin.post("/audit/check").status_code == 422


def test_a_changed_row_is_found(stand: Stand) -> None:
    with stand.store.begin(write=True) as connection:
        connection.execute(text("DROP TRIGGER centre_audit_no_update"))
        connection.execute(text("UPDATE centre_audit SET actor = 'nobody' WHERE seq = 2"))
    with stand.store.begin() as connection, pytest.raises(CheckFailed):
        audit.check(connection)


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_accounts_and_trail_stand_on_postgresql_too(tmp_path: Path, address: str) -> None:
    made = consoles.stand(tmp_path, address)
    made.add("aigul", Role.METHODOLOGIST)
    visitor = made.signed_in("aigul")
    for path in ("/laptops", "/conclusions", "/quarantine", "/alarms", "/publishing", "/audit"):
        assert visitor.get(path).status_code == 200, path
    assert visitor.sign_in("aigul", "wrong words here").status_code == 200  # signed in already
    with pytest.raises(DBAPIError), made.store.begin(write=True) as connection:
        connection.execute(text("DELETE FROM centre_audit"))
    with made.store.begin() as connection:
        assert audit.check(connection)[0] == 3
    made.store.close()


# -------------------------------------------------------------------------------------------------------- the rooms


def test_a_day_at_the_centre(tmp_path: Path, full_desk: Desk) -> None:
    stand, centre, forked = console_day.lived(tmp_path, full_desk)
    for role, login in LOGINS.items():
        stand.add(login, role)
    viewer, methodologist, admin = (stand.signed_in(LOGINS[role]) for role in Role)
    _sees_no_names(viewer)
    _sees_no_names(admin)
    for visitor, told in ((methodologist, "Names stand on the record"), (admin, "your role shows no names")):
        visitor.post("/language", {"language": "en", "back": "/"})
        assert told in visitor.get("/conclusions").text
    _conclusions(stand, methodologist)
    _quarantine(stand, methodologist)
    _laptops(stand, admin, forked.device)
    _alarms(stand, methodologist)
    for name in ("laptops", "conclusions", "quarantine", "alarms", "audit"):
        answer = methodologist.get(f"/{name}.csv")
        assert answer.text.startswith("\ufeff")
        assert "Ғалымжан" not in answer.text
    with stand.store.begin() as connection:
        audit.check(connection)
    centre.close()
    stand.store.close()


def test_what_came_by_stick_came_but_has_no_receipt_until_one_was_given(tmp_path: Path) -> None:
    stand = consoles.stand(tmp_path)
    stand.add("bolat", Role.ADMINISTRATOR)
    laptop = Laptop()
    device = laptop.enrol(stand.store, stand.console.keys)
    laptop.write(times=2)
    path = carried(tmp_path / "1.mselink", stand.console.keys, laptop, [(1, 2)])
    bundles.take_in(stand.store, stand.console.keys, path)
    admin = stand.signed_in("bolat")
    admin.post("/language", {"language": "en", "back": "/"})
    for page in ("/", "/laptops"):
        assert "Records last came" in admin.get(page).text
        assert "Last receipt" not in admin.get(page).text
    page, given = f"/laptops/{device.device}", re.compile(r"<dt>Last receipt</dt><dd>(.*?)</dd>", re.DOTALL)
    assert "never" in given.findall(admin.get(page).text)[0]
    bundles.write(stand.store, stand.console.keys, device.device, tmp_path / "back.mselink")
    assert "<time" in given.findall(admin.get(page).text)[0]
    stand.store.close()


def test_a_decision_differs_where_the_laptop_says_so_and_its_period_is_shown(tmp_path: Path, full_desk: Desk) -> None:
    stand, centre, _ = console_day.lived(tmp_path, full_desk)
    stand.add("bolat", Role.ADMINISTRATOR)
    view = full_desk.examinations.import_case(factories.case_document())
    full_desk.conclusions.decide(view.id, {**factories.DECISION, "period": {"kind": "years", "value": 1}})
    signed = full_desk.conclusions.sign(view.id, factories.signatures())
    assert set(centre.take(Desklike(full_desk))) == {"stored"}
    centre.interpreter.run_dry()
    admin = stand.signed_in("bolat")
    admin.post("/language", {"language": "en", "back": "/"})
    rows = {number: row for row in admin.get("/conclusions").text.split("<tr")
            for number in re.findall(r">(2/2026/\d+)<", row)}  # fmt: skip
    shorter = next(row for number, row in rows.items() if number == signed.number)
    assert ["1 year<" in shorter, "2 years<" in shorter] == [True, True]
    assert "badge warning" not in shorter, "the criteria allow one year too"
    assert sum("against the criteria" in row for row in rows.values()) == 1
    page = admin.get(re.search(r'href="(/conclusions/[^"]+)"', shorter)[1]).text  # type: ignore[index]
    assert "the criteria allow it too" in page
    assert "differs" not in page.partition("<h2>Criteria")[0]
    centre.close()
    stand.store.close()


NAMES = ("Ғалымжан", "710614301212", "Сейітова", "Бірнеше ауыр")


def _links(visitor: Visitor, path: str, kind: str) -> list[str]:
    return re.findall(rf'href="({kind}[^"?]*)"', visitor.get(path).text)


def _sees_no_names(visitor: Visitor) -> None:
    paths = ["/", "/laptops", "/conclusions", "/quarantine", "/alarms", "/publishing"]
    paths += _links(visitor, "/laptops", "/laptops/[0-9a-f]{32}")
    paths += _links(visitor, "/conclusions", "/conclusions/[0-9a-f]{32}")
    paths += _links(visitor, "/quarantine", "/quarantine/[0-9a-f]{32}") + _links(visitor, "/alarms", "/alarms/[0-9]")
    assert len(paths) > 12
    for path in paths:
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        assert not [name for name in NAMES if name in answer.text], path
        if "/conclusions/" in path or "/quarantine/" in path:
            assert visitor.get(path + "/record").status_code == 403


def _conclusions(stand: Stand, visitor: Visitor) -> None:
    every = _links(visitor, "/conclusions", "/conclusions/[0-9a-f]{32}")
    against = _links(visitor, "/conclusions?decision=overridden", "/conclusions/[0-9a-f]{32}")
    assert (len(every), len(against)) == (2, 1)
    assert "Бірнеше ауыр" in visitor.get(against[0]).text
    assert _links(visitor, "/conclusions?first=19.11.2026", "/conclusions/[0-9a-f]{32}") == []
    before = acts(stand).count(("aigul", "person.seen"))
    page = visitor.get(against[0] + "/record")
    assert all(name in page.text for name in NAMES)
    assert acts(stand).count(("aigul", "person.seen")) == before + 1


def _quarantine(stand: Stand, visitor: Visitor) -> None:
    [first, *_] = _links(visitor, "/quarantine", "/quarantine/[0-9a-f]{32}")
    assert "“ҚҰЖ”" in visitor.get(first + "/record").text
    assert ("aigul", "person.seen") in acts(stand)
    assert visitor.post("/quarantine/again", {"reason": "malformed"}).status_code == 200
    assert visitor.post(first + "/again").status_code == 200
    assert visitor.post("/quarantine/again", {"reason": "no such reason"}).status_code == 422
    assert acts(stand).count(("aigul", "records.requeued")) == 2


def _laptops(stand: Stand, visitor: Visitor, device: str) -> None:
    page = visitor.get(f"/laptops/{device}")
    line = re.search(r'<option value="([0-9a-f]{32}/\d+)"', page.text)
    assert line is not None
    assert visitor.post(f"/laptops/{device}/adopt", {"line": line[1], "reason": "x"}).status_code == 422
    form = {"line": line[1], "reason": "The other disk was broken"}
    assert visitor.post(f"/laptops/{device}/adopt", form).status_code == 200
    assert visitor.post(f"/laptops/{device}/adopt", form).status_code == 422, "once"
    assert visitor.post(f"/laptops/{device}/revoke", {"reason": " "}).status_code == 422
    answer = visitor.post(f"/laptops/{device}/revoke", {"reason": "Stolen on the way"})
    assert answer.status_code == 200
    assert "Stolen on the way" in answer.text
    with stand.store.begin() as connection:
        found = connection.execute(text("SELECT revoked_reason FROM devices WHERE revoked_at IS NOT NULL")).scalars()
        assert list(found) == ["Stolen on the way"]
        row = audit.rows(connection, action="laptop.revoked")[0][0]
    assert (row.actor, row.subject, row.reason, row.after) == (
        "bolat",
        device,
        "Stolen on the way",
        {"state": "revoked"},
    )
    assert f'value="{INVITATION_DAYS}"' in visitor.get("/laptops").text
    answer = visitor.post("/laptops/invitations", {"days": "7"})
    assert answer.status_code == 200
    picture = visitor.get(answer.url.path + "/code.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    file = visitor.get(answer.url.path + "/file")
    from app.sync import told

    assert told.read_invitation(file.content).sign_key == stand.console.keys.sign.public
    assert stand.signed_in("bolat").get(answer.url.path).status_code == 404, "another session sees it no more"
    assert visitor.post("/laptops/invitations", {"days": "0"}).status_code == 422


def _alarms(stand: Stand, visitor: Visitor) -> None:
    alarms = _links(visitor, "/alarms", "/alarms/[0-9]+")
    assert alarms
    assert visitor.post(alarms[0] + "/answer", {"reason": ""}).status_code == 422
    assert (
        visitor.post(alarms[0] + "/answer", {"reason": "A copy of the disk was started by mistake"}).status_code == 200
    )
    assert visitor.post(alarms[0] + "/answer", {"reason": "Once more, the same"}).status_code == 422
    assert alarms[0] not in _links(visitor, "/alarms", "/alarms/[0-9]+")
    assert alarms[0] in _links(visitor, "/alarms?which=answered", "/alarms/[0-9]+")


def test_the_pages_wear_the_colours_of_the_program() -> None:
    # Contrast of each pair is tested there.
    from dataclasses import asdict

    from app.centre.console import dress
    from ui.theme import DARK, LIGHT

    css = (dress.FOLDER / "console.css").read_text(encoding="utf-8")
    light, dark = css.split("prefers-color-scheme: dark", 1)
    for words, colours in ((light, LIGHT), (dark, DARK)):
        for name, value in asdict(colours).items():
            assert f"--{name.replace('_', '-')}: {value};" in words, name

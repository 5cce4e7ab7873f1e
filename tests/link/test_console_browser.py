"""The console in a real browser: signing in, every page in three languages, a laptop revoked by the keyboard alone."""

import re
import shutil
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from app.centre.console.access import Role
from app.services.desk import Desk
from tests.link import console_day
from tests.link.console_browser import ENTER, TAB, Visiting, served
from tests.link.consoles import PASSPHRASE, Stand

pytestmark = pytest.mark.skipif(
    shutil.which("chromedriver") is None, reason="chromium and chromium-driver are missing: the console is not walked"
)
LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Visiting]:
    folder = tmp_path / "browser"
    folder.mkdir()
    opened = Visiting(folder)
    opened.size(1366, 768)
    yield opened
    opened.close()


def sign_in(browser: Visiting, stand: Stand, base: str, login: str) -> None:
    browser.visit(f"{base}/sign-in")
    browser.fill("#login", login)
    browser.fill("#passphrase", PASSPHRASE)
    browser.fill("#code", stand.code(login))
    browser.click("button.primary")


def tab_to(browser: Visiting, wanted: str) -> None:
    """Walk on by Tab until this has the focus; every stop on the way shows where it is."""
    for _ in range(200):
        browser.press(TAB)
        if wanted in browser.focused():
            return
        outline = browser.run(
            "const e = document.activeElement, s = getComputedStyle(e);"
            "return e === document.body || s.outlineStyle !== 'none' || e.tagName === 'SUMMARY'"
        )
        assert outline, f"no visible focus at {browser.focused()!r}"
    raise AssertionError(f"Tab never came to {wanted!r}")


def pages(browser: Visiting, base: str, device: str) -> list[str]:
    found = ["/", "/laptops", f"/laptops/{device}", "/conclusions", "/quarantine", "/alarms", "/publishing"]
    found += ["/users", "/audit", "/account"]
    for room, form in (("conclusions", "[0-9a-f]{32}"), ("alarms", "[0-9]+"), ("quarantine", "[0-9a-f]{32}")):
        browser.visit(f"{base}/{room}")
        hrefs = browser.run("return [...document.querySelectorAll('main a')].map(a => a.getAttribute('href'))")
        found += [href.removeprefix("/console") for href in hrefs if re.match(rf"/console/{room}/{form}", href)][:1]
    assert len(found) == 13
    return found


def test_every_page_is_whole_in_three_languages_and_obeys_its_policy(
    tmp_path: Path, full_desk: Desk, browser: Visiting
) -> None:
    stand, centre, forked = console_day.lived(tmp_path, full_desk)
    stand.clock.now = time.time()
    stand.add("bolat", Role.ADMINISTRATOR)
    with served(stand) as base:
        sign_in(browser, stand, base, "bolat")
        paths = pages(browser, base, forked.device)
        for language, name in LANGUAGES.items():
            browser.click(f".languages [value={language}]")
            for path in paths:
                browser.visit(base + path)
                assert browser.run("return document.documentElement.lang") == language
                assert browser.run("return document.querySelector('.languages [aria-current]').innerText") == name
                _is_well_made(browser, path)
        for width in (320, 683):  # a telephone; half the laptop's width, as 200 % makes it
            browser.size(width, 768)
            for path in paths:
                browser.visit(base + path)
                over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert browser.run(over) <= 0, (path, width)
        assert browser.told() == []
        away = {one for one in browser.asked_for() if one.startswith(("http", "ws")) and not one.startswith(base)}
        assert away == set()
    centre.close()


def _is_well_made(browser: Visiting, path: str) -> None:
    """One h1, headings in order, a label for each field, caption and scope for each table, a name for each button."""
    levels = browser.run("return [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels[0] == 1, path
    assert levels.count(1) == 1, path
    assert all(after - before <= 1 for before, after in pairwise(levels)), (path, levels)
    bare = browser.run(
        "return [...document.querySelectorAll('input:not([type=hidden]):not(.away),select,textarea')]"
        ".filter(f => !f.labels.length).map(f => f.name)"
    )
    assert bare == [], path
    assert browser.run(
        "return [...document.querySelectorAll('table')].every(t => t.caption && [...t.querySelectorAll('th')]"
        ".every(h => h.scope))"
    ), path
    assert browser.run(
        "return [...document.querySelectorAll('button,a')].every(b => b.innerText.trim() || b.ariaLabel)"
    ), path
    doubled = browser.run(
        "const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
        "return ids.filter((i, n) => ids.indexOf(i) < n)"
    )
    assert doubled == [], path


def test_a_laptop_is_revoked_by_the_keyboard_alone(tmp_path: Path, full_desk: Desk, browser: Visiting) -> None:
    stand, centre, forked = console_day.lived(tmp_path, full_desk)
    stand.clock.now = time.time()
    stand.add("bolat", Role.ADMINISTRATOR)
    with served(stand) as base:
        browser.visit(f"{base}/sign-in")
        tab_to(browser, "#content")  # the skip link comes first
        tab_to(browser, "login")
        browser.press(*"bolat", TAB, *PASSPHRASE, TAB, *stand.code("bolat"), ENTER)
        browser.until("return location.pathname === '/console/'")
        tab_to(browser, "/console/laptops")
        browser.press(ENTER)
        browser.until("return location.pathname === '/console/laptops'")
        tab_to(browser, f"/console/laptops/{forked.device}")
        browser.press(ENTER)
        browser.until(f"return location.pathname.endsWith('{forked.device}')")
        tab_to(browser, "reason")
        tab_to(browser, "reason")  # the first one is that of adopting a line
        browser.press(*"Stolen on the way", ENTER)
        browser.until("return document.querySelector('[role=status]') !== null")
        assert browser.told() == []
    with stand.store.begin() as connection:
        found = connection.exec_driver_sql("SELECT device FROM devices WHERE revoked_reason = 'Stolen on the way'")
        assert found.scalars().all() == [forked.device]
    centre.close()

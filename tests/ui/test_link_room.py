"""The room of the link over a real desk and a centre behind real HTTP: linking, three acts, what stays to be read."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

import ui.screens.link.enrol_dialog as enrol_module
import ui.screens.link.stick_dialog as stick_module
from app.domain.errors import UserError
from app.domain.text import Text
from app.i18n import translator
from app.services.desk import Desk
from app.services.link_views import BundleView, CaseOnItsWay, Place, Whose
from tests import factories
from tests.link.fake_centre import FakeCentre, serving
from tests.ui.link_desk import CENTRE, NOW, PACK, UNLINKED, WORK, FakeLink, linked
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.help import HelpDialog
from ui.screens.link import LinkScreen, sticks
from ui.screens.link.enrol_dialog import EnrolDialog
from ui.screens.link.slip_dialog import SlipDialog
from ui.screens.link.sticks import Bundle, Stick
from ui.screens.link.words import beside_cases, standing
from ui.screens.settings import SettingsScreen
from ui.traffic import in_short

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]


@pytest.fixture
def centre() -> FakeCentre:
    return FakeCentre()


@pytest.fixture
def url(centre: FakeCentre) -> Iterator[str]:
    with serving(centre.answer) as url:
        yield url


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeLink:
    """Instead of the desk's own: for states that take weeks or a second laptop."""
    made = FakeLink()
    monkeypatch.setattr(Desk, "link", property(lambda _: made, lambda _self, _own: None), raising=False)
    return made


def room(window: MainWindow, idle: Idle) -> LinkScreen:
    """By its key; whole once the worker is idle and its page has come."""
    QTest.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    for _ in range(3):
        idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, LinkScreen)
    return screen


def whole(screen: LinkScreen) -> Any:
    assert screen.body is not None
    return screen.body


def dialog(kind: type[QDialog] = QDialog) -> Any:
    return next(top for top in QApplication.topLevelWidgets() if isinstance(top, kind) and top.isVisible())


def helped(window: MainWindow) -> str:
    """What F1 says of the place, without the table of keys."""
    window.show_help()
    shown = dialog(HelpDialog)
    assert shown.place is not None
    assert shown.place.title.text()
    told = str(shown.place.accessibleDescription())
    shown.accept()
    return told


def rested(window: MainWindow, idle: Idle, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.traffic.at_work, timeout=20000)
    for _ in range(3):
        idle(window)


def link(window: MainWindow, centre: FakeCentre, *urls: str) -> None:
    assert window.desk is not None
    window.desk.link.enrol(centre.invitation(*urls))
    window.traffic.count()


def test_a_laptop_is_linked_after_its_centre_s_fingerprint_was_compared(
    signed_in: SignedIn, idle: Idle, centre: FakeCentre, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = signed_in()
    assert window.status.link.text() == "not linked with a centre"
    screen = room(window, idle)
    assert screen.stack.currentWidget() is screen.empty
    assert screen.link_button.hasFocus()
    told = helped(window)
    assert "Link this laptop…" in told  # F1 tells of what is there
    assert not any(button.strip("…") in told for button in ("Exchange now", "Write to a stick", "Read from a stick"))
    QTest.keyClick(screen.link_button, Qt.Key.Key_Space)
    asked = dialog(EnrolDialog)
    asked.text.setPlainText("no invitation at all")
    asked.read_button.click()
    idle(window)
    assert asked.said.isVisible()
    assert "no invitation" in asked.said.text()
    path = tmp_path / "invitation.json"
    path.write_bytes(centre.invitation(url))
    monkeypatch.setattr(enrol_module, "choose_file", lambda *_: path)
    asked.file_button.click()
    idle(window)
    assert not asked.said.isVisible()
    assert asked.name.text() == "Centre"
    assert all(1 <= len(group) <= 4 for group in asked.fingerprint.text().split())
    assert not asked.act_button.isEnabled()  # nobody has compared yet
    asked.link()
    assert asked.isVisible()
    asked.compared.click()
    asked.act_button.click()
    for _ in range(4):
        idle(window)
    body = whole(screen)
    assert screen.stack.currentWidget() is body
    assert "wait" in body.sentence.text().lower()
    assert body.buttons["exchange"].isEnabled()
    assert window.status.link.text().startswith("⚠ waiting: ")  # not certified yet
    assert "Exchange now" in helped(window)


def test_what_was_signed_is_at_the_centre_after_one_key_and_both_sides_say_so(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, centre: FakeCentre, url: str
) -> None:
    window = signed_in()
    desk = window.desk
    assert desk is not None
    case = factories.signed_case(factories.with_commission(desk) or desk)
    link(window, centre, url)
    screen = room(window, idle)
    body = whole(screen)
    assert body.page("cases").table.rows[0].place is Place.WAITING
    assert "1 case" in body.sentence.text()
    QTest.keyClick(body.buttons["exchange"], Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    rested(window, idle, qtbot)
    assert len(centre.signed_cases()) == 1
    assert body.result.isVisible()
    assert body.result.head.text().startswith("✓")
    assert body.result.slip_button.hasFocus()
    grid = body.result.grid
    shown = {grid.itemAtPosition(at, 0).widget().text(): (grid.itemAtPosition(at, 1).widget().text(),
                                                          grid.itemAtPosition(at, 2).widget().text())
             for at in range(1, grid.rowCount()) if grid.itemAtPosition(at, 0)}  # fmt: skip
    assert shown["Cases"] == ("1", "1")
    assert shown["Number of the last record"][0] == shown["Number of the last record"][1]
    body.show_tab("cases")
    idle(window)
    assert body.page("cases").table.rows[0].place is Place.RECEIVED
    assert window.status.link.text().endswith("all is at the centre")
    body.show_tab("receipts")
    idle(window)
    idle(window)
    assert len(body.page("receipts").table.rows) == 1
    body.show_tab("exchanges")
    idle(window)
    idle(window)
    assert len(body.page("exchanges").table.rows) == 1
    body.result.close_button.click()
    assert not body.result.isVisible()
    body.show_tab("cases")
    body.page("cases").table.setFocus()
    QTest.keyClick(body.page("cases").table, Qt.Key.Key_Return)
    idle(window)
    opened = window.screens.currentWidget()
    assert isinstance(opened, CaseScreen)
    assert opened.case_id == case.id
    opened.go("conclusion")
    for _ in range(3):
        idle(window)
    page = opened.pages["conclusion"]
    assert page.on_its_way.isVisible()
    assert "received by the centre" in page.way.text()
    assert not page.way_sign.pixmap().isNull()


def test_a_bundle_goes_onto_the_stick_that_is_chosen_and_waits_for_its_receipt(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, centre: FakeCentre, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    window = signed_in()
    link(window, centre)
    stick, locked = tmp_path / "STICK", tmp_path / "LOCKED"
    stick.mkdir()
    there: list[tuple[Stick, ...]] = [(), (Stick(locked, "LOCKED", 5, 9, read_only=True),
                                           Stick(stick, "STICK", 2 << 30, 4 << 30, read_only=False))]  # fmt: skip
    monkeypatch.setattr(sticks, "sticks", lambda: there[0])
    monkeypatch.setattr(stick_module, "_LOOK_EVERY_MS", 10)
    body = whole(room(window, idle))
    assert not body.buttons["exchange"].isEnabled()  # it is reached by stick alone
    assert body.why.isVisible()
    assert body.first_field() is body.buttons["write"]
    body.buttons["write"].click()
    asked = dialog()
    qtbot.waitUntil(lambda: asked._seen is not None)
    assert "No stick is seen" in asked.note.text()
    assert not asked.take_button.isEnabled()
    there.pop(0)
    qtbot.waitUntil(lambda: asked.list.count() == 2)
    assert "locked" in asked.list.item(0).text()
    assert asked.list.currentRow() == 1  # a stick that can't be written to isn't offered first
    asked.list.setCurrentRow(0)
    assert not asked.take_button.isEnabled()
    asked.list.setFocus()
    QTest.keyClick(asked.list, Qt.Key.Key_Down)
    assert "2.0 GB free of 4.0 GB" in asked.list.item(1).text()
    QTest.keyClick(asked.list, Qt.Key.Key_Return)
    rested(window, idle, qtbot)
    written = list(stick.glob("*.mselink"))
    assert len(written) == 1
    assert "safe to remove" in body.result.told.text()
    assert "counts as sent once" in body.result.head.text()  # a stick in a pocket is nothing that was sent
    assert "Written this time: " in body.result.told.text()
    assert "Sent" not in body.result.told.text()
    assert body.sentence.text().startswith("Written to a stick, without a receipt: ")
    body.show_tab("cases")
    assert body.page("cases").places.item(2).text().startswith("written to a stick, waits for the receipt")
    assert window.status.link.text().startswith("⚠ on a stick: ")
    # The same again says that it was written already, and lies beside it.
    body.buttons["write"].click()
    asked = dialog()
    qtbot.waitUntil(lambda: asked.list.count() == 2)
    assert asked.state.isVisible()
    assert "written to a stick already" in asked.state.text()
    asked.list.setCurrentRow(1)
    asked.take()
    rested(window, idle, qtbot)
    assert body.result.head.text().startswith("✓")
    assert len(list(stick.glob("*"))) == 2
    # Its own bundle is none of the centre's.
    found = Bundle(written[0], "STICK", 5, datetime(2026, 11, 18, tzinfo=UTC))
    monkeypatch.setattr(sticks, "bundles", lambda on: (found,) if on else ())
    body.buttons["read"].click()
    asked = dialog()
    qtbot.waitUntil(lambda: asked.list.count() == 1)
    assert asked.list.item(0).text().startswith("Written by this laptop for the centre, ")
    assert not asked.take_button.isEnabled()
    assert "None of these files" in asked.note.text()
    asked.list.setCurrentRow(0)
    asked.take_button.click()
    rested(window, idle, qtbot)
    assert "this laptop wrote" in body.result.head.text()


@pytest.mark.parametrize(
    ("counts", "here", "carried", "cases", "line", "page"),
    [
        ({Place.WAITING: 8}, 1, 0, 2, "waiting: 8", "Waiting on this laptop: 8 records, copies of papers: 1 (2 cases)"),
        ({Place.WAITING: 1}, 0, 0, 0, "waiting: 1", "Waiting on this laptop: 1 record, no case among them"),
        ({Place.CARRIED: 8}, 0, 1, 0, "on a stick: 8",
         "Written to a stick, without a receipt: 8 records, copies of papers: 1; nothing else waits"),
        ({Place.APPLIED: 8}, 1, 0, 0, "copies waiting: 1", "Every record is at the centre; copies of papers wait: 1"),
        ({Place.APPLIED: 8}, 0, 1, 0, "copies on a stick: 1",
         "Every record is at the centre; copies of papers were written to a stick: 1"),
        ({Place.CARRIED: 8}, 1, 0, 0, "copies waiting: 1",
         "Written to a stick, without a receipt: 8 records; copies of papers wait: 1"),
        ({Place.APPLIED: 8}, 0, 0, 0, "all is at the centre", "Everything is at the centre"),
    ],
)  # fmt: skip
def test_the_status_line_and_the_page_count_the_same(
    counts: dict[Place, int], here: int, carried: int, cases: int, line: str, page: str
) -> None:
    t = translator("en")
    status = linked(counts=counts, attachments_waiting=here, attachments_carried=carried, waiting_cases=cases)
    assert t.show(in_short(status, at_work=False)) == line
    assert standing(t, status) == page
    told = beside_cases(t, status)
    assert ("Neither a draft nor its copy goes" in told) is (bool(counts.get(Place.WAITING)) and not cases)


def test_where_the_centre_has_everything_the_dialogue_says_so_and_writes_nothing(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, fake: FakeLink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.state = linked(counts={Place.APPLIED: 1221}, attachments_waiting=0, bytes_waiting=0, waiting_cases=0)
    monkeypatch.setattr(sticks, "sticks", lambda: (Stick(tmp_path, "STICK", 2 << 30, 4 << 30, read_only=False),))
    window = signed_in()
    body = whole(room(window, idle))
    body.buttons["write"].click()
    asked = dialog()
    qtbot.waitUntil(lambda: asked.list.count() == 1)
    assert "nothing to write" in asked.state.text()
    assert not asked.take_button.isEnabled()
    assert not asked.other_button.isEnabled()
    fake.state = linked()  # a case is signed meanwhile
    window.traffic.count()
    idle(window)
    assert not asked.state.isVisible()
    assert asked.take_button.isEnabled()
    asked.reject()


def test_the_newest_answer_for_this_laptop_is_offered_first_and_every_file_says_whose_it_is(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, fake: FakeLink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.files = {
        "a": BundleView(Whose.BY_ANOTHER, NOW + timedelta(days=4), "4eeee37f"),
        "b": BundleView(Whose.FOR_ANOTHER, NOW + timedelta(days=3), "4eeee37f"),
        "c": BundleView(Whose.OURS, NOW),
        "d": BundleView(Whose.OURS, NOW + timedelta(days=1)),
        "e": BundleView(Whose.TAKEN, NOW + timedelta(days=2)),
        "f": BundleView(Whose.BROKEN),
    }
    for name in fake.files:
        (tmp_path / f"{name}.mselink").write_bytes(b"x")
    monkeypatch.setattr(sticks, "sticks", lambda: (Stick(tmp_path, "STICK", 2 << 30, 4 << 30, read_only=False),))
    window = signed_in()
    body = whole(room(window, idle))
    body.buttons["read"].click()
    asked = dialog()
    qtbot.waitUntil(lambda: asked.list.count() == 6)
    texts = [asked.list.item(at).text() for at in range(6)]
    assert [text.split("\n")[1][0] for text in texts] == list("dcebaf")
    assert texts[0].startswith("Answer of the centre for this laptop, 19.11.2026")
    assert "another laptop (4eeee37f)" in texts[3]
    assert "Written by another laptop" in texts[4]
    assert asked.list.currentRow() == 0
    asked.take()
    rested(window, idle, qtbot)
    assert fake.done[-1] == ("stick-in", tmp_path / "d.mselink")


def test_bundles_on_a_stick_are_found_newest_first_and_a_stick_that_is_pulled_out_has_none(tmp_path: Path) -> None:
    import os

    for at, name in enumerate(("old.mselink", "new.MSELINK", "letter.pdf")):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (1_700_000_000 + at, 1_700_000_000 + at))
    (tmp_path / "folder.mselink").mkdir()
    stick = Stick(tmp_path, "S", 1, 1, read_only=False)
    gone = Stick(tmp_path / "gone", "G", 1, 1, read_only=False)
    assert [one.path.name for one in sticks.bundles((gone, stick))] == ["new.MSELINK", "old.mselink"]
    assert all(isinstance(one, Stick) for one in sticks.sticks())


def test_somebody_types_on_while_an_exchange_runs_and_it_stops_when_asked(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, fake: FakeLink
) -> None:
    window = signed_in()
    body = whole(room(window, idle))
    fake.batches = 1000
    fake.step = lambda _at: fake.gate.wait(0.02) and None
    body.buttons["exchange"].click()
    qtbot.waitUntil(lambda: window.traffic.progress is not None)
    assert body.strip.isVisible()
    assert not body.buttons["write"].isEnabled()
    assert window.status.link.text() == "exchanging …"
    answered: list[int] = []
    window.tasks.run(lambda: 7, done=answered.append)
    qtbot.waitUntil(lambda: answered == [7])  # the worker isn't kept waiting
    assert window.traffic.at_work
    body.strip.stop_button.click()
    rested(window, idle, qtbot)
    assert "It was stopped" in body.result.head.text()
    assert not body.strip.isVisible()
    assert body.buttons["write"].isEnabled()


def test_the_status_line_and_the_room_change_in_the_moment_in_which_the_end_is_told(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, centre: FakeCentre, url: str
) -> None:
    window = signed_in()
    desk = window.desk
    assert desk is not None
    factories.signed_case(factories.with_commission(desk) or desk)
    link(window, centre, url)
    body = whole(room(window, idle))
    assert "waiting" in window.status.link.text()
    assert "(1 case)" in body.sentence.text()
    gate, told = threading.Event(), []
    window.tasks.run(lambda: gate.wait(20))  # the worker has other things to do
    window.traffic.ended.connect(lambda _: told.append((window.status.link.text(), body.sentence.text())))
    body.buttons["exchange"].click()
    qtbot.waitUntil(lambda: bool(told), timeout=20000)
    gate.set()
    line, sentence = told[0]
    assert line.endswith("all is at the centre")
    assert sentence == "Everything is at the centre"
    rested(window, idle, qtbot)
    assert window.status.link.text() == line
    # Whatever is done says so in the status line at once, in whatever room.
    window.traffic._timer.stop()
    window.tasks.run(lambda: factories.signed_case(desk))
    idle(window)
    assert "waiting: 1" in window.status.link.text()
    rested(window, idle, qtbot)
    desk.link.exchange()
    # What was signed meanwhile stands in both once the room is entered.
    factories.signed_case(desk)
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    idle(window)
    room(window, idle)
    assert window.status.link.text().endswith("waiting: 1")
    assert "(1 case)" in body.sentence.text()


def test_signing_out_ends_an_exchange_before_the_desk_is_closed(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, fake: FakeLink
) -> None:
    window = signed_in()
    fake.batches = 1000
    fake.step = lambda _at: fake.gate.wait(0.02) and None
    assert window.traffic.begin("network", fake.exchange)
    thread = window.traffic._thread
    assert thread is not None
    qtbot.waitUntil(lambda: window.traffic.progress is not None)
    window.sign_out()
    qtbot.waitUntil(lambda: window.desk is None and not window.tasks.busy)
    assert not thread.is_alive()
    assert not window.status.link.isVisible()
    assert not window.traffic.at_work


def test_an_exchange_begins_by_itself_in_silence_but_not_behind_the_lock_and_not_while_somebody_types(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, fake: FakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = signed_in()
    resting = [False]
    monkeypatch.setattr(window.traffic, "_is_resting", lambda _s: resting[0])
    fake.due = True
    window.traffic.look()
    idle(window)
    assert fake.done == []  # somebody types
    resting[0] = True
    window.lock()
    window.traffic.look()
    idle(window)
    assert fake.done == []
    lock: Any = window.screens.currentWidget()
    lock.passphrase.edit.setText(factories.PASSPHRASE)
    lock.submit()
    idle(window)
    screen = room(window, idle)
    window.traffic.look()
    qtbot.waitUntil(lambda: fake.done == [("network", None)])
    rested(window, idle, qtbot)
    assert not whole(screen).result.isVisible()  # nobody asked
    assert "Everything is at" not in whole(screen).sentence.text() or not fake.due
    window.traffic.look()
    idle(window)
    assert len(fake.done) == 1  # not due any more
    from app.domain.errors import KnownError
    from app.domain.text import N_

    fake.due, fake.refuses = True, KnownError(Text(N_("Kept.")))
    window.traffic.look()
    qtbot.waitUntil(lambda: len(fake.done) == 2)
    rested(window, idle, qtbot)
    assert not window.messages.isVisible()  # no network is no news


def test_every_place_has_a_word_a_sign_and_a_meaning_and_chooses_its_cases(
    signed_in: SignedIn, idle: Idle, fake: FakeLink
) -> None:
    fake.found = tuple(CaseOnItsWay(f"id{at}", f"{at}/2026", place, 3, 2, 1) for at, place in enumerate(Place))
    window = signed_in()
    body = whole(room(window, idle))
    places = body.page("cases").places
    texts = [places.item(at).text() for at in range(places.count())]
    assert len({text.split(":")[0] for text in texts}) == 8
    assert "12 records" in texts[1]
    icons = {places.item(at).icon().cacheKey() for at in range(places.count())}
    assert len(icons) == 8
    assert len(body.page("cases").table.rows) == 7
    places.setFocus()
    QTest.keyClick(places, Qt.Key.Key_Down)
    QTest.keyClick(places, Qt.Key.Key_Down)
    idle(window)
    assert [case.place for case in body.page("cases").table.rows] == [Place.CARRIED]
    assert "receipt" in places.item(2).text()
    window.language.set("kk")
    idle(window)
    assert "жазба" in places.item(1).text()
    assert "флешка" in body.sentence.text()


def test_what_came_back_leads_on_to_the_criteria_and_to_the_cases(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, fake: FakeLink
) -> None:
    window = signed_in()
    screen = room(window, idle)
    body = whole(screen)
    body.buttons["exchange"].click()
    rested(window, idle, qtbot)
    assert "version 1.1.0" in body.result.told.text()
    assert body._area.verticalScrollBar().value() == 0  # how things stand is to be seen above
    assert "This laptop: 4eeee37f, " in body.about.text()
    assert "they differ" in " ".join(part.text() for part in body.result.findChildren(type(body.result.told)))
    sides = [part.text() for part in body.result.findChildren(type(body.result.told))]
    assert "still wait: 1" in sides
    assert window.traffic.begin("stick-out", lambda report: fake.export_bundle(Path("S"), report))
    rested(window, idle, qtbot)
    told = " ".join(
        part.text() for part in body.result._sides.findChildren(type(body.result.told)) if not part.isHidden()
    )
    assert "by its receipt of 18.11.2026" in told  # the centre has said nothing now
    assert "differ" not in told
    body.buttons["exchange"].click()
    rested(window, idle, qtbot)
    body.result.cases_button.click()
    idle(window)
    assert window.header.sections["cases"].isChecked()
    room(window, idle)
    body.result.criteria_button.click()
    idle(window)
    settings = window.screens.currentWidget()
    assert isinstance(settings, SettingsScreen)
    assert settings.sections.currentRow() == settings.pages.index(settings.criteria)
    assert PACK in fake.state.reference
    assert WORK in fake.state.reference


def test_a_copied_laptop_is_told_in_plain_words_and_begins_a_log_of_its_own(
    signed_in: SignedIn, idle: Idle, fake: FakeLink
) -> None:
    from app.services.link_words import FORKED

    fake.state = linked(begin_anew=True, problems=(Text(FORKED),))
    window = signed_in()
    body = whole(room(window, idle))
    assert body.wrong.text().startswith("⚠ Two laptops")
    body.anew_button.click()
    asked = dialog()
    asked.act_button.click()
    assert asked.isVisible()  # a reason is asked for
    asked.reason.setText("the disk was copied")
    asked.act_button.click()
    for _ in range(3):
        idle(window)
    assert fake.done == [("anew", "the disk was copied")]
    assert not body.problems.isVisible()


def test_who_is_not_the_administrator_is_told_who_can_link_and_begins_nothing_anew(
    access: Any, open_window: Any, idle: Idle, fake: FakeLink
) -> None:
    from app.services.link_words import FORKED

    fake.state = UNLINKED
    desk = access.sign_in(factories.HEAD, factories.PASSPHRASE)
    desk.users.add("second", "Екінші Адам", factories.PASSPHRASE)
    desk.close()
    window = open_window()
    window.screens.currentWidget().sign_in("second", factories.PASSPHRASE)
    idle(window)
    screen = room(window, idle)
    assert not screen.link_button.isVisible()
    assert factories.HEAD in screen.who.text()
    fake.state = linked(begin_anew=True, problems=(Text(FORKED),))
    window.traffic.count()
    for _ in range(4):
        idle(window)
    assert whole(screen).problems.isVisible()
    assert not whole(screen).anew_button.isVisible()
    assert whole(screen).buttons["write"].isEnabled()  # a stick can be carried by anybody
    fake.state = linked(centre=replace(CENTRE, urls=()))
    window.traffic.count()
    idle(window)
    assert whole(screen).why.isVisible()
    assert not whole(screen).address_button.isVisible()
    whole(screen).show_tab("switches")
    idle(window)
    page = whole(screen).page("switches")
    assert page.urls.isReadOnly()
    assert factories.HEAD in page.who.text()


def test_a_laptop_that_knows_the_stick_alone_is_given_the_centre_s_address_and_exchanges(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, centre: FakeCentre, url: str
) -> None:
    window = signed_in()
    link(window, centre)
    body = whole(room(window, idle))
    assert not body.buttons["exchange"].isEnabled()
    assert body.address_button.isVisible()
    body.address_button.click()
    idle(window)
    page = body.page("switches")
    assert page.urls.hasFocus()
    QTest.keyClicks(page.urls, "centre.example.kz")
    QTest.keyClick(page.urls, Qt.Key.Key_Return)
    for _ in range(3):
        idle(window)
    assert "no network address" in page._address.error.text()
    assert page.urls.text() == "centre.example.kz"  # to be mended, not typed again
    page.urls.selectAll()
    QTest.keyClicks(page.urls, f" {url} ")
    QTest.keyClick(page.urls, Qt.Key.Key_Return)
    for _ in range(4):
        idle(window)
    assert not page._address.error.isVisible()
    assert page.said.text() == "Kept."
    assert not body.why.isVisible()
    assert not body.address_button.isVisible()
    body.buttons["exchange"].click()
    rested(window, idle, qtbot)
    assert body.result.head.text() == "✓ Exchanged with the centre."
    assert window.desk is not None
    assert window.desk.integrity.verify().ok
    # Empty again: by stick alone, and it says so.
    body.show_tab("switches")
    page.urls.setFocus()
    page.urls.clear()
    QTest.keyClick(page.urls, Qt.Key.Key_Return)
    for _ in range(4):
        idle(window)
    assert body.why.isVisible()
    assert not body.buttons["exchange"].isEnabled()


def test_switches_are_held_by_the_service(signed_in: SignedIn, idle: Idle, centre: FakeCentre) -> None:
    window = signed_in()
    link(window, centre)
    body = whole(room(window, idle))
    body.show_tab("switches")
    idle(window)
    body.page("switches").metered.click()
    idle(window)
    body.page("switches").limit.setText("50")
    body.page("switches").limit.editingFinished.emit()
    idle(window)
    assert window.desk is not None
    status = window.desk.link.status()
    assert (status.automatic, status.metered, status.kilobytes_a_second) == (True, True, 50)


@pytest.mark.parametrize("act", ["exchange", "refusal"])
def test_the_list_of_cases_keeps_five_rows_whatever_an_exchange_has_to_say(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, fake: FakeLink, act: str
) -> None:
    from app.services.link_words import FORKED, NOT_CERTIFIED

    fake.found = tuple(CaseOnItsWay(f"id{at}", f"{at}/2026", Place.WAITING, 3, 2, 1) for at in range(40))
    fake.state = linked(problems=(Text(FORKED), Text(NOT_CERTIFIED)), begin_anew=True)
    fake.refuses = UserError(Text(FORKED)) if act == "refusal" else None
    window = signed_in("kk")
    window.resize(1366, 768)
    body = whole(room(window, idle))
    body.show_tab("receipts")
    body.buttons["exchange"].click()
    rested(window, idle, qtbot)
    assert body.result.isVisible()
    assert body.result.isAncestorOf(window.focusWidget())
    assert body.tabs.tabText(body.tabs.currentIndex())
    QTest.keyClick(body.tabs.tabBar(), Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    idle(window)
    idle(window)
    table = body.page("cases").table
    assert table.isVisible()  # one key from the result to the first page
    assert table.viewport().height() >= 5 * table.rowHeight(0)
    QTest.keyClick(body.tabs.tabBar(), Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert body.result.isVisible()
    body.result.close_button.click()
    assert not body.tabs.isTabVisible(5)
    assert body.page("receipts").isVisible()  # where one was
    QTest.keyClick(body.tabs.tabBar(), Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(body.tabs.tabBar(), Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(body.tabs.tabBar(), Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert body.tabs.currentIndex() == 4  # the page that isn't there is passed over
    window.resize(1366, 560)  # lower than any screen in use: the page scrolls, the list stays
    body.show_tab("cases")
    idle(window)
    assert table.viewport().height() >= 5 * table.rowHeight(0)


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_nothing_is_cut_and_nothing_is_wider_than_the_window(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, fake: FakeLink, scale: float
) -> None:
    window = signed_in("kk", mode="dark", scale=scale)
    body = whole(room(window, idle))
    body.buttons["exchange"].click()
    rested(window, idle, qtbot)
    assert window.width() <= 1366
    assert window.minimumSizeHint().width() <= 1366
    for made in (*body.buttons.values(), body.result.slip_button, body.result.criteria_button):
        assert made.width() >= made.sizeHint().width()
    assert body._area.horizontalScrollBar().maximum() == 0


def test_the_centre_itself_takes_over_what_one_click_sends_and_the_slip_is_printed_in_three_languages(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, tmp_path: Path
) -> None:
    from tests.link import real_centre

    with real_centre.centre(tmp_path) as real:
        window = signed_in()
        desk = window.desk
        assert desk is not None
        factories.with_commission(desk)
        factories.signed_case(desk)
        desk.link.enrol(real.invitation())
        body = whole(room(window, idle))
        body.buttons["exchange"].click()
        rested(window, idle, qtbot)
        assert len(real.records()) == 1
        real.interpret()
        body.buttons["exchange"].click()
        rested(window, idle, qtbot)
        body.result.close_button.click()
        idle(window)
        assert [case.place for case in body.page("cases").table.rows] == [Place.APPLIED]
        assert body.sentence.text() == "Everything is at the centre"
        body.show_tab("exchanges")
        idle(window)
        idle(window)
        body.page("exchanges").slip_button.click()
        idle(window)
        slip = dialog(SlipDialog)
        shown = set()
        for code in ("kk", "ru", "en"):
            slip.choices[code].click()
            idle(window)
            assert slip.preview.rendered is not None
            assert slip.print_button.isEnabled()
            shown.add(slip.preview.rendered.digest)
        assert len(shown) == 3
        slip.reject()


@pytest.mark.parametrize(("zone", "named"), [("UTC-5", ""), ("UTC-6", " (UTC+5)")])
def test_times_are_those_of_the_slip_and_say_their_zone_where_the_laptop_s_clock_shows_another(
    signed_in: SignedIn, idle: Idle, fake: FakeLink, monkeypatch: pytest.MonkeyPatch, zone: str, named: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", zone)
        time.tzset()
        try:
            body = whole(room(signed_in(), idle))
            assert f"09.11.2026 14:30{named}, by stick" in body.about.text()
            for tab, column, day in (("receipts", 0, "09.11.2026"), ("exchanges", 0, "18.11.2026")):
                body.show_tab(tab)
                idle(body.window())
                idle(body.window())
                assert body.page(tab).table.item(0, column).text() == f"{day} 14:30{named}"
        finally:
            patched.undo()
            time.tzset()


def test_a_training_desk_exchanges_with_nobody(signed_in: SignedIn, idle: Idle, fake: FakeLink) -> None:
    window = signed_in()
    assert window.desk is not None
    window.desk.is_training = True
    window.traffic._is_resting = lambda _s: True
    fake.due = True
    screen = room(window, idle)
    body = whole(screen)
    assert not any(made.isEnabled() for made in body.buttons.values())
    assert "training" in body.why.text()
    window.traffic.look()
    screen._do("exchange")
    idle(window)
    assert fake.done == []


def test_without_a_network_an_exchange_that_was_asked_for_says_why_and_everything_waits_on(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, centre: FakeCentre
) -> None:
    with serving(centre.answer) as url:
        pass  # nobody listens there any more
    window = signed_in()
    link(window, centre, url)
    body = whole(room(window, idle))
    before = body.sentence.text()
    body.buttons["exchange"].click()
    rested(window, idle, qtbot)
    assert body.result.head.text().startswith("⚠ It ended early: ")
    assert body.sentence.text() == before
    assert not window.messages.isVisible()

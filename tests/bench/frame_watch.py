"""The real window at work, offscreen: how long each turn of its event loop takes. Prints one JSON object.

`python -m tests.bench.frame_watch FOLDER`. A turn is everything between two returns to the event loop: whatever is
asked of the window meanwhile waits for its end. What a hand does is a turn too.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.services.desk import Desk
from app.services.steps import STEPS
from tests import trips
from tests.bench.desk import LOGIN, PASSPHRASE, made, sample, samples
from tests.link.fake_centre import FakeCentre
from ui.__main__ import start
from ui.main_window import MainWindow

ROUNDS, PEOPLE, SENT = 2, 10, 300
QUIET_MS = 60
"""So long nothing may happen before the next thing is done."""
IDLE_MS = 1.0
"""A shorter turn had nothing to do."""
_STEP_KEYS = tuple(Qt.Key(ord(key)) for key in "1234567890-")
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: what was being done in which round, its time on the clock and on the processor, in ms."""

    act: str
    round: int
    wall: float
    own: float


class Watch:
    """Does one thing after another at a window and notes every turn."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.turns: list[Turn] = []
        self._act = ""
        self.round = 0
        self._loop = QEventLoop()

    def turn(self, work: Act) -> float:
        """Note how long `work` keeps the event loop waiting; the time in ms."""
        wall, own = time.perf_counter(), time.thread_time()
        work()
        spent = (time.perf_counter() - wall) * 1000
        self.turns.append(Turn(self._act, self.round, spent, (time.thread_time() - own) * 1000))
        return spent

    def serve(self, until: Callable[[], bool] | None = None) -> None:
        """Turns of the event loop until `until` holds, else until nothing more happens."""
        begun = idle = time.perf_counter()
        while True:
            spent = self.turn(self._loop.processEvents)
            now = time.perf_counter()
            if until is not None:
                if until():
                    return
            elif spent > IDLE_MS or self.window.tasks.busy:
                idle = now
            elif (now - idle) * 1000 > QUIET_MS:
                return
            if now - begun > 60:
                raise RuntimeError(f"{self._act}: the window does not come to rest")
            if spent < IDLE_MS:
                time.sleep(0.0005)

    def rest(self, ms: float) -> None:
        """So long nobody touches the window."""
        end = time.perf_counter() + ms / 1000
        self.serve(until=lambda: time.perf_counter() > end)

    def do(self, act: str, work: Act, *, until: Callable[[], bool] | None = None, wait: bool = True) -> None:
        """One thing that a hand does, and what follows from it."""
        self._act = act
        self.window.idle.touch()  # it looks at what comes from a real keyboard
        self.turn(work)
        if wait:
            self.serve(until)


def main(folder: Path) -> None:
    """The whole day, twice; the first round tells what is slow only once."""
    access = made(folder)
    desk = access.sign_in(LOGIN, PASSPHRASE)
    trips.full_trip(desk, PEOPLE)
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in samples()]
    cases = [desk.examinations.import_case(document).id for document in (sample(), *documents[1:6])]
    to_be_sent(desk)
    desk.close()
    window = start(folder, "kk")
    window.resize(1366, 768)
    watch = Watch(window)
    window.activateWindow()
    watch.do("start", lambda: None)
    screen: Any = window.screens.currentWidget()
    watch.rest(1500)  # the passphrase is typed
    begin = len(watch.turns)
    watch.do("sign in", lambda: screen.sign_in(LOGIN, PASSPHRASE))
    watch.rest(1500)  # the list is read before somebody is called
    for number in range(ROUNDS):
        _round(watch, cases, number)
        link_room(watch, folder)
    turns = [asdict(turn) for turn in watch.turns[begin:]]
    window._closing = True
    window.close()
    print(json.dumps(turns), flush=True)


def _round(watch: Watch, cases: list[str], number: int) -> None:
    window, watch.round = watch.window, number

    def key(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Act:
        def press() -> None:
            QTest.keyClick(QApplication.focusWidget() or window, key, modifier)

        return press

    def letter(text: str) -> Act:
        return lambda: QApplication.sendEvent(
            QApplication.focusWidget() or window,
            QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, text),
        )

    def case() -> Any:
        found = window.screens.currentWidget()
        if not hasattr(found, "case_id"):
            raise RuntimeError("no case is open")
        return found

    def steps(said: str) -> None:
        for step, digit in zip(STEPS, _STEP_KEYS, strict=False):
            watch.do(f"{said}: {step}", key(digit, CONTROL))
            if case().step != step:
                raise RuntimeError(f"{step} was not reached")

    first, second, third = (cases[(2 * number + place) % len(cases)] for place in range(3))
    watch.do("open a case", lambda: window.open_case(first))
    steps("first visit")
    watch.do("type a name", key(Qt.Key.Key_1, CONTROL))
    watch.do("type a name", lambda: case().jump("person.surname"))
    for text in "Әбдіқадырұлы":
        watch.do("type a name", letter(text), wait=False)
        watch.rest(5)
    watch.rest(700)
    watch.do("type a text", key(Qt.Key.Key_4, CONTROL))
    for text in "Сол жақ аяқ-қолының әлсіздігіне шағымданады. ":
        watch.do("type a text", letter(text), wait=False)
        watch.rest(5)
    watch.rest(700)
    watch.do("choose a degree", key(Qt.Key.Key_6, CONTROL))
    for digit in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
        watch.do("choose a degree", lambda digit=digit: _degree(digit))
    watch.do("take back", key(Qt.Key.Key_Z, CONTROL))
    watch.do("back to the list", key(Qt.Key.Key_Left, ALT))
    watch.do("open the next case", lambda: window.open_case(second))
    steps("next case")
    watch.do("back to the list", key(Qt.Key.Key_Left, ALT))
    # Faster than anything can be made ahead: steps are asked for while the case is still on its way.
    for step, digit in ((2, Qt.Key.Key_2), (4, Qt.Key.Key_4), (6, Qt.Key.Key_6), (9, Qt.Key.Key_9)):
        watch.do(f"in haste: {STEPS[step - 1]}", lambda: window.open_case(third), wait=False)
        watch.serve(until=lambda: hasattr(window.screens.currentWidget(), "case_id"))
        watch.serve(until=lambda: window.screens.currentWidget().isEnabled())
        watch.do(f"in haste: {STEPS[step - 1]}", key(digit, CONTROL))
        watch.do("back to the list", key(Qt.Key.Key_Left, ALT))
    for _ in range(2):
        watch.do("next person", key(Qt.Key.Key_N, ALT))
        if not hasattr(window.screens.currentWidget(), "case_id"):
            raise RuntimeError("nobody was called")
    for place, room in enumerate(("cases", "trips", "people", "journals", "cases"), start=1):
        watch.do(f"room: {room}", key(Qt.Key(ord(str(place if place < 5 else 1))), ALT))


def to_be_sent(desk: Desk) -> None:
    """A laptop that is linked by stick, with several hundred cases that wait."""
    desk.link.enrol(FakeCentre().invitation())
    document = sample()
    for _ in range(SENT):
        case = desk.examinations.import_case(document)
        desk.endings.end(case.id, {"kind": "absence", "on": document["examination"]["on"], "head": "Сейітова"})


def link_room(watch: Watch, folder: Path) -> None:
    """A visit of the room of the link: its lists, page by page; a bundle is written, its result is shown and read."""
    window = watch.window
    watch.do("room: link", lambda: window.show_section("link"))
    room: Any = window.screens.currentWidget()
    watch.do("room: link", lambda: None, until=lambda: room.body is not None and room.body.page("cases") is not None)
    watch.do("room: link", lambda: None)
    body = room.body
    cases = body.page("cases")
    if not cases.on_button.isVisible() or cases.table.rowCount() < 50:
        raise RuntimeError("the cases that wait were not listed")
    for _ in range(3):
        watch.do("link: a page of cases on", cases.on_button.click)
    for at in (1, 2, 0):
        watch.do("link: a place is chosen", lambda at=at: cases.places.setCurrentRow(at))
    for name in ("reference", "receipts", "exchanges", "switches", "cases"):
        watch.do(f"link: {name}", lambda name=name: body.show_tab(name))
    bundle = folder / f"{watch.round}-{time.monotonic_ns()}.mselink"
    write = partial(window.desk.link.export_bundle, bundle)  # type: ignore[union-attr]
    watch.do("link: the result", lambda: window.traffic.begin("stick-out", write), until=body.result.isVisible)
    watch.do("link: the result", lambda: None)
    watch.do("link: the result was read", body.result.close_button.click)
    watch.do("link: to the cases", lambda: window.show_section("cases"))


def _degree(key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    if focus is not None:
        QTest.keyClick(focus, key)
        QTest.keyClick(focus, Qt.Key.Key_Tab)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

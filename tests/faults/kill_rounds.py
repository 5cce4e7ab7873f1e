"""Entering a case until the process is killed: python -m tests.faults.kill_rounds [service|window] [ROUNDS] [SEED]

Each round copies a desk, lets a child enter fields that it reports one by one once they are saved, kills it (SIGKILL)
at a random moment, opens the desk again and looks for every reported field. `service` calls the service as fast as it
answers; `window` types into the real window. Exit code 1 where a field is lost, where the desk doesn't open, or where
its chains don't hold. A program of its own, because a process with threads can't be forked.
"""

import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from app.domain.case_file import get
from app.services.desk import Desk
from tests import factories
from tests.factories import HEAD, PASSPHRASE

# Short and long values, with and without the columns that lists show, and text that isn't a value yet.
SERVICE: Final = ("person.surname", "diagnosis.main.text", "examination.on", "referral.organisation", "unfinished")
WINDOW: Final = ("person.surname", "person.given_name", "referral.organisation", "diagnosis.main.text")
SLOWEST_START_SECONDS: Final = 60
# A child's longest life after its first report, so that kills fall on writes and not on the start.
LONGEST_LIFE_SECONDS: Final = {SERVICE: 0.1, WINDOW: 0.6}


def value_of(step: int, paths: tuple[str, ...]) -> tuple[str, str]:
    """Path and value that the child enters at a step."""
    path = paths[step % len(paths)]
    if path == "examination.on":
        return path, f"2026-{step // 28 % 12 + 1:02}-{step % 28 + 1:02}"
    long = path == "diagnosis.main.text" and paths == SERVICE
    return path, f"жазба {step} " + "мәтін " * (step % 7 * 40 if long else 1)


def enter_by_service(folder: Path, case_id: str, report: int) -> None:
    """The child: enters fields for ever, and reports the number of each step once it is saved."""
    desk = factories.make_access(folder).sign_in(HEAD, PASSPHRASE)
    step = 0
    while True:
        path, value = value_of(step, SERVICE)
        if path == "unfinished":
            desk.examinations.keep_unfinished(case_id, "person.iin", value)
        else:
            desk.examinations.set_field(case_id, path, value)
        os.write(report, b"%d\n" % step)
        step += 1


def enter_by_window(folder: Path, case_id: str, report: int) -> None:
    """The child: types into the real window for ever, leaves each field by Tab, and reports it once the window says
    that it is saved."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    from app.services.steps import step_of
    from ui import pictures

    def press(key: int, letter: str = "", held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(QApplication.focusWidget(), QKeyEvent(kind, key, held, letter))

    window = pictures.open_window(factories.make_access(folder), HEAD, PASSPHRASE)
    pictures.go_to(window, case_id, "person")
    screen: Any = window.screens.currentWidget()
    saved: list[object] = []
    screen.saved.connect(saved.append)
    step = 0
    while True:
        path, value = value_of(step, WINDOW)
        screen.go(step_of(path))
        screen.form.fields[path].focus_widget().setFocus()
        before = len(saved)
        press(Qt.Key.Key_A, "", Qt.KeyboardModifier.ControlModifier)
        for letter in value:
            press(0, letter)
        press(Qt.Key.Key_Tab, "\t")
        pictures.serve_until(lambda known=before: len(saved) > known)
        os.write(report, b"%d\n" % step)
        step += 1


def confirmed_before_death(folder: Path, case_id: str, paths: tuple[str, ...], life: float) -> int:
    """Let a child enter fields, and for `life` seconds more once it has begun; the last step it reported."""
    enter = enter_by_service if paths == SERVICE else enter_by_window
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            enter(folder, case_id, writing)
        finally:
            os._exit(1)
    os.close(writing)
    select.select([reading], [], [], SLOWEST_START_SECONDS)
    reported, deadline = b"", time.monotonic() + life
    while (left := deadline - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            reported += os.read(reading, 65536)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise SystemExit("the child died by itself: it could not enter fields")
    while data := os.read(reading, 65536):
        reported += data
    os.close(reading)
    steps = reported.split(b"\n")[:-1]
    return int(steps[-1]) if steps else -1


def check(desk: Desk, case_id: str, paths: tuple[str, ...], confirmed: int) -> str | None:
    """What is wrong after a kill, None where nothing is. The step after the last reported one may be there too."""
    view = desk.examinations.open(case_id)
    for path in paths:
        steps = [step for step in range(confirmed + 2) if paths[step % len(paths)] == path]
        there = view.unfinished.get("person.iin") if path == "unfinished" else get(view.document, path)
        allowed: set[object] = {value_of(step, paths)[1].strip() for step in steps if step > confirmed}
        known = [step for step in steps if step <= confirmed]
        allowed.add(value_of(known[-1], paths)[1].strip() if known else get(factories.case_document(), path))
        if (there.strip() if isinstance(there, str) else there) not in allowed:
            return f"{path}: {there!r} instead of one of {allowed!r}"
    found = desk.integrity.verify()
    return None if found.ok else repr(found.problem)


def main(paths: tuple[str, ...], rounds: int, seed: int) -> int:
    chance = random.Random(seed)
    print(f"{rounds} rounds, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        template = Path(place) / "template"
        desk = factories.make_desk(template).sign_in(HEAD, PASSPHRASE)
        case_id = desk.examinations.import_case(factories.case_document()).id
        desk.close()
        saved = killed_at_work = 0
        for number in range(rounds):
            folder = Path(place) / f"round-{number}"
            shutil.copytree(template, folder)
            life = chance.uniform(0, LONGEST_LIFE_SECONDS[paths])
            confirmed = confirmed_before_death(folder, case_id, paths, life)
            desk = factories.make_access(folder).sign_in(HEAD, PASSPHRASE)
            problem = check(desk, case_id, paths, confirmed)
            desk.close()
            shutil.rmtree(folder)
            if problem is not None:
                print(f"round {number}, {confirmed + 1} fields confirmed: {problem}")
                return 1
            saved += confirmed + 1
            killed_at_work += confirmed >= 0
    print(f"{rounds} kills, {killed_at_work} of them at work, {saved} confirmed fields, none lost")
    return 0 if killed_at_work else 1


if __name__ == "__main__":
    mode = sys.argv[1] if len(sys.argv) > 1 else "service"
    numbers = [int(word) for word in sys.argv[2:]]
    sys.exit(
        main(
            {"service": SERVICE, "window": WINDOW}[mode],
            numbers[0] if numbers else 100,
            numbers[1] if len(numbers) > 1 else random.randrange(10**6),
        )
    )

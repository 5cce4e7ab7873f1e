"""The worker: one after another, answers on the window's thread, silence where silence is meant."""

import gc
import os
import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.domain.errors import Cancelled
from ui import garbage
from ui.tasks import TaskRunner


@pytest.fixture
def tasks(qapp: object) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


def test_work_runs_elsewhere_and_answers_here(qtbot: QtBot, tasks: TaskRunner) -> None:
    where: list[int] = []
    tasks.run(threading.get_ident, done=lambda worker: where.extend((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: len(where) == 2)
    assert where[0] != where[1] == threading.get_ident()


def test_work_keeps_its_order(qtbot: QtBot, tasks: TaskRunner) -> None:
    seen: list[int] = []
    for number in range(50):
        tasks.run(partial(abs, number), done=seen.append)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert seen == list(range(50))


def test_a_failure_goes_to_who_asked_else_to_the_window(qtbot: QtBot, tasks: TaskRunner) -> None:
    own: list[object] = []
    others: list[object] = []
    tasks.failed.connect(others.append)
    tasks.run(lambda: 1 // 0, failed=own.append)
    tasks.run(lambda: os.environ["SARAPTAMA_NOTHING"])
    qtbot.waitUntil(lambda: not tasks.busy)
    assert [type(error) for error in own] == [ZeroDivisionError]
    assert [type(error) for error in others] == [KeyError]


def test_a_change_of_mind_is_silent(qtbot: QtBot, tasks: TaskRunner) -> None:
    said: list[object] = []
    tasks.failed.connect(said.append)

    def change_of_mind() -> None:
        raise Cancelled

    tasks.run(change_of_mind, done=said.append)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert said == []


def test_a_cancelled_task_answers_nobody(qtbot: QtBot, tasks: TaskRunner) -> None:
    go = threading.Event()
    said: list[object] = []
    tasks.run(go.wait, done=lambda _: said.append("first"), cancellable=True)
    second = tasks.run(lambda: said.append("work"), done=said.append, cancellable=True)
    kept = tasks.run(lambda: "kept", done=said.append)
    tasks.cancel()
    go.set()
    qtbot.waitUntil(lambda: said == ["kept"])
    assert second.cancelled
    assert not kept.cancelled


def test_nobody_calls_a_screen_that_is_gone(qtbot: QtBot, tasks: TaskRunner) -> None:
    import shiboken6

    said: list[object] = []
    saved: list[str] = []
    go = threading.Event()
    screen = QObject()
    tasks.run(go.wait, done=said.append, owner=screen)
    tasks.run(lambda: saved.append("saved"), done=said.append, owner=screen)
    shiboken6.delete(screen)
    go.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert said == []
    assert saved == ["saved"], "what was asked for is done, whoever has gone"


def test_the_name_of_the_work_is_told_until_it_ends(qtbot: QtBot, tasks: TaskRunner) -> None:
    told: list[tuple[str, bool]] = []
    tasks.running.connect(lambda name, cancellable: told.append((name, cancellable)))
    tasks.run(lambda: None, name="Copying", cancellable=True)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told == [("Copying", True), ("", False)]


def test_closing_waits_for_what_was_asked(qapp: object) -> None:
    runner = TaskRunner()
    finished: list[str] = []
    go = threading.Event()

    def save() -> None:
        go.wait(5)
        finished.append("saved")

    runner.run(save)
    threading.Timer(0.05, go.set).start()
    runner.close(lambda: finished.append("closed"))
    assert finished == ["saved", "closed"]


class Witness:
    """Remembers on which thread it was destroyed; lives in a cycle, so that only the collector can destroy it."""

    def __init__(self, seen: list[int]) -> None:
        self.seen, self.own = seen, self

    def __del__(self) -> None:
        self.seen.append(threading.get_ident())


def test_garbage_of_screens_is_destroyed_on_the_window_s_thread_alone(qtbot: QtBot, tasks: TaskRunner) -> None:
    seen: list[int] = []
    for _ in range(100):
        Witness(seen)
    kept = []

    def allocate_much() -> None:
        kept.append([[[] for _ in range(10)] for _ in range(50_000)])

    tasks.run(allocate_much)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 100)
    assert set(seen) == {threading.get_ident()}


def test_garbage_waits_for_a_pause_of_the_hand_but_not_without_end(tasks: TaskRunner) -> None:
    seen: list[int] = []
    rested = False
    garbage.search_while(lambda _seconds: rested)
    gc.collect()
    kept: list[list[int]] = []
    for _ in range(3):
        Witness(seen)
    while gc.get_count()[0] <= gc.get_threshold()[0]:
        kept.append([])
    garbage.collect_if_due()
    assert seen == [], "somebody is typing"
    rested = True
    garbage.collect_if_due()
    assert len(seen) == 3
    rested = False
    Witness(seen)
    while gc.get_count()[0] <= gc.get_threshold()[0] * garbage._PATIENCE:
        kept.append([])
    garbage.collect_if_due()
    assert len(seen) == 4, "whoever never pauses waits once for it"


def test_the_worker_lets_go_of_a_task_before_its_answer_arrives(qtbot: QtBot, tasks: TaskRunner) -> None:
    gone: list[int] = []

    class Held:
        def __del__(self) -> None:
            gone.append(threading.get_ident())

    for _ in range(200):
        held = Held()
        tasks.run(partial(id, held), done=partial(lambda held, answer: None, held))
        del held
    qtbot.waitUntil(lambda: len(gone) == 200)
    assert set(gone) == {threading.get_ident()}


def test_python_collects_by_itself_again_once_no_worker_runs(qapp: object) -> None:
    was = gc.isenabled()
    first, second = TaskRunner(), TaskRunner()
    assert not gc.isenabled()
    first.close()
    assert not gc.isenabled()
    second.close()
    assert gc.isenabled() is was

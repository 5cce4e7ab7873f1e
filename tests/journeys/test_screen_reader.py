"""Whoever can't see the screen is told everything: the accessibility tree of the real program, read over AT-SPI."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from app.services.desk import Desk
from app.services.steps import STEPS
from tests import dialogues, factories, screen_reader, trips
from tests.screen_reader import CHECKED, FOCUSABLE, FOCUSED, SELECTED, Node, Reader

# What a person acts on, by the roles that AT-SPI gives to Qt's widgets.
_ACTIVE: Final = frozenset(
    {"push button", "check box", "radio button", "text", "password text", "combo box", "button menu", "toggle button",
     "table", "list", "tree", "page tab", "page tab list", "link", "spin button", "slider", "menu item", "cell",
     "list item", "column header"}
)  # fmt: skip
# Qt says “focused” of the current item of a list and of the tab in front, whether the keyboard is there or not.
_ITEMS: Final = frozenset({"cell", "list item", "tree item", "page tab", "menu item"})
# No role for something that takes the keyboard: a reader would say nothing of what it is.
_MUTE: Final = frozenset({"filler", "panel", "unknown", "invalid", "layered pane"})


Stage = tuple[Reader, Callable[[str], str]]
_ROUND: Final = 80  # more controls than any dialogue has


def faults(reader: Reader, within: str = "") -> list[str]:
    """What on the screen (or in a window of that role) can't be told to somebody who doesn't see it. Where something
    went while it was read (a list that was filled anew), all is read again."""
    (found,) = reader.wait(lambda: (_faults_now(reader, within),))
    return list(found)


def _faults_now(reader: Reader, within: str) -> list[str]:
    found = []
    for node in reader.tree(within):
        acts = node.role in _ACTIVE or FOCUSABLE in node.states
        if node.role == "combo box" and not reader.labels(node):
            found.append(f"nobody says what is chosen here: {node.line}")
        if acts and not node.name.strip() and node.role != "combo box":
            found.append(f"has no name: {node.line}")
        if FOCUSABLE in node.states and node.role in _MUTE:
            found.append(f"takes the keyboard and has no role: {node.line}")
    return found


def keyboard(reader: Reader, within: str = "") -> list[Node]:
    """Where the keyboard is, as the tree says; items belong to their list, and a text's inside to the text."""
    nodes = [node for node in reader.tree(within) if FOCUSED in node.states and node.role not in _ITEMS]
    return [node for node in nodes if node.parent not in nodes]


def paths(nodes: list[Node]) -> list[str]:
    return [node.path for node in nodes]


def tabs_on(reader: Reader, times: int) -> Iterator[str]:
    """Press Tab so many times; a fault where the focus isn't told to be on exactly one other thing."""
    for _ in range(times):
        (before,) = reader.wait(lambda: (paths(keyboard(reader)),))
        reader.press("Tab")
        now = reader.wait(lambda before=before: paths(found := keyboard(reader)) != before and found)
        if len(now) != 1:
            yield f"Tab: {[node.line for node in now]}"


def in_front(reader: Reader, role: str, state: int) -> list[bool]:
    return [state in node.states for node in reader.tree() if node.role == role]


def sign_in(reader: Reader) -> None:
    login, passphrase = (node for node in reader.tree() if node.role == "text")
    reader.put(login, factories.HEAD)
    reader.put(passphrase, factories.PASSPHRASE)
    (button, *_) = (node for node in reader.tree() if node.role == "push button" and node.name == "Войти")
    reader.do(button)
    reader.wait(lambda: [node for node in reader.tree() if node.role == "table"])


@pytest.mark.skipif(bool(screen_reader.missing()), reason=screen_reader.missing())
def test_every_room_and_step_tells_its_names_roles_and_where_the_keyboard_is(full_desk: Desk, data_dir: Path) -> None:
    factories.signed_case(full_desk)
    trips.full_trip(full_desk, 2)
    full_desk.examinations.import_case(factories.case_document())
    full_desk.close()
    found: dict[str, list[str]] = {}
    with screen_reader.program(data_dir, "--lang", "ru") as reader:
        reader.find_program()
        reader.wait(lambda: [node for node in reader.tree() if node.role == "text"])
        reader.activate("Saraptama")
        reader.wait(lambda: keyboard(reader))
        found["sign-in"] = [*faults(reader), *tabs_on(reader, 4)]
        sign_in(reader)
        found["cases"] = [*faults(reader), *tabs_on(reader, 3)]
        for at, room in enumerate(("trips", "people", "journals"), 1):
            reader.press(f"alt+{at + 1}")
            reader.wait(lambda at=at: in_front(reader, "check box", CHECKED)[at])
            found[room] = faults(reader)
        for at in (1, 2, 3):
            reader.press("ctrl+Next")
            reader.wait(lambda at=at: in_front(reader, "page tab", SELECTED)[at])
            found[f"journal {at}"] = faults(reader)
        found["journal"] = [*tabs_on(reader, 2)]
        reader.press("alt+5")
        reader.wait(lambda: in_front(reader, "check box", CHECKED)[4])
        reader.wait(lambda: keyboard(reader))
        found["link"] = [*faults(reader), *tabs_on(reader, 2)]
        reader.press("ctrl+comma")
        reader.wait(lambda: in_front(reader, "check box", CHECKED)[5])
        found["settings"] = [*faults(reader), *tabs_on(reader, 3)]
        open_a_case(reader)
        for step, button in zip(STEPS, steps_of(reader), strict=True):
            reader.do(button)
            reader.wait(lambda button=button: CHECKED in reader.states(button.path))
            found[step] = [*faults(reader), *tabs_on(reader, 1)]
    assert {place: told for place, told in found.items() if told} == {}


def open_a_case(reader: Reader) -> None:
    reader.press("alt+1")
    reader.wait(lambda: in_front(reader, "check box", CHECKED)[0])
    reader.wait(lambda: [node for node in keyboard(reader) if node.role == "table"])
    reader.press("Return")
    reader.wait(lambda: [node for node in reader.tree() if node.name == "Шаги дела"])


def steps_of(reader: Reader) -> list[Node]:
    nodes = [node for node in reader.tree() if node.role == "radio button"]
    return [node for node in nodes if any(above.name == "Шаги дела" for above in node.above)]


def test_every_dialogue_that_the_code_makes_is_walked() -> None:
    assert set(dialogues.sites()) == dialogues.WALKED


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The window over a desk where every dialogue has something to ask, and who reads its screen."""
    with screen_reader.stage(tmp_path_factory.mktemp("stage"), "ru") as (reader, tell):
        reader.find_program()
        yield reader, tell


@pytest.mark.skipif(bool(screen_reader.missing()), reason=screen_reader.missing())
@pytest.mark.parametrize("place", sorted(dialogues.WALKED))
def test_a_dialogue_tells_what_is_in_it_and_takes_and_gives_back_the_keyboard(stage: Stage, place: str) -> None:
    assert list(walk(*stage, place, dialogues.sites()[place])) == []


def walk(reader: Reader, tell: Callable[[str], str], place: str, kind: str) -> Iterator[str]:
    """Open a dialogue, read it, go round it with Tab, leave it with Escape; what is wrong with it."""
    ready = tell(f"before {place}")
    if ready != "ready":
        yield ready
    shown = tell("open")
    if shown != kind:
        yield f"{shown} has come, not {kind}"
        return
    yield from faults(reader, "dialog")
    dialog = reader.tree("dialog")[0]
    if not dialog.name.strip():
        yield "the dialogue has no name"
    yield from rounds(reader)
    reader.press("Escape")
    back = tell("closed")
    if back != "back":
        yield f"the keyboard does not come back: {back}"


def rounds(reader: Reader) -> Iterator[str]:
    """Tab through the dialogue in front until it is where it began: the keyboard never leaves, nor stays."""
    (first, *more) = keyboard(reader, "dialog") or [None]
    if first is None or more:
        yield f"the keyboard is not at one place in it: {[node.line for node in (first, *more) if node is not None]}"
        return
    stops = [node for node in reader.tree("dialog") if FOCUSABLE in node.states and node.role not in _ITEMS]
    now = first
    for _ in range(_ROUND):
        reader.press("Tab")
        try:
            now = reader.wait(lambda before=now: gone_on(reader, stops, before), 5)
        except AssertionError:
            yield f"Tab leads nowhere from {now.line}"
            return
        if now.path == first.path:
            return
    yield "Tab does not come round"


def gone_on(reader: Reader, stops: list[Node], before: Node) -> Node | None:
    """Where the keyboard is now, if it isn't where it was. Those that take it are asked alone; what has come meanwhile
    is looked for where none of them has it."""
    if FOCUSED in reader.states(before.path):
        return None
    focused = [node for node in stops if FOCUSED in reader.states(node.path)]
    return next(iter(focused or keyboard(reader, "dialog")), None)

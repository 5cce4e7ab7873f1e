"""What a screen reader is told: the program on a screen of its own, and its accessibility tree read over AT-SPI.

`Screen` gives a display without a monitor and a message bus with the accessibility bus beside it; `Reader` asks the
tree as Orca does. Linux alone; `missing()` says what isn't there.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from jeepney import DBusAddress, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

ROOT: Final = Path(__file__).resolve().parents[1]
_ACCESSIBLE: Final = "org.a11y.atspi.Accessible"
_PROGRAMS: Final = ("dbus-daemon", "Xvfb", "xdotool")
_LAUNCHER: Final = "/usr/share/dbus-1/services/org.a11y.Bus.service"
LABELLED_BY: Final = 2  # of AtspiRelationType
PATIENCE: Final = 30.0

# Numbers of AtspiStateType, as they stand in the two words of GetState.
CHECKED, FOCUSABLE, FOCUSED, SELECTED, SHOWING = 4, 11, 12, 23, 25


def missing() -> str:
    """What of the system isn't there, in words; empty where all is."""
    if not sys.platform.startswith("linux"):
        return "AT-SPI is Linux's way to screen readers; other systems have others"
    gone = [name for name in _PROGRAMS if shutil.which(name) is None]
    gone += [] if Path(_LAUNCHER).exists() else ["at-spi2-core"]
    return f"not installed here: {', '.join(gone)}" if gone else ""


@dataclass(frozen=True, eq=False)
class Node:
    """One thing a screen reader can speak of; its role and name are asked for when they are wanted."""

    path: str
    states: frozenset[int]
    parent: "Node | None"
    reader: "Reader"

    @cached_property
    def role(self) -> str:
        return str(self.reader.ask(self.path, "GetRoleName"))

    @cached_property
    def name(self) -> str:
        return self.reader.name(self.path)

    @property
    def above(self) -> "list[Node]":
        """What it stands in, the nearest first."""
        return [] if self.parent is None else [self.parent, *self.parent.above]

    @property
    def line(self) -> str:
        return f"{self.role} “{self.name}”" + (f" in {self.parent.line}" if self.parent is not None else "")


@dataclass(frozen=True)
class Screen:
    """A display and the address of its accessibility bus; `start` begins a process that shows itself there."""

    env: dict[str, str]
    address: str
    start: Callable[..., subprocess.Popen[bytes]]


@contextmanager
def screen(running: Path) -> Iterator[Screen]:
    """A display of one's own with a message bus, in a folder; what was begun on it ends with it."""
    running.mkdir(mode=0o700, parents=True, exist_ok=True)
    env = {key: value for key, value in os.environ.items() if not key.startswith(("QT_", "DBUS_", "WAYLAND", "AT_SPI"))}
    env |= {"XDG_RUNTIME_DIR": str(running), "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_QPA_PLATFORM": "xcb"}
    begun: list[subprocess.Popen[bytes]] = []

    def start(*command: str, **more: Any) -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen(command, env=env, stderr=log, **more))
        return begun[-1]

    log = (running / "log").open("wb")
    try:
        display = start("Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp",
                        stdout=subprocess.PIPE)  # fmt: skip
        assert display.stdout is not None
        env["DISPLAY"] = f":{display.stdout.readline().decode().strip()}"
        bus = start("dbus-daemon", "--session", "--nofork", "--print-address", stdout=subprocess.PIPE)
        assert bus.stdout is not None
        env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        with open_dbus_connection(env["DBUS_SESSION_BUS_ADDRESS"]) as session:
            call = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
            (address,) = session.send_and_get_reply(call, timeout=PATIENCE).body
        yield Screen(env, address, start)
    except AssertionError as failed:
        failed.add_note((running / "log").read_text("utf-8", "replace"))
        raise
    finally:
        log.close()
        for one in reversed(begun):
            one.terminate()
        for one in reversed(begun):
            with suppress(subprocess.TimeoutExpired):
                one.wait(10)
            if one.poll() is None:
                one.kill()
                one.wait()
            for pipe in (one.stdin, one.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):
                        pipe.close()


@contextmanager
def program(data: Path, *words: str) -> Iterator["Reader"]:
    """The real program, begun with `run` and these words, and somebody who reads its screen."""
    data.mkdir(parents=True, exist_ok=True)
    with screen(data.parent / "run") as shown:
        shown.start(sys.executable, "-m", "app.cli", "run", "--data", str(data), *words, cwd=ROOT)
        with open_dbus_connection(shown.address) as connection:
            yield Reader(connection, shown.env)


@contextmanager
def stage(folder: Path, language: str) -> Iterator[tuple["Reader", Callable[[str], str]]]:
    """The window over a furnished desk (`tests.dialogues`), who reads its screen, and how it is told what to do: one
    line, one answer."""
    with screen(folder / "run") as shown:
        running = shown.start(sys.executable, "-m", "tests.dialogues", str(folder), language, cwd=ROOT,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
        told, answers = running.stdin, running.stdout
        assert told is not None
        assert answers is not None

        def tell(words: str) -> str:
            told.write(f"{words}\n".encode())
            told.flush()
            answer = answers.readline().decode().strip()
            assert answer, f"no answer to {words!r}"
            return answer

        with open_dbus_connection(shown.address) as connection:
            yield Reader(connection, shown.env), tell


class Reader:
    """Asks for the tree, presses keys, waits until something can be read."""

    def __init__(self, connection: DBusConnection, env: dict[str, str]) -> None:
        self._connection, self._env = connection, env
        self._bus = ""

    # --- asking ----------------------------------------------------------------------------------------------
    def ask(self, path: str, method: str, bus: str = "") -> Any:
        call = new_method_call(DBusAddress(path, bus or self._bus, _ACCESSIBLE), method)
        reply = self._connection.send_and_get_reply(call, timeout=PATIENCE)
        if reply.header.message_type.name == "error":
            raise LookupError(f"{method} of {path}: {reply.body}")
        return reply.body[0]

    def name(self, path: str) -> str:
        get = Properties(DBusAddress(path, self._bus, _ACCESSIBLE)).get("Name")
        return str(self._connection.send_and_get_reply(get, timeout=PATIENCE).body[0][1])

    def states(self, path: str) -> frozenset[int]:
        low, high = self.ask(path, "GetState")
        return frozenset(bit for bit in range(64) if (low | high << 32) >> bit & 1)

    def find_program(self) -> None:
        """Wait until the program has told the registry that it is there."""

        def found() -> str:
            root = "/org/a11y/atspi/accessible/root"
            children = self.ask(root, "GetChildren", "org.a11y.atspi.Registry")
            return str(children[0][0]) if children else ""

        self._bus = self.wait(found)

    def tree(self, within: str = "") -> list[Node]:
        """Everything on the screen, from the windows downwards, in order; what isn't shown is left out. `within`: of
        windows of that role alone."""
        nodes: list[Node] = []

        def walk(path: str, parent: Node | None) -> None:
            states = self.states(path)
            if parent is not None and SHOWING not in states:
                return
            node = Node(path, states, parent, self)
            nodes.append(node)
            for _bus, child in self.ask(path, "GetChildren"):
                if not child.endswith("/null"):
                    walk(child, node)

        for _bus, window in self.ask("/org/a11y/atspi/accessible/root", "GetChildren"):
            if not within or (str(self.ask(window, "GetRoleName")) == within and SHOWING in self.states(window)):
                walk(window, None)
        return nodes

    def labels(self, node: Node) -> list[str]:
        """The names of what labels the node: how a combo box is called (its own name is what is chosen in it)."""
        names = []
        for kind, targets in self.ask(node.path, "GetRelationSet"):
            if kind == LABELLED_BY:
                names += [self.name(path) for _bus, path in targets]
        return [name for name in names if name.strip()]

    def wait(self, look: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Until something is there (the tree changes while it is walked: what has gone meanwhile is asked anew)."""
        until = time.monotonic() + patience
        while True:
            with suppress(LookupError):
                found = look()
                if found:
                    return found
            if time.monotonic() > until:
                raise AssertionError("never read on the screen")
            time.sleep(0.05)

    # --- doing -----------------------------------------------------------------------------------------------
    def press(self, *keys: str) -> None:
        """Keys as the X server knows them: `Tab`, `alt+2`."""
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], env=self._env, check=True)

    def do(self, node: Node) -> None:
        """The first action of it: press, choose."""
        call = new_method_call(DBusAddress(node.path, self._bus, "org.a11y.atspi.Action"), "DoAction", "i", (0,))
        assert self._connection.send_and_get_reply(call, timeout=PATIENCE).body[0]

    def activate(self, title: str) -> None:
        """Give the window the keyboard: there is no window manager who would."""
        subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", title, "windowfocus", "--sync"],
                       env=self._env, check=True, timeout=PATIENCE)  # fmt: skip

    def put(self, node: Node, text: str) -> None:
        """Write into a line, as dictation does."""
        address = DBusAddress(node.path, self._bus, "org.a11y.atspi.EditableText")
        call = new_method_call(address, "SetTextContents", "s", (text,))
        assert self._connection.send_and_get_reply(call, timeout=PATIENCE).body[0]

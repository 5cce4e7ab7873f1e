"""Laptops of the fault rounds: real desks whose every act runs in a process that may be killed in the middle of it."""

import os
import random
import select
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from app.domain.errors import NothingToDo, Told
from app.services.desk import Desk
from app.services.link_store import delivered
from app.storage.chain import EVENTS
from app.storage.database import Database, driver
from tests import factories
from tests.factories import HEAD, PASSPHRASE, FakeClock

SLOWEST_SECONDS: Final = 90
Act = Callable[[Desk, Callable[[str], None]], None]
Record = tuple[str, int, bytes, bytes]
"""incarnation, number, hash and bytes of an event"""


class Laptop:
    """A data directory with its clock; `dead` once nobody works with it any more."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.folder, self.clock = folder, clock
        self.serial = 0

    def copied_to(self, folder: Path) -> "Laptop":
        """The same disk in another machine."""
        shutil.copytree(self.folder, folder)
        clock = FakeClock()
        clock.moment, clock.running = self.clock.moment, self.clock.running
        return Laptop(folder, clock)

    def open(self) -> Desk:
        """Sign in as the head of the commission."""
        self.clock.jump(minutes=1)
        return factories.make_access(self.folder, self.clock).sign_in(HEAD, PASSPHRASE)

    def run(self, act: Act, *, life: float | None = None) -> tuple[list[str], bool]:
        """Do it in a child; killed `life` seconds after its first word, if that comes first. What it said, and whether
        it came to its end."""
        self.clock.jump(minutes=random.randrange(1, 30))
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            code = 1
            try:
                desk = self.open()
                act(desk, lambda word: os.write(writing, word.encode() + b"\n") and None)
                desk.close()
                code = 0
            except BaseException as error:
                import traceback

                os.write(writing, f"!{type(error).__name__}: {getattr(error, 'text', error)}\n".encode())
                if os.environ.get("SHOW"):
                    traceback.print_exc()
            finally:
                os._exit(code)
        os.close(writing)
        said = _listen(reading, life)
        os.kill(child, signal.SIGKILL)
        said += _rest(reading)
        _, status = os.waitpid(child, 0)
        return said.decode().split("\n")[:-1], os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0

    def records(self) -> tuple[list[Record], int, str]:
        """Every event on its disk, up to which one it says that the centre has them, and its incarnation."""
        desk = self.open()
        try:
            place = desk._place
            with place.database.reading() as connection:
                found = [
                    (life_of(bytes(record)), seq, bytes(value), bytes(record))
                    for seq, value, record in EVENTS.after(connection, 0, 1_000_000)
                ]
                return found, delivered(connection), found[-1][0]
        finally:
            desk.close()


def life_of(record: bytes) -> str:
    """The incarnation that an event names."""
    import json

    return str(json.loads(record)["incarnation"])


def _listen(reading: int, life: float | None) -> bytes:
    """Until the child ends, or `life` seconds after its first word."""
    said, deadline = b"", time.monotonic() + SLOWEST_SECONDS
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([reading], [], [], left)[0]:
            return said
        part = os.read(reading, 65536)
        if not part:
            return said
        if not said and life is not None:
            deadline = time.monotonic() + life
        said += part
    return said


def _rest(reading: int) -> bytes:
    said = b""
    while part := os.read(reading, 65536):
        said += part
    os.close(reading)
    return said


# ------------------------------------------------------------------------------------------------------ what they do


def works(chance: random.Random, serial: int) -> Act:
    """Some day's work: prints, cases with copies of papers, signed conclusions."""
    plan = [chance.choice(("print", "print", "sign", "copy")) for _ in range(chance.randrange(1, 5))]

    def act(desk: Desk, say: Callable[[str], None]) -> None:
        say("begun")
        for at, what in enumerate(plan):
            work(desk, what, serial * 100 + at)
            say(what)

    return act


def work(desk: Desk, what: str, number: int) -> None:
    """One act of a day's work."""
    import copy

    if what == "print":
        signed = [entry.case_id for entry in desk.link.cases(limit=1)]
        if signed:
            desk.conclusions.record_output(signed[0], "conclusion", "kk", "sha256:" + f"{number:064x}", "file")
            return
    view = desk.examinations.import_case(factories.case_document({"referral.number": f"{number}/26"}))
    if what == "copy":
        picture = _picture(number)
        desk.attachments.add(view.id, picture, title=f"көшірме {number}", of="result")
    desk.conclusions.decide(view.id, copy.deepcopy(factories.DECISION))
    desk.conclusions.sign(view.id, factories.signatures())


def _picture(number: int) -> Any:
    import io

    from PIL import Image

    from app.services.attachments import Copy

    random_ = random.Random(number)
    side = random_.choice((16, 64, 400, 700))
    image = Image.frombytes("RGB", (side, side), random_.randbytes(side * side * 3))
    whole, small = io.BytesIO(), io.BytesIO()
    image.save(whole, "PNG")
    image.resize((8, 8)).save(small, "PNG")
    return Copy(whole.getvalue(), small.getvalue())


def exchanges(say_first: bool = True) -> Act:
    """One exchange over the network; what stopped it is told and is no failure here."""

    def act(desk: Desk, say: Callable[[str], None]) -> None:
        if say_first:
            say("begun")
        done = desk.link.exchange()
        say(f"stopped {done.stopped.msgid}" if done.stopped else "whole")

    return act


def writes_a_bundle(stick: Path) -> Act:
    """All that has no receipt, onto a stick."""

    def act(desk: Desk, say: Callable[[str], None]) -> None:
        say("begun")
        with suppress(NothingToDo):
            desk.link.export_bundle(stick)
            say("written")

    return act


def reads_a_bundle(path: Path) -> Act:
    """What the centre gave back; a refusal is told."""

    def act(desk: Desk, say: Callable[[str], None]) -> None:
        say("begun")
        try:
            desk.link.import_bundle(path)
            say("read")
        except Told as told:
            say(f"refused {told.text.msgid}")

    return act


def on_a_full_disk(act: Act) -> Act:
    """The same where the laptop's disk takes no further page."""

    def full(desk: Desk, say: Callable[[str], None]) -> None:
        database: Database = desk._place.database
        with database.reading() as connection:
            pen = driver(connection)
            pages = pen.execute("PRAGMA page_count").fetchone()[0]
            pen.execute(f"PRAGMA max_page_count = {pages + 1}")
        act(desk, say)

    return full


def points_to(url: str) -> Act:
    """The centre is found elsewhere: an invitation with other addresses does the same."""
    from dataclasses import replace

    def act(desk: Desk, say: Callable[[str], None]) -> None:
        from app.services import link_store

        with desk._place.begin() as work:
            centre = link_store.require_linked(work.connection)
            if centre.urls != (url,):
                link_store.put_centre(work, replace(centre, urls=(url,)))
                work.commit()
        say("pointed")

    return act


def jumped(laptop: Laptop, chance: random.Random) -> None:
    """Somebody sets the clock."""
    laptop.clock.moment += timedelta(days=chance.choice((-3650, -40, -1, 2, 300)))
    if not 2012 < laptop.clock.moment.year < 2100:
        laptop.clock.moment = FakeClock().moment


def poisons(number: int) -> Act:
    """Records that the centre can't make sense of, among good ones."""

    def act(desk: Desk, say: Callable[[str], None]) -> None:
        with desk._place.begin() as work_:
            work_.audit("note", new=number)
            kind, payload = [("future.kind", {"n": number}), ("case.signed", {"number": 7}), ("user.added", {})][
                number % 3
            ]
            work_.emit(kind, payload)
            work_.commit()
        say("poisoned")
        work(desk, "sign", number)
        say("sign")

    return act


def is_heard_again(desk: Desk, say: Callable[[str], None]) -> None:
    """The laptop was found and is in use again: what it was told of its revocation is taken away."""
    from app.services import link_store

    with desk._place.begin() as work_:
        link_store.put_one(work_, link_store.REVOKED, None)
        link_store.put_one(work_, link_store.REFUSED, None)
        work_.audit("note", new="heard again")
        work_.commit()
    say("heard again")

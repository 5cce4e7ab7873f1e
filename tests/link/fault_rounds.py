"""The oracle of the link under faults: python -m tests.link.fault_rounds [ROUNDS] [SEED] [sqlite|postgresql]

Real desks, a real centre as a process, a real PostgreSQL. Each round lets something go wrong (`SCENARIOS`), by a number
that follows from the seed. After it, whatever is on a laptop's disk is at the centre exactly once and byte for byte
equal, or still counts as waiting there; after the last, and on the way every `_QUIET` rounds, the network is good for
once, and everything has to be at the centre with its chains whole. Exit code 1 where it isn't.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import text

from app.centre import admission, bundles, lines
from app.centre.store import Store
from app.crypto import digests
from app.domain.errors import UserError
from app.domain.text import LocalText
from app.sync import bundle, told
from tests import factories
from tests.factories import HEAD, PASSPHRASE, FakeClock
from tests.link import fault_laptops as acts
from tests.link import postgres
from tests.link.centre_process import keys_of
from tests.link.fault_laptops import Laptop
from tests.link.proxy import KINDS

_QUIET: Final = 25
_MOST_LAPTOPS: Final = 5
_NAME: Final = LocalText("Орталық", "Центр", "Centre")


class Wrong(Exception):
    """The oracle's no."""


class Rounds:
    """Laptops, a centre, and what goes wrong between them."""

    def __init__(self, folder: Path, seed: int, cluster: postgres.Cluster | None) -> None:
        self.folder, self.seed, self.cluster = folder, seed, cluster
        self.address = cluster.new_database() if cluster else str(folder / "centre.db")
        self.keys = keys_of(seed)
        self.chance = random.Random(seed)
        self.laptops: list[Laptop] = []
        self.counted: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()
        self.serial = 0
        store = Store(self.address)
        store.migrate()
        store.close()
        self.start_centre()

    # --- the centre -------------------------------------------------------------------------------------------
    def start_centre(self) -> None:
        words = [sys.executable, "-m", "tests.link.centre_process", self.address, str(self.seed)]
        with (self.folder / "centre.log").open("ab") as log:
            self.centre = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.centre.stdout is not None
        self.port = int(self.centre.stdout.readline())

    def kill_centre(self) -> None:
        self.centre.kill()
        self.centre.wait()
        assert self.centre.stdout is not None
        self.centre.stdout.close()

    @contextmanager
    def store(self) -> Iterator[Store]:
        store = Store(self.address)
        try:
            yield store
        finally:
            store.close()

    def snapshot(self) -> str:
        """The centre's database as it is now, to be brought back later."""
        self.kill_centre()
        if self.cluster is not None:
            copy = self.cluster.copy_of(self.address)
        else:
            copy = str(self.folder / f"centre-{self.serial}.db")
            for suffix in ("", "-wal"):
                if Path(self.address + suffix).exists():
                    shutil.copyfile(self.address + suffix, copy + suffix)
        self.start_centre()
        return copy

    def bring_back(self, copy: str) -> None:
        self.kill_centre()
        self.address = copy
        self.start_centre()

    def touched(self, data: bytes) -> bytes:
        """Torn or changed somewhere."""
        at = self.chance.randrange(len(data))
        if self.chance.random() < 0.5:
            return data[:at]
        return data[:at] + bytes([data[at] ^ self.chance.randrange(1, 256)]) + data[at + 1 :]

    def refuses(self, path: Path) -> None:
        """The centre refuses a bundle that was touched, and is as it was."""
        other = path.with_name(f"touched{bundle.SUFFIX}")
        other.write_bytes(self.touched(path.read_bytes()))
        asked = text("SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM chunks)")
        with self.store() as store:
            with store.begin() as connection:
                before = connection.execute(asked).scalar_one()
            try:
                bundles.take_in(store, self.keys, other)
            except UserError as error:
                self.met[error.text.msgid] += 1
            else:
                raise Wrong("a bundle that was touched was taken in")
            with store.begin() as connection:
                if connection.execute(asked).scalar_one() != before:
                    raise Wrong("a bundle that was touched changed something")
        other.unlink()

    def imports(self, path: Path, *, killed: bool) -> None:
        """The centre takes a bundle in, in a process that may be killed."""
        child = os.fork()
        if child == 0:
            with suppress(BaseException), self.store() as store:
                bundles.take_in(store, self.keys, path)
            os._exit(0)
        if killed:
            time.sleep(self.chance.uniform(0, 0.2))
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    def code(self) -> str:
        with self.store() as store, store.begin(write=True) as connection:
            return admission.new_code(connection, 400)

    # --- laptops ----------------------------------------------------------------------------------------------
    def new_laptop(self) -> Laptop:
        folder = self.folder / f"laptop-{self.serial}-{len(self.laptops)}"
        clock = FakeClock()
        access = factories.make_desk(folder, clock)
        desk = access.sign_in(HEAD, PASSPHRASE)
        factories.with_commission(desk)
        url = f"http://127.0.0.1:{self.port}"
        desk.link.enrol(told.invited(self.keys.sign, _NAME, self.keys.seal_key, [url], self.code()))
        desk.close()
        laptop = Laptop(folder, clock)
        self.laptops.append(laptop)
        return laptop

    @contextmanager
    def network(self, chance: float, kinds: tuple[str, ...] = KINDS) -> Iterator[str]:
        words = [sys.executable, "-m", "tests.link.proxy", str(self.port), str(chance), str(self.chance.random())[2:9]]
        proxy = subprocess.Popen([*words, *kinds], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert proxy.stdout is not None
        assert proxy.stdin is not None
        try:
            yield f"http://127.0.0.1:{proxy.stdout.readline().strip()}"
        finally:
            proxy.stdin.close()
            proxy.wait()
            proxy.stdout.close()

    def works(self, laptop: Laptop) -> None:
        self.serial += 1
        self.said(laptop.run(acts.works(self.chance, self.serial)))

    def said(self, result: tuple[list[str], bool], *, killed: bool = False) -> list[str]:
        words, ended = result
        for word in words:
            if word.startswith(("stopped ", "refused ")):
                self.met[word] += 1
            if word.startswith("!"):
                self.met[word[:90]] += 1
        if not ended and not killed and not any(word.startswith("!") for word in words):
            raise Wrong(f"a laptop died by itself: {words}")
        return words

    def exchange(self, laptop: Laptop, url: str | None = None, *, life: float | None = None) -> list[str]:
        laptop.run(acts.points_to(url or f"http://127.0.0.1:{self.port}"))
        words = self.said(laptop.run(acts.exchanges(), life=life), killed=life is not None)
        if os.environ.get("SHOW"):
            print("  >", laptop.folder.name, words[1:], flush=True)
        return words

    # --- one round --------------------------------------------------------------------------------------------
    def round(self) -> None:
        name = self.chance.choice(list(SCENARIOS))
        laptop = self.chance.choice(self.laptops)
        self.counted[name] += 1
        self.works(laptop)
        if os.environ.get("SHOW"):
            print(name, laptop.folder.name, flush=True)
        began = time.monotonic()
        SCENARIOS[name](self, laptop)
        self.look(laptop)
        self.seconds[name] += time.monotonic() - began

    def look(self, laptop: Laptop) -> None:
        """Exactly once, byte for byte, or still waiting on the laptop and shown as such."""
        found, upto, _ = laptop.records()
        with self.store() as store, store.begin() as connection:
            for life in {one[0] for one in found}:
                rows = connection.execute(
                    text("SELECT seq, hash, record FROM events WHERE incarnation = :life"), {"life": life}
                ).all()
                held: dict[tuple[int, bytes], list[bytes]] = {}
                for seq, value, record in rows:
                    held.setdefault((seq, bytes(value)), []).append(bytes(record))
                for _, seq, value, record in (one for one in found if one[0] == life):
                    there = held.get((seq, value), [])
                    if len(there) > 1:
                        raise Wrong(f"{life} {seq} is at the centre {len(there)} times")
                    if there and there[0] != record:
                        raise Wrong(f"{life} {seq} is another record at the centre")
                    if not there and seq <= upto and not self.restored:
                        raise Wrong(f"{life} {seq} counts as delivered and isn't at the centre")

    restored = False
    """the centre was brought back from an older copy, and not every laptop has been told yet"""

    def settle(self) -> None:
        """A good network for once: everything arrives, chains are whole, everything is interpreted."""
        for laptop in self.laptops:
            for _ in range(6):
                words = self.exchange(laptop)
                self.adopt_all()
                if "whole" in words and self.is_through(laptop):
                    break
                if any("older copy" in word for word in words):
                    laptop.run(lambda desk, say: (say("anew"), desk.link.begin_anew("көшірме"))[0])
            else:
                raise Wrong(f"{laptop.folder.name} does not get through: {words}")
        self.restored = False
        for laptop in self.laptops:
            self.look(laptop)
            found, upto, _ = laptop.records()
            if upto != found[-1][1]:
                raise Wrong(f"{laptop.folder.name}: {upto} of {found[-1][1]} delivered after a whole exchange")
        self.whole()

    def is_through(self, laptop: Laptop) -> bool:
        found, upto, _ = laptop.records()
        return upto == found[-1][1]

    def adopt_all(self) -> None:
        """A person at the centre decides that what was kept aside counts."""
        with self.store() as store, store.begin(write=True) as connection:
            for life, line in connection.execute(
                text("SELECT incarnation, line FROM incarnations WHERE aside <> 0")
            ).all():
                lines.adopt(connection, life, line)

    def whole(self, *, again: bool = True) -> None:
        """Every line of the centre walked from its bytes; every event interpreted; attachments all there."""
        deadline = time.monotonic() + 60
        with self.store() as store:
            while True:
                with store.begin() as connection:
                    left = connection.execute(
                        text(
                            "SELECT count(*) FROM incarnations i JOIN progress p ON p.incarnation = i.incarnation"
                            " AND p.line = i.line WHERE p.interpreted_upto < i.last_seq OR p.look_again <> 0"
                        )
                    ).scalar_one()
                if not left:
                    break
                if time.monotonic() > deadline:
                    raise Wrong(f"{left} lines are not interpreted")
                time.sleep(0.05)
            with store.begin() as connection:
                for life, line, first, last, prev, head in connection.execute(
                    text("SELECT incarnation, line, first_seq, last_seq, prev_hash, head_hash FROM incarnations")
                ).all():
                    rows = connection.execute(
                        text(
                            "SELECT seq, hash, record FROM events WHERE incarnation = :life AND line = :line"
                            " ORDER BY seq"
                        ),
                        {"life": life, "line": line},
                    ).all()
                    before = bytes(prev)
                    if [row[0] for row in rows] != list(range(first, last + 1)):
                        raise Wrong(f"{life}/{line} has holes")
                    for seq, value, record in rows:
                        if digests.digest(digests.EVENT, bytes(record)) != bytes(value) or (
                            f'"prev_hash":"{before.hex()}"'.encode() not in bytes(record)
                        ):
                            raise Wrong(f"{life}/{line} {seq} does not follow")
                        before = bytes(value)
                    if before != bytes(head):
                        raise Wrong(f"{life}/{line} ends elsewhere")
                odd = connection.execute(
                    text("SELECT reason, count(*) FROM unapplied WHERE state = 'quarantined' GROUP BY reason")
                ).all()
                self.quarantined = {row[0]: row[1] for row in odd}
                waiting = {
                    bytes(row[0])
                    for row in connection.execute(
                        text(
                            "SELECT e.hash FROM unapplied u JOIN events e ON e.incarnation = u.incarnation"
                            " AND e.line = u.line AND e.seq = u.seq WHERE u.state = 'waiting_attachment'"
                        )
                    )
                }
        # What went with a disk whose older copy came back is lost for good: nobody has the papers any more.
        here = {value for laptop in self.laptops for _, _, value, _ in laptop.records()[0]}
        self.gone = len(waiting - here)
        waiting &= here
        if waiting and again:
            # What the centre lacks it says with the next answer, and the laptop sends it then.
            for laptop in self.laptops:
                self.exchange(laptop)
            self.whole(again=False)
        elif waiting:
            raise Wrong(f"{len(waiting)} cases wait for copies after all were sent")

    def summary(self) -> str:
        """What was met."""
        with self.store() as store, store.begin() as connection:
            events = connection.execute(text("SELECT count(*) FROM events")).scalar_one()
            copies = connection.execute(text("SELECT count(*) FROM attachments WHERE complete = 1")).scalar_one()
            cases = connection.execute(text("SELECT count(*) FROM conclusions")).scalar_one()
        lines_ = [f"{events} events, {cases} conclusions, {copies} copies at the centre, {len(self.laptops)} laptops"]
        lines_ += [f"  {self.gone} cases whose papers went with a disk before they were sent"] if self.gone else []
        lines_ += [f"  {name}: {n} ({self.seconds[name] / n:.1f} s each)" for name, n in sorted(self.counted.items())]
        lines_ += [f"  quarantined {reason}: {n}" for reason, n in sorted(self.quarantined.items())]
        lines_ += [f"  {n} x {word}" for word, n in self.met.most_common()]
        return "\n".join(lines_)


# ---------------------------------------------------------------------------------------------------- what goes wrong


def bad_network(rounds: Rounds, laptop: Laptop) -> None:
    with rounds.network(rounds.chance.choice((0.2, 0.5, 0.8))) as url:
        rounds.exchange(laptop, url)


def portal_or_proxy(rounds: Rounds, laptop: Laptop) -> None:
    with rounds.network(1, (rounds.chance.choice(("portal", "413", "502", "cut after", "cut within")),)) as url:
        if "whole" in rounds.exchange(laptop, url):
            raise Wrong("an exchange was whole that never reached the centre")


def late_and_doubled(rounds: Rounds, laptop: Laptop) -> None:
    with rounds.network(0.9, ("late", "doubled", "slow")) as url:
        rounds.exchange(laptop, url)


def killed_laptop(rounds: Rounds, laptop: Laptop) -> None:
    with rounds.network(0.2) as url:
        rounds.exchange(laptop, url, life=rounds.chance.uniform(0, 0.4))


def killed_centre(rounds: Rounds, laptop: Laptop) -> None:
    pid = rounds.centre.pid
    child = os.fork()
    if child == 0:
        time.sleep(rounds.chance.uniform(0.02, 0.5))
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        os._exit(0)
    rounds.exchange(laptop)
    os.waitpid(child, 0)
    rounds.kill_centre()
    rounds.start_centre()


def killed_database(rounds: Rounds, laptop: Laptop) -> None:
    if rounds.cluster is None:
        return killed_centre(rounds, laptop)
    child = os.fork()
    if child == 0:
        time.sleep(rounds.chance.uniform(0.02, 0.4))
        rounds.cluster.restart()
        os._exit(0)
    rounds.exchange(laptop)
    _, status = os.waitpid(child, 0)
    if status:
        raise Wrong("the database did not come back")
    return None


def cloned_laptop(rounds: Rounds, laptop: Laptop) -> None:
    other = laptop.copied_to(rounds.folder / f"clone-{rounds.serial}")
    rounds.works(laptop)
    rounds.works(other)
    rounds.exchange(laptop)
    rounds.exchange(other)
    rounds.look(other)
    if len(rounds.laptops) < _MOST_LAPTOPS:
        rounds.laptops.append(other)
    else:
        rounds.exchange(other)
        rounds.adopt_all()
        shutil.rmtree(other.folder)


def older_copy_of_a_laptop(rounds: Rounds, laptop: Laptop) -> None:
    """Put back by hand: the program can't know it, and the centre does."""
    rounds.exchange(laptop)
    aside = laptop.copied_to(rounds.folder / f"older-{rounds.serial}")
    rounds.works(laptop)
    rounds.exchange(laptop)
    shutil.rmtree(laptop.folder)
    aside.folder.rename(laptop.folder)
    rounds.works(laptop)
    rounds.exchange(laptop)


def restored_centre(rounds: Rounds, laptop: Laptop) -> None:
    """From a copy that is some exchanges old."""
    copy = rounds.snapshot()
    rounds.exchange(laptop)
    rounds.works(laptop)
    rounds.exchange(laptop)
    rounds.bring_back(copy)
    rounds.restored = True
    rounds.works(laptop)
    rounds.exchange(laptop)


def clock_jumps(rounds: Rounds, laptop: Laptop) -> None:
    acts.jumped(laptop, rounds.chance)
    rounds.works(laptop)
    rounds.exchange(laptop)


def full_disk(rounds: Rounds, laptop: Laptop) -> None:
    rounds.said(laptop.run(acts.on_a_full_disk(acts.exchanges())))
    rounds.look(laptop)
    rounds.exchange(laptop)


def revoked_laptop(rounds: Rounds, laptop: Laptop) -> None:
    _, _, life = laptop.records()
    with rounds.store() as store, store.begin(write=True) as connection:
        device = connection.execute(
            text("SELECT device FROM incarnations WHERE incarnation = :life"), {"life": life}
        ).scalar()
        if device:
            admission.revoke(connection, device, "жоғалды")
    words = rounds.exchange(laptop)
    if device and "whole" in words:
        raise Wrong("a revoked laptop was heard")
    rounds.look(laptop)
    with rounds.store() as store, store.begin(write=True) as connection:
        connection.execute(text("UPDATE devices SET revoked_at = NULL"))
    rounds.said(laptop.run(acts.is_heard_again))


def poison(rounds: Rounds, laptop: Laptop) -> None:
    rounds.said(laptop.run(acts.poisons(rounds.serial)))
    rounds.exchange(laptop)


def by_stick(rounds: Rounds, laptop: Laptop) -> None:
    """A bundle there and one back; pulled out, torn, touched, taken twice; both sides killed in between."""
    stick = rounds.folder / f"stick-{rounds.serial}"
    stick.mkdir()
    life = rounds.chance.choice((None, rounds.chance.uniform(0, 0.3)))
    rounds.said(laptop.run(acts.writes_a_bundle(stick), life=life), killed=life is not None)
    sound = [path for path in stick.iterdir() if path.suffix == bundle.SUFFIX]
    if not sound:
        rounds.said(laptop.run(acts.writes_a_bundle(stick)))
        sound = [path for path in stick.iterdir() if path.suffix == bundle.SUFFIX]
    if not sound:
        return  # the centre has everything
    rounds.refuses(sound[0])
    for killed in (rounds.chance.random() < 0.5, False):
        rounds.imports(sound[0], killed=killed)
    rounds.look(laptop)
    with bundle.Reader(sound[0]) as reader:
        device = reader.manifest.sender
    back = stick / "back"
    back.mkdir()
    with rounds.store() as store:
        returned = bundles.write(store, rounds.keys, device, back).path
    damaged = back / f"damaged{bundle.SUFFIX}"
    damaged.write_bytes(rounds.touched(returned.read_bytes()))
    _, before, _ = laptop.records()
    rounds.said(laptop.run(acts.reads_a_bundle(damaged)))
    if laptop.records()[1] != before:
        raise Wrong("a bundle that was touched was taken")
    for _ in range(2):
        rounds.said(laptop.run(acts.reads_a_bundle(returned)))
    rounds.look(laptop)


SCENARIOS: Final[dict[str, Callable[[Rounds, Laptop], None]]] = {
    "bad network": bad_network,
    "portal or proxy": portal_or_proxy,
    "late and doubled": late_and_doubled,
    "killed laptop": killed_laptop,
    "killed centre": killed_centre,
    "killed database": killed_database,
    "cloned laptop": cloned_laptop,
    "older copy of a laptop": older_copy_of_a_laptop,
    "restored centre": restored_centre,
    "clock jumps": clock_jumps,
    "full disk": full_disk,
    "revoked laptop": revoked_laptop,
    "poison": poison,
    "by stick": by_stick,
}


def run(rounds: int, seed: int, kind: str) -> str:
    """So many rounds; what was met, in words. Wrong where the oracle says no, with the number of the round."""
    folder = Path(tempfile.mkdtemp(prefix="link"))
    with postgres.running() if kind == "postgresql" else _nothing() as cluster:
        all_ = Rounds(folder, seed, cluster)
        try:
            for _ in range(2):
                all_.new_laptop()
            began = time.monotonic()
            for number in range(1, rounds + 1):
                try:
                    all_.round()
                    if number % _QUIET == 0 or number == rounds:
                        all_.settle()
                except Exception as error:
                    told_ = ", ".join(f"{word} {n}" for word, n in all_.counted.items())
                    raise Wrong(f"round {number} of seed {seed}: {error} [{told_}]") from error
                if number % _QUIET == 0:
                    print(f"{number} rounds, {time.monotonic() - began:.0f} s", flush=True)
            return all_.summary()
        finally:
            all_.kill_centre()
            if os.environ.get("SHOW"):
                print((folder / "centre.log").read_text()[-6000:])
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


def main() -> None:
    rounds, seed = int((sys.argv[1:] or ["50"])[0]), int((sys.argv[2:] or ["20261130"])[0])
    kind = (sys.argv[3:] or ["postgresql"])[0]
    try:
        print(run(rounds, seed, kind))
    except Wrong as wrong:
        raise SystemExit(f"WRONG: {wrong}") from wrong


if __name__ == "__main__":
    main()

"""What every test would make alike is made once in each process: a desk's files, and what is read of a pack.

Nothing here stands in for the program: it is the program's own answer, kept. What has other bytes is made anew.
"""

import pickle
import shutil
import tomllib
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from app.rules import loader, proof, toml
from app.rules.coverage import Finding
from app.rules.model import Pack
from app.services.access import Access
from tests import factories

FILES_KEPT: Final = 60  # the built-in pack has 13, and tests change one or two of them
PACKS_KEPT: Final = 6  # each with what the engine has compiled of it: tens of megabytes


class Templates:
    """Desks that are made once and copied: with the head of the commission as only user, or with its members too.

    A copy of a closed desk's folder is that desk (adr/0012), so two copies in one test are one desk twice. A test that
    needs two desks, or the making of one, calls `factories.make_desk`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[bool, factories.FakeClock] = {}

    def copy(self, data_dir: Path, clock: factories.FakeClock, *, commission: bool) -> Access:
        """A desk in a folder that isn't there yet, nobody signed in. Where the test has moved the clock, it is made
        anew: the desk's records bear the clock's time."""
        if clock.touched:
            access = factories.make_desk(data_dir, clock)
            if commission:
                factories.with_commission(access.sign_in(factories.HEAD, factories.PASSPHRASE)).close()
            return access
        template = self._folder / ("commission" if commission else "head")
        if commission not in self._made:
            self._made[commission] = made = factories.FakeClock()
            access = factories.make_desk(template, made)
            if commission:
                factories.with_commission(access.sign_in(factories.HEAD, factories.PASSPHRASE)).close()
        shutil.copytree(template, data_dir)
        clock.follow(self._made[commission])
        return factories.make_access(data_dir, clock)


class Kept(dict[Hashable, Any]):
    """The last answers to questions of one kind; the one that was asked for last is let go of last."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def ask(self, question: Hashable, answer: Callable[[], Any]) -> Any:
        """The kept answer, else a new one. A refusal is not kept."""
        found = self.pop(question) if question in self else answer()
        while len(self) >= self._most:
            del self[next(iter(self))]
        self[question] = found
        return found


@contextmanager
def reading_once() -> Iterator[None]:
    """Text that was read as TOML before is not parsed again (who asks gets tables of their own), and a pack with the
    digest of one that was loaded before is that pack: loaded packs don't change, nor what all checks say of one."""
    parsed, packs, checked = Kept(FILES_KEPT), Kept(PACKS_KEPT), Kept(PACKS_KEPT)
    load, make, check = tomllib.loads, loader._pack, proof.check_pack

    def loads(text: str) -> dict[str, Any]:
        tables: dict[str, Any] = pickle.loads(parsed.ask(text, lambda: pickle.dumps(load(text))))  # noqa: S301 - ours
        return tables

    def pack(files: Mapping[str, bytes], digest: str, with_cases: bool) -> Pack:
        # The digest is the manifest's, which holds the digest of each file: all were compared before.
        found: Pack = packs.ask((digest, with_cases), lambda: make(files, digest, with_cases))
        return found

    def check_pack(pack: Pack) -> tuple[Finding, ...]:
        # By the very pack, for a changed one may bear the digest of what it was made from. It is kept beside the
        # answer, so that no other one gets its place in memory.
        answer: tuple[Pack, tuple[Finding, ...]] = checked.ask(id(pack), lambda: (pack, check(pack)))
        return answer[1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proof, "check_pack", check_pack)
        patch.setattr(toml, "tomllib", SimpleNamespace(loads=loads, TOMLDecodeError=tomllib.TOMLDecodeError))
        patch.setattr(loader, "_pack", pack)
        yield

"""Whatever is wrong with a pack, it is refused with where, what and how to mend it; never with a traceback.

The sentences in three languages, to be read: `python -m tests.rules.broken`.
"""

import os
import random
import re
import sys
import time
from datetime import UTC, date, datetime

import pytest

from app.domain.errors import Told, UserError
from app.i18n import translator
from app.rules.files import read_draft
from app.rules.loader import load_draft, load_pack, pack_of
from app.rules.toml import parse
from tests.rules import broken

UNIX = ("a pipe", "a link")
WHATS = [what for what in (*broken.FOLDERS, *broken.EDITS) if what not in UNIX or sys.platform != "win32"]


@pytest.mark.parametrize("what", WHATS)
def test_a_broken_pack_is_refused_with_where_what_and_how_to_mend_it(what, tmp_path):
    began = time.perf_counter()
    error = broken.refusal(broken.broken(what, tmp_path), signed=what.startswith(broken.SIGNED))
    assert isinstance(error, UserError)
    assert time.perf_counter() - began < 20  # an endless key once cost all memory of the machine
    told = translator("en").show(error.text)
    where, words = broken.FOLDERS[what][1:] if what in broken.FOLDERS else broken.EDITS[what][3:]
    assert where is None or where in told
    assert words in told
    assert re.search(r"\. [A-Z].*\.$", told), f"no mend: {told}"
    assert told not in [translator(language).show(error.text) for language in ("kk", "ru")]


def test_a_file_that_may_not_be_read_is_told(copy):
    if os.geteuid() == 0:
        pytest.skip("whoever may do anything can read it")
    (copy / "facts.toml").chmod(0)
    with pytest.raises(UserError, match="where"):
        load_pack(copy, verify=None)


def test_a_folder_of_a_strange_name_is_no_pack(tmp_path):
    for path in (tmp_path / "x\0y", tmp_path / ("x" * 5_000), tmp_path):
        with pytest.raises(UserError):
            load_pack(path, verify=None)


def test_a_pack_in_work_with_a_broken_file_is_refused_alike(copy):
    (copy / "decisions.toml.bak").write_text("")
    with pytest.raises(UserError) as caught:
        load_draft(copy)
    assert caught.value.where == "decisions.toml.bak"


def test_windows_line_ends_are_read(copy):
    path = copy / "defects.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(load_draft(copy).defects) == 33


def test_a_pack_behind_a_linked_folder_is_read(copy, tmp_path):
    (tmp_path / "link").symlink_to(copy, target_is_directory=True)
    assert load_draft(tmp_path / "link").id == "kz-mse"


# What somebody could write where something else is needed.
HOSTILE = (
    [], {}, "", "x\0", 10**30, -1, 0, True, 1.5, float("nan"), float("inf"), date.max, date.min, date(2026, 6, 1),
    datetime(2026, 1, 1, tzinfo=UTC), [[]], ["x"], [{}], [1], {"a": 1}, {"kk": "a", "ru": "b", "en": "{c.d}"},
)  # fmt: skip


def places(value, path):
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from places(inner, (*path, place))


def replaced(value, path, other):
    if not path:
        return other
    if isinstance(value, dict):
        return {**value, path[0]: replaced(value[path[0]], path[1:], other)}
    return [replaced(one, path[1:], other) if place == path[0] else one for place, one in enumerate(value)]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_stands_in_a_value_nobody_sees_a_traceback(seed):
    """Half of the values in any record are replaced by something else: refused in words, or taken."""
    files, _ = read_draft(broken.PACK)
    contents = {name: parse(name, data) for name, data in files.items()}
    chance = random.Random(seed)
    everywhere = [(name, *path) for name in contents for path in places(contents[name], ())]
    told = []
    for path in chance.sample(everywhere, 60):
        changed = {**contents, path[0]: replaced(contents[path[0]], path[1:], chance.choice(HOSTILE))}
        if path[1:] and isinstance(changed[path[0]], dict):
            try:
                pack_of(changed, "sha256:0")
            except Told as refusal:
                told += [translator(language).show(refusal.text) for language in broken.LANGUAGES]
    assert all(told)
    assert len(told) > 60

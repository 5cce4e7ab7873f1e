"""The centre's keys open with their passphrase alone, and are never written over."""

import json
import stat
import sys
from pathlib import Path

import pytest

from app.centre import keys
from app.crypto import signing
from app.crypto.slots import Cost
from app.domain.errors import UserError
from app.sync import envelope, told

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
WORDS = "he listens to the river"


def test_keys_come_back_as_they_were_made(tmp_path: Path) -> None:
    path = tmp_path / "centre.keys"
    made = keys.make(path, WORDS, CHEAP)
    again = keys.read(path, WORDS)
    assert (again.id, again.seal_key, again.challenge_secret) == (made.id, made.seal_key, made.challenge_secret)
    assert again.id == told.centre_id(made.sign.public)
    assert signing.verify(again.sign.public, "x", b"m", signing.sign(made.sign, "x", b"m"))
    assert again.unseal.unseal("batch", envelope.seal(made.seal_key, "batch", b"m")) == b"m"
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UserError):
        keys.make(path, WORDS, CHEAP)
    with pytest.raises(UserError):
        keys.make(tmp_path / "weak", "short", CHEAP)


def test_a_wrong_passphrase_and_a_changed_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "centre.keys"
    keys.make(path, WORDS, CHEAP)
    with pytest.raises(UserError):
        keys.read(path, WORDS + ".")
    whole = json.loads(path.read_bytes())
    for change in ({"memory_kib": 128}, {"memory_kib": 1 << 30}, {"salt": "AAAA"}, {"sealed": "AA=="}, {"format": "x"}):
        path.write_text(json.dumps({**whole, **change}))
        with pytest.raises(UserError):
            keys.read(path, WORDS)
    path.write_bytes(b"{")
    with pytest.raises(UserError):
        keys.read(path, WORDS)

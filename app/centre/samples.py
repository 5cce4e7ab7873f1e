"""What a centre to try out begins with: two laptops with invented people and users of the console.

The laptops' logs were written by real desks (`resources/samples/laptops.zst`); they are sealed, sent and taken as any
others. Not for work with people.
"""

import base64
import json
import time
from typing import Any, Final

from sqlalchemy import select

from app import paths
from app.centre import admission as admitting
from app.centre import attachments
from app.centre.audit import COMMAND_LINE
from app.centre.console import application, proofs
from app.centre.console.access import Role
from app.centre.console.tables import USERS
from app.centre.ingest import Ingest, known_device
from app.centre.keys import Keys
from app.centre.store import NETWORK, Store
from app.crypto import digests, signing
from app.sync import admission, told, wire

ROLES: Final = (Role.METHODOLOGIST, Role.ADMINISTRATOR)


def take_in(place: Store, keys: Keys) -> None:
    """Enrol the laptops and take what they have; nothing changes where that was done before."""
    import zstandard

    data = zstandard.decompress(paths.resource("samples", "laptops.zst").read_bytes())
    for laptop in json.loads(data):
        _take(place, keys, laptop)


def _take(place: Store, keys: Keys, laptop: dict[str, Any]) -> None:
    seed, incarnation = bytes.fromhex(laptop["seed"]), laptop["incarnation"]
    name = told.device_id(signing.public_key(seed))
    with place.begin(write=True) as connection:
        device = known_device(connection, name)
        if device is None:
            code = admitting.new_code(connection, 1)
            asked = admission.read_enrolment(admission.enrolment(seed, incarnation, laptop["department"], code))
            admitting.admit(connection, keys, asked)
            device = known_device(connection, name)
    if device is None:
        raise ValueError("a sample laptop that is not admitted")
    records = [record.encode() for record in laptop["records"]]
    events = [(digests.digest(digests.EVENT, record), record) for record in records]
    batch = wire.make(name, incarnation, seed, 1, wire.NO_HASH, events)
    Ingest(place, keys).take(device, wire.sealed(batch, keys.seal_key), NETWORK)
    for digest, words in laptop["copies"].items():
        content = base64.b64decode(words)
        with place.begin(write=True) as connection:
            attachments.put(connection, device, incarnation, digest, 0, len(content), content)


def add_users(place: Store, keys: Keys, passphrase: str) -> None:
    """One user of the console for each role that does something, where it isn't there; its login is the role's name."""
    accounts = application.console(place, keys).accounts
    with place.begin() as connection:
        known = {account.login for account in accounts.all(connection)}
    for role in (role for role in ROLES if role.value not in known):
        accounts.add_ready(COMMAND_LINE, time.time(), role.value, "", role, passphrase)


def codes(place: Store, keys: Keys) -> dict[str, str]:
    """The one-time code of this moment by login, as the user's telephone would show it."""
    accounts = application.console(place, keys).accounts
    with place.begin() as connection:
        rows = connection.execute(select(USERS.c.login, USERS.c.id, USERS.c.secret)).all()
    return {
        row.login: proofs.code_at(accounts.unsealed(row.id, row.secret), time.time())
        for row in rows
        if row.login in ROLES and row.secret
    }

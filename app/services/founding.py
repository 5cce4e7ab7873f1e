"""Making a new desk: its keys, its encrypted database, its first user."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app.crypto import signing
from app.crypto.digests import digest
from app.crypto.passphrase import require_strength
from app.crypto.slots import Bundle, Cost, KeySlots, fold_login
from app.domain.clock import Clock
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.typed import LONGEST_LINE, line
from app.services.access import UNBORN
from app.services.examinations import storable
from app.services.keyring import KeyRing
from app.services.preferences import KIND as SETTING
from app.services.views import Department
from app.storage import entries, installation, migrations, users
from app.storage.database import KEY_BYTES, Database
from app.storage.files import sentences
from app.storage.installation import DepartmentRow, Identity
from app.storage.unit_of_work import UnitOfWork
from app.storage.users import UserRow

_NONE: Final[Mapping[str, object]] = MappingProxyType({})


def found_desk(
    data_dir: Path,
    clock: Clock,
    cost: Cost,
    *,
    department: Department,
    login: str,
    name: str,
    passphrase: str,
    settings: Mapping[str, object] = _NONE,
) -> str:
    """Write the database (under its provisional name) and then the keys; returns the recovery code.

    `settings` of the department that the desk begins with, by name. UserError before anything is written where a value
    is missing or the passphrase weak.
    """
    row = department_row(department)
    user, seed = new_user(login, name)
    require_strength(passphrase, (login, name))
    _clear(data_dir)
    key, device_seed = secrets.token_bytes(KEY_BYTES), signing.new_seed()
    device_public = signing.public_key(device_seed)
    identity = Identity(digest("device", device_public)[:16].hex(), new_id(), device_public, device_seed)
    database = Database.make(data_dir / UNBORN, key)
    try:
        migrations.bring_up_to_date(database, None)
        with UnitOfWork(database, clock, user.id, seed) as work:
            installation.found(work, identity, row)
            users.add(work, user)
            described = describe_department(row)
            work.audit("desk.created", new={"department": described, "user": describe_user(user)})
            work.emit("installation.created", {"device_public": device_public.hex(), "department": described})
            work.emit("user.added", describe_user(user), subject=user.id)
            for setting, value in settings.items():
                entries.put(work, SETTING, setting, {"value": value})
            work.commit()
    finally:
        database.close()
    return KeyRing(data_dir, cost).admit(login, name, passphrase, Bundle(key, user.id, seed), slots=KeySlots.empty())


def check_founding(department: Department, login: str, name: str, passphrase: str) -> None:
    """UserError where a value of a desk to be made is missing or wrong, before there is anything of it."""
    department_row(department)
    new_user(login, name)
    require_strength(passphrase, (login, name))


def new_user(login: str, name: str) -> tuple[UserRow, bytes]:
    """A user with a fresh signing seed; UserError where login or name is empty."""
    login, name = line(storable(fold_login(login)), where="login"), line(storable(name), where="name")
    if not login:
        raise UserError(Text(N_("The login is empty: choose a short name to sign in with.")), where="login")
    if not name:
        raise UserError(Text(N_("The name is empty: give it as it is to stand on documents.")), where="name")
    seed = signing.new_seed()
    return UserRow(new_id(), login, name, signing.public_key(seed)), seed


def department_row(department: Department) -> DepartmentRow:
    """The department as it is stored; UserError where the number or the region can't be one."""
    number = line(department.number, where="number", longest=LONGEST_LINE)
    if not number or "/" in number or len(number) > 20:
        sentence = N_("“{number}” can't be the number of a department: give it without a slash, for example 2.")
        raise UserError(Text(sentence, {"number": department.number}), where="number")
    if len(department.region) != 9 or not (department.region.isascii() and department.region.isdigit()):
        sentence = N_("“{region}” is not a КАТО code: nine digits, for example 710000000.")
        raise UserError(Text(sentence, {"region": department.region}), where="region")
    names = department.names
    kk, ru, en = (line(name, where="names", longest=LONGEST_LINE) for name in (names.kk, names.ru, names.en))
    return DepartmentRow(number, department.region, kk, ru, en)


def describe_department(row: DepartmentRow) -> dict[str, object]:
    """As it stands in records."""
    return {"number": row.number, "region": row.region, "names": {"kk": row.kk, "ru": row.ru, "en": row.en}}


def describe_user(user: UserRow) -> dict[str, object]:
    """As it stands in records."""
    return {"id": user.id, "login": user.login, "name": user.name, "public_key": user.public_key.hex()}


def new_id() -> str:
    """128 random bits: no two laptops make the same."""
    return secrets.token_hex(16)


def _clear(data_dir: Path) -> None:
    """Take away what an interrupted creation left: it was never a desk, its key exists nowhere."""
    with sentences(data_dir):
        for suffix in ("", "-wal", "-shm", "-journal"):
            (data_dir / f"{UNBORN}{suffix}").unlink(missing_ok=True)

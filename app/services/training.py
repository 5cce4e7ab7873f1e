"""The training desk: a department, three members and cases that are all invented, in a folder of their own.

The folder stands beside the data directory and carries a note that we made it: only a folder with that note is ever
thrown away. That a desk is for training stands in its database as well, for good: papers and band go by that
(`Workplace.is_training`), wherever the folder is copied to.
"""

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from app import paths
from app.domain import dates, iin
from app.domain.errors import KnownError
from app.domain.text import N_, LocalText, Text
from app.services.access import Access
from app.services.views import Department

NOTE: Final = "training.json"
FORMAT: Final = "saraptama-training/1"
SETTING: Final = "training"
LOGINS: Final = ("training", "member2", "member3")
# As they are to be read: nobody is called so.
NAMES: Final = ("Үлгібаева Жаттығу", "Примеров Учебный", "Мысалов Оқушы")
PASSPHRASE: Final = "kese tau bulut jol"  # noqa: S105 - guards nothing
"""Shown to whoever practises; typed on any keyboard."""
DEPARTMENT: Final = Department(
    number="0",
    region="710000000",
    names=LocalText(
        kk="МӘС оқу бөлімі (жаттығу, ойдан шығарылған)",
        ru="Учебный отдел МСЭ (учебный режим, вымышленный)",
        en="MSE training department (training, invented)",
    ),
)
_SHIFTED_BY_YEARS: Final = "birth_date"


def beside(access: Access) -> Access:
    """The door to the training desk that goes with a data directory, whether it has been made or not.

    Named after the data directory: two desks on one disk have two training desks, and no folder of somebody else's
    can be meant.
    """
    return access.beside("-training")


def is_training(access: Access) -> bool:
    """Whether the folder carries the note that it is for training."""
    return _note(access.data_dir) is not None


def prepare(access: Access, language: str) -> None:
    """Make the training desk where there is none, or where its making was cut off. `access` is that of `beside`.

    KnownError where the folder holds something that isn't a training desk, or can't be written.
    """
    note = _note(access.data_dir)
    if note is not None and note.get("ready") is True:
        return
    if note is None and access.data_dir.exists() and any(access.data_dir.iterdir()):
        raise _not_ours(access.data_dir)
    if note is not None:
        _throw_away(access)
    _make(access, language)


def begin_anew(access: Access, language: str) -> None:
    """Throw the training desk away with all that was practised, and make it again. KnownError where the folder isn't
    a training desk, or a window works on it."""
    if not is_training(access):
        raise _not_ours(access.data_dir)
    offered = access.preferences().offered
    _throw_away(access)
    _make(access, language)
    # What was offered once is not offered again.
    access.save_preferences(replace(access.preferences(), offered=offered))


def cases(today: date) -> list[dict[str, Any]]:
    """The invented cases, as they would be begun on this day."""
    told = json.loads(paths.resource("samples", "training.json").read_text("utf-8"))
    return [_moved(document, today, number) for number, document in enumerate(told, start=1)]


def _make(access: Access, language: str) -> None:
    from app.storage import files

    files.make_private_directory(access.data_dir)
    _write_note(access.data_dir, ready=False)
    access.create(
        department=DEPARTMENT,
        login=LOGINS[0],
        name=NAMES[0],
        passphrase=PASSPHRASE,
        language=language,
        settings={SETTING: True, "blind_vote": "offered"},
    )
    desk = access.sign_in(LOGINS[0], PASSPHRASE)
    try:
        for login, name in zip(LOGINS[1:], NAMES[1:], strict=True):
            desk.users.add(login, name, PASSPHRASE)
        desk.examinations.import_cases(cases(access.today()))
    finally:
        desk.close()
    _write_note(access.data_dir, ready=True)


def _throw_away(access: Access) -> None:
    """All but note and lock: until the new desk is made, the folder stays known as ours."""
    from app.storage import files
    from app.storage.lock import DataLock

    lock = DataLock(access.data_dir)
    try:
        _write_note(access.data_dir, ready=False)
        with files.sentences(access.data_dir):
            for path in access.data_dir.iterdir():
                if path.name in (NOTE, "lock"):
                    continue
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
    finally:
        lock.release()


def _note(data_dir: Path) -> dict[str, Any] | None:
    try:
        told = json.loads((data_dir / NOTE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and told.get("format") == FORMAT else None


def _write_note(data_dir: Path, *, ready: bool) -> None:
    from app.storage import files

    files.write_whole(data_dir / NOTE, json.dumps({"format": FORMAT, "ready": ready}).encode())


def _not_ours(path: Path) -> KnownError:
    sentence = N_(
        "This folder is not a training desk: {path}. Nothing in it was changed. Move it elsewhere, then try again."
    )
    return KnownError(Text(sentence, {"path": str(path)}))


def _moved(document: dict[str, Any], today: date, number: int) -> dict[str, Any]:
    """Examined today: every day moves with that of the examination, births by whole years so that ages stay."""
    on = date.fromisoformat(document["examination"]["on"])
    moved: dict[str, Any] = _shift(document, today - on, today.year - on.year)
    person = moved["person"]
    person["iin"] = _iin(date.fromisoformat(person["birth_date"]), person["sex"], number)
    roles = ("head", "member", "member")
    moved["examination"]["commission"] = [{"name": name, "role": role} for name, role in zip(NAMES, roles, strict=True)]
    return moved


def _shift(value: Any, by: timedelta, years: int) -> Any:
    match value:
        case dict():
            return {
                key: _years_later(part, years) if key == _SHIFTED_BY_YEARS else _shift(part, by, years)
                for key, part in value.items()
            }
        case list():
            return [_shift(part, by, years) for part in value]
        case str() if (day := dates.parse_iso(value)) is not None:
            return (day + by).isoformat()
    return value


def _years_later(day: str, years: int) -> str:
    return f"{int(day[:4]) + years}{day[4:]}"


def _iin(birth: date, sex: str, number: int) -> str:
    """A number that fits birth and sex."""
    century = 2 * (birth.year // 100 - 18) + (1 if sex == "male" else 2)
    return next(
        digits
        for serial in range(number * 10, number * 10 + 100)
        for last in range(10)
        if iin.fits(digits := f"{birth:%y%m%d}{century}{serial:04d}{last}", birth, sex)
    )

"""The laptops of the centre to try out: python -m tests.link.sample_laptops writes resources/samples/laptops.zst

Two real desks with invented people: the training cases, examined and signed. Between them there is what a centre is
for: a decision against the proposal, a person examined on both laptops, a copy of a paper that has not come, a
conclusion that somebody changed afterwards. To be written anew when the edition that they name no longer ships.
"""

import base64
import json
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import zstandard

from app import paths
from app.domain.errors import UserError
from app.services import training
from app.services.attachments import Copy
from app.services.desk import Desk
from app.services.views import Department, MemberSignature
from tests import factories
from tests.factories import FakeClock
from tests.kinds import agreed
from tests.link.console_day import AGAINST
from tests.link.meaning_kit import Desklike, Forger
from tests.trips import GIVEN, SURNAMES

_ONE: Final = {"number": "2", "region": "150000000", "kk": "№ 2 МӘС бөлімі (сынақ)", "ru": "Отдел МСЭ № 2 (пробный)",
               "en": "MSE department No. 2 (trial)"}  # fmt: skip
_OTHER: Final = {"number": "5", "region": "190000000", "kk": "№ 5 МӘС бөлімі (сынақ)", "ru": "Отдел МСЭ № 5 (пробный)",
                 "en": "MSE department No. 5 (trial)"}  # fmt: skip
_PAPER: Final = b"%PDF-1.7\n% An invented paper of the trial centre.\n"


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as place:
        told = [_first(Path(place) / "one"), _second(Path(place) / "other")]
    path = paths.resource("samples", "laptops.zst")
    path.write_bytes(zstandard.compress(json.dumps(told, ensure_ascii=False).encode(), 19))
    print(path, path.stat().st_size, "bytes,", sum(len(one["records"]) for one in told), "records")


def _first(folder: Path) -> dict[str, Any]:
    desk = _desk(folder, _ONE, datetime(2026, 11, 18, 4, 0, tzinfo=UTC))
    for document in training.cases(date(2026, 11, 18)):
        _signed(desk, document)
    case_id = desk.examinations.import_case(training.cases(date(2026, 11, 18))[0] | {"person": _somebody(50)}).id
    decision = {**factories.DECISION, "outcome": "group_1", "general_capacity": 90, "reasons": AGAINST}
    desk.conclusions.decide(case_id, decision)
    desk.conclusions.sign(case_id, _signatures())
    return _told(desk, Desklike(desk), {})


def _second(folder: Path) -> dict[str, Any]:
    desk = _desk(folder, _OTHER, datetime(2026, 11, 24, 4, 0, tzinfo=UTC))
    copies = {}
    for at, document in enumerate(training.cases(date(2026, 11, 24))):
        # The third one was with the first laptop's commission six days ago.
        person = document["person"] if at == 2 else _somebody(at, document["person"])
        case_id = desk.examinations.import_case(document | {"person": person}).id
        if at in (0, 1):
            content = _PAPER + bytes([at])
            digest = desk.attachments.add(case_id, Copy(content, b"\xff\xd8\xff"), title="Үзінді", of="extract").digest
            copies |= {digest: content} if at == 0 else {}
        _sign(desk, case_id)
    laptop, forger = Desklike(desk), Forger(desk, dict.fromkeys(training.LOGINS, training.PASSPHRASE))
    at = max(at for at, record in enumerate(laptop.records) if json.loads(record)["type"] == "case.signed")
    event = json.loads(laptop.records[at])
    event["payload"]["record"] = event["payload"]["record"].replace("Мысалов", "Мысалев", 1)
    laptop.records[at] = forger.signed(event)
    laptop.rechain(forger, at)
    return _told(desk, laptop, copies)


def _desk(folder: Path, department: dict[str, str], now: datetime) -> Desk:
    access = factories.make_access(folder, FakeClock(now))
    names = factories.LocalText(department["kk"], department["ru"], department["en"])
    access.create(
        department=Department(number=department["number"], region=department["region"], names=names),
        login=training.LOGINS[0], name=training.NAMES[0], passphrase=training.PASSPHRASE, language="kk",
    )  # fmt: skip
    desk = access.sign_in(training.LOGINS[0], training.PASSPHRASE)
    for login, name in zip(training.LOGINS[1:], training.NAMES[1:], strict=True):
        desk.users.add(login, name, training.PASSPHRASE)
    return desk


def _somebody(at: int, person: dict[str, Any] | None = None) -> dict[str, Any]:
    """Somebody else of the same age."""
    was = person or training.cases(date(2026, 11, 18))[0]["person"]
    born = date.fromisoformat(was["birth_date"])
    return was | {
        "iin": training._iin(born, was["sex"], 100 + at),
        "surname": SURNAMES[at % 8], "given_name": GIVEN[at % 8], "patronymic": None,
    }  # fmt: skip


def _signed(desk: Desk, document: dict[str, Any]) -> None:
    _sign(desk, desk.examinations.import_case(document).id)


def _sign(desk: Desk, case_id: str) -> None:
    try:
        desk.conclusions.decide(case_id, agreed(desk, case_id))
        desk.conclusions.sign(case_id, _signatures())
    except UserError:
        return  # one of those to practise on what is missing or can't be: it doesn't travel
    for language in ("kk", "ru"):
        rendered = desk.conclusions.render(case_id, "conclusion", language)
        desk.conclusions.record_output(case_id, "conclusion", language, rendered.digest, "printed")


def _signatures() -> list[MemberSignature]:
    return [MemberSignature(at, login, training.PASSPHRASE) for at, login in enumerate(training.LOGINS)]


def _told(desk: Desk, laptop: Desklike, copies: dict[str, bytes]) -> dict[str, Any]:
    told = {
        "seed": laptop.identity.device_seed.hex(), "incarnation": laptop.identity.incarnation,
        "department": laptop.department, "records": [record.decode() for record in laptop.records],
        "copies": {digest: base64.b64encode(content).decode() for digest, content in copies.items()},
    }  # fmt: skip
    desk.close()
    return told


if __name__ == "__main__":
    main()

"""Valid-by-default values for tests: change what the test is about, nothing else.

Key derivation is made cheap here and handed in through `bootstrap.access`; no switch in the program does that.
"""

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from app import bootstrap
from app.crypto.slots import Cost
from app.domain.case_file import put
from app.domain.text import LocalText
from app.services.access import Access
from app.services.desk import Desk
from app.services.views import CaseView, Department, MemberSignature

CHEAP: Final = Cost(memory_kib=64, passes=1, lanes=1)
PASSPHRASE: Final = "үш дәрігер бір ноутбук қар"
HEAD, FIRST, SECOND = "head", "first", "second"
NAMES: Final = {
    HEAD: "Сейітова Әлия Маратқызы",
    FIRST: "Ким Андрей Викторович",
    SECOND: "Өтеген Һадис Ұланұлы",
}
DEPARTMENT: Final = Department(
    number="2",
    region="150000000",
    names=LocalText(kk="№ 2 МӘС бөлімі", ru="Отдел МСЭ № 2", en="MSE department No. 2"),
)
DECISION: Final[dict[str, Any]] = {
    "outcome": "group_2",
    "period": {"kind": "years", "value": 2},
    "cause": "01",
    "general_capacity": 70,
    "professional_capacity": None,
    "reasons": [],
}

_CASE: Final[dict[str, Any]] = {
    "format": "mse-case/1",
    "person": {
        "iin": "710614301212",
        "surname": "Әбдіқадырұлы",
        "given_name": "Ғалымжан",
        "patronymic": "Өмірқұлұлы",
        "birth_date": "1971-06-14",
        "sex": "male",
        "citizenship": "KAZ",
        "address": {"kato": "153200000", "text": "Бестамақ ауылы, Жеңіс көшесі, 12"},
        "identity": {"kind": "id_card", "number": "011051051", "issued_on": "2021-03-04", "issued_by": "ҚР ІІМ"},
        "representative": None,
    },
    "referral": {
        "number": "121/26",
        "signed_on": "2026-11-02",
        "organisation": "Алға аудандық ауруханасы",
        "purpose": ["disability"],
        "incapacity_since": "2026-05-11",
        "diagnosed_on": "2026-05-11",
        "exception": None,
    },
    "examination": {
        "on": "2026-11-18",
        "place": "home",
        "occasion": "first",
        "commission": [
            {"name": NAMES[HEAD], "role": "head"},
            {"name": NAMES[FIRST], "role": "member"},
            {"name": NAMES[SECOND], "role": "member"},
        ],
    },
    "diagnosis": {
        "main": {"icd10": "I69.3", "text": "Ми инфарктісінің салдары, айқын гемипарез"},
        "accompanying": [],
        "complications": [],
    },
    "facts": {
        "functions": {"mental": 1, "sensory": 0, "statodynamic": 3, "visceral": 1},
        "limitations": {
            "self_care": 2,
            "movement": 2,
            "orientation": 0,
            "communication": 0,
            "behaviour": 0,
            "learning": "n/a",
            "work": 2,
        },
        "anatomical_defects": [],
        "prognosis": "doubtful",
        "active_treatment": True,
        "insured": True,
    },
    "cause": {"code": "01", "paper": None},
    "previous": None,
    "decision": None,
}


class FakeClock:
    """A clock that tells what it was set to; each look at it is a millisecond later."""

    def __init__(self, now: datetime = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)) -> None:
        self.moment = now
        self.running = 1000.0

    @property
    def touched(self) -> bool:
        """Whether it was looked at or moved, or was set to another time."""
        return (self.moment, self.running) != (_CLOCK.moment, _CLOCK.running)

    def follow(self, other: "FakeClock") -> None:
        """Go on from where another clock is."""
        self.moment, self.running = other.moment, other.running

    def now(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def today(self) -> date:
        return self.moment.date()

    def monotonic(self) -> float:
        self.running += 0.001
        return self.running

    def jump(self, **how_far: float) -> None:
        """Move the wall clock alone, as somebody who sets it does."""
        self.moment += timedelta(**how_far)


_CLOCK: Final = FakeClock()


def case_document(changes: dict[str, object] | None = None) -> dict[str, Any]:
    """A whole case that the commission may sign once decided; `changes` by dotted path."""
    document = copy.deepcopy(_CASE)
    for path, value in (changes or {}).items():
        document = put(document, path, value)
    return document


def make_access(data_dir: Path, clock: FakeClock | None = None) -> Access:
    """The door to a data directory, with cheap key derivation."""
    return bootstrap.access(data_dir, clock=clock or FakeClock(), cost=CHEAP)


def make_desk(data_dir: Path, clock: FakeClock | None = None) -> Access:
    """A desk whose only user is the head of the commission; nobody is signed in. Returns its door."""
    access = make_access(data_dir, clock)
    access.create(department=DEPARTMENT, login=HEAD, name=NAMES[HEAD], passphrase=PASSPHRASE, language="kk")
    return access


def with_commission(desk: Desk) -> Desk:
    """The same desk, with every member of the sample's commission as a user."""
    for login in (FIRST, SECOND):
        desk.users.add(login, NAMES[login], passphrase_of(login))
    return desk


def passphrase_of(login: str) -> str:
    """Each sample user has a passphrase of their own."""
    return PASSPHRASE if login == HEAD else f"{PASSPHRASE} {login}"


def signatures(*logins: str, change: Callable[[str], str] = lambda passphrase: passphrase) -> list[MemberSignature]:
    """Signatures of the sample's commission (or of those named), in its order."""
    return [
        MemberSignature(index, login, change(passphrase_of(login)))
        for index, login in enumerate(logins or (HEAD, FIRST, SECOND))
    ]


def decided_case(desk: Desk, changes: dict[str, object] | None = None) -> CaseView:
    """A case that only waits for signatures."""
    view = desk.examinations.import_case(case_document(changes))
    return desk.conclusions.decide(view.id, copy.deepcopy(DECISION))


def signed_case(desk: Desk, changes: dict[str, object] | None = None) -> CaseView:
    """A signed case; the desk needs its whole commission."""
    return desk.conclusions.sign(decided_case(desk, changes).id, signatures())

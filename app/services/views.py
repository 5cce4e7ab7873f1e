"""What the services hand out: frozen values, safe to pass from the worker thread to the window.

Times are aware `datetime` in UTC; dates inside documents are ISO strings, as in the case file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal

from app.domain.text import LocalText, Text
from app.domain.vocabulary import CaseState, EndingKind, Outcome

if TYPE_CHECKING:
    from app.domain.case_file import Problem
    from app.domain.proposal import PackIdentity, Proposal
    from app.rules.explanation import Explanation

Document = dict[str, Any]


class AccessState(Enum):
    """What stands in the data directory: nothing yet, or a desk that can be signed in to."""

    NEW = "new"
    READY = "ready"


OFFERS: Final = ("practice", "tour")


@dataclass(frozen=True, slots=True)
class Preferences:
    """How the program looks on this laptop; kept in plain `settings.json`, so nothing personal goes in here."""

    language: str = "kk"
    theme: Literal["system", "light", "dark"] = "system"
    text_scale: float = 1.0
    """1.0 to 1.5"""
    lock_after_minutes: int = 10
    """1 to 240; 0 never locks"""
    offered: tuple[str, ...] = ()
    """What was offered once and won't be again (`OFFERS`)."""


@dataclass(frozen=True, slots=True)
class Department:
    """The department of medico-social expertise (МӘС бөлімі, отдел МСЭ): its number, the КАТО code of its
    region (9 digits) and the name on the letterhead in three languages."""

    number: str
    region: str
    names: LocalText


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in on this laptop; `name` is as it stands on papers and in the commission."""

    id: str
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list of cases."""

    id: str
    number: str
    state: CaseState
    name: str
    iin: str | None
    birth_date: str | None
    examined_on: str | None
    outcome: Outcome | None
    """what the commission decided; None until it has"""
    changed_at: datetime
    postponed_to: str | None = None
    """the day to which a draft was put off"""
    ending: EndingKind | None = None
    """how it ended, where it ended without a decision"""


@dataclass(frozen=True, slots=True)
class Relative:
    """A case beside another one."""

    id: str
    number: str
    state: CaseState
    document: Document


@dataclass(frozen=True, slots=True)
class Related:
    """The signed case that a case corrects, and the case that corrects it."""

    corrects: Relative | None
    corrected_by: Relative | None


@dataclass(frozen=True, slots=True)
class SignatureInfo:
    """One member's signature under a conclusion. `key` is the fingerprint of the public key (four groups of four hex
    digits). `account_by` names the co-signer who made this member's account on this laptop, where the member had never
    signed in before signing: then nothing but that co-signer's word says whose signature it is (adr/0007)."""

    name: str
    role: str
    login: str
    signed_at: datetime
    key: str = ""
    account_by: str | None = None


@dataclass(frozen=True, slots=True)
class SignedConclusion:
    """What was signed, as it was signed. `proposal` holds `mse-proposal/1` under `kk`, `ru` and `en`."""

    case_id: str
    number: str
    signed_at: datetime
    document: Document
    proposal: Mapping[str, Mapping[str, Any]]
    department: Department
    signatures: tuple[SignatureInfo, ...]
    digest: str
    """`sha256:` and 64 hex digits: what each member's key signed"""
    pack: "PackIdentity"


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as it stands. `unfinished` holds, by path, typed text that is not a value yet."""

    id: str
    number: str
    state: CaseState
    document: Document
    unfinished: Mapping[str, str]
    place: tuple[str, str | None] | None
    """step and field where the work was left"""
    saved_at: datetime
    signed: SignedConclusion | None
    supersedes: str | None
    """id of the signed case that this one corrects"""
    person_id: str = ""
    trip_id: str | None = None
    queue: str | None = None
    """how the person stands in the order of the trip: waiting, called, …"""


@dataclass(frozen=True, slots=True)
class DraftProposal:
    """What the criteria give so far; None while birth date, sex or day of examination are missing.

    `closed`: the members have not voted yet. Then it says what is missing and what contradicts, and nothing of what
    the criteria give (the outcome is "undetermined" whatever it is)."""

    proposal: "Proposal | None"
    explanation: "Explanation | None"
    problems: "tuple[Problem, ...]"
    closed: bool = False


@dataclass(frozen=True, slots=True)
class MemberSignature:
    """How one member signs: the index in `examination.commission`, whose login, and that person's passphrase."""

    member: int
    login: str
    passphrase: str

    def __repr__(self) -> str:
        # A passphrase must not reach a log or a report of a defect.
        return f"MemberSignature(member={self.member})"


How = Literal["printed", "folder", "saved"]
"""How a paper left the program: onto a printer, into a folder from which it is printed elsewhere, or as a copy. The
first two hand it out (`GIVEN_OUT`); a copy to look at, or to send, does not."""
GIVEN_OUT: Final[tuple[How, ...]] = ("printed", "folder")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A paper: PDF, its `sha256:` digest, whether it bears the draft mark, a file name without personal data. `told`:
    what it says whatever its language, and how often (`app.documents.parity`). `drawn`: what is shown and printed of
    it, where it bears electronic signatures: their marks are drawn on the page itself."""

    pdf: bytes
    digest: str
    draft: bool
    file_name: str
    told: Mapping[str, int] = field(default_factory=dict)
    drawn: bytes = b""

    @property
    def visible(self) -> bytes:
        """What is shown and printed."""
        return self.drawn or self.pdf


@dataclass(frozen=True, slots=True)
class Verification:
    """What the check of the log found: how many records each chain has, and the first thing that is broken."""

    events: int
    audit: int
    ok: bool
    problem: Text | None

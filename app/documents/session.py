"""A session (отырыс, заседание) as its protocol tells it: made once, before any language. No ReportLab here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from app.documents.witness import Facts, Witness
from app.domain.papers import PROTOCOL
from app.domain.text import LocalText

if TYPE_CHECKING:
    from app.documents.conclusion import Department

SIGNED: Final = "signed"
DECIDED: Final = "decided"
OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Vote:
    """What one member voted, once the votes were open."""

    name: str
    outcome: str
    period: tuple[str | None, int | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One case of the session. `standing`: signed, decided, how it ended (`EndingKind`), why it was not heard
    (`QueueState`), or open. `against`: the votes that the decision does not follow, and `votes` how many it follows and
    how many not; None where the department takes none. `others`: the commission, where it is not the session's."""

    turn: int
    number: str
    name: str
    iin: str | None
    born: date | None
    standing: str
    icd10: str = ""
    outcome: str | None = None
    cause: LocalText | None = None
    period: tuple[str | None, int | None] = (None, None)
    until: date | None = None
    general: int | None = None
    professional: int | None = None
    votes: tuple[int, int] | None = None
    against: tuple[Vote, ...] = ()
    ground: LocalText | None = None
    told: str = ""
    others: tuple[tuple[str, str], ...] = ()
    digest: str = ""
    """what was signed"""


@dataclass(frozen=True, slots=True)
class Session:
    """`members`: name and role of everybody who sat, the session's commission first. `final`: the trip is closed and
    nothing that was decided waits for signatures. `where`: as it was entered."""

    number: str
    on: date
    place: str
    where: str
    members: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    final: bool
    digest: str
    department: "Department | None"
    sample: bool = False
    witness: Witness | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    """how many entries stand how"""


def told(entry: Entry) -> dict[str, Any]:
    """An entry as it is hashed: what was signed stands for what it says."""
    return {"turn": entry.turn, "number": entry.number, "standing": entry.standing, "signed": entry.digest}


def witness_of(session: Session, seed: bytes, head: tuple[int, str], region: str) -> Witness:
    """The witness of a protocol. `head`: the event of the session's signing or ending that came last, number and hash
    (hex); it stays what it is as long as the session does."""
    facts = Facts(
        document=PROTOCOL,
        number=session.number,
        digest=bytes.fromhex(session.digest.removeprefix("sha256:")),
        head=(head[0], bytes.fromhex(head[1])[:16]),
        region=region,
        department=session.department.number if session.department else "",
        on=session.on,
        sample=session.sample,
    )
    return Witness(seed, facts)

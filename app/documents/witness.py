"""The paper as its own witness: what its code says, signed by the desk, and the seal over every byte of its PDF.

Code and seal are one statement (`Facts`) in COSE_Sign1; the seal adds the hash of the file. The numbers below are on
papers: they are never given to anything else. Nothing of ReportLab here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from app.crypto import base45, cose, digests
from app.domain.dates import parse_iso
from app.domain.vocabulary import EndingKind, Outcome, PeriodKind

if TYPE_CHECKING:
    from app.documents.conclusion import ConclusionContent

PREFIX: Final = "SRP1:"
PURPOSE: Final = "paper"
_PDF: Final = "paper/pdf"
# Stands where PDF allows a remark and nothing is displaced by it: between the trailer and the place of the table.
_SEAL: Final = re.compile(rb"%(SRP1:[0-9A-Z $%*+\-./:]+)\n(?=startxref\n[0-9]+\n%%EOF\n?\Z)")
_PLACE: Final = re.compile(rb"(?<=\n)startxref\n[0-9]+\n%%EOF\n?\Z")
# Behind it stand electronic signatures; the seal over all of it lies in the newest, in hexadecimal (`pades`).
_HEX: Final = PREFIX.encode("ascii").hex().encode("ascii")
_RUN: Final = re.compile(rb"(?:2[045abdef]|3[0-9a]|4[1-9a-f]|5[0-9a])+")
_ENDS: Final = re.compile(rb"\nstartxref\n[0-9]{1,12}\n%%EOF\n")
_TAIL: Final = 4_096

DOCUMENTS: Final[Mapping[int, str]] = {
    1: "conclusion", 2: "certificate", 3: "extract", 4: "general-capacity", 5: "professional-capacity",
    6: "extra-help", 7: "plain", 8: "plain-large", 9: "notice", 10: "refusal", 11: "application", 12: "receipt",
    13: "act", 14: "programme", 15: "protocol", 16: "notice-employer", 17: "slip",
}  # fmt: skip
OUTCOMES: Final[Mapping[int, str]] = {
    1: Outcome.GROUP_1, 2: Outcome.GROUP_2, 3: Outcome.GROUP_3, 4: Outcome.CHILD_GROUP_1, 5: Outcome.CHILD_GROUP_2,
    6: Outcome.CHILD_GROUP_3, 7: Outcome.CHILD, 8: Outcome.NOT_ESTABLISHED,
}  # fmt: skip
PERIODS: Final[Mapping[int, str]] = {
    1: PeriodKind.MONTHS, 2: PeriodKind.YEARS, 3: PeriodKind.UNTIL_7, 4: PeriodKind.UNTIL_18, 5: PeriodKind.NO_TERM,
}  # fmt: skip
ENDINGS: Final[Mapping[int, str]] = {
    1: EndingKind.REFUSED, 2: EndingKind.NOT_COME, 3: EndingKind.DIED, 4: EndingKind.WITHDRAWN, 5: EndingKind.SERVED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What a paper says of itself. `digest`: the hash of what was signed (32 bytes); `head`: the record of the event
    log that tells of it: number and the first 16 bytes of its hash; `region`: КАТО; `until`: the first day after the
    period; `blank`: series and number; `iin`: its last four digits; `ending`: how a case without a decision ended."""

    document: str
    number: str
    digest: bytes
    head: tuple[int, bytes]
    region: str
    department: str
    on: date | None = None
    outcome: str | None = None
    period: tuple[str, int | None] | None = None
    until: date | None = None
    general: int | None = None
    professional: int | None = None
    blank: str = ""
    duplicate: bool = False
    iin: str = ""
    ending: str | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Witness:
    """The desk's key, and what a paper says under it."""

    seed: bytes
    facts: Facts

    def of(self, document: str, blank: str = "", *, duplicate: bool = False) -> "Witness":
        """The witness of one paper of the case."""
        return replace(self, facts=replace(self.facts, document=document, blank=blank, duplicate=duplicate))

    def without_health(self) -> "Witness":
        """The same for a reader who is not to learn of the person's health: no general working capacity."""
        return replace(self, facts=replace(self.facts, general=None))

    def code(self) -> str:
        """What the QR code of the paper holds."""
        return _text(self.seed, _told(self.facts))

    def seal(self, pdf: bytes) -> bytes:
        """The PDF with a line that signs all its other bytes; equal bytes in, equal bytes out."""
        place = _PLACE.search(pdf, max(0, len(pdf) - _TAIL))
        if place is None:
            raise ValueError("a PDF that ends otherwise")
        return pdf[: place.start()] + b"%" + self.sealing(pdf).encode("ascii") + b"\n" + pdf[place.start() :]

    def sealing(self, rest: bytes) -> str:
        """The seal of a PDF whose other bytes are `rest`; as long for any other bytes."""
        return _text(self.seed, {**_told(self.facts), 16: digests.digest(_PDF, rest)})


def witness_of(content: "ConclusionContent", seed: bytes, head: tuple[int, str], region: str) -> Witness:
    """The witness of a case that was signed or ended. `head`: number and hash (hex) of the event that tells of it; it
    stays what it is, so that a reprint is the same to the byte."""
    ending = content.get("dossier.ending.kind") if content.record is None else None
    decided: dict[str, Any] = (content.get("decision") or {}) if ending is None else {}
    period, term = decided.get("period"), content.decided_term
    facts = Facts(
        document="",
        number=content.number or "",
        digest=bytes.fromhex(content.digest.removeprefix("sha256:")),
        head=(head[0], bytes.fromhex(head[1])[:16]),
        region=region,
        department=content.department.number if content.department else "",
        on=parse_iso(content.get("examination.on") or ""),
        outcome=decided.get("outcome"),
        period=(period["kind"], period.get("value")) if period else None,
        until=term.until if term is not None and decided else None,
        general=decided.get("general_capacity"),
        professional=decided.get("professional_capacity"),
        iin=(content.get("person.iin") or "")[-4:],
        ending=ending,
        sample=content.sample,
    )
    return Witness(seed, facts)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a code or a seal says, whoever signed it. `pdf`: the hash of the file that it seals."""

    signed: cose.Signed
    facts: Facts | None
    """None where it says something that this program doesn't know: a later one made it"""
    pdf: bytes | None


def read(text: str) -> Statement:
    """The statement of a code; ValueError where it is none of ours."""
    if not text.startswith(PREFIX) or len(text) > 2 * cose.MOST:
        raise ValueError("not a code of ours")
    signed = cose.read(base45.decode(text.removeprefix(PREFIX)))
    pdf = signed.payload.get(16)
    try:
        facts = _facts(signed.payload)
    except (KeyError, TypeError, ValueError, OverflowError):
        facts = None
    return Statement(signed, facts, pdf if isinstance(pdf, bytes) else None)


def sealed(pdf: bytes) -> tuple[str, bytes] | None:
    """The text of a PDF's seal and the hash of all its other bytes; None where it has no seal. Of a paper that bears
    electronic signatures it is the seal in the newest of them, which covers them all."""
    found = _SEAL.search(pdf, max(0, len(pdf) - _TAIL))
    if found is not None:
        return found[1].decode("ascii"), digests.digest(_PDF, pdf[: found.start()] + pdf[found.end() :])
    start = pdf.rfind(_HEX)
    end, whole = _end(pdf, start) if start >= 0 else (0, False)
    if not whole:
        return None
    text = bytes.fromhex(pdf[start:end].decode("ascii")).decode("ascii")
    return text, digests.digest(_PDF, pdf[:start] + pdf[end:])


def signed_times(pdf: bytes) -> int:
    """How many electronic signatures the desk has sealed in a PDF."""
    found, at = 0, pdf.find(_HEX)
    while at >= 0:
        end, whole = _end(pdf, at)
        found += whole
        at = pdf.find(_HEX, end)
    return found


def _end(pdf: bytes, start: int) -> tuple[int, bool]:
    """Where the letters of a seal in hexadecimal end that begins at `start`, and whether a line break follows."""
    run = _RUN.match(pdf, start)
    end = run.end() if run is not None else start + 1
    return end, pdf.startswith(b"0a", end)


def was_sealed(pdf: bytes) -> bool:
    """Whether a PDF begins with one that a desk sealed, whatever stands behind it."""
    for end in _ENDS.finditer(pdf):
        line = pdf[max(0, end.start() - _TAIL) : end.start() + 1].rpartition(b"\n%")[2]
        if line.startswith(PREFIX.encode("ascii")) and line.count(b"\n") == 1:
            return True
    return False


def _text(seed: bytes, told: Mapping[int, Any]) -> str:
    return PREFIX + base45.encode(cose.sign(seed, told, PURPOSE))


def _told(facts: Facts) -> dict[int, Any]:
    """The numbered statement: what does not hold for a paper has no number in it."""
    period = facts.period
    told: dict[int, Any] = {
        1: _number(DOCUMENTS, facts.document),
        2: facts.number,
        3: facts.digest,
        4: [facts.head[0], facts.head[1]],
        5: [facts.region, facts.department],
        6: _figures(facts.on),
        7: _number(OUTCOMES, facts.outcome),
        8: [_number(PERIODS, period[0]), *([] if period[1] is None else [period[1]])] if period else None,
        9: _figures(facts.until),
        10: facts.general,
        11: facts.professional,
        12: facts.blank or None,
        13: facts.duplicate or None,
        14: facts.iin or None,
        15: _number(ENDINGS, facts.ending),
        17: facts.sample or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _facts(told: Mapping[int, Any]) -> Facts:
    """KeyError, TypeError or ValueError where the statement says what this program doesn't know."""
    if not set(told) <= set(range(1, 18)):
        raise ValueError("a later statement")
    (seq, head), (region, department), period = told[4], told[5], told.get(8)
    facts = Facts(
        document=DOCUMENTS[told[1]],
        number=told[2],
        digest=told[3],
        head=(seq, head),
        region=region,
        department=department,
        on=_day(told.get(6)),
        outcome=OUTCOMES[told[7]] if 7 in told else None,
        period=(PERIODS[period[0]], period[1] if len(period) > 1 else None) if period else None,
        until=_day(told.get(9)),
        general=told.get(10),
        professional=told.get(11),
        blank=told.get(12, ""),
        duplicate=told.get(13, False),
        iin=told.get(14, ""),
        ending=ENDINGS[told[15]] if 15 in told else None,
        sample=told.get(17, False),
    )
    words = (facts.number, facts.region, facts.department, facts.blank, facts.iin)
    term = facts.period[1] if facts.period else None
    counts = ((seq, 2**63), (facts.general, 100), (facts.professional, 100), (term, 10_000))
    if not all(isinstance(word, str) for word in words):
        raise TypeError("not words")
    if not all(n is None or (type(n) is int and 0 <= n <= most) for n, most in counts):
        raise TypeError("not a count")
    if not isinstance(facts.digest, bytes) or len(facts.digest) != 32 or not isinstance(head, bytes):
        raise TypeError("not a hash")
    return facts


def _number(table: Mapping[int, str], name: str | None) -> int | None:
    return None if name is None else next(number for number, known in table.items() if known == name)


def _figures(day: date | None) -> int | None:
    return None if day is None else day.year * 10_000 + day.month * 100 + day.day


def _day(figures: int | None) -> date | None:
    return None if figures is None else date(figures // 10_000, figures // 100 % 100, figures % 100)

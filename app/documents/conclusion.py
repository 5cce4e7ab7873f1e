"""What stands in an expert opinion (сараптамалық қорытынды, экспертное заключение), before any layout.

One value for all languages: the templates only word it, so that the three papers say the same.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from app.domain import dates
from app.domain.case_file import Document, get
from app.domain.criteria import FactInfo
from app.domain.programme import PATH as PROGRAMME
from app.domain.programme import rows_of
from app.domain.proposal import PackIdentity, Proposal, Term
from app.domain.text import LocalText
from app.rules.periods import decided_term

if TYPE_CHECKING:
    from app.documents.witness import Witness
    from app.rules.explanation import Explanation
    from app.rules.model import Pack


class Department(Protocol):
    """Who issues the paper: the number and the full name on the letterhead."""

    @property
    def number(self) -> str: ...
    @property
    def names(self) -> LocalText: ...


class Signature(Protocol):
    """One member's signature."""

    @property
    def name(self) -> str: ...
    @property
    def signed_at(self) -> datetime: ...
    @property
    def login(self) -> str: ...
    @property
    def key(self) -> str:
        """Fingerprint of the member's public key."""
        ...

    @property
    def account_by(self) -> str | None:
        """The co-signer who made this account, where its owner had never signed in."""
        ...


class SignedRecord(Protocol):
    """What a signed conclusion adds to a case: the hash that was signed (`sha256:…`) and who signed when."""

    @property
    def digest(self) -> str: ...
    @property
    def signatures(self) -> Sequence[Signature]: ...


@dataclass(frozen=True, slots=True)
class PaperMeasure:
    """A row of the programme (app.domain.programme) with the names that the criteria give; else as it was entered."""

    row: dict[str, Any]
    name: LocalText | str
    carrier: LocalText | str | None


@dataclass(frozen=True, slots=True)
class ConclusionContent:
    """A case with what the criteria give for it, and the names that the paper needs.

    `proposal` and `explanation` are None while birth date, sex or day of examination are missing; `decided_term` is the
    period that the commission decided, with its end. `digest` is that of
    the signed record, else of the case's data. Without a `record` the paper is a draft.
    """

    document: Document
    age: int | None
    proposal: Proposal | None
    explanation: "Explanation | None"
    facts: tuple[FactInfo, ...]
    fact_names: Mapping[str, LocalText]
    defects: Mapping[str, LocalText]
    causes: Mapping[str, LocalText]
    decided_term: Term | None
    pack: PackIdentity
    department: Department | None
    number: str | None
    record: SignedRecord | None
    digest: str
    measures: tuple[PaperMeasure, ...] = ()
    supersedes: str | None = None
    """number of the signed case that this one corrects"""
    superseded_by: str | None = None
    """number of the signed case that has taken the place of this one"""
    sample: bool = False
    """everybody on it is invented"""
    witness: "Witness | None" = None
    """who signs the papers; None as long as there is nothing to sign"""

    def get(self, path: str) -> Any:
        """The case's value at a dotted path, None where it is not given."""
        return get(self.document, path)


def conclusion_content(
    document: Document,
    proposal: Proposal | None,
    explanation: "Explanation | None",
    *,
    pack: "Pack",
    department: Department | None = None,
    number: str | None = None,
    record: SignedRecord | None = None,
    supersedes: str | None = None,
    superseded_by: str | None = None,
    sample: bool = False,
    witness: "Witness | None" = None,
) -> ConclusionContent:
    """Gather what an expert opinion shows. `pack` is the one the proposal was made with; `supersedes` and
    `superseded_by` are numbers of cases."""
    birth, on = (dates.parse_iso(get(document, path) or "") for path in ("person.birth_date", "examination.on"))
    pack = pack if on is None else pack.on(on)
    age = dates.age(birth, on) if birth and on else None
    facts = pack.facts(18 if age is None else age, on)
    asked = {fact.id for fact in facts}
    if proposal is not None:
        for part in (proposal, proposal.period, proposal.general_capacity, proposal.professional_capacity):
            asked.update(getattr(part, "missing", ()))
    return ConclusionContent(
        document=document,
        age=age,
        proposal=proposal,
        explanation=explanation,
        facts=facts,
        fact_names={path: pack.fact_name(path) for path in sorted(asked)},
        defects={defect.id: defect.name for defect in pack.defects},
        causes={cause.code: cause.name for cause in pack.causes},
        decided_term=decided_term(pack, document),
        pack=proposal.pack if proposal else pack.identity(pack.status),
        department=department,
        number=number,
        record=record,
        digest=record.digest if record else document_digest(document),
        measures=_measures(document, pack),
        supersedes=supersedes,
        superseded_by=superseded_by,
        sample=sample,
        witness=witness,
    )


def _measures(document: Document, pack: "Pack") -> tuple[PaperMeasure, ...]:
    """The rows of the programme, in their order; what these criteria don't know is named as it stands."""
    known = pack.programme
    names = {measure.id: measure.name for measure in known.measures} if known is not None else {}
    carriers = {carrier.id: carrier.name for carrier in known.carriers.values()} if known is not None else {}
    found = []
    for row in rows_of(get(document, PROGRAMME)):
        measure, carrier = row.get("measure"), row.get("carrier")
        name = names.get(measure) if measure else None
        found.append(PaperMeasure(row, name or row.get("name") or str(measure), carriers.get(carrier or "", carrier)))
    return tuple(found)


def document_digest(document: Document) -> str:
    """The `sha256:` of a case's data, whatever order its keys were written in."""
    # ASCII escapes: a case may hold half a surrogate pair, which UTF-8 cannot.
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(b"saraptama/case/1\0" + canonical.encode("ascii")).hexdigest()

"""How we decide: how often votes and decisions of the signed cases differ from the criteria, by member, commission and
referring organisation (adr/0024)."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.domain import voting
from app.domain.case_file import Document, get
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.vocabulary import Role
from app.i18n import Translator
from app.services.workplace import Workplace


@dataclass(slots=True)
class Tally:
    """Counts over signed cases. `votes` and what follows of them only where members voted first."""

    name: str
    """a member, the members of a commission, or an organisation; empty where none was named"""
    cases: int = 0
    overridden: int = 0
    """decisions that differ from what the criteria proposed"""
    votes: int = 0
    apart: int = 0
    """votes that differ from what the criteria proposed"""
    heavier: int = 0
    lighter: int = 0
    """votes for a heavier or a lighter group than proposed"""
    dissent: int = 0
    """votes that the decision did not follow"""


@dataclass(frozen=True, slots=True)
class Control:
    """The whole desk in one line, then by what; each list with most cases first."""

    total: Tally
    members: tuple[Tally, ...]
    commissions: tuple[Tally, ...]
    organisations: tuple[Tally, ...]


@dataclass(slots=True)
class _Counted:
    total: Tally = field(default_factory=lambda: Tally(""))
    members: dict[str, Tally] = field(default_factory=dict)
    commissions: dict[str, Tally] = field(default_factory=dict)
    organisations: dict[str, Tally] = field(default_factory=dict)


COLUMNS: Final = (
    ("cases", N_("Signed cases")),
    ("overridden", N_("Decision differs")),
    ("votes", N_("Votes")),
    ("apart", N_("Vote differs")),
    ("heavier", N_("Heavier")),
    ("lighter", N_("Lighter")),
    ("dissent", N_("Dissent")),
)
KINDS: Final = (
    ("members", N_("By member")),
    ("commissions", N_("By commission")),
    ("organisations", N_("By referring organisation")),
)


class ControlService:
    """For who looks after the desk and for heads of commissions: it shows how single members vote."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def counts(self) -> Control:
        """Over all signed cases that no correction has replaced. UserError for somebody who may not see it."""
        from app.domain.names import same_name

        counted, heads = _Counted(), False
        user = self._place.user.name
        for document, overridden in self._signed():
            members = voting.commission(document)
            heads = heads or any(
                member.get("role") == Role.HEAD and same_name(member.get("name") or "", user) for member in members
            )
            _count(counted, document, overridden)
        if not heads and self._place.administrator().id != self._place.user.id:
            sentence = N_("Only who set this desk up and heads of commissions see how single members vote.")
            raise UserError(Text(sentence))
        return Control(counted.total, *(_ordered(table) for table in
                                        (counted.members, counted.commissions, counted.organisations)))  # fmt: skip

    def as_csv(self, control: Control, t: Translator) -> bytes:
        """A table for a spreadsheet, in the words of `t`: UTF-8 with its mark, semicolons."""
        out = io.StringIO()
        table = csv.writer(out, delimiter=";", lineterminator="\r\n")
        table.writerow([t("Counted"), t("Name"), *(t(words) for _, words in COLUMNS)])
        rows = [("", [control.total]), *((words, getattr(control, kind)) for kind, words in KINDS)]
        for words, tallies in rows:
            for tally in tallies:
                figures = [getattr(tally, column) for column, _ in COLUMNS]
                name = tally.name or (t("not given") if words else t("all cases"))
                table.writerow([t(words) if words else "", _plain(name), *figures])
        return out.getvalue().encode("utf-8-sig")

    def _signed(self) -> Iterator[tuple[Document, bool]]:
        """Each signed case with whether its decision differs from the proposal."""
        from app.storage import cases

        with self._place.database.reading() as connection:
            for written, differs in cases.signed_documents(connection):
                yield json.loads(written), differs


def _count(counted: _Counted, document: Document, overridden: bool) -> None:
    members = voting.commission(document)
    names = [member.get("name") or "" for member in members]
    tables = [
        counted.total,
        _of(counted.commissions, ", ".join(sorted(names))),
        _of(counted.organisations, get(document, "referral.organisation") or ""),
    ]
    for tally in (*tables, *(_of(counted.members, name) for name in dict.fromkeys(names))):
        tally.cases += 1
        tally.overridden += overridden
    apart: list[Mapping[str, Any]] = get(document, f"{voting.DISTANCE}.votes") or []
    against = {names[member] for member in voting.dissenting(document)}
    for vote in apart:
        for tally in (*tables, _of(counted.members, vote["name"])):
            tally.votes += 1
            tally.apart += vote["differs"]
            tally.heavier += (vote["groups"] or 0) > 0
            tally.lighter += (vote["groups"] or 0) < 0
            tally.dissent += vote["name"] in against


def _of(table: dict[str, Tally], name: str) -> Tally:
    return table.setdefault(name, Tally(name))


def _ordered(table: Mapping[str, Tally]) -> tuple[Tally, ...]:
    return tuple(sorted(table.values(), key=lambda tally: (-tally.cases, tally.name)))


def _plain(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name[:1] in ("=", "+", "-", "@", "\t", "\r") else name

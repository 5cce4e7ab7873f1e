"""What the forms share: head, person, what was decided, clauses, signatures, stamp and QR code."""

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from app import paths
from app.documents import layout
from app.documents.conclusion_decision import QR_SIDE, cite, form_status, short_hash, signed_notes, unsigned
from app.documents.decision import Blank, Decision
from app.documents.fonts import SANS_BOLD, SERIF_BOLD
from app.documents.forms.table import Form
from app.documents.layout import TEXT_WIDTH, Columns, Rule, Setter, box, pair
from app.documents.letterhead import address_of, letterhead
from app.documents.platypus import Flowable, KeepTogether, Spacer
from app.documents.qr import QrCode
from app.documents.witness import Witness
from app.documents.wording import Wording
from app.domain.vocabulary import Outcome

if TYPE_CHECKING:
    from app.documents.conclusion import Department

TERM_SHARES: Final = (4.3, 3.4, 4.3)
_ROOM: Final = (20.0, 10.0, 10.0, 0.0)  # points above the line of a signature on A5, by how tight the paper is
_TIGHT_TITLE: Final = 2
_LONG_WORD: Final = 42  # characters; a name with a longer one gets a row of its own
LINE: Final = "\u00a0"  # with the hair line under it: a line to write on


@dataclass(frozen=True, slots=True)
class Paper:
    """What a form is made with: the decision, the words of its language, the setter of its type."""

    form: Form
    decision: Decision
    words: Wording
    set: Setter
    tight: int = 0
    """0: as it should be; each step more keeps less room between the lines, so that it stays on its page"""

    @property
    def small(self) -> bool:
        return self.form.size == "A5"

    @property
    def blank(self) -> Blank | None:
        """The numbered blank that the paper stands on; None where none was issued."""
        return self.decision.beside.blanks.get(self.form.strict) if self.form.strict else None

    @property
    def witness(self) -> Witness | None:
        """Who signs this paper; None as long as there is nothing to sign."""
        signs, blank = self.decision.witness, self.blank
        if signs is None:
            return None
        made = signs.of(self.form.id, str(blank) if blank else "", duplicate=self.decision.beside.duplicate)
        return made.without_health() if self.form.reserved else made

    def label(self, key: str) -> str:
        return self.words("label", key)

    def phrase(self, key: str, **params: object) -> str:
        return self.words("phrase", key, **params)

    def given(self, value: str | None) -> str:
        """A name or number of the case; said where it is not given."""
        return layout.one_line(value) if value else self.phrase("not_given")

    def day(self, day: date | None) -> str:
        return self.words.day(day) if day else self.phrase("not_given")

    def dated(self, day: date | None) -> str:
        """In figures and in words."""
        return self.words.dated(day) if day else self.phrase("not_given")

    def per_cent(self, n: int) -> str:
        """In figures and in words: `70 % (жетпіс пайыз)`."""
        return self.phrase("per_cent", n=n, words=self.words.in_words(n), unit=self.words.count("per_cent", n))

    def iin(self) -> str:
        """The ИИН, or why there is none."""
        person = self.decision.person
        if person.iin or person.no_iin is None:
            return self.given(person.iin)
        reason, why = person.no_iin
        return self.words.known("no_iin", reason) + (f" ({layout.one_line(why)})" if why else "")

    def paper(self, number: str | None, day: date | None) -> str:
        """A paper's number and day, or that neither is given."""
        if not number and day is None:
            return self.phrase("not_given")
        return self.phrase("paper_short", number=self.given(number), day=self.day(day))

    def term(self) -> str:
        return self.words.term(*self.decision.period)

    def again(self) -> str:
        """When the person is due again: the first day after the period."""
        until = self.decision.until
        return self.words.dated(until) if until else self.words.term(*self.decision.period)

    def outcome(self) -> str:
        outcome = self.decision.outcome
        return self.words.known("outcome", outcome) if outcome else self.phrase("group_not_asked")


def issuer(
    put: Setter, words: Wording, department: "Department | None", on: date | None, *, small: bool = False
) -> list[Flowable]:
    """Who issues a paper: ministry, committee of the day, department."""
    names = letterhead(on or date.max)
    issued_by = department.names.of(words.language) if department else words("form", "department_blank")
    style = "small_letterhead" if small else "letterhead"
    lines = [put.text(names.ministry.of(words.language), style)]
    if names.committee_of.of(words.language) not in issued_by:
        lines.append(put.text(names.committee.of(words.language), style))
    return [*lines, put.text(issued_by, style), Spacer(0, 2), Rule(1.0)]


def head(paper: Paper) -> list[Flowable]:
    """Who issues it, the title, the number, what it stands in for."""
    words, put, decision = paper.words, paper.set, paper.decision
    title = "title" if not paper.small else "small_title" if paper.tight < _TIGHT_TITLE else "tight_title"
    lines = issuer(put, words, decision.department, decision.on, small=paper.small)
    lines.append(put.text(words("form", "title"), title))
    if paper.form.strict:
        taken = paper.blank
        shown = paper.phrase("blank", series=taken.series, number=taken.number) if taken else paper.phrase("blank_open")
        again = f" · {paper.phrase('duplicate')}" if decision.beside.duplicate else ""
        lines.append(put.spans([(SERIF_BOLD, shown), (SANS_BOLD, again)], "number"))
    if decision.superseded_by:
        lines.append(put.text(paper.phrase("superseded_by", number=decision.superseded_by), "strong"))
    return lines


def person(paper: Paper, *, address: bool = False, identity: bool = False) -> list[Flowable]:
    """Whose paper it is."""
    who, put, label = paper.decision.person, paper.set, paper.label
    if paper.small and max(map(len, who.name.split()), default=0) <= _LONG_WORD:
        row = [(label("full_name"), paper.given(who.name)), (label("iin"), paper.iin())]
        return put.fields([[*row, (label("birth_date"), paper.day(who.birth_date))]], (7, 2.6, 2))
    story = [*put.labelled(label("full_name"), paper.given(who.name), "strong"), Rule(0.25, layout.HAIR)]
    story += put.fields([[(label("iin"), paper.iin()), (label("birth_date"), paper.day(who.birth_date))]])
    if address:
        story += put.fields([[(label("address"), paper.given(address_of(*who.address, paper.words.language)))]])
    if identity:
        kind, number, on, by = who.identity
        shown = paper.words.known("identity_kind", kind) if kind else paper.phrase("not_given")
        story += put.fields([
            [(label("identity_kind"), shown), (label("identity_number"), paper.given(number))],
            [(label("issued_on"), paper.day(on)), (label("issued_by"), paper.given(by))],
        ])  # fmt: skip
    return story


BOTH_CAPACITIES: Final = ("general_capacity", "professional_capacity")


def decided(paper: Paper, *, capacities: Collection[str] = BOTH_CAPACITIES, cause: bool = True) -> list[Flowable]:
    """What was decided, in a box: outcome, cause, from when, for how long, when again, percentages."""
    decision, label = paper.decision, paper.label
    inside: list[Flowable] = [paper.set.text(paper.outcome(), "decision"), Rule(0.25, layout.HAIR)]
    named = decision.cause.of(paper.words.language) if cause and decision.cause is not None else ""
    rows = [[(label("cause"), named)]] if named else []
    if decision.period[0] is not None and decision.outcome != Outcome.NOT_ESTABLISHED:
        rows.append(term(paper))
    shares = zip(BOTH_CAPACITIES, (decision.general, decision.professional), strict=True)
    rows.append([(label(key), paper.per_cent(n)) for key, n in shares if n is not None and key in capacities])
    for row in filter(None, rows):
        inside += paper.set.fields([row], TERM_SHARES if len(row) == 3 else ())
    return [box(inside)]


def term(paper: Paper) -> list[tuple[str, str]]:
    """From when, for how long, when the person is due again: a row of fields, of the shares `TERM_SHARES`."""
    label = paper.label
    since = (label("since"), paper.dated(paper.decision.since))
    return [since, (label("period"), paper.term()), (label("again"), paper.again())]


def basis(paper: Paper, *, given: bool = False) -> list[Flowable]:
    """The opinion that the paper rests on: its number and day. `given`: and to whom the paper is given."""
    decision = paper.decision
    number = decision.number or paper.words("form", "number_blank")
    row = [
        (paper.label("basis"), paper.phrase("basis", number=number, day=paper.day(decision.on))),
        (paper.label("made_on"), paper.day(paper.blank.on if paper.blank else decision.made_on)),
    ]
    taken = to_whom(paper, "issued_to") if given else []
    if taken:
        return paper.set.fields([[row[0], row[1], *taken]], (5, 2, 5))
    return paper.set.fields([row], (3, 1))


def to_whom(paper: Paper, label: str) -> list[tuple[str, str]]:
    """Whom it is given to: the name in the case that the language asks for, where somebody confirmed it. Without that
    nothing: the name itself stands on the paper already."""
    confirmed = paper.decision.person.to_whom.get(paper.words.language)
    return [(paper.label(label), paper.given(confirmed))] if confirmed else []


def clauses(paper: Paper) -> list[Flowable]:
    """The provisions that held, each said once, with how sure it is."""
    found = paper.decision.clauses
    if not found:
        return []
    story = paper.set.subheading(paper.label("clauses"))
    return [*story, *(paper.set.item("•", cite(paper.words, citation), "small") for citation in found)]


def lines(paper: Paper, *rows: Sequence[str]) -> list[Flowable]:
    """Lines to write on, each under its label."""
    return paper.set.fields([[(label, LINE) for label in row] for row in rows], name="blank")


def appeal_day(paper: Paper) -> tuple[str, str]:
    """The last day to appeal, entered by the department, or a line for it, never a guess; and which of the two."""
    until = paper.decision.beside.appeal_until
    if until is not None:
        return paper.dated(until), paper.phrase("appeal_entered")
    return LINE + "_" * 22, paper.phrase("appeal_unknown")


def telephones(language: str) -> list[tuple[str, str]]:
    """Where the person can ask: numbers, and whose they are."""
    return [(one["number"], one[language]) for one in _contacts()["telephone"]]


@cache
def _contacts() -> dict[str, Any]:
    return tomllib.loads(paths.resource("templates", "contacts.toml").read_text("utf-8"))


def signatures(paper: Paper, *, everybody: bool = False) -> list[Flowable]:
    """A line for the head of the commission, or for each member; what was signed on the desk stands below it."""
    decision = paper.decision
    chosen = decision.members if everybody else tuple(filter(None, (decision.head,)))
    rows: list[Flowable] = []
    for member in chosen:
        notes = signed_notes(paper.words, member.signature) if member.signature else [paper.label("signature")]
        name = layout.one_line(member.name) or LINE
        rows += signature(paper.set, paper.words.known("role", member.role), name, notes)
    return rows or signature(paper.set, paper.words.known("role", "head"), LINE, [paper.label("signature")])


def signature(put: Setter, role: str, name: str, notes: Sequence[str]) -> list[Flowable]:
    """One line to sign on, with who signs."""
    rows: list[Flowable] = []
    if layout.is_long(name):
        rows += put.labelled(role, name, room=0)
        role, name = "", ""
    rows.append(
        Columns(
            [
                pair(put.text(role, "label"), put.text(name)),
                [put.text(LINE, "signature"), Rule(0.6), *(put.text(note, "fine") for note in notes)],
            ],
            line=False,
        )
    )
    return rows


def closing(paper: Paper, *parts: Flowable, stamped: bool = True) -> list[Flowable]:
    """`parts`, the place of the stamp, which record it is of, how sure the form is, the QR code: on one page, so that
    no signature stands alone."""
    decision = paper.decision
    named = f"{paper.words('form', 'title')} · {decision.number or '–'}"
    told = strip(paper.set, paper.words, named, decision.digest, code(paper), signed=decision.signed,
                 stamped=stamped)  # fmt: skip
    return [KeepTogether([*parts, told])]


def strip(
    put: Setter, words: Wording, named: str, digest: str, code: QrCode, *, signed: bool, stamped: bool = True
) -> Flowable:
    """The last line of a paper: place of the stamp, the paper's name and hash, how sure its form is, its QR code."""
    key = "hash_record" if signed else "hash_case"
    text = [
        put.spans([(SANS_BOLD, named)], "fine"),
        put.text(f"{words('label', key)}: {short_hash(digest)}", "fine"),
        put.text(form_status(words), "fine"),
    ]
    cells, side = [text, [code]], QR_SIDE + layout.GUTTER
    shares: tuple[float, ...] = (TEXT_WIDTH - side, side)
    if stamped:
        cells.insert(0, [put.text(words("label", "stamp"))])
        shares = (TEXT_WIDTH * 0.11, TEXT_WIDTH * 0.89 - side, side)
    return Columns(cells, shares, line=False)


def small_closing(paper: Paper, *parts: Flowable) -> list[Flowable]:
    """The same for A5, the signature of the head beside the code."""
    decision, put = paper.decision, paper.set
    head = decision.head
    notes = signed_notes(paper.words, head.signature) if head and head.signature else [paper.label("signature")]
    room = _ROOM[paper.tight]
    signed = [
        *pair(
            put.text(paper.words.known("role", "head"), "label"),
            put.text(layout.one_line(head.name) if head and head.name else LINE),
        ),
        Spacer(0, room),
        put.text(f"{LINE * 2}{paper.label('stamp')}", "signature"),
        Rule(0.6),
        *(put.text(note, "fine") for note in notes),
    ]
    key = "hash_record" if decision.signed else "hash_case"
    told = [put.text(f"{paper.label(key)}: {short_hash(decision.digest)}", "fine"),
            put.text(form_status(paper.words), "fine")]  # fmt: skip
    side = QR_SIDE + layout.GUTTER
    shares = ((TEXT_WIDTH - side) * 0.5, (TEXT_WIDTH - side) * 0.5, side)
    return [KeepTogether([*parts, Columns([signed, told, [code(paper)]], shares, line=False)])]


def code(paper: Paper) -> QrCode:
    """The code of what the desk signs of the paper, as `conclusion_decision.qr_payload`."""
    decision, witness = paper.decision, paper.witness
    if witness is not None:
        return QrCode(witness.code(), QR_SIDE, paper.phrase("qr_signed"))
    state = "ENDED" if decision.ending else "DRAFT"
    return QrCode(unsigned(paper.form.id, decision.number, decision.digest, state), QR_SIDE, paper.phrase("qr"))

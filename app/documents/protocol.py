"""The protocol of a session (отырыс хаттамасы, протокол заседания): who sat, each case in its order, who signs."""

from collections import Counter
from datetime import date
from typing import Final

from app.documents import layout, parity
from app.documents.conclusion_decision import QR_SIDE, short_hash, unsigned
from app.documents.fonts import SERIF, SERIF_BOLD
from app.documents.forms.kit import LINE, issuer, signature, strip
from app.documents.grid import Grid, across
from app.documents.layout import Columns, Setter
from app.documents.platypus import Flowable, KeepTogether, Spacer
from app.documents.qr import QrCode
from app.documents.session import OPEN, Entry, Session
from app.documents.sheet import Sheet, build
from app.documents.tags import Node
from app.documents.wording import Wording, wording
from app.domain.papers import PROTOCOL

_SHARES: Final = (0.05, 0.3, 0.17, 0.48)
_NOBODY: Final = (("", "head"), ("", "member"), ("", "member"))


def render_protocol(session: Session, language: str, told: Counter[str] | None = None) -> bytes:
    """The PDF in `kk`, `ru` or `en`; equal sessions give equal bytes. `told` takes up what it says whatever its
    language. KeyError for another language."""
    words, put = wording(PROTOCOL, language), Setter()
    story = _Story(session, words, put).whole()
    if told is not None:
        told.update(parity.facts(put.take(), {name: name for name in _names(session)}))
    if put.missing:
        characters = ", ".join(f"U+{ord(character):04X}" for character in sorted(put.missing))
        story.append(put.text(words("phrase", "replaced", characters=characters), "fine"))
    title = words("form", "title")
    department = session.department
    pdf = build(
        story,
        Sheet(
            title=f"{title} · {session.number}",
            author=department.names.of(language) if department else "",
            language=language,
            running=f"{title} · {words.day(session.on)}",
            foot=f"{words('label', 'hash_session')}: {short_hash(session.digest)}"
            if session.final
            else words("form", "draft_note"),
            page=words("form", "page", page="{page}", pages="{pages}"),
            mark=None if session.final else words("form", "draft"),
            sample=session.sample,
        ),
        put,
    )
    return session.witness.seal(pdf) if session.witness is not None else pdf


def _names(session: Session) -> set[str]:
    return {name for name, _ in session.members} | {entry.name for entry in session.entries}


class _Story:
    def __init__(self, session: Session, words: Wording, put: Setter) -> None:
        self._session, self._words, self._put = session, words, put

    def whole(self) -> list[Flowable]:
        session, words, put = self._session, self._words, self._put
        label = self._label
        place = words.known("place", session.place)
        return [
            *issuer(put, words, session.department, session.on),
            put.text(words("form", "title"), "title"),
            put.text(words("form", "number_blank"), "number"),
            *put.fields(
                [
                    [(label("held_on"), words.dated(session.on)), (label("place"), place)],
                    [(label("where"), layout.one_line(session.where) or self._phrase("not_given"))],
                ]
            ),
            *put.heading(words("section", "sat")),
            *put.fields(
                [
                    [(words.known("role", role), layout.one_line(name) or LINE)]
                    for name, role in session.members or _NOBODY
                ]
            ),
            *put.heading(words("section", "cases")),
            self._table(),
            *self._closing(),
        ]

    def _table(self) -> Flowable:
        words, put, table = self._words, self._put, Node("Table")
        titles = [words("column", key) for key in ("turn", "person", "case", "decision")]
        groups = [self._row(entry, table) for entry in self._session.entries]
        if not groups:
            groups = [across(table, len(_SHARES), [put.text(self._phrase("nobody"), "note")])]
        return Grid(lambda read: [put.heads(titles, _SHARES, table if read else None)], groups)

    def _row(self, entry: Entry, table: Node) -> list[Flowable]:
        """The row of a case. It never breaks over pages: what may be long stands below it."""
        put, name = self._put, layout.one_line(entry.name) or "–"
        below: list[Flowable] = []
        if layout.is_long(name):
            below += put.labelled(self._words("column", "person"), name, "row", room=0)
            name = "–"
        person: list[Flowable] = [put.spans([(SERIF_BOLD, name)], "row")]
        known = [f"{self._label('iin')} {entry.iin}" if entry.iin else "", self._day(entry.born)]
        person += [put.text(line, "small") for line in known if line]
        case: list[Flowable] = [put.text(entry.number, "row")]
        if entry.icd10:
            case.append(put.text(f"{self._label('icd10')}: {layout.one_line(entry.icd10)}", "small"))
        decided, others = self._decided(entry), self._others(entry)
        (below if layout.is_long(others) else decided).extend([put.text(others, "small")] if others else [])
        if entry.told:
            below.append(put.text(entry.told, "small"))
        cells = [[put.text(str(entry.turn), "row")], person, case, decided or [put.text("–", "row")]]
        return [Columns(cells, _SHARES, table=table), *(across(table, len(_SHARES), below) if below else ())]

    def _others(self, entry: Entry) -> str:
        """Who decided this case and isn't of the commission that sat."""
        named = "; ".join(f"{layout.one_line(name)} ({self._words.known('role', role)})" for name, role in entry.others)
        return f"{self._label('others')}: {named}" if named else ""

    def _decided(self, entry: Entry) -> list[Flowable]:
        words, put = self._words, self._put
        story: list[Flowable] = []
        if entry.outcome:
            story.append(put.spans([(SERIF_BOLD, words.known("outcome", entry.outcome))], "row"))
            if entry.period[0] is not None:
                until = f"; {self._label('due')}: {words.day(entry.until)}" if entry.until else ""
                story.append(put.text(f"{self._label('period')}: {words.term(*entry.period)}{until}", "small"))
        lines = []
        if entry.cause is not None:
            lines.append((self._label("cause"), entry.cause.of(words.language)))
        for key, n in (("general", entry.general), ("professional", entry.professional)):
            if n is not None:
                lines.append((self._label(key), self._phrase("percent", n=n)))
        if entry.votes is not None:
            lines.append((self._label("votes"), self._phrase("counted", followed=entry.votes[0],
                                                             against=entry.votes[1])))  # fmt: skip
        lines += [(self._label("against"), self._voted(vote.name, vote.outcome, vote.period)) for vote in entry.against]
        story += [put.spans([(SERIF, f"{label}: {value}")], "small") for label, value in lines]
        if entry.standing != "signed":
            story.append(put.spans([(SERIF_BOLD, words.known("standing", entry.standing))], "row"))
        if entry.ground:
            story.append(put.text(entry.ground.of(words.language), "small"))
        return story

    def _voted(self, name: str, outcome: str, period: tuple[str | None, int | None]) -> str:
        term = f", {self._words.term(*period)}" if period[0] is not None else ""
        return f"{layout.one_line(name)} – {self._words.known('outcome', outcome)}{term}"

    def _closing(self) -> list[Flowable]:
        """The sum of the session, a line to sign for everybody who sat, the code: on one page, so that no signature
        stands on a page without what it is under."""
        session, words, put = self._session, self._words, self._put
        counted = "; ".join(f"{words.known('standing', standing)} – {n}" for standing, n in session.counts.items() if n)
        total = self._phrase("total", n=len(session.entries))
        story: list[Flowable] = [Spacer(0, 4), put.text(f"{total} ({counted})." if counted else f"{total}.", "strong")]
        if session.counts.get(OPEN):
            story.append(put.text(self._phrase("left_open"), "note"))
        story += put.heading(words("section", "signatures"), room=0)
        for name, role in session.members or _NOBODY:
            shown = layout.one_line(name) or LINE
            story += signature(put, words.known("role", role), shown, [self._label("signature")])
        code = (
            QrCode(session.witness.code(), QR_SIDE, self._phrase("qr_signed"))
            if session.witness is not None
            else QrCode(unsigned(PROTOCOL, session.number, session.digest), QR_SIDE, self._phrase("qr"))
        )
        named = f"{words('form', 'title')} · {session.number}"
        story.append(strip(put, words, named, session.digest, code, signed=session.final))
        return [KeepTogether(story)]

    def _label(self, key: str) -> str:
        return self._words("label", key)

    def _phrase(self, key: str, **params: object) -> str:
        return self._words("phrase", key, **params)

    def _day(self, day: date | None) -> str:
        return self._words.day(day) if day else ""

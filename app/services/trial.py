"""What would change if another edition of the criteria held: cases decided by both, nothing written.

Each case is decided as on its own day, with its own ages and papers; only the law differs. A case from before the new
edition's first day meets both editions as they stand on that first day (`standing_on`), so that a value which begins
with the edition is tried, and no paper grows old meanwhile. What the commission had decided is left aside.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.domain.case_file import Document, check_whole
from app.domain.errors import Told, UserError
from app.domain.proposal import Band, Period, Term, Undetermined
from app.domain.rehearsal import OPEN, Answer, Change, Contradiction, Part, Per, Said, Tally, differences, turn
from app.domain.text import N_, Text
from app.rules.decided import Decided
from app.rules.engine import decide
from app.rules.model import Pack
from app.rules.papers import Papers
from app.rules.standing import standing_on
from app.services.case_reader import read_case, read_stored
from app.services.classifiers import chapter_of

Line = tuple[str, bytes | str | Text]
"""A case to be tried: its label and its JSON (bytes from outside, text from the desk), or why it could not be read."""
_OPEN: Final[Said] = (OPEN, None, None)
_EMPTY: Final[Document] = {}


@dataclass(slots=True)
class Trial:
    """Two sides for every case: the new edition, and the one that would hold without it.

    `others`: the editions at hand without the new one, newest first; with `named` the first is taken whatever its days.
    `law_of`: the day whose law every case meets; None: that of its own day, where the new edition holds on it, else
    that of the new edition's first day; with `own_day` always its own.
    """

    new: Pack
    others: tuple[Pack, ...]
    named: bool = False
    law_of: date | None = None
    own_day: bool = False
    _standing: dict[date, tuple[Pack, Pack]] = field(default_factory=dict, repr=False)

    def day(self, on: date) -> date:
        """The day whose law a case of the day `on` meets."""
        if self.own_day:
            return on
        if self.law_of is not None:
            return self.law_of
        return max(on, self.new.valid_from)

    def sides(self, on: date) -> tuple[Pack, Pack]:
        """Both editions for a case of the day `on`; UserError where one of them doesn't hold."""
        law = self.day(on)
        if not self.own_day and self.new.valid_to is not None and law > self.new.valid_to:
            raise does_not_hold(self.new, law)
        if law == on:
            return self._in_force(on), self.new
        found = self._standing.get(law)
        if found is None:
            found = self._standing[law] = standing_on(self._in_force(law), law), standing_on(self.new, law)
        return found

    def _in_force(self, day: date) -> Pack:
        for pack in self.others:
            if self.named or (pack.valid_from <= day and (pack.valid_to is None or day <= pack.valid_to)):
                return pack
        raise UserError(
            Text(
                N_(
                    "The criteria of {on} are not on this laptop. Check the day of examination, or add their rule pack."
                ),
                {"on": day},
            )
        )

    def through(self, lines: Iterable[Line]) -> Part:
        """Decide some cases on both sides. A case that can't be decided is told and counts for nothing."""
        part = Part()
        kept: dict[Answer, Answer] = {}
        for label, line in lines:
            try:
                if isinstance(line, Text):
                    raise UserError(line)
                document = _read(line)
                self._case(part, kept, label, document)
            except Told as told:
                part.refused.append((label, told.text))
        return part

    def _case(self, part: Part, kept: dict[Answer, Answer], label: str, document: Document) -> None:
        # Else each changed outcome would be a contradiction to what the commission had decided on the old one.
        if document.get("decision") is not None:
            document = {**document, "decision": None}
        papers = Papers(document)
        on = papers.on
        old, new = self.sides(on)
        if old.digest not in part.against:
            part.against[old.digest] = old.identity(old.status)
        was = decide(old, papers)
        would_be = decide(new, papers, was)
        region = ((document["person"].get("address") or _EMPTY).get("kato") or "")[:2]
        chapter = chapter_of(((document.get("diagnosis") or _EMPTY).get("main") or _EMPTY).get("icd10") or "")
        counts = part.counts
        counts.outcomes[was.outcome.value, would_be.outcome.value] += 1
        tallies = (counts.total, _of(counts.regions, region), _of(counts.chapters, chapter))
        for tally in tallies:
            tally.cases += 1
        taken_over = would_be.case is was.case  # only contradictions can differ
        before_codes, after_codes = _codes(was), _codes(would_be)
        if before_codes == after_codes and (taken_over or _same(was, would_be)):
            return
        before = _answer(was, before_codes)
        after = Answer(*before[:-1], after_codes) if taken_over else _answer(would_be, after_codes)
        differ, way = differences(before, after), turn(before, after)
        if differ:
            before, after = kept.setdefault(before, before), kept.setdefault(after, after)
            for tally in tallies:
                tally.changed += 1
                tally.heavier += way == "heavier"
                tally.lighter += way == "lighter"
            gained, lost = _beyond(would_be, was), _beyond(was, would_be)
            part.changes.append(Change(label, on, region, chapter, differ, way, before, after, gained, lost))
            for aspect in differ:  # `update` of a counter is made for many at once
                counts.aspects[aspect] += 1
            if "period" in differ:
                counts.periods[_length(before), _length(after)] += 1
            for code in set(after_codes).difference(before_codes):
                counts.conflicts[code, "gained"] += 1
            for code in set(before_codes).difference(after_codes):
                counts.conflicts[code, "lost"] += 1


def does_not_hold(pack: Pack, on: date) -> UserError:
    """The refusal of a day on which an edition doesn't hold."""
    sentence = N_("The criteria {id} {version} do not hold on {on}. Check the day, or name another pack.")
    return UserError(Text(sentence, {"id": pack.id, "version": pack.version, "on": on}))


def _of(tallies: dict[str, Tally], key: str) -> Tally:
    found = tallies.get(key)
    if found is None:
        found = tallies[key] = Tally()
    return found


def _read(line: bytes | str) -> Document:
    """The case, checked. What the desk holds was checked field by field as it was entered, but not as a whole."""
    if isinstance(line, bytes):
        document = read_case(line)
    else:
        document = read_stored(line)
        check_whole(document)
    return document


def _codes(found: Decided) -> tuple[str, ...]:
    return tuple([report.rule.code for report in found.reports])


def _same(one: Decided, other: Decided) -> bool:
    """Whether nobody would notice a difference but in contradictions, seen at a glance: most cases end here."""
    return (
        one.outcome is other.outcome
        and one.period == other.period
        and one.general == other.general
        and one.professional == other.professional
        and one.cause_proposed == other.cause_proposed
        and one.missing == other.missing
    )


def _answer(found: Decided, conflicts: tuple[str, ...]) -> Answer:
    period, missing = found.period, set(found.missing)
    for part in (period, found.general, found.professional):
        if isinstance(part, Undetermined):
            missing.update(part.missing)
    known = period if isinstance(period, Period) else None
    return Answer(
        found.outcome.value,
        found.level.of_case,
        tuple(sorted(missing)) if missing else (),
        _said(known.proposed) if known else None if period is None else _OPEN,
        tuple([_said(term) for term in known.alternatives]) if known else (),
        tuple([_said(term) for term in known.candidates]) if known else (),
        _per(found.general),
        _per(found.professional),
        found.cause_proposed,
        conflicts,
    )


def _said(term: Term) -> Said:
    return term.kind.value, term.value, None if term.until is None else term.until.isoformat()


def _beyond(one: Decided, other: Decided) -> tuple[Contradiction, ...]:
    """What contradictions say that one answer has beyond those of the other."""
    if not one.reports:
        return ()
    there = [report.rule.code for report in other.reports]
    found = []
    for report in one.reports:
        if report.rule.code in there:
            there.remove(report.rule.code)
        else:
            found.append(Contradiction(report.rule.text, report.params))
    return tuple(found)


def _length(answer: Answer) -> Said | None:
    return answer.period and (answer.period[0], answer.period[1], None)


def _per(band: Band | Undetermined | None) -> Per:
    if band is None:
        return None
    return () if isinstance(band, Undetermined) else (band.first, band.last)

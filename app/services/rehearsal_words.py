"""A rehearsal in words of one language: lines for a terminal, a table for a spreadsheet, JSON for a program."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from string import Formatter
from typing import Any, Final

from app.domain.proposal import PackIdentity
from app.domain.rehearsal import ASPECTS, FORMAT, NOT_COMPARED, OPEN, Answer, Change, Per, Rehearsal, Said, Tally
from app.domain.text import N_, one_line
from app.domain.vocabulary import Outcome, PeriodKind
from app.i18n import Translator
from app.rules.model import Pack
from app.services.classifiers import Classifiers, chapters

NOTHING: Final = "–"
ASPECT_NAMES: Final[Mapping[str, str]] = {
    "outcome": N_("group"),
    "period": N_("period of disability"),
    "end": N_("end of the period alone"),
    "alternatives": N_("what may be chosen instead"),
    "general_capacity": N_("loss of general working capacity"),
    "professional_capacity": N_("loss of professional working capacity"),
    "cause": N_("proposed cause"),
    "conflicts": N_("contradictions and obstacles"),
    "missing": N_("missing facts"),
}
# What stands in a contradiction's sentence where it is said of many cases, by the placeholder.
_OF_MANY: Final[Mapping[str, str]] = {
    **dict.fromkeys(("signed", "since", "until", "on"), N_("[day]")),
    **dict.fromkeys(("months", "members", "count"), N_("[number]")),
    "age": N_("[age]"),
    "facts": N_("[facts]"),
    "code": N_("[code]"),
    "pairs": N_("[scale and degree]"),
}


class RehearsalWords:
    """Words for one rehearsal. `packs`: the editions that were met, the new one first; their wording is used."""

    def __init__(self, rehearsal: Rehearsal, packs: Sequence[Pack], t: Translator) -> None:
        self.rehearsal, self.translator = rehearsal, t
        self._packs, self._t = packs, t
        self.answer = cache(self._answer)

    def side(self, identity: PackIdentity) -> str:
        """An edition by its name."""
        return f"{identity.id} {identity.version}"

    def head(self) -> list[str]:
        """What was compared, and by which law."""
        told, t = self.rehearsal, self._t
        new = self.side(told.new)
        if told.in_work:
            new = t("{edition} (in work, not signed)", edition=new)
        old = ", ".join(map(self.side, told.part.against.values())) or NOTHING
        lines = [t("Rehearsal of {new} against {old}. Nothing was changed.", new=new, old=old)]
        if told.law_of is None:
            lines.append(t("Each case meets both editions as they stand on its own day."))
        elif told.earlier_only:
            lines.append(
                t(
                    "Each case keeps its own day, ages and papers. Cases from before {day} meet both editions as they "
                    "stand on that day, the others as they stand on their own.",
                    day=told.law_of,
                )
            )
        else:
            lines.append(
                t(
                    "Each case keeps its own day, ages and papers, and meets both editions as they stand on {day}.",
                    day=told.law_of,
                )
            )
        lines.append(
            t(
                "Group, period, percentages, cause, contradictions and missing facts are compared; measures, extra "
                "help and notes are not."
            )
        )
        return lines

    def totals(self) -> list[str]:
        """How many cases, and how many would get something else."""
        t, total = self._t, self.rehearsal.part.counts.total
        lines = [
            t(
                "Cases decided: {cases}; different: {changed}; heavier group: {heavier}; lighter group: {lighter}.",
                cases=total.cases,
                changed=total.changed,
                heavier=total.heavier,
                lighter=total.lighter,
            )
        ]
        if self.rehearsal.part.refused:
            lines.append(t("Cases that could not be decided: {n}.", n=len(self.rehearsal.part.refused)))
        return lines

    def lines(self, limit: int) -> Iterator[str]:
        """Everything for a terminal; at most `limit` cases are listed, the rest is counted."""
        t, part = self._t, self.rehearsal.part
        yield from self.head()
        yield ""
        yield from self.totals()
        counts = part.counts
        for title, rows in (
            (t("What would differ; a case may be in several lines"), self.aspect_rows()),
            (t("Group: by the former edition → by the new one"), self.outcome_rows()),
            (t("Period of disability: by the former edition → by the new one"), self.period_rows()),
            (t("Contradictions and obstacles: would appear, would disappear"), self.conflict_rows()),
        ):
            yield from _table(title, rows)
        headings = [t("cases"), t("different"), t("heavier"), t("lighter")]
        if counts.total.changed:
            yield from _table(t("By region of residence"), _tallied(self.region_rows()), headings)
            yield from _table(t("By chapter of ICD-10 of the main diagnosis"), _tallied(self.chapter_rows()), headings)
            yield ""
            yield t("Cases that would get something else:")
            for change in part.changes[:limit]:
                yield f"  {self.label(change.label)}, {change.on:%d.%m.%Y}: {'; '.join(self.differences(change))}"
            if len(part.changes) > limit:
                yield "  " + t("… and {n} more; --csv writes all of them", n=len(part.changes) - limit)
        if part.refused:
            yield ""
            yield t("Not decided:")
            for label, reason in part.refused[:limit]:
                yield f"  {self.label(label)}: {one_line(t.show(reason))}"
            if len(part.refused) > limit:
                yield "  " + t("… and {n} more; --csv writes all of them", n=len(part.refused) - limit)

    def label(self, label: str) -> str:
        """A case's number as it is; a bare number is that of a line."""
        t = self._t
        return t("line {n}", n=label) if label.isdecimal() else one_line(label)

    def aspect_rows(self) -> list[tuple[str, list[int]]]:
        aspects = self.rehearsal.part.counts.aspects
        return [(self._t(ASPECT_NAMES[aspect]), [aspects[aspect]]) for aspect in ASPECTS if aspects[aspect]]

    def outcome_rows(self) -> list[tuple[str, list[int]]]:
        """Groups that would be others, the most frequent change first."""
        found = self.rehearsal.part.counts.outcomes.items()
        return [
            (f"{self.outcome(old)} → {self.outcome(new)}", [count])
            for (old, new), count in sorted(found, key=lambda item: (-item[1], item[0]))
            if old != new
        ]

    def period_rows(self) -> list[tuple[str, list[int]]]:
        found = self.rehearsal.part.counts.periods.items()
        return [
            (f"{self.period(old)} → {self.period(new)}", [count])
            for (old, new), count in sorted(found, key=lambda item: (-item[1], str(item[0])))
        ]

    def conflict_rows(self) -> list[tuple[str, list[int]]]:
        found = self.rehearsal.part.counts.conflicts
        codes = sorted({code for code, _ in found})
        return [(self.conflict(code), [found[code, "gained"], found[code, "lost"]]) for code in codes]

    def conflict_turns(self) -> list[tuple[str, list[int]]]:
        """As `conflict_rows`, a row for each way; the most frequent first."""
        found = sorted(self.rehearsal.part.counts.conflicts.items(), key=lambda item: (-item[1], item[0]))
        return [(self._turned(self.conflict(code), gained=way == "gained"), [count]) for (code, way), count in found]

    def _turned(self, what: str, *, gained: bool) -> str:
        t = self._t
        return t("would appear: {what}", what=what) if gained else t("would disappear: {what}", what=what)

    def region_rows(self) -> list[tuple[str, Tally]]:
        """Regions in the classifier's order, then what is in none."""
        names = {region.code[:2]: self._t.show(region.name) for region in Classifiers().regions()}
        return self._rows(self.rehearsal.part.counts.regions, names)

    def chapter_rows(self) -> list[tuple[str, Tally]]:
        """Chapters in their order, then what is in none."""
        names = {chapter.number: f"{chapter.number} {self._t.show(chapter.name)}" for chapter in chapters()}
        return self._rows(self.rehearsal.part.counts.chapters, names)

    def _rows(self, tallies: Mapping[str, Tally], names: Mapping[str, str]) -> list[tuple[str, Tally]]:
        rows = [(name, tallies[code]) for code, name in names.items() if code in tallies]
        t, rest = self._t, sorted(set(tallies) - set(names))
        return rows + [(code or t("not given"), tallies[code]) for code in rest]

    def outcome(self, value: str) -> str:
        return self._t.show(Outcome(value))

    def period(self, said: Said | None) -> str:
        """A period in the pack's words, with its end where that is given."""
        t = self._t
        if said is None:
            return t("no period")
        kind, value, until = said
        if kind == OPEN:
            return self.outcome(OPEN)
        name = kind
        if kind == PeriodKind.YEARS and value is not None:
            name = "years_1" if value == 1 else "years_5" if value >= 5 else "years"
        words = self._packs[0].words["period"]
        text = words[name].with_params(value=value)
        if until is not None:
            text = words["with_end"].with_params(term=text, until=f"{date.fromisoformat(until):%d.%m.%Y}")
        return t.show(text)

    def conflict(self, code: str) -> str:
        """What a contradiction says of many cases: `[day]` where it names that of one."""
        t = self._t
        for pack in self._packs:
            for rule in pack.conflicts:
                if rule.code == code:
                    names = {name for _, name, _, _ in Formatter().parse(rule.text.of(t.language)) if name}
                    return rule.text.of(t.language).format(**{name: t(_OF_MANY[name]) for name in names})
        return code

    def per(self, per: Per) -> str:
        if per is None:
            return NOTHING
        return f"{per[0]}–{per[1]} %" if per else self.outcome(OPEN)

    def _answer(self, answer: Answer) -> dict[str, str]:
        """An answer in words, part by part, as `ASPECTS` names the parts."""
        t, pack = self._t, self._packs[0]
        others = [self.period(said) for said in (*answer.alternatives, *answer.candidates)]
        return {
            "outcome": self.outcome(answer.outcome),
            "period": self.period(answer.period),
            "alternatives": "; ".join(others) or NOTHING,
            "general_capacity": self.per(answer.general),
            "professional_capacity": self.per(answer.professional),
            "cause": answer.cause or NOTHING,
            "missing": "; ".join(t.show(pack.fact_name(fact)) for fact in answer.missing) or NOTHING,
        }

    def differences(self, change: Change) -> list[str]:
        """What would differ in one case, in words."""
        t, told = self._t, []
        was, would_be = self.answer(change.before), self.answer(change.after)
        for aspect in change.differs:
            if aspect == "conflicts":
                told += [self._turned(t.show(one.text()), gained=True) for one in change.gained]
                told += [self._turned(t.show(one.text()), gained=False) for one in change.lost]
                continue
            part = "period" if aspect == "end" else aspect
            name = t(ASPECT_NAMES[aspect])
            told.append(f"{was[part]} → {would_be[part]}" if aspect in ("outcome", "period", "end")
                        else f"{name}: {was[part]} → {would_be[part]}")  # fmt: skip
        return told

    @cached_property
    def _columns(self) -> tuple[str, ...]:
        return tuple(aspect for aspect in ASPECTS if aspect not in ("end", "conflicts"))

    def table(self) -> bytes:
        """Every case that would get something else or could not be decided, for a spreadsheet.

        UTF-8 with a mark, semicolons: so that a double click opens it in columns where the comma parts decimals.
        """
        t, part = self._t, self.rehearsal.part
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        names = [t(ASPECT_NAMES[column]) for column in self._columns]
        writer.writerow([
            t("case"), t("day of examination"), t("region"), t("chapter of ICD-10"), t("what would differ"),
            *(words for name in names for words in (t("{what}: by the former edition", what=name),
                                                    t("{what}: by the new edition", what=name))),
            t("contradictions and obstacles: would disappear"), t("contradictions and obstacles: would appear"),
            t("not decided"),
        ])  # fmt: skip
        regions = {region.code[:2]: t.show(region.name) for region in Classifiers().regions()}
        for change in part.changes:
            was, would_be = self.answer(change.before), self.answer(change.after)
            differs = ", ".join(t(ASPECT_NAMES[aspect]) for aspect in change.differs)
            sides = [words for column in self._columns for words in (was[column], would_be[column])]
            region = regions.get(change.region, change.region)
            said = [" ".join(t.show(one.text()) for one in told) or NOTHING for told in (change.lost, change.gained)]
            day = f"{change.on:%d.%m.%Y}"
            writer.writerow([change.label, day, region, change.chapter, differs, *sides, *said, ""])
        empty = [""] * (6 + 2 * len(self._columns))
        for label, reason in part.refused:
            writer.writerow([label, *empty, one_line(t.show(reason))])
        return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")

    def document(self, limit: int | None) -> dict[str, Any]:
        """Everything as JSON (`mse-rehearsal/1`); at most `limit` cases, all where it is None."""
        told, counts = self.rehearsal, self.rehearsal.part.counts
        return {
            "format": FORMAT,
            "new": {**_named(told.new), "in_work": told.in_work},
            "against": [_named(identity) for identity in told.part.against.values()],
            "law_of": told.law_of and told.law_of.isoformat(),
            "law_of_earlier_cases_only": told.earlier_only,
            "not_compared": list(NOT_COMPARED),
            "total": {**_numbers(counts.total), "not_decided": len(told.part.refused)},
            "differs": {aspect: counts.aspects[aspect] for aspect in ASPECTS},
            "outcomes": [{"now": old, "then": new, "cases": count}
                         for (old, new), count in sorted(counts.outcomes.items())],
            "periods": [{"now": _period(old), "then": _period(new), "cases": count}
                        for (old, new), count in sorted(counts.periods.items(), key=str)],
            "conflicts": [{"code": code, "appear": counts.conflicts[code, "gained"],
                           "disappear": counts.conflicts[code, "lost"]}
                          for code in sorted({code for code, _ in counts.conflicts})],
            "regions": {code: _numbers(tally) for code, tally in sorted(counts.regions.items())},
            "chapters": {number: _numbers(tally) for number, tally in sorted(counts.chapters.items())},
            "cases": [{"case": change.label, "on": change.on.isoformat(), "region": change.region,
                       "chapter": change.chapter, "differs": list(change.differs), "turn": change.turn or None,
                       "now": _answer(change.before), "then": _answer(change.after)}
                      for change in told.part.changes[:limit]],
            "not_decided": [{"case": label, "reason": self._t.show(reason)}
                            for label, reason in told.part.refused[:limit]],
        }  # fmt: skip


def _named(identity: PackIdentity) -> dict[str, str]:
    return {"id": identity.id, "version": identity.version, "digest": identity.digest, "status": identity.status.value}


def _numbers(tally: Tally) -> dict[str, int]:
    return {name: getattr(tally, name) for name in ("cases", "changed", "heavier", "lighter")}


def _period(said: Said | None) -> dict[str, Any] | None:
    return None if said is None else {"kind": said[0], "value": said[1], "until": said[2]}


def _answer(answer: Answer) -> dict[str, Any]:
    return {**answer._asdict(), "period": _period(answer.period),
            "alternatives": [_period(said) for said in answer.alternatives],
            "candidates": [_period(said) for said in answer.candidates]}  # fmt: skip


def _tallied(rows: Iterable[tuple[str, Tally]]) -> list[tuple[str, list[int]]]:
    return [(name, list(_numbers(tally).values())) for name, tally in rows]


def _table(title: str, rows: Sequence[tuple[str, Sequence[int]]], headings: Sequence[str] = ()) -> Iterator[str]:
    """A title and rows of a name and numbers, in columns; nothing where there are no rows."""
    if not rows:
        return
    yield ""
    widths = [
        max(len(headings[column]) if headings else 0, *(len(str(numbers[column])) for _, numbers in rows))
        for column in range(len(rows[0][1]))
    ]
    first = max(len(title) + 1, *(len(name) + 2 for name, _ in rows)) if headings else max(len(n) + 2 for n, _ in rows)
    yield f"{title}:" + (
        " " * (first - len(title) - 1) + "".join(f"  {h:>{w}}" for h, w in zip(headings, widths, strict=True))
        if headings else ""
    )  # fmt: skip
    for name, numbers in rows:
        cells = "".join(f"  {number:>{width}}" for number, width in zip(numbers, widths, strict=True))
        yield f"  {name:<{first - 2}}{cells}"

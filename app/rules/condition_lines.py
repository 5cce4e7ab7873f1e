"""The conditions of a rule as short lines in three languages, each with its truth: what decided, at a glance.

Alternatives (`some` of several facts) become one line with the heaviest of them; wording is the pack's `words.toml`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.proposal import Because, Part, Proposal, Step
from app.domain.text import LANGUAGES, LocalText
from app.rules.facts import applies
from app.rules.model import Condition, Pack

_COMMA = LocalText(",", ",", ".")  # the decimal mark


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition of a rule in words. `held` None: unknown facts leave it open."""

    held: bool | None
    text: LocalText


class ConditionLines:
    """Words the conditions of one proposal, made with `pack`; without a proposal, those of a rule at any age."""

    def __init__(self, pack: Pack, proposal: Proposal | None) -> None:
        self._pack = pack
        self._facts = {fact.id: fact for fact in pack.fact_list}
        self._applying = [fact.id for fact in pack.fact_list
                          if proposal is None or applies(pack, fact, proposal.age, proposal.on)]  # fmt: skip

    def asked(self, condition: Condition) -> LocalText | None:
        """What a condition asks for, whatever the case: `disorder of functions: degree 3 or heavier`.

        None for the two kinds that compare with something outside of themselves (another level, an age).
        """
        if "some" in condition:
            heaviest = max((self._facts[member].values[-1] for member in self._members(condition)), default=0)
            least = condition["at_least"]
            value = self._line("degree" if least >= heaviest else "degree_from", value=least)
            return self._line("simple", fact=self.about(condition), value=value)
        subject, wanted = (("fact", [condition["is"]]) if "fact" in condition
                           else ("level", list(condition.get("in", []))))  # fmt: skip
        if not wanted:
            return None
        name = condition[subject] if subject == "fact" else f"level.{condition[subject]}"
        *others, last = (self.value(name, value) for value in wanted)
        value = self._line("or", list=joined(others), last=last) if others else last
        return self._line("simple", fact=self._pack.fact_name(name), value=value)

    def of(self, step: Step, *, deciding: bool = False) -> tuple[ConditionLine, ...]:
        """A line for each condition of a rule, in its order; `deciding`: only those that made it hold, fail or open."""
        if step.parts:
            lines = [ConditionLine(part.held, self._part(part)) for part in step.parts]
        else:  # a step of the engine's own: no condition of the pack, only what it looked at
            lines = []
            for ground in step.because:
                held = step.held if ground.needs else True  # nothing is asked of an age that only chose the rule
                lines.append(ConditionLine(held, self._ground(ground, held=held)))
        return tuple(line for line in lines if not deciding or line.held is step.held)

    def _part(self, part: Part) -> LocalText:
        condition = part.condition
        if not part.because:  # none of its facts applies at this age
            return self._line("excluded", what=self.about(condition))
        if "some" in condition:
            return self._some(part)
        if "not_lighter_than" in condition:
            return self._not_lighter(part)
        return self._ground(part.because[0], condition, held=part.held)

    def _some(self, part: Part) -> LocalText:
        """`disorder of functions: degree 4 is needed; the heaviest is 3 (statodynamic functions)`."""
        condition, grounds = part.condition, part.because
        members = self._members(condition)
        least = condition["at_least"]
        heaviest = max(self._facts[member].values[-1] for member in members)
        degree = self._line("degree" if least >= heaviest else "degree_from", value=least)
        said = {"what": self.about(condition), "degree": degree}
        if part.held is None:
            if len(grounds) == len(members):
                return self._line("some_unknown_all", **said)
            return self._line("some_unknown", **said, facts=self._names(ground.fact for ground in grounds))
        worst = max(ground.value for ground in grounds)
        most = [ground.fact for ground in grounds if ground.value == worst]
        if part.held:
            by_degree: dict[int, list[str]] = {}
            for ground in sorted(grounds, key=lambda ground: -ground.value):
                by_degree.setdefault(ground.value, []).append(ground.fact)
            shown = (self._line("facts_of_degree", facts=self._names(facts), value=value)
                     for value, facts in by_degree.items())  # fmt: skip
            return self._line("some_held", **said, facts=joined(shown, "; "))
        if worst == 0:
            return self._line("some_none", **said, none=self._facts[most[0]].degrees[0].name)
        return self._line("some_failed", **said, value=worst, facts=self._names(most))

    def _not_lighter(self, part: Part) -> LocalText:
        first, other = part.because
        name = {True: "not_lighter_held", False: "not_lighter_failed", None: "not_lighter_open"}[part.held]
        return self._line(
            name, fact=self._pack.fact_name(first.fact), value=self.value(first.fact, first.value),
            other=self._pack.fact_name(other.fact), other_value=self.value(other.fact, other.value),
        )  # fmt: skip

    def _ground(self, ground: Because, condition: Condition | None = None, *, held: bool | None) -> LocalText:
        """`rehabilitation prognosis: doubtful (needed: favourable)`; what is needed only where it isn't met."""
        fact, value = self._pack.fact_name(ground.fact), self.value(ground.fact, ground.value)
        needed = self._needed(ground, condition, held)
        if needed is None:
            return self._line("simple", fact=fact, value=value)
        return self._line("simple_needed", fact=fact, value=value, needed=needed)

    def _needed(self, ground: Because, condition: Condition | None, held: bool | None) -> LocalText | None:
        if condition is None:
            code = ground.needs.removeprefix("= ")
            return None if held or ground.fact != "previous.cause" else self.value(ground.fact, code)
        if "below_age" in condition:  # said always: an age alone doesn't tell the limit
            limit = ground.needs.removeprefix("< ")
            marks = (limit.replace(".", _COMMA.of(language)) for language in LANGUAGES)
            return self._line("less_than", value=LocalText(*marks))
        if "fact" in condition:
            wanted = [condition["is"]]
        else:
            wanted = list(condition["in"])
            if set(wanted) == {rule.result for rule in self._pack.levels}:
                wanted = []  # any level would do: that there is none says all
        if held or not wanted:
            return None
        words = [self.value(ground.fact, value) for value in wanted]
        *others, last = words
        return self._line("or", list=joined(others), last=last) if others else last

    def value(self, fact: str, value: Any) -> LocalText:
        """A fact's value in words: yes or no, a choice, a level, a listed defect; a degree stays a number."""
        known = self._facts.get(fact)
        if value is None:
            examined = known is not None and known.kind in ("degree", "set")
            return self._line("unknown" if examined else "open" if fact.startswith("level.") else "not_given")
        if value == "n/a":
            return self._line("not_applicable")
        if isinstance(value, bool):
            return self._line("yes" if value else "no")
        if fact.startswith("level.") and value == 0:
            return self._line("none")
        if fact == "anatomical_defects" and value in self._pack.defect_by_id:
            return self._pack.defect_by_id[value].name
        if fact == "previous.cause" and value in self._pack.causes_by_code:
            return self._line("coded", code=value, name=self._pack.causes_by_code[value].name)
        if known is not None and known.kind == "choice":
            for degree in known.degrees:
                if degree.value == value:
                    return degree.name
        return LocalText(str(value), str(value), str(value))

    # --- what a condition is about --------------------------------------------------------------------------------
    def _members(self, condition: Condition) -> list[str]:
        named = {fact for group in condition["some"] for fact in self._pack.groups[group]}
        return [fact for fact in self._applying if fact in named]

    def about(self, condition: Condition) -> LocalText:
        """The facts asked for: a section by its name; where only some of its facts count, these too."""
        if "fact" in condition:
            return self._pack.fact_name(condition["fact"])
        members = self._members(condition) or [fact for group in condition["some"] for fact in self._pack.groups[group]]
        return joined(self._sections(members))

    def _sections(self, members: Sequence[str]) -> Iterator[LocalText]:
        sections: dict[str, list[str]] = {}
        for member in members:
            sections.setdefault(member.rpartition(".")[0], []).append(member)
        for section, facts in sections.items():
            name = self._pack.words["name"].get(section)
            whole = [fact for fact in self._applying if fact.rpartition(".")[0] == section]
            if name is None:
                yield self._names(facts)
            elif facts == whole:
                yield name
            else:
                yield self._line("only", what=name, facts=self._names(facts))

    def _names(self, facts: Iterable[str]) -> LocalText:
        """Facts in a list, by their short names where the pack has such."""
        return joined(self._pack.words["short"].get(fact) or self._pack.fact_name(fact) for fact in facts)

    def _line(self, name: str, /, **params: object) -> LocalText:
        text = self._pack.word("line", name)
        return text.with_params(**params) if params else text


def joined(texts: Iterable[LocalText], separator: str = ", ") -> LocalText:
    """Several wordings as one list, by language."""
    parts = list(texts)
    return LocalText(*(separator.join(part.of(language) for part in parts) for language in LANGUAGES))

"""The fields of a test case in words of three languages, line by line: for comparing editions."""

import json
from collections.abc import Iterator
from typing import Any

from app.domain.dates import parse_iso
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import LABELS, Sex
from app.rules.case_words import CaseWords, expectation
from app.rules.condition_lines import ConditionLines, joined
from app.rules.model import Pack

Said = Text | LocalText


class CaseLines:
    """Words the test cases of one pack. The second argument of each method is the record, which none of them needs."""

    def __init__(self, pack: Pack, conditions: ConditionLines) -> None:
        self._pack, self._conditions = pack, conditions

    def facts(self, facts: dict[str, Any], _: object) -> Iterator[Said]:
        """The facts of a case, each with its value; days as people write them."""
        for path, value in facts.items():
            name = path.removeprefix("facts.")
            if path != name and isinstance(value, dict):
                yield from self.facts({f"{path}.{key}": inner for key, inner in value.items()}, _)
            elif isinstance(value, list) and all(isinstance(inner, str) for inner in value):
                values = [self._conditions.value(name, inner) for inner in value]
                yield self._line(name, joined(values) if values else self._pack.word("line", "none"))
            elif isinstance(value, (dict, list)):
                written = json.dumps(value, ensure_ascii=False, default=str)
                yield Text(N_("{what}: {value}"), {"what": self._pack.fact_name(name), "value": written})
            else:
                day = parse_iso(value) if isinstance(value, str) else None
                shown = LocalText(*[f"{day:%d.%m.%Y}"] * 3) if day else self._conditions.value(name, value)
                yield self._line(name, shown)

    def _line(self, name: str, value: LocalText) -> LocalText:
        return self._pack.word("line", "simple").with_params(fact=self._pack.fact_name(name), value=value)

    def not_given(self, paths: list[str], _: object) -> Iterator[Said]:
        """The facts that a case takes away from the base."""
        for path in paths:
            yield self._pack.fact_name(path.removeprefix("facts."))

    def expected(self, expected: dict[str, Any], _: object) -> Iterator[Said]:
        """What a case expects, a line for each key."""
        words = CaseWords(self._pack)
        for key, value in expected.items():
            yield Text(N_("{what}: {value}"), {"what": expectation(key), "value": words.value(key, value)})

    def sex(self, sex: str, _: object) -> Iterator[Said]:
        """The sex in words."""
        yield Text(LABELS[Sex(sex)])

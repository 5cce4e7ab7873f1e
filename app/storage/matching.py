"""A search as conditions on columns, for tables that repeat names, ИИН and numbers of cases."""

from typing import Any

from app.storage.folding import LAST, fold


def matching(query: str) -> tuple[list[str], dict[str, Any]]:
    """Conditions that SQLite answers from index ranges. One word: surname, given name, ИИН or number. Two or three:
    surname, given name, patronymic, also with the given name first, as people say it."""
    words = fold(query).split()
    if not words:
        return [], {}
    params: dict[str, Any] = {}
    for index, word in enumerate(words[:3]):
        params |= {f"from{index}": word, f"to{index}": word + LAST}
    if len(words) == 1:
        columns = ["surname_key", "given_key"]
        if words[0][0].isdigit():
            columns = ["iin", "number"]
        alternatives = [_range(column, 0) for column in columns]
        if words[0].isdecimal() and len(words[0]) <= 6:
            params["ordinal"] = int(words[0])
            alternatives.append("ordinal = :ordinal")
        return [f"({' OR '.join(alternatives)})"], params
    rest = f" AND {_range('patronymic_key', 2)}" if len(words) > 2 else ""
    straight = f"{_range('surname_key', 0)} AND {_range('given_key', 1)}{rest}"
    spoken = f"{_range('given_key', 0)} AND {_range('surname_key', 1)}{rest}"
    return [f"(({straight}) OR ({spoken}))"], params


def _range(column: str, index: int) -> str:
    return f"({column} >= :from{index} AND {column} < :to{index})"

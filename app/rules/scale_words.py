"""What a record of scales.toml says, in words of three languages: for comparing editions and for signing off."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.rules.model import Pack


def band_lines(pack: Pack, bands: Sequence[Mapping[str, Any]]) -> Iterator[Text]:
    """A line for each band: from which result, its name, and the degrees that go with it."""
    for band in bands:
        spans = [_span(pack, subject, *span) for subject, span in band["degrees"].items()]
        said = LocalText(*("; ".join(span.of(language) for span in spans) for language in ("kk", "ru", "en")))
        yield Text(
            N_("{first} and more: {name}. Degrees: {degrees}"),
            {"first": band["from"], "name": local(band), "degrees": said},
        )


def item_lines(items: Mapping[str, Mapping[str, Any]]) -> Iterator[LocalText]:
    """A line for each entry of the form, with what its numbers mean where that is told."""
    for item in items.values():
        name, hint = local(item), item.get("hint")
        yield (
            name
            if hint is None
            else LocalText(**{language: f"{name.of(language)}: {hint[language]}" for language in LANGUAGES})
        )


def local(content: Mapping[str, Any]) -> LocalText:
    """The wording of a table in three languages."""
    return LocalText(**{language: str(content[language]) for language in LANGUAGES})


def subject_name(pack: Pack, subject: str) -> LocalText:
    """The name of a fact, or of the section of a group of facts, as short as the pack has it."""
    members = pack.groups.get(subject)
    if members:
        return pack.word("name", members[0].partition(".")[0])
    return pack.words["short"].get(subject) or pack.fact_name(subject)


def _span(pack: Pack, subject: str, least: int, most: int) -> LocalText:
    name, degrees = subject_name(pack, subject), f"{least}" if least == most else f"{least}–{most}"
    return LocalText(**{language: f"{name.of(language)} {degrees}" for language in LANGUAGES})

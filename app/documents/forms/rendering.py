"""From a decision to the PDF of a form, in one language or in Kazakh and Russian on one sheet."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from app.documents import parity
from app.documents.conclusion_decision import short_hash
from app.documents.decision import Decision
from app.documents.forms import (
    application,
    capacity,
    certificate,
    extra_help,
    extract,
    notice,
    plain,
    programme,
    receipt,
    refusal,
)
from app.documents.forms.kit import Paper
from app.documents.forms.table import BOTH, Form
from app.documents.layout import Setter
from app.documents.letterhead import letterhead
from app.documents.platypus import Flowable
from app.documents.sheet import Sheet, TooLongError, build
from app.documents.wording import wording
from app.domain.text import LANGUAGES

# Named one by one, so that a frozen bundle finds them.
_STORIES: Final[Mapping[str, Callable[[Paper], list[Flowable]]]] = {
    "application": application.story,
    "certificate": certificate.story,
    "extra-help": extra_help.story,
    "extract": extract.story,
    "general-capacity": capacity.general,
    "notice": notice.story,
    "notice-employer": notice.employer,
    "plain": plain.story,
    "professional-capacity": capacity.professional,
    "programme": programme.story,
    "receipt": receipt.story,
    "refusal": refusal.story,
}

# The forms that should stay on one page, and how much tighter than they should be they may become for that.
_TIGHTEST: Final[Mapping[str, int]] = {
    "certificate": 3, "general-capacity": 3, "professional-capacity": 3, "plain": 2,
}  # fmt: skip


def render_form(form: Form, decision: Decision, language: str, told: Counter[str] | None = None) -> bytes:
    """The PDF of a form in `kk`, `ru`, `en` or `kk+ru`; equal decisions give equal bytes. `told` takes up what it says
    whatever its language. KeyError for another language; CheckFailed where the two of one sheet differ in that."""
    languages = ("kk", "ru") if language == BOTH else (language,)
    if not set(languages) <= set(LANGUAGES):
        raise KeyError(language)
    ways = [(together, tight) for together in (True, False)[languages[1:] == () :] for tight in _steps(form)]
    for together, tight in ways:
        try:
            return _rendered(form, decision, languages, told, tight, together=together, most=1)
        except TooLongError:  # a half that goes on would be taken for the other language
            continue
    return _rendered(form, decision, languages, told, _steps(form)[-1], together=False, most=None)


def _steps(form: Form) -> range:
    return range(_TIGHTEST.get(form.id, 0) + 1)


def _rendered(
    form: Form, decision: Decision, languages: tuple[str, ...], told: Counter[str] | None, tight: int, *,
    together: bool, most: int | None,
) -> bytes:  # fmt: skip
    """TooLongError where a form that should stay on one page doesn't stay on `most`."""
    setter = Setter()
    papers = [Paper(form, decision, wording(form.words, code), setter, tight) for code in languages]
    made, said = [], []
    for paper in papers:
        made.append(_set(paper))
        said.append(parity.facts(setter.take(), _names(decision)))
    if len(said) > 1:
        parity.require_same(form.words, languages, said)
    first, *more = made
    most = most if form.id in _TIGHTEST else None
    pdf = build(*first, setter, more[0] if more else None, together=together, most=most)
    if told is not None:
        told.update(said[0])
    witness = papers[0].witness
    return witness.seal(pdf) if witness is not None else pdf


def _names(decision: Decision) -> dict[str, str]:
    """Everybody whom a paper may name, with the forms in which it does."""
    person = decision.person
    forms = dict.fromkeys((person.name, *person.to_whom.values()), person.name)
    return {**{member.name: member.name for member in decision.members}, **forms}


def _set(paper: Paper) -> tuple[list[Flowable], Sheet]:
    words, decision = paper.words, paper.decision
    story = _STORIES[paper.form.words](paper)
    if paper.set.missing:
        characters = ", ".join(f"U+{ord(character):04X}" for character in sorted(paper.set.missing))
        story.append(paper.set.text(paper.phrase("replaced", characters=characters), "fine"))
    title = words("form", "title")
    draft = paper.form.marked and not decision.signed
    running = f"{title} · {decision.number}" if decision.number else title
    author = decision.department.names if decision.department else letterhead(decision.on or date.max).committee
    record = f"{paper.label('hash_record' if decision.signed else 'hash_case')}: {short_hash(decision.digest)}"
    return story, Sheet(
        title=running,
        author=author.of(words.language),
        language=words.language,
        running=running,
        foot=words("form", "draft_note") if draft else record,
        page=words("form", "page", page="{page}", pages="{pages}"),
        mark=words("form", "draft") if draft else None,
        sample=decision.sample,
        size=paper.form.size,
        on=decision.on,
    )

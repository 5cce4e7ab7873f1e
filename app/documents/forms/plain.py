"""One page in plain words for the person; or two in large type. It explains, and is no official form.

Short sentences, one thought each; what the department doesn't know is a line to be filled in by hand, never a guess.
"""

from app.documents.conclusion_decision import QR_SIDE
from app.documents.decision import Finding
from app.documents.fonts import SANS_BOLD, SERIF, SERIF_BOLD
from app.documents.forms.kit import Paper, appeal_day, code, telephones
from app.documents.layout import GUTTER, TEXT_WIDTH, Columns, Rule, box, is_long
from app.documents.platypus import CondPageBreak, Flowable, Spacer
from app.domain.vocabulary import Outcome

ADULT = 18
_MOST = 3
"""Disorders that a sentence names: the heaviest ones."""


class _Page:
    """The sizes of a page: ordinary or large type, or what still fits on one page where names are long."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self._kind = "large" if paper.form.large else ("plain", "close", "closer")[paper.tight]

    def text(self, text: str) -> Flowable:
        return self.paper.set.text(text, self._kind)

    def note(self, text: str) -> Flowable:
        return self.paper.set.text(text, f"{self._kind}_note")

    def strong(self, text: str) -> Flowable:
        return self.paper.set.spans([(SERIF_BOLD, text)], self._kind)

    def pair(self, label: str, value: str) -> Flowable:
        return self.paper.set.spans([(SERIF, f"{label}: "), (SERIF_BOLD, value)], self._kind)

    def named(self, name: str, text: str) -> Flowable:
        return self.paper.set.spans([(SERIF_BOLD, name), (SERIF, f" – {text}")], self._kind)

    def title(self, text: str) -> Flowable:
        return self.paper.set.spans([(SERIF_BOLD, text)], f"{self._kind}_title")

    def section(self, key: str) -> list[Flowable]:
        words = self.paper.words("section", key)
        return [CondPageBreak(90), self.paper.set.spans([(SANS_BOLD, words)], f"{self._kind}_heading"), Rule(0.6)]

    def steps(self, table: str) -> list[Flowable]:
        return [self.paper.set.item("•", step, self._kind) for step in self.paper.words.steps(table)]


def story(paper: Paper) -> list[Flowable]:
    """What was decided, what it means, from when until when, why, what to bring, where and until when to appeal."""
    page, decision = _Page(paper), paper.decision
    department = decision.department
    head: list[Flowable] = [page.title(paper.words("form", "title")), Spacer(0, 4)]
    if department is not None:
        head += [page.note(department.names.of(paper.words.language)), Spacer(0, 3)]
    about: list[Flowable] = [page.pair(paper.label("about"), paper.given(decision.person.name))]
    if decision.number:
        about.append(page.pair(paper.label("opinion"), f"№ {decision.number}, {paper.day(decision.on)}"))
    # What stands beside the code does not break over pages; large type needs the whole width.
    aside = not paper.form.large and not is_long(decision.person.name)
    side = QR_SIDE + GUTTER
    strip = [[*head, *(about if aside else ())], [code(paper)]]
    lines: list[Flowable] = [Columns(strip, (TEXT_WIDTH - side, side), line=False)]
    lines += () if aside else about
    lines += [
        *page.section("decided"), *_decided(page), *page.section("means"), *_means(page), *page.section("why"),
        *(page.text(sentence) for sentence in why(paper)),
    ]  # fmt: skip
    if decision.established and decision.until is not None:
        child = decision.person.age is not None and decision.person.age < ADULT
        papers = [*(page.steps("bring_child") if child else page.steps("bring")), *page.steps("bring_all")]
        lines += [*page.section("bring"), *papers]
    lines += [*page.section("appeal"), *_appeal(page), *page.section("ask"), *_contact_lines(page)]
    own = "own_paper" if decision.established else "own_paper_alone"
    return [*lines, Spacer(0, 4), page.note(paper.phrase(own))]


def _decided(page: _Page) -> list[Flowable]:
    paper, decision = page.paper, page.paper.decision
    inside = [page.strong(_capital(paper.outcome()))]
    if decision.cause is not None:
        inside.append(page.pair(paper.label("cause"), decision.cause.of(paper.words.language)))
    for key, n in (("general_capacity", decision.general), ("professional_capacity", decision.professional)):
        if n is not None:
            inside.append(page.pair(paper.label(key), paper.per_cent(n)))
    if decision.period[0] is not None and decision.outcome != Outcome.NOT_ESTABLISHED:
        inside.append(page.pair(paper.label("since"), paper.dated(decision.since)))
        if decision.until is not None:
            inside.append(page.pair(paper.label("period"), paper.term()))
        again = paper.again() if decision.until is not None else paper.phrase("again_never")
        inside.append(page.pair(paper.label("again"), again))
    return [box(inside)]


def _means(page: _Page) -> list[Flowable]:
    decision = page.paper.decision
    table = "established" if decision.established else "not_established" if decision.outcome else "other"
    story = [page.text(sentence) for sentence in page.paper.words.steps(table)]
    if decision.level is not None:
        story.insert(0, page.text(page.paper.phrase(f"level_{decision.level}")))
    return story


def why(paper: Paper) -> list[str]:
    """The three sentences: which disorders were found, what they hinder, what follows from the rules."""
    decision = paper.decision
    disorders = _named(paper, decision.findings, "disorder")
    limits = _named(paper, decision.limits, "limit")
    told = [
        paper.phrase("found", what=disorders) if disorders else paper.phrase("found_none"),
        paper.phrase("hinders", what=limits) if limits else paper.phrase("hinders_none"),
    ]
    if decision.differs:
        return [*told, paper.phrase("follows_differs", outcome=paper.outcome())]
    return [*told, paper.phrase("follows", outcome=paper.outcome())]


def _named(paper: Paper, found: tuple[Finding, ...], degrees: str) -> str:
    """The heaviest ones, each with what its degree means in everyday words."""
    words = paper.words
    parts = [
        paper.phrase("finding", name=one.name.of(words.language), degree=words.known(degrees, str(one.degree)))
        for one in found[:_MOST]
    ]
    return "; ".join(parts)


def _appeal(page: _Page) -> list[Flowable]:
    paper = page.paper
    day, note = appeal_day(paper)
    told = [page.text(paper.phrase("appeal")), *page.steps("appeal"), page.pair(paper.label("appeal_until"), day)]
    return [*told, page.note(note)]


def _contact_lines(page: _Page) -> list[Flowable]:
    return [page.named(number, whose) for number, whose in telephones(page.paper.words.language)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

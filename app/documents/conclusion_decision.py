"""The expert opinion on paper, second part: the decision, how it stands to the criteria, grounds, signatures.

Where nothing has been decided, the decision's fields are lines for handwriting, and what the criteria give stands
above them as a proposal.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.documents import layout
from app.documents.conclusion import ConclusionContent, Signature
from app.documents.conclusion_story import Page, number_line
from app.documents.fonts import SANS_BOLD, SERIF, SERIF_BOLD
from app.documents.layout import TEXT_WIDTH, Columns, box, pair
from app.documents.platypus import Flowable, KeepTogether, Spacer, mm
from app.documents.qr import QrCode
from app.documents.wording import Wording
from app.domain import voting
from app.domain.proposal import Band, Citation, Conflict, Period, Term, Undetermined
from app.domain.purposes import needs_of
from app.domain.vocabulary import Outcome

BLANK = "\u00a0"  # with the hair line under it: a line to write on
QR_SIDE = 25 * mm
# A case file without a commission leaves lines for names and signatures of the smallest one.
_NOBODY = tuple({"name": "\u00a0", "role": role} for role in ("head", "member", "member"))
_CHOICE = ("outcome", "period", "cause")


def decision(page: Page) -> list[Flowable]:
    """The commission's decision in a box; above it the proposal where there is no decision yet."""
    story: list[Flowable] = []
    decided = page.content.get("decision")
    if not decided and page.content.proposal is not None:
        story += page.set.heading(page.words("section", "proposal"))
        story += _proposal(page)
    inside = [page.set.text(page.words("section", "decision"), "subheading"), *_decided(page, decided or {})]
    return [*story, KeepTogether([box(inside)])]


def _decided(page: Page, decided: dict[str, Any]) -> list[Flowable]:
    label, blank = page.label, not decided

    def shown(value: str | None) -> str:
        return value if value else BLANK if blank else page.phrase("not_given")

    outcome, period = decided.get("outcome"), decided.get("period") or {}
    term = page.content.decided_term
    per_cent = {
        key: page.phrase("percent", n=decided[key])
        if decided.get(key) is not None
        else BLANK
        if blank
        else page.phrase("not_determined")
        for key in ("general_capacity", "professional_capacity")
    }
    needs = needs_of(page.content.document)
    group = "group" in needs or outcome is not None
    told = shown(outcome and page.words.known("outcome", outcome)) if group else page.phrase("group_not_asked")
    flowables: list[Flowable] = [
        page.set.text(told, "blank" if blank and group else "decision"),
        layout.Rule(0.25, layout.HAIR),
    ]
    rows = []
    if not group:
        cause = decided.get("cause")
        rows = [[(label("cause"), shown(page.cause(cause) if cause else None))]] if "cause" in needs else []
        if period:
            rows.append(
                [
                    (label("period"), page.term(period.get("kind"), period.get("value"))),
                    (label("until"), shown(_until(page, term) if term else None)),
                ]
            )
    elif outcome != "not_established":
        cause = decided.get("cause")
        rows = [
            [(label("cause"), shown(page.cause(cause) if cause else None))],
            [
                (label("period"), shown(page.term(period.get("kind"), period.get("value")) if period else None)),
                (label("until"), shown(_until(page, term) if term else None)),
            ],
        ]
    rows.append([(label(key), value) for key, value in per_cent.items()])
    return flowables + page.set.fields(rows, name="blank" if blank else "text")


def _until(page: Page, term: Term) -> str:
    return page.words.dated(term.until) if term.until else page.phrase("not_applicable")


def _proposal(page: Page) -> list[Flowable]:
    """What the criteria give, in the words of the paper; where facts are missing, which."""
    proposal, label = page.content.proposal, page.label
    if proposal is None:
        return [page.set.text(page.phrase("no_proposal"))]
    rows = [[(label("proposed_outcome"), page.words.known("outcome", proposal.outcome))]]
    lacking = set(proposal.missing)
    period = proposal.period
    if isinstance(period, Period):
        rows[0] += [
            (label("period"), page.term(period.proposed.kind, period.proposed.value)),
            (label("until"), _until(page, period.proposed)),
        ]
        for key, terms in (("alternatives", period.alternatives), ("candidates", period.candidates)):
            if terms:
                shown = "; ".join(_term(page, term) for term in terms)
                rows.append([(label(key), shown)])
    elif isinstance(period, Undetermined):
        lacking.update(period.missing)
        rows[0].append((label("period"), page.words.known("outcome", "undetermined")))
    capacities = []
    for key, band in (
        ("general_capacity", proposal.general_capacity),
        ("professional_capacity", proposal.professional_capacity),
    ):
        if isinstance(band, Band):
            capacities.append((label(key), page.phrase("percent_band", first=band.first, last=band.last)))
        elif isinstance(band, Undetermined):
            lacking.update(band.missing)
            capacities.append((label(key), page.words.known("outcome", "undetermined")))
    if proposal.cause_proposed:
        rows.append([(label("cause"), page.cause(proposal.cause_proposed))])
    story = page.set.fields(rows[:1], (5, 3, 6)[: len(rows[0])])
    if len(rows) == 2 and isinstance(period, Period) and period.alternatives and len(capacities) == 1:
        rows[1] += capacities  # two short lines share a row
    elif capacities:
        rows.insert(2, capacities)
    story += page.set.fields(rows[1:])
    if lacking:
        names = (page.content.fact_names[path].of(page.words.language) for path in sorted(lacking))
        story += page.set.labelled(label("missing"), "; ".join(names))
    return story


def _term(page: Page, term: Term) -> str:
    shown = page.term(term.kind, term.value)
    return f"{shown} ({page.words.day(term.until)})" if term.until else shown


def relation(page: Page) -> list[Flowable]:
    """Whether the decision is the proposal; each contradiction with the commission's answer."""
    decided, proposal = page.content.get("decision"), page.content.proposal
    conflicts = proposal.conflicts if proposal else ()
    reasons = list((decided or {}).get("reasons") or ())
    story: list[Flowable] = []
    if decided:
        story += page.set.heading(page.words("section", "relation"))
        differs = any(conflict.code == "decision_differs" for conflict in conflicts)
        if proposal is None or proposal.outcome == "undetermined":
            story.append(page.set.text(page.phrase("no_proposal"), "strong"))
        elif any(decided.get(key) for key in _CHOICE):
            story.append(page.set.text(page.phrase("differs") if differs else _agreement(page, decided), "strong"))
        story += _proposal(page) if proposal else []
    if decided:
        story += _dissent(page)
    told: list[Flowable] = []
    for conflict in conflicts:
        answers = [reason for reason in reasons if reason.get("code") == conflict.code]
        told += _conflict(page, conflict, answers, decided=bool(decided))
    known = {conflict.code for conflict in conflicts}
    told += [_reason(page, reason, "reason") for reason in reasons if reason.get("code") not in known]
    if told:  # no heading stands alone at the foot of a page
        heading = page.set.heading(page.words("section", "conflicts"), room=0)
        story += [KeepTogether([*heading, told[0]]), *told[1:]]
    return story


def _agreement(page: Page, decided: Mapping[str, Any]) -> str:
    """That the decision is the proposal; or in what it isn't, though no contradiction is told of it."""
    other = [page.label(key) for key in departures(page.content, decided)]
    if not other:
        return page.phrase("agrees")
    what = "; ".join(f"{name[:1].lower()}{name[1:]}" for name in other)
    same = [page.phrase("agrees_group")] if decided.get("outcome") else []
    return " ".join([*same, page.phrase("differs_in", what=what)])


def departures(content: ConclusionContent, decided: Mapping[str, Any]) -> Iterator[str]:
    """What is shown of the decision and is another thing than proposed or stated: cause, period, a percentage (keys of
    labels)."""
    proposal, needs = content.proposal, needs_of(content.document)
    if proposal is None:
        return
    established = decided.get("outcome") != Outcome.NOT_ESTABLISHED
    cause = proposal.cause_proposed or content.get("cause.code")  # the criteria propose few; else the case states one
    if established and cause and decided.get("cause") not in (None, cause):
        yield "cause"
    chosen, period = decided.get("period"), proposal.period
    proposed = (period.proposed.kind, period.proposed.value) if isinstance(period, Period) else None
    if established and chosen and proposed and (chosen.get("kind"), chosen.get("value")) != proposed:
        yield "period"
    for need, key in (("general", "general_capacity"), ("professional", "professional_capacity")):
        band, figure = getattr(proposal, key), decided.get(key)
        inside = isinstance(band, Band) and figure is not None and band.first <= figure <= band.last
        if not inside and (figure is not None or (isinstance(band, Band) and need in needs)):
            yield key


def _dissent(page: Page) -> list[Flowable]:
    """How many votes the decision follows and how many not, and what those in dissent wrote."""
    document = page.content.document
    counted = voting.for_and_against(document)
    opinions = [
        (member.get("name") or "", voting.opinion_of(document, at), at in voting.dissenting(document))
        for at, member in enumerate(voting.commission(document))
    ]
    told = [(name, given or {}) for name, given, differs in opinions if differs or (given or {}).get("text")]
    story: list[Flowable] = []
    if counted is not None:
        story.append(page.set.text(page.phrase("votes", followed=counted[0], against=counted[1])))
    if told:
        story += page.set.heading(page.words("section", "dissent"))
    for name, given in told:
        words = given.get("text") or page.phrase("no_opinion")
        story.append(page.set.spans([(SERIF_BOLD, f"{layout.one_line(name)}: "), (SERIF, words)], "item"))
    return story


def _conflict(page: Page, conflict: Conflict, answers: Sequence[dict[str, Any]], *, decided: bool) -> list[Flowable]:
    language = page.words.language
    sentence = page.set.spans(
        [(SERIF_BOLD, f"{page.phrase(conflict.kind)}: "), (SERIF, conflict.text.of(language)),
         (SERIF, f" [{cite(page.words, conflict.citation)}]")], "item",
    )  # fmt: skip
    story: list[Flowable] = [sentence]
    if answers:
        story += [_reason(page, answer, "answer") for answer in answers]
    elif decided and conflict.kind == "conflict":
        story.append(
            page.set.spans([(SERIF_BOLD, f"{page.label('answer')}: "), (SERIF, page.phrase("unanswered"))], "small")
        )
    return story


def _reason(page: Page, reason: dict[str, Any], label: str) -> Flowable:
    parts = [(SERIF_BOLD, f"{page.label(label)}: "), (SERIF, reason.get("text") or page.phrase("unexplained"))]
    if reason.get("citation"):
        parts.append((SERIF, f" {page.label('citation')}: {layout.one_line(reason['citation'])}"))
    return page.set.spans(parts, "small")


def grounds(page: Page) -> list[Flowable]:
    """The provisions that held, with their citations, and why the next heavier group is not proposed."""
    proposal, language = page.content.proposal, page.words.language
    if proposal is None:
        return []
    story = page.set.heading(page.words("section", "grounds"))
    held = [step for step in proposal.trace if step.held and step.reached]
    for citation in dict.fromkeys(step.citation for step in held):  # one act, many provisions: say the act once
        story += page.set.subheading(cite(page.words, citation), name="source")
        story += [page.set.item("•", step.title.of(language), "small") for step in held if step.citation == citation]
    heavier = page.content.explanation.why_not_heavier if page.content.explanation else ()
    if heavier:
        story += page.set.subheading(page.label("not_heavier"))
        for why in heavier:
            story.append(page.set.item("•", why.title.of(language), "small"))
            story += [page.set.item("–", line.text.of(language), "inset") for line in why.lines]
    return story


def cite(words: Wording, citation: Citation) -> str:
    """Act, place where it is known, edition, and whether it was checked."""
    language = words.language
    # An edition in words would be in one language only; on paper only one written in figures stands.
    edition = citation.edition if not any(character.isalpha() for character in citation.edition) else ""
    parts = [citation.act.of(language), citation.place.of(language), edition]
    return ", ".join(filter(None, parts)) + f"; {words('status', citation.status)}"


def closing(page: Page) -> list[Flowable]:
    """Criteria, commission, signatures, stamp and QR code: kept on one page, so that no signature stands alone."""
    pack = page.content.pack
    which = f"{page.words('section', 'criteria')}: {pack.id} {pack.version} · {short_hash(pack.digest)}"
    criteria = [
        Spacer(0, 3),
        page.set.spans([(SANS_BOLD, which)], "small"),
        page.set.text(page.phrase(f"criteria_{pack.status}"), "small"),
    ]
    return [KeepTogether([*criteria, *_commission(page), *_stamp(page)])]


def _commission(page: Page) -> list[Flowable]:
    record = page.content.record
    signatures = list(record.signatures) if record else []
    rows: list[Flowable] = []
    for member in page.content.get("examination.commission") or _NOBODY:
        signed = next((signature for signature in signatures if signature.name == member.get("name")), None)
        if signed:
            signatures.remove(signed)
        notes = signed_notes(page.words, signed) if signed else [page.label("signature")]
        role, name = (
            page.words.known("role", member.get("role") or "member"),
            layout.one_line(member.get("name") or "") or "\u00a0",
        )
        if layout.is_long(name):
            rows += page.set.labelled(role, name, room=0)
            role, name = "", ""
        rows.append(
            Columns(
                [
                    pair(page.set.text(role, "label"), page.set.text(name)),
                    [
                        page.set.text("\u00a0", "signature"),
                        layout.Rule(0.6),
                        *(page.set.text(note, "fine") for note in notes),
                    ],
                ],
                (1, 1),
                line=False,
            )
        )
    return [*page.set.heading(page.words("section", "commission"), room=0), *rows]


def signed_notes(words: Wording, signed: Signature) -> list[str]:
    """When, under which login and key; and who made the account, where nobody but that co-signer vouches for it."""
    notes = [
        words("phrase", "signed", when=words.moment(signed.signed_at)),
        words("phrase", "signed_by", login=layout.one_line(signed.login), fingerprint=signed.key),
    ]
    if signed.account_by:
        notes.append(words("phrase", "account_by", name=layout.one_line(signed.account_by)))
    return notes


def _stamp(page: Page) -> list[Flowable]:
    content = page.content
    label = page.label("hash_record" if content.record else "hash_case")
    told = page.phrase("qr_signed" if content.witness else "qr")
    text = [
        page.set.spans([(SANS_BOLD, f"{page.words('form', 'title')} {number_line(page)}")], "label"),
        page.set.text(f"{label}: {short_hash(content.digest)}", "fine"),
        page.set.text(told, "fine"),
        page.set.text(form_status(page.words), "fine"),
    ]
    stamp = [page.set.text(page.label("stamp"))]
    strip = Columns(
        [stamp, text, [QrCode(qr_payload(page), QR_SIDE, told)]],
        (TEXT_WIDTH * 0.2, TEXT_WIDTH * 0.8 - QR_SIDE - layout.GUTTER, QR_SIDE + layout.GUTTER),
        line=False,
    )
    return [strip]


def form_status(words: Wording) -> str:
    """Which act the form is of, and how sure that is."""
    return words("phrase", f"form_{words('form', 'status')}", act=words("form", "act"))


def qr_payload(page: Page) -> str:
    """What the desk signs of the paper (`app.documents.witness`); of a draft the state and the hash of the case alone,
    in letters that QR's dense mode holds, nothing personal."""
    content = page.content
    if content.witness is not None:
        return content.witness.of(page.form).code()
    return unsigned(page.form, content.number, content.digest)


def unsigned(document: str, number: str | None, digest: str, state: str = "DRAFT") -> str:
    """What the code of a paper says that nobody signed."""
    return f"SARAPTAMA/1 {document.upper()} {number or '-'} {digest.removeprefix('sha256:').upper()} {state}"


def short_hash(digest: str) -> str:
    """The first sixteen hex digits of a `sha256:` digest in groups of four: enough to compare by eye."""
    digits = digest.removeprefix("sha256:")
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4)) + " …"

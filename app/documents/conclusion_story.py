"""The expert opinion and the act on paper, first part: who issues it, the person, the referral, what was found.

The second part, from the decision on, is `conclusion_decision`; what only the act has is `act`.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.documents import layout, parity
from app.documents.conclusion import ConclusionContent
from app.documents.fonts import SANS_BOLD, SERIF, SERIF_BOLD
from app.documents.layout import Columns, Setter
from app.documents.letterhead import address_of, letterhead
from app.documents.platypus import Flowable, KeepTogether, Paragraph, Spacer
from app.documents.sheet import Sheet, build
from app.documents.tags import Node
from app.documents.wording import Wording, wording
from app.domain.dates import parse_iso
from app.domain.vocabulary import Place, Prognosis

_DEGREES = (4, 3)  # shares of a fact's name and of its degree


@dataclass(frozen=True, slots=True)
class Page:
    """What every section needs: the content, the words of the paper's language, the setter of its type."""

    content: ConclusionContent
    words: Wording
    set: Setter
    form: str = "conclusion"

    def label(self, key: str) -> str:
        return self.words("label", key)

    def phrase(self, key: str, **params: object) -> str:
        return self.words("phrase", key, **params)

    def text(self, path: str) -> str:
        """A text, code or number of the case as it was entered."""
        value = self.content.get(path)
        return self.phrase("not_given") if value in (None, "") else layout.one_line(str(value))

    def address(self) -> str:
        """With the region, whose name is to be read and whose code isn't."""
        entered, kato = (self.content.get(f"person.address.{key}") or "" for key in ("text", "kato"))
        return address_of(entered, kato, self.words.language) or self.phrase("not_given")

    def day(self, path: str) -> str:
        found = parse_iso(self.content.get(path) or "")
        return self.words.day(found) if found else self.phrase("not_given")

    def choice(self, table: str, path: str) -> str:
        """A member of a closed list, or a list of them."""
        value = self.content.get(path)
        if value is None:
            return self.phrase("not_given")
        if isinstance(value, list):
            return "; ".join(self.words.known(table, item) for item in value) or self.phrase("none")
        return self.words.known(table, value)

    def number(self) -> str:
        """The person's ИИН, or why there is none."""
        reason = self.content.get("dossier.no_iin.reason")
        if self.content.get("person.iin") or reason is None:
            return self.text("person.iin")
        why = self.content.get("dossier.no_iin.words")
        return self.words.known("no_iin", reason) + (f" ({layout.one_line(why)})" if why else "")

    def citizenship(self) -> str:
        """The country's name: as this form has it, else as the CLDR has it."""
        from app.documents.countries import countries

        shown = self.choice("citizenship", "person.citizenship")
        return countries(self.words.language).get(shown, shown)

    def flag(self, path: str) -> str:
        value = self.content.get(path)
        if isinstance(value, bool):
            return self.phrase("yes" if value else "no")
        applies = all(fact.applies for fact in self.content.facts if f"facts.{fact.id}" == path)
        return self.phrase("not_given" if value is None and applies else "not_applicable")

    def term(self, kind: str | None, value: int | None) -> str:
        """A period in words: `2 года`, `до достижения восемнадцати лет`."""
        return self.words.term(kind, value)

    def cause(self, code: str | None) -> str:
        if code is None:
            return self.phrase("not_given")
        name = self.content.causes.get(code)
        return name.of(self.words.language) if name else code

    def paper(self, value: dict[str, Any]) -> str:
        """A paper's number, date and issuer in one line."""
        day = parse_iso(value.get("date") or "")
        date_shown = self.words.day(day) if day else None
        shown = {"number": value.get("number"), "date": date_shown, "issuer": value.get("issuer")}
        return self.phrase(
            "paper", **{key: layout.one_line(part) if part else self.phrase("not_given") for key, part in shown.items()}
        )


def render_opinion(form: str, content: ConclusionContent, language: str, told: Counter[str] | None = None) -> bytes:
    """The expert opinion (`conclusion`) or the act of the examination (`act`) as PDF bytes; `told` takes up what it
    says whatever its language."""
    from app.documents.act import observations, prognoses, programme_paper
    from app.documents.conclusion_decision import closing, decision, grounds, relation, short_hash
    from app.documents.conclusion_programme import programme, recommended

    words, setter = wording(form, language), Setter()
    page = Page(content, words, setter, form)
    found = (_head, _person, _referral, _examination)
    sections = {
        "conclusion": (*found, _diagnosis, _facts, _circumstances, decision, programme, recommended, relation,
                       grounds),
        "act": (*found, observations, _diagnosis, _facts, _circumstances, prognoses, decision, programme_paper,
                relation),
    }  # fmt: skip
    story = [part for section in sections[form] for part in section(page)]
    story += closing(page)
    if told is not None:
        told.update(parity.facts(setter.take(), parity.names_of(content.document)))
    if setter.missing:
        characters = ", ".join(f"U+{ord(character):04X}" for character in sorted(setter.missing))
        story.append(setter.text(page.phrase("replaced", characters=characters), "fine"))
    title, number = words("form", "title"), number_line(page)
    draft = content.record is None
    sheet = Sheet(
        title=f"{title} {number}" if content.number else title,
        author=content.department.names.of(language) if content.department else _committee(page),
        language=language,
        running=f"{title} {number}",
        foot=words("form", "draft_note") if draft else f"{page.label('hash_record')}: {short_hash(content.digest)}",
        page=words("form", "page", page="{page}", pages="{pages}"),
        mark=words("form", "draft") if draft else None,
        sample=content.sample,
        on=_on(page),
    )
    return build(story, sheet, setter)


def number_line(page: Page) -> str:
    """The number of the paper, or a line for it."""
    if page.content.number:
        return page.words("form", "number", number=page.content.number)
    return page.words("form", "number_blank")


def _on(page: Page) -> date | None:
    return parse_iso(page.content.get("examination.on") or "")


def _committee(page: Page) -> str:
    return letterhead(_on(page) or date.max).committee.of(page.words.language)


def _head(page: Page) -> list[Flowable]:
    words, setter, on = page.words, page.set, _on(page)
    names = letterhead(on or date.max)
    department = page.content.department
    lines = [setter.text(names.ministry.of(words.language), "letterhead")]
    issuer = department.names.of(words.language) if department else words("form", "department_blank")
    if names.committee_of.of(words.language) not in issuer:
        lines.append(setter.text(names.committee.of(words.language), "letterhead"))
    lines += [setter.text(issuer, "letterhead"), Spacer(0, 3), layout.Rule(1.0)]
    lines += [
        setter.text(words("form", "title"), "title"),
        setter.spans([(SERIF_BOLD, number_line(page)), (SERIF, f" · {words.dated(on)}" if on else "")], "number"),
        setter.text(words("form", "service"), "service"),
    ]
    return lines + _beside(page)


def _beside(page: Page) -> list[Flowable]:
    """Which opinion this one replaces and why, and which one has replaced it."""
    content, lines = page.content, []
    if content.superseded_by:
        lines.append(page.set.text(page.phrase("superseded_by", number=content.superseded_by), "strong"))
    if content.supersedes:
        lines.append(page.set.text(page.phrase("supersedes", number=content.supersedes), "strong"))
        kind, reason = content.get("dossier.correction.kind"), content.get("dossier.correction.reason")
        if kind or reason:
            told = ": ".join(filter(None, (page.words.known("correction", kind) if kind else "", reason)))
            lines.append(page.set.spans([(SERIF_BOLD, f"{page.label('correction')}: "), (SERIF, told)], "text"))
    return lines


def _person(page: Page) -> list[Flowable]:
    content, label, text = page.content, page.label, page.text
    names = [content.get(f"person.{key}") for key in ("surname", "given_name", "patronymic")]
    age = str(content.age) if content.age is not None else page.phrase("not_given")
    story = page.set.heading(page.words("section", "person"))
    story += page.set.labelled(
        label("full_name"), layout.one_line(" ".join(filter(None, names))) or page.phrase("not_given"), "strong"
    )
    story.append(layout.Rule(0.25, layout.HAIR))
    story += page.set.fields(
        [
            [
                (label("iin"), page.number()),
                (label("birth_date"), page.day("person.birth_date")),
                (label("age"), age),
                (label("sex"), page.choice("sex", "person.sex")),
            ],
        ]
    )
    story += page.set.fields(
        [
            [(label("address"), page.address()), (label("kato"), text("person.address.kato"))],
        ],
        (3, 1),
    )
    story += page.set.fields(
        [
            [
                (label("citizenship"), page.citizenship()),
                (label("identity_kind"), page.choice("identity_kind", "person.identity.kind")),
            ],
            [
                (label("identity_number"), text("person.identity.number")),
                (label("issued_on"), page.day("person.identity.issued_on")),
                (label("issued_by"), text("person.identity.issued_by")),
            ],
        ]
    )
    if content.get("person.representative"):
        at = "person.representative"
        story += page.set.heading(page.words("section", "representative"))
        story += page.set.labelled(label("full_name"), text(f"{at}.name"))
        story += page.set.fields(
            [
                [
                    (label("representative_kind"), page.choice("representative_kind", f"{at}.kind")),
                    (label("iin"), text(f"{at}.iin")),
                ],
                [
                    (label("basis_kind"), page.choice("identity_kind", f"{at}.basis.kind")),
                    (label("basis_number"), text(f"{at}.basis.number")),
                ],
                [
                    (label("basis_date"), page.day(f"{at}.basis.date")),
                    (label("basis_issuer"), text(f"{at}.basis.issuer")),
                ],
            ]
        )
    return story


def _referral(page: Page) -> list[Flowable]:
    label, text, day = page.label, page.text, page.day
    rows = [
        [
            (label("referral_number"), text("referral.number")),
            (label("signed_on"), day("referral.signed_on")),
            (label("incapacity_since"), day("referral.incapacity_since")),
            (label("diagnosed_on"), day("referral.diagnosed_on")),
        ],
        [
            (label("organisation"), text("referral.organisation")),
            (label("purpose"), _purposes(page)),
        ],
    ]
    if page.content.get("referral.exception"):
        rows.append([(label("exception"), page.choice("exception", "referral.exception"))])
    return [*page.set.heading(page.words("section", "referral")), *page.set.fields(rows)]


def _purposes(page: Page) -> str:
    """What the case is asked for: the referral's purposes and those beside it."""
    asked = [*(page.content.get("referral.purpose") or ()), *(page.content.get("dossier.purpose") or ())]
    return "; ".join(page.words.known("purpose", purpose) for purpose in asked) or page.phrase("not_given")


def _again(page: Page) -> list[Flowable]:
    """What occasion and place ask for: the decision looked at again, the court's letter, consent, experts' opinions."""
    content, story = page.content, []
    for key, path in (("reviewed", "dossier.reviewed"), ("request", "dossier.request")):
        told = content.get(path) or {}
        if told.get("number") or told.get("organ"):
            paper = {"number": told.get("number"), "date": told.get("on"), "issuer": told.get("organ")}
            story += page.set.labelled(page.label(key), page.paper(paper))
    if content.get("dossier.in_absentia") and content.get("examination.place") == Place.IN_ABSENTIA:
        consent = page.phrase("consent_yes" if content.get("dossier.in_absentia.consent") else "consent_no")
        reason = layout.one_line(content.get("dossier.in_absentia.reason") or "")
        story += page.set.labelled(page.label("in_absentia"), "; ".join(filter(None, (consent, reason))))
    opinions = content.get("dossier.opinions") or []
    if opinions and content.get("examination.place") == Place.IN_ABSENTIA_PROACTIVE:
        story += page.set.subheading(page.label("opinions"))
        for opinion in opinions:
            period = opinion.get("period") or {}
            parts = (
                layout.one_line(opinion.get("expert") or ""),
                page.words.known("outcome", opinion["outcome"]) if opinion.get("outcome") else "",
                page.term(period.get("kind"), period.get("value")) if period else "",
                layout.one_line(opinion.get("reason") or ""),
            )
            story.append(page.set.item("•", "; ".join(filter(None, parts)), "small"))
    return story


def _examination(page: Page) -> list[Flowable]:
    label = page.label
    story = page.set.heading(page.words("section", "examination"))
    story += page.set.fields(
        [
            [
                (label("on"), page.day("examination.on")),
                (label("place"), page.choice("place", "examination.place")),
                (label("occasion"), page.choice("occasion", "examination.occasion")),
            ],
        ],
        (4, 5, 6),
    )
    story += _again(page)
    if page.content.get("previous"):
        story += page.set.heading(page.words("section", "previous"))
        story += page.set.fields(
            [
                [
                    (label("previous_on"), page.day("previous.on")),
                    (label("previous_outcome"), page.choice("outcome", "previous.outcome")),
                ],
                [
                    (
                        label("previous_period"),
                        page.term(page.content.get("previous.period.kind"), page.content.get("previous.period.value")),
                    ),
                    (label("previous_cause"), page.cause(page.content.get("previous.cause"))),
                ],
            ]
        )
    return story


def _diagnosis(page: Page) -> list[Flowable]:
    story = page.set.heading(page.words("section", "diagnosis"))

    def line(item: dict[str, Any], ordinal: str) -> Paragraph:
        code = f"{page.label('icd10')} {item['icd10']}" if item.get("icd10") else ""
        between = " — " if code and item.get("text") else ""
        text = item.get("text") or ("" if code else page.phrase("not_given"))
        return page.set.spans([(SERIF, ordinal), (SERIF_BOLD, code), (SERIF, between + text)])

    lists = [page.content.get(f"diagnosis.{key}") for key in ("complications", "accompanying")]
    keys = ["main", "complications", "accompanying"]
    if not any(lists):  # nothing to list: two words share a line
        keys = ["main"]
    for key in keys:
        found = page.content.get(f"diagnosis.{key}")
        items = found if isinstance(found, list) else [found] if found else []
        story += page.set.subheading(page.label(f"diagnosis_{key}"), name="label")
        story += [line(item, f"{n}. " if len(items) > 1 else "") for n, item in enumerate(items, start=1)]
        if not items:
            story.append(page.set.text(page.phrase("not_given" if found is None else "none")))
        story.append(layout.Rule(0.25, layout.HAIR))
    if len(keys) == 1:
        story += page.set.fields(
            [
                [
                    (page.label(f"diagnosis_{key}"), page.phrase("not_given" if found is None else "none"))
                    for key, found in zip(("complications", "accompanying"), lists, strict=True)
                ]
            ]
        )
    return story


def _facts(page: Page) -> list[Flowable]:
    """Degrees of functions and limitations. Not examined, not applicable and 0 are three different words."""
    heading = page.set.heading(page.words("section", "facts"), room=0)
    functions, limitations = _degrees(page, "functions"), _degrees(page, "limitations")
    return [KeepTogether([*heading, *functions]), KeepTogether(limitations), *_scales(page)]


def _degrees(page: Page, group: str) -> list[Flowable]:
    language = page.words.language
    table = Node("Table")
    heads = [[page.set.spans([(SANS_BOLD, page.label(key))], "label")] for key in (group, "degree")]
    rows: list[Flowable] = [Columns(heads, _DEGREES, table=table, head=True)]
    for fact in page.content.facts:
        value = page.content.get(f"facts.{fact.id}")
        if not fact.id.startswith(f"{group}.") or (value is None and not fact.applies):
            continue
        if value is None:
            shown = page.set.text(page.phrase("not_examined"), "note")
        elif value == "n/a":
            shown = page.set.text(page.phrase("not_applicable"), "note")
        else:
            names = [degree.name.of(language) for degree in fact.degrees if degree.value == value]
            shown = page.set.spans([(SERIF_BOLD, str(value)), (SERIF, f" — {names[0]}" if names else "")], "row")
        rows.append(Columns([[page.set.text(fact.name.of(language), "row")], [shown]], _DEGREES, table=table))
    return rows


def _scales(page: Page) -> list[Flowable]:
    """What the scales came to that the commission filled in; nothing where it filled in none."""
    told, language = page.content.explanation, page.words.language
    readings = told.scales if told else ()
    if not readings:
        return []
    keys = ("scales", "scale_result")
    table = Node("Table")
    heads = [[page.set.spans([(SANS_BOLD, page.label(key))], "label")] for key in keys]
    rows: list[Flowable] = [Columns(heads, _DEGREES, table=table, head=True)]
    for reading in readings:
        texts = (reading.name.of(language), reading.text.of(language))
        rows.append(Columns([[page.set.text(text, "row")] for text in texts], _DEGREES, table=table))
    return [KeepTogether(rows)]


def _circumstances(page: Page) -> list[Flowable]:
    content, label = page.content, page.label
    chosen = content.get("facts.anatomical_defects")
    if chosen is None:
        defects = page.phrase("not_examined")
    else:
        names = [content.defects[item].of(page.words.language) if item in content.defects else item for item in chosen]
        defects = "; ".join(names) or page.phrase("none")
    rows = [[(label("anatomical_defects"), defects)]]
    if chosen:
        rows[0].append((label("defect_complication"), page.flag("facts.defect_complication")))
    row = [(label("prognosis"), page.choice("prognosis", "facts.prognosis"))]
    # Treatment decides only where the prognosis is favourable: elsewhere nobody has to be asked, and "not given" would
    # read as a gap. The same holds for what nobody was injured at.
    asked = content.get("facts.prognosis") in (None, Prognosis.FAVOURABLE)
    if asked or content.get("facts.active_treatment") is not None:
        row.append((label("active_treatment"), page.flag("facts.active_treatment")))
    rows.append([*row, (label("insured"), page.flag("facts.insured"))])
    if content.get("facts.work_injury") is not None:
        rows.append([(label("work_injury"), page.choice("work_injury", "facts.work_injury.capacity"))])
    stated, paper = content.get("cause.code"), content.get("cause.paper")
    if stated is not None:
        cause = [(label("stated_cause"), page.cause(stated))]
        if paper:
            rows.append([*cause, (label("cause_paper"), page.paper(paper))])
        else:
            rows[0] += cause
    return [*page.set.heading(page.words("section", "circumstances")), *page.set.fields(rows)]

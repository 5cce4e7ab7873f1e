"""Every form as others will read it: the three languages say the same, nothing is cut, reprints are equal."""

import copy
import io
import re
import tomllib
from datetime import date
from functools import cache
from typing import Any

import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTCurve, LTTextLine
from pypdf import PdfReader

from app import paths
from app.documents import DOCUMENTS, render
from app.documents.decision import Beside, Blank, Decision, Handed, decision_of
from app.documents.forms import plain
from app.documents.forms.kit import Paper
from app.documents.forms.table import BOTH, FORMS, paper_set
from app.documents.layout import Setter
from app.documents.wording import wording
from app.domain.errors import UserError
from app.domain.text import LocalText
from app.domain.vocabulary import PaperKind, Status
from tests.documents.papers import DECISION, LANGUAGES, LIBRARY, case, content, pages, text_of, tool
from tests.documents.test_conclusion import DRAFT, crowded, decided, sentinels

OURS = [form for form in FORMS if form != "conclusion"]
BLANKS = {
    kind: Blank("АА", f"00012{number}", date(2026, 11, 21))
    for number, kind in enumerate(
        (PaperKind.DISABILITY_CERTIFICATE, PaperKind.CERTIFICATE_EXTRACT, PaperKind.GENERAL_CAPACITY,
         PaperKind.PROFESSIONAL_CAPACITY, PaperKind.EXTRA_HELP), start=10)
}  # fmt: skip
HANDED = (
    Handed("certificate", BLANKS[PaperKind.DISABILITY_CERTIFICATE], ("kk", "ru")),
    Handed("plain", None, ()),
)
PAGES = {"plain-large": 2, "act": 3}
MARK = {"kk": "ТЕЛНҰСҚА", "ru": "ДУБЛИКАТ", "en": "DUPLICATE"}


def whole(document: dict[str, Any] | None = None) -> dict[str, Any]:
    """A decision that gives every paper."""
    made = copy.deepcopy(document) if document else decided()
    made["decision"] = {**made["decision"], "professional_capacity": 40}
    made["cause"] = {"code": "02", "paper": {"number": "Н-1/17", "date": "2026-05-12", "issuer": "«Құрылыс» ЖШС"}}
    made["referral"]["purpose"] = ["disability", "general_capacity", "extra_help"]
    rows = [
        {"name": "кресло-арба", "part": "social", "quantity": 1, "unit": "piece", "months": 48, "state": "included"},
        {"name": "ЕДШ", "part": "medical", "with_programme": True, "state": "included", "note": "№ 121/26"},
        {"name": "таяқ", "part": "social", "state": "refused_by_person", "reason": "өзінде бар"},
    ]
    consent = {"answer": "agreed", "by": "person", "on": "2026-11-20"}
    made["dossier"] = {
        **(made.get("dossier") or {}),
        "programme": {"rows": rows, "consent": consent},
        "observations": {"therapist": {"complaints": "әлсіздік", "objective": sentinels("о")}},
    }
    made["previous"] = {"on": "2024-11-04", "outcome": "group_3", "period": {"kind": "years", "value": 2}}
    return made


def refused() -> dict[str, Any]:
    """A case that ended with a refusal."""
    document = case("01")
    ending = {"kind": "refusal", "ground": "expired_documents", "text": "031/у № 121/26", "on": "2026-11-20"}
    return {**document, "dossier": {"ending": {**ending, "head": "Сейітова Әлия Маратқызы"}}}


def printed(
    form: str, language: str, document: dict[str, Any] | None = None, *, signed: bool = True, **beside: Any
) -> bytes:
    """The PDF of a form; `beside` as `Beside` takes it."""
    if document is None:
        document = refused() if form == "refusal" else whole()
    found = content(document, with_record=signed and form != "refusal")
    return render(form, found, language, made(found, **beside))


def made(found: Any, **beside: Any) -> Decision:
    pack = LIBRARY.for_date(date.fromisoformat(found.document["examination"]["on"]))
    told: dict[str, Any] = {
        "blanks": BLANKS,
        "handed": HANDED,
        "appeal_until": date(2026, 12, 20),
        "ground": LocalText("мерзімі өткен", "истек срок", "expired"),
        **beside,
    }
    return decision_of(found, pack, Beside(**told))


@cache
def text(form: str, language: str) -> str:
    """The text as pypdf reads it."""
    reader = PdfReader(io.BytesIO(printed(form, language)))
    joined = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\d+ беттің \d+-беті|стр\. \d+ из \d+|page \d+ of \d+", "", re.sub(r"\s+", " ", joined))


def facts(shown: str, form: str) -> dict[str, Any]:
    """What has to be equal in every language."""
    names = ("Әбдіқадырұлы Ғалымжан Өмірқұлұлы", "Сейтқазина Гүлнұр Әбдіқызы", "Сейітова Әлия Маратқызы")
    return {
        "dates": sorted(re.findall(r"\b\d\d\.\d\d\.\d{4}\b", shown)),
        "codes": sorted(re.findall(r"\b[A-Z]\d\d(?:\.\d)?\b", shown)),
        "iin": re.findall(r"\b\d{12}\b", shown),
        "case": sorted(re.findall(r"\b2/2026/\d{6}\b", shown)),
        "blank": re.findall(r"АА (?:№|No\.) (\d+)", shown),
        "per cent": sorted(re.findall(r"(\d+) %", shown)),
        "acts": sorted(re.findall(r"(?:№|No\.) ?(260|131|750)\b", shown)),
        "telephones": re.findall(r"\b141[14]\b", shown),
        "ticks": re.sub(r"[^☐☑]", "", shown),
        "digest": re.findall(r"\b[0-9a-f]{4}(?: [0-9a-f]{4}){3} …", shown),
        "names": [shown.count(name) for name in names],
        "papers": re.findall(r"Н-1/17|121/26", shown),
    }


@pytest.mark.parametrize("form", OURS)
def test_the_three_languages_say_the_same(form: str) -> None:
    kk, ru, en = (facts(text(form, language), form) for language in LANGUAGES)
    assert kk == ru == en
    assert kk["dates"]
    assert sum(kk["names"])
    if FORMS[form].strict:
        assert kk["blank"]
        assert kk["blank"][0] == BLANKS[FORMS[form].strict].number  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "outcome", "period"),
    [
        ("01", "group_1", {"kind": "no_term", "value": None}),
        ("01", "not_established", None),
        ("04", "child", {"kind": "until_7", "value": None}),
        ("08", "group_3", {"kind": "months", "value": 6}),
    ],
)
def test_whatever_was_decided_the_three_languages_say_the_same(name: str, outcome: str, period: Any) -> None:
    document = whole(decided(name, outcome=outcome, period=period, general_capacity=41))
    for form in ("certificate", "extract", "general-capacity", "plain", "notice"):
        if form in ("certificate", "extract") and outcome == "not_established":
            continue
        shown = [text_of(printed(form, language, document)) for language in LANGUAGES]
        found = [{key: value for key, value in facts(one, form).items() if key != "names"} for one in shown]
        assert found[0] == found[1] == found[2], form
        for language, one in zip(LANGUAGES, shown, strict=True):
            told = wording("common", language)
            assert form == "general-capacity" or told.known("outcome", outcome).lower() in one.lower()
            if period is not None and form == "plain" and period["kind"] == "no_term":
                assert wording("plain", language)("phrase", "again_never") in one
            elif period is not None:
                assert told.term(period["kind"], period["value"]) in one


@pytest.mark.parametrize("form", [form for form in OURS if form != "refusal" and BOTH in DOCUMENTS[form]])
def test_two_languages_on_one_sheet_say_what_each_says_alone(form: str) -> None:
    data = printed(form, BOTH)
    together = text_of(data)
    for language in ("kk", "ru"):
        assert together.count(wording(FORMS[form].words, language)("form", "title")) >= 1
    both, alone = facts(together, form), facts(text(form, "kk"), form)
    assert both["dates"] == sorted(alone["dates"] * 2)
    assert both["per cent"] == sorted(alone["per cent"] * 2)
    if FORMS[form].size == "A5":
        assert pages(data) == 1
        assert "595.276 x 841.89" in tool("pdfinfo", "{}", data=data)


@pytest.mark.parametrize("form", OURS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_form_is_sound_embedded_on_its_size_and_named_without_the_person(form: str, language: str) -> None:
    data = printed(form, language)
    assert "No syntax or stream encoding errors found" in tool("qpdf", "--check", "{}", data=data)
    for row in tool("pdffonts", "{}", data=data).splitlines()[2:]:
        assert re.match(r"[A-Z]{6}\+(PTSerif|PTSans|DejaVuSans)", row), row
        assert re.search(r"yes yes yes\s+\d+\s+\d+$", row), row
    information = tool("pdfinfo", "{}", data=data)
    assert ("419.528" if FORMS[form].size == "A5" else "841.89") in information
    assert wording(FORMS[form].words, language)("form", "title") in information
    assert "Әбдіқадырұлы" not in information
    assert "710614301212" not in information
    assert pages(data) == PAGES.get(form, 1)


@pytest.mark.parametrize("form", OURS)
def test_printed_again_the_bytes_are_equal(form: str) -> None:
    document = refused() if form == "refusal" else whole()
    shuffled = {key: document[key] for key in reversed(document)}
    language = DOCUMENTS[form][-1]
    assert printed(form, language, document) == printed(form, language, shuffled)


@pytest.mark.parametrize("form", OURS)
def test_the_draft_mark_is_on_what_the_commission_has_not_signed(form: str) -> None:
    for language in LANGUAGES:
        draft = printed(form, language, signed=False)
        # poppler reads letters that climb the page one by one
        marked = text_of(draft).replace(" ", "").count(DRAFT[language])
        assert marked >= pages(draft) if FORMS[form].marked else marked == 0
        assert DRAFT[language] not in text_of(printed(form, language)).replace(" ", "")


def test_a_second_certificate_says_that_it_is_a_duplicate_and_nothing_else_changes() -> None:
    for language in LANGUAGES:
        first, again = (text_of(printed("certificate", language, duplicate=it)) for it in (False, True))
        assert MARK[language] not in first
        assert again.replace(f" · {MARK[language]}", "") == first


@pytest.mark.parametrize("form", OURS)
def test_long_names_and_texts_are_never_cut(form: str) -> None:
    document = whole(crowded())
    document["dossier"] = {"programme": {"rows": [
        {"name": f"шара{n:02} " + "ұзақ атау " * 12, "state": "included"} for n in range(25)
    ]}}  # fmt: skip
    document["cause"]["paper"]["number"] = "Н-" + "1" * 90
    if form == "refusal":
        document["dossier"] = {"ending": {**refused()["dossier"]["ending"], "text": sentinels("e"),
                                          "head": "Мұхаммедрахымқұлова-Әбдіқадырова Гүлнұр " * 4}}  # fmt: skip
    names = [document["person"][key] for key in ("surname", "given_name", "patronymic")]
    document["dossier"]["observations"] = {"surgeon": {"objective": f"{sentinels('ж')}\n{sentinels('з')}"}}
    for language in DOCUMENTS[form]:
        shown = text_of(printed(form, language, document, handed=HANDED * 15))
        for word in " ".join(names).split():
            assert word in shown
        if form in ("extract", "application", "refusal", "extra-help"):
            assert shown.count("ұзынкөшеатауы") >= 30
        if form == "refusal":
            assert all(word in shown for word in sentinels("e").split())
        if form == "act":
            assert all(word in shown for word in f"{sentinels('ж')} {sentinels('з')}".split())
        if form in ("notice", "application"):
            assert all(word in shown for word in document["referral"]["organisation"].split())
        if form in ("extra-help", "programme"):
            assert all(f"шара{n:02}" in shown.lower() for n in range(25))
        if form == "extra-help":
            assert all(member["name"] in shown for member in document["examination"]["commission"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_programme_says_what_the_person_says_and_the_act_who_found_what(language: str) -> None:
    words, shown = wording("programme", language), text_of(printed("programme", language))
    for told in (words("consent", "agreed_person"), words("label", "fulfilment"), words("phrase", "refused"),
                 words("programme_part", "medical"), words.count("months", 48)):  # fmt: skip
        assert told in shown
    assert shown.index("ЕДШ") < shown.index("Кресло-арба") < shown.index("Таяқ"), "part by part"
    words, shown = wording("act", language), text_of(printed("act", language))
    for told in (words("specialist", "therapist"), words("observed", "complaints") + ": әлсіздік",
                 words("label", "clinical_prognosis"), words("phrase", "programme_made", n=3)):  # fmt: skip
        assert told in shown
    assert words("specialist", "surgeon") not in shown, "who wrote nothing is not named"


def test_an_address_names_its_region_once() -> None:
    for text, told in (("Арал ауданы, Абай көшесі, 14", 1), ("Қызылорда облысы, Арал ауданы", 1), ("", 1)):
        document = whole()
        document["person"]["address"] = {"kato": "430000000", "text": text}
        for form, language in (("extract", "kk"), ("act", "kk"), ("conclusion", "kk")):
            shown = text_of(printed(form, language, document)).split("ҚР ІІМ")[0]
            assert shown.count("Қызылорда облысы") == told, (form, text)


def test_a_person_without_a_number_is_told_so() -> None:
    document = whole()
    document["person"]["iin"] = None
    document["dossier"] = {"no_iin": {"reason": "foreigner", "words": "паспорт РФ"}}
    for language in LANGUAGES:
        shown = text_of(printed("certificate", language, document))
        assert wording("certificate", language).known("no_iin", "foreigner") in shown
        assert "паспорт РФ" in shown


def test_a_refusal_says_its_ground_and_the_notice_says_no_diagnosis() -> None:
    assert "истек срок" in text_of(printed("refusal", "ru"))
    assert "031/у № 121/26" in text_of(printed("refusal", "kk"))
    document = whole()
    document["diagnosis"]["main"] = {"icd10": "F20.0", "text": "құпия диагноз"}
    for form in ("notice", "certificate", "extract", "receipt", "plain"):
        shown = text_of(printed(form, "kk", document))
        assert "F20.0" not in shown
        assert "құпия" not in shown


def test_the_plain_page_names_the_last_day_or_leaves_a_line_and_never_guesses() -> None:
    for language in LANGUAGES:
        known, unknown = (text_of(printed("plain", language, appeal_until=day)) for day in (date(2026, 12, 20), None))
        assert "20.12.2026" in known
        assert "20.12.2026" not in unknown
        assert "_" * 10 in unknown
        assert wording("plain", language)("phrase", "appeal_unknown") in unknown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", ["group_2", "not_established"])
def test_the_plain_page_is_plain(language: str, outcome: str) -> None:
    """At most 14 words a sentence on average, none above 32, and the reason in three sentences."""
    document = whole()
    document["decision"] |= {"outcome": outcome}
    found = content(document, with_record=True)
    paper = Paper(FORMS["plain"], made(found), wording("plain", language), Setter())
    assert len(plain.why(paper)) == 3
    told = paper.words
    sentences = [*plain.why(paper), told("phrase", "appeal"), told("phrase", "own_paper")]
    for table in ("established", "not_established", "other", "bring", "appeal"):
        sentences += told.steps(table)
    counted = [len(part.split()) for sentence in sentences for part in re.split(r"[.;:] ", sentence)]
    assert sum(counted) / len(counted) <= 14
    assert max(counted) <= 32
    assert pages(printed("plain", language, document)) == 1


def test_every_form_has_act_edition_status_and_title_and_invents_no_annex() -> None:
    known = {"memory", "seen", "verified", "own"}
    for form in OURS:
        for language in LANGUAGES:
            path = paths.resource("templates", FORMS[form].words, f"{language}.toml")
            told = tomllib.loads(path.read_text("utf-8"))["form"]
            assert told["title"]
            assert told["status"] in known
            assert {"act", "edition"} <= told.keys()
            if told["status"] != "verified":
                assert "annex" not in told
            assert bool(told["act"]) == (told["status"] != "own")


def test_the_templates_of_a_form_have_the_same_keys_in_each_language() -> None:
    def keys(table: dict[str, Any], before: str = "") -> set[str]:
        found = set()
        for key, value in table.items():
            name = f"{before}{key}"
            if isinstance(value, dict):
                found |= {name} if name == "count" else keys(value, f"{name}.")
            else:
                found.add(f"{name}[{len(value)}]" if isinstance(value, list) and before != "number." else name)
        return found

    for form in ("common", *{FORMS[form].words for form in FORMS}):
        kk, ru, en = (
            keys(tomllib.loads(paths.resource("templates", form, f"{language}.toml").read_text("utf-8")))
            for language in LANGUAGES
        )
        assert kk == ru == en, form


def test_the_set_of_papers_is_data_that_names_known_forms_and_says_how_sure_it_is() -> None:
    told = paper_set()
    assert told.status in Status
    assert {form for forms in told.forms.values() for form in forms} <= set(FORMS)
    signed, ended = made(content(whole(), with_record=True)), made(content(refused()))
    assert told.of(signed.tags) == (
        "conclusion", "act", "certificate", "extract", "general-capacity", "professional-capacity", "extra-help",
        "programme", "plain", "notice", "receipt",
    )  # fmt: skip
    assert told.of(ended.tags) == ("refusal",)
    document = {**decided(), "decision": {**DECISION, "outcome": "not_established", "general_capacity": None}}
    assert told.of(made(content(document, with_record=True)).tags) == (
        "conclusion",
        "act",
        "plain",
        "notice",
        "receipt",
    )


def test_a_paper_that_the_case_does_not_have_is_refused_with_the_reason() -> None:
    found = content(decided(), with_record=True)
    for form, language in (("refusal", "kk"), ("professional-capacity", "ru"), ("conclusion", BOTH), ("x", "kk")):
        with pytest.raises(UserError):
            render(form, found, language, made(found))
    assert DOCUMENTS["certificate"] == (*LANGUAGES, BOTH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_per_cents_are_written_in_words(language: str) -> None:
    told = wording("common", language)
    said = [told.in_words(n) for n in range(101)]
    assert len(set(said)) == 101
    assert {"kk": "жетпіс бес", "ru": "семьдесят пять", "en": "seventy-five"}[language] == said[75]
    assert {"kk": "он бір", "ru": "одиннадцать", "en": "eleven"}[language] == said[11]
    assert {"kk": "жүз", "ru": "сто", "en": "one hundred"}[language] == said[100]


TO_WHOM = {
    "kk": "Әбдіқадырұлы Ғалымжан Өмірқұлұлына",
    "ru": "Әбдіқадырұлы Ғалымжану Өмірқұлұлы",
    "en": "Әбдіқадырұлы Ғалымжан Өмірқұлұлы",
}
GIVEN_TO_PERSON = ("certificate", "extract", "general-capacity", "professional-capacity", "refusal")


def with_forms(document: dict[str, Any], of: str) -> dict[str, Any]:
    """The case with confirmed forms of a name."""
    made = copy.deepcopy(document)
    made["person"] |= {"surname": "Әбдіқадырұлы", "given_name": "Ғалымжан", "patronymic": "Өмірқұлұлы"}
    forms = {language: {"text": TO_WHOM[language], "of": of} for language in ("kk", "ru")}
    made["dossier"] = {**made.get("dossier", {}), "name_forms": forms}
    return made


@pytest.mark.parametrize("form", GIVEN_TO_PERSON)
def test_a_paper_is_given_to_the_confirmed_form_of_the_name_and_never_to_a_proposal(form: str) -> None:
    base = refused() if form == "refusal" else whole()
    for language in LANGUAGES:
        label = wording(FORMS[form].words, language)("label", "to" if form == "refusal" else "issued_to")
        shown = text_of(printed(form, language, with_forms(base, TO_WHOM["en"])))
        assert (f"{label} {TO_WHOM[language]}" in shown) == (language in ("kk", "ru"))
        for undeclined in (
            with_forms(base, "Әбдіқадырұлы Ғалымжан"),
            {**with_forms(base, ""), "dossier": base.get("dossier")},
        ):
            shown = text_of(printed(form, language, undeclined))
            assert f"{label} " not in shown, "the name stands there already"
            assert shown.count(TO_WHOM["en"]) == (2 if form == "refusal" else 1)
            assert language == "en" or TO_WHOM[language] not in shown


@pytest.mark.parametrize("form", ["plain", "notice"])
def test_where_no_disability_was_established_no_cause_and_no_certificate_are_named(form: str) -> None:
    document = {**decided(), "decision": {**DECISION, "outcome": "not_established", "cause": "01"}}
    told = " ".join(text_of(printed(form, "ru", document)).split())
    assert "не устанавливается" in told
    assert "общее заболевание" not in told
    assert "заключение и справка" not in told
    assert form != "plain" or "Юридическую силу имеет экспертное заключение." in told


@pytest.mark.parametrize(("signed", "said"), [(True, "подписанное ключом отдела"), (False, "содержит номер дела")])
def test_the_conclusion_says_what_its_code_is(signed: bool, said: str) -> None:
    assert said in " ".join(text_of(printed("conclusion", "ru", signed=signed)).split())


def longest() -> dict[str, Any]:
    """A decision with names as long as they come."""
    document = whole()
    document["person"] |= {"surname": "Мұхаммедрахымқұлова", "given_name": "Гүлнұр-Айым",
                           "patronymic": "Құдайбергенмұхамбетқызы"}  # fmt: skip
    document["examination"]["commission"][0]["name"] = "Мұхаммедрахымқұлова Гүлнұр Құдайбергенқызы"
    return document


@pytest.mark.parametrize("form", ["certificate", "general-capacity", "professional-capacity", "plain"])
def test_the_longest_names_stay_on_one_page_and_one_sheet(form: str) -> None:
    for language in DOCUMENTS[form]:
        data = printed(form, language, longest())
        assert pages(data) == (2 if (form, language) == ("plain", BOTH) else 1), language
        assert "Құдайбергенмұхамбетқызы" in text_of(data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_a5_form_leaves_room_to_sign(language: str) -> None:
    """At least 9 mm between the name of the head and the line; 6 mm where names are long."""
    for document, least in ((whole(), 9.0), (longest(), 6.0)):
        for form in ("certificate", "general-capacity", "professional-capacity"):
            (page,) = extract_pages(io.BytesIO(printed(form, language, document)))
            named = document["examination"]["commission"][0]["name"].split()[-1]
            texts = [line for box in page if hasattr(box, "__iter__") for line in box if isinstance(line, LTTextLine)]
            under = min(line.y0 for line in texts if named in line.get_text())
            line = max(
                one.y0 for one in page if isinstance(one, LTCurve) and one.x1 < page.width / 2 and one.y0 < under
            )
            assert (under - line) / 72 * 25.4 >= least, (form, document["person"]["surname"])


def test_the_notice_to_an_employer_says_less_than_the_one_to_the_hospital() -> None:
    document = stated()
    document["diagnosis"]["main"] = {"icd10": "F20.0", "text": "құпия диагноз"}
    document["decision"]["cause"] = "05"
    for language in LANGUAGES:
        words = wording("notice-employer", language)
        hospital, employer = (text_of(printed(form, language, document)) for form in ("notice", "notice-employer"))
        for told in ("65 %", "121/26", document["referral"]["organisation"], words("label", "cause")):
            assert told in hospital
            assert told not in employer
        for told in ("F20", "құпия", words("label", "general_capacity"), "Бақылау"):
            assert told not in employer
        for told in (words.known("outcome", "group_2"), words.term("years", 2), "40 %", "үйде, күніне 4 сағат",
                     words("phrase", "no_health")):  # fmt: skip
            assert told in employer
        paper = Paper(FORMS["notice-employer"], made(content(document, with_record=True)), words, Setter())
        assert paper.witness is not None
        assert paper.witness.facts.general is None, "nor does the code tell it"
    assert not any("notice-employer" in forms for forms in paper_set().forms.values()), "printed when it is asked for"


def test_degrees_in_plain_words_are_words() -> None:
    for language in LANGUAGES:
        words, found = wording("plain", language), content(whole(), with_record=True)
        said = " ".join(plain.why(Paper(FORMS["plain"], made(found), words, Setter())))
        assert not re.search(r"\d", said), said
        assert words("disorder", "3") in said, "statodynamic functions"
        assert words("limit", "2") in said, "self-care"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_child_is_told_to_bring_the_birth_certificate_and_an_adult_is_not(language: str) -> None:
    words = wording("plain", language)
    child = whole(decided("04", outcome="child", period={"kind": "until_7", "value": None}))
    young, grown = (" ".join(text_of(printed("plain", language, document)).split()) for document in (child, whole()))
    for step in words.steps("bring_child"):
        assert step in young
        assert step not in grown
    assert words.steps("bring")[0] in grown
    for step in words.steps("bring_all"):
        assert step in young
        assert step in grown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_names_telephones_and_the_last_day_of_a_complaint_or_a_line(language: str) -> None:
    words = wording("refusal", language)
    for day, told in ((date(2026, 12, 20), "20.12.2026"), (None, "_" * 10)):
        shown = " ".join(text_of(printed("refusal", language, appeal_until=day)).split())
        assert f"{words('label', 'appeal_until')} {told}" in shown.replace("\u00a0", "").replace("  ", " ")
        assert words("phrase", "appeal_entered" if day else "appeal_unknown") in shown
        for number in ("1414", "1411"):
            assert number in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_is_not_said_to_agree_where_anything_shown_is_another_thing(language: str) -> None:
    words = wording("conclusion", language)

    def said(**changes: Any) -> str:
        document = decided()
        document["decision"] |= changes
        return " ".join(text_of(printed("conclusion", language, document)).split())

    assert words("phrase", "agrees") in said()
    for changes, label in (
        ({"cause": "02"}, "cause"), ({"period": {"kind": "years", "value": 1}}, "period"),
        ({"general_capacity": 20}, "general_capacity"), ({"professional_capacity": 40}, "professional_capacity"),
    ):  # fmt: skip
        shown, name = said(**changes), words("label", label)
        assert words("phrase", "agrees") not in shown, changes
        assert words("phrase", "differs_in", what=f"{name[:1].lower()}{name[1:]}") in shown
        assert words("phrase", "agrees_group") in shown
    assert words("phrase", "differs") in said(outcome="group_3")


def test_who_is_refused_a_group_gets_the_conclusion_and_who_has_a_certificate_does_not() -> None:
    refused_group = made(content({**decided(), "decision": {**DECISION, "outcome": "not_established"}}))
    papers = paper_set()
    assert papers.audience(FORMS["conclusion"], refused_group.tags) == "both"
    assert papers.audience(FORMS["act"], refused_group.tags) == "department"
    assert papers.audience(FORMS["conclusion"], made(content(whole())).tags) == "department"
    assert "conclusion" in papers.of(refused_group.tags)


def test_two_languages_that_do_not_fit_on_one_sheet_follow_each_other_and_are_never_mixed() -> None:
    document = longest()
    document["person"]["given_name"] = "Гүлнұр-Айым Жаннат-Перизат Ақмарал-Айгүлім Құралай-Меруерт Нұрсәуле-Айжанат"
    document["examination"]["commission"][0]["name"] += " Жаннат-Перизат Ақмарал-Айгүлім Құралай-Меруерт"
    document["cause"]["paper"]["number"] = "Н-" + "1" * 90
    data = printed("professional-capacity", BOTH, document)
    reader = PdfReader(io.BytesIO(data))
    kk, ru = (pages(printed("professional-capacity", language, document)) for language in ("kk", "ru"))
    assert (kk, ru) == (2, 2), "else this says nothing"
    assert len(reader.pages) == kk + ru
    assert all(float(page.mediabox.height) < 430 for page in reader.pages), "each on paper of its own"
    texts = [page.extract_text() for page in reader.pages]
    for number, text in enumerate(texts):
        own, other = ("бет", "стр.") if number < kk else ("стр.", "бет")
        foot = text.strip().splitlines()
        assert any(own in line for line in foot if line.strip().endswith(("-беті", f"из {len(texts)}"))), text
        assert not any(other in line for line in foot if line.strip().endswith(("-беті", f"из {len(texts)}"))), text


def test_signatures_of_the_need_of_help_never_stand_without_what_they_are_under() -> None:
    document = whole(crowded())
    document["dossier"]["programme"] = {"rows": [{"name": "ұзақ атау " * 20, "state": "included"} for _ in range(8)]}
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(printed("extra-help", "ru", document))).pages]
    assert len(texts) > 1, "else this says nothing"
    (signed,) = (text for text in texts if "подпись внесена" in text)
    assert "Примененные нормы" in signed


STATED = {
    "prognoses": {"clinical": "doubtful", "potential": "low", "work": "unfavourable"},
    "extra_help": {"kinds": ["constant_care", "movement"], "other": "сурдоаударма", "term": "2028 ж. дейін"},
    "recommendations": {"work": "үйде, күніне 4 сағат", "text": "Бақылау № 121/26.\nЕмдеуді жалғастыру."},
}


def stated() -> dict[str, Any]:
    """A decision with what the commission states beside it."""
    document = whole()
    document["dossier"] |= copy.deepcopy(STATED)
    return document


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_commission_stated_before_signing_is_printed_and_what_it_did_not_is_a_line(language: str) -> None:
    told, act = STATED["recommendations"], wording("act", language)
    shown = {form: text_of(printed(form, language, stated())) for form in
             ("act", "conclusion", "certificate", "extra-help")}  # fmt: skip
    for key, value in (("clinical_prognosis", "doubtful"), ("labour_prognosis", "unfavourable")):
        assert act("label", key) in shown["act"]
        assert act.known("prognosis", value) in shown["act"]
    assert act("potential", "low") in shown["act"]
    for form in ("act", "conclusion"):
        assert told["text"].replace("\n", " ") in shown[form]
        assert told["work"] in shown[form]
    assert told["work"] in shown["certificate"]
    assert told["text"].split(".")[0] not in shown["certificate"]
    ticks = re.sub(r"[^☐☑]", "", shown["extra-help"])
    assert (ticks.count("☑"), ticks.count("☐")) == (2, 5)
    words = wording("extra-help", language)
    assert f"☑ {words('extra_help', 'constant_care')}" in shown["extra-help"]
    assert f"☐ {words('extra_help', 'none')}" in shown["extra-help"]
    assert words("section", "kinds") not in shown["extra-help"], "nothing is to be ticked any more"
    assert "сурдоаударма" in shown["extra-help"]
    assert "2028 ж. дейін" in shown["extra-help"]
    bare = text_of(printed("extra-help", language))
    assert "☑" not in bare
    assert words("section", "kinds") in bare


@pytest.mark.parametrize("form", ["act", "conclusion", "certificate", "extra-help"])
def test_what_the_commission_stated_is_the_same_in_three_languages(form: str) -> None:
    said = [facts(text_of(printed(form, language, stated())), form) for language in LANGUAGES]
    kk, ru, en = ({key: one[key] for key in one if key not in ("case", "digest")} for one in said)  # of each page
    assert kk == ru == en

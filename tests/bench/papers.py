"""Papers: a set in three languages, and a form of two pages with a table and a code against typst, in the same run.

Typst is no part of the program (docs/adr/0038): it sets tagged PDF/A and PDF/UA as we do, and is quick.
"""

import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, Final

from app import paths
from app.documents import render
from app.documents.conclusion import ConclusionContent
from app.documents.conclusion_decision import form_status
from app.documents.conclusion_programme import by_part, cells
from app.documents.decision import Decision
from app.documents.letterhead import letterhead
from app.documents.wording import wording
from app.domain.text import LANGUAGES
from tests.bench.measure import Line, in_turn, took
from tests.documents.papers import DEPARTMENT, content, pages
from tests.documents.test_forms import made, whole

SET: Final = ("conclusion", "certificate", "extract", "general-capacity", "plain", "notice")
ROUNDS, SETS = 25, 9
MEASURES: Final = 17


def papers(_: Path) -> Iterator[Line]:
    """Both, once faces and templates are read; in figures of the clock and of the processor."""
    yield from _of_a_case()
    yield from _against_typst()


def _of_a_case() -> Iterator[Line]:
    found = content(whole(), with_record=True)
    decision = made(found)

    def once() -> None:
        for form in SET:
            for language in LANGUAGES:
                render(form, found, language, decision)

    once()
    rounds = [(took(once), _processor(once)) for _ in range(SETS)]
    clock, processor = (median(times) for times in zip(*rounds, strict=True))
    yield Line("six papers of a case in three languages, 18 PDFs, warm", clock, 1.0, "s",
               f"{processor:.2f} s of the processor")  # fmt: skip


def _against_typst() -> Iterator[Line]:
    import typst

    numbers = count()
    compiler = typst.Compiler(
        str(Path(__file__).with_name("papers.typ")),
        font_paths=[str(paths.resource("fonts"))],
        ignore_system_fonts=True,
    )

    def ours() -> float:
        found, decision = _programme(next(numbers))
        return took(lambda: render("programme", found, "ru", decision))

    def theirs() -> float:
        found, decision = _programme(next(numbers))
        told = _told(found, decision)

        def compiled() -> bytes:
            data = json.dumps({**told, "code": _code(f"SRP1:{decision.digest.upper() * 5}")}, ensure_ascii=False)
            return bytes(compiler.compile(sys_inputs={"data": data}, pdf_standards=["a-2a", "ua-1"]))  # type: ignore[arg-type]

        return took(compiled)

    found, decision = _programme(next(numbers))
    told = {**_told(found, decision), "code": _code("SRP1")}
    other = compiler.compile(sys_inputs={"data": json.dumps(told)}, pdf_standards=["a-2a", "ua-1"])
    if pages(render("programme", found, "ru", decision)) != 2 or pages(bytes(other)) != 2:  # type: ignore[arg-type]
        raise RuntimeError("the form is to have two pages on both sides")
    mine, other_time = in_turn(ours, theirs, ROUNDS)
    note = f"{mine * 1000:.1f} ms against {other_time * 1000:.1f} ms, {ROUNDS} each in turn, each another case"
    yield Line("form of two pages with table and code, against typst", mine / other_time, 2.5, "x", note)


def _processor(work: Callable[[], object]) -> float:
    begin = process_time()
    work()
    return process_time() - begin


def _programme(number: int) -> tuple[ConclusionContent, Decision]:
    """A programme of `MEASURES` measures, no two alike: nothing can be remembered from the round before."""
    document = whole()
    document["person"]["surname"] = f"Әбдіқадырұлы-{number}"
    document["dossier"]["programme"]["rows"] = [
        {
            "name": f"кресло-коляска комнатная с ручным приводом, вариант {number * MEASURES + n}",
            "part": ("medical", "social", "professional")[n % 3], "quantity": n % 4 + 1, "unit": "piece",
            "months": 12 + n, "state": "included", "note": f"по заключению № {number}/{n} от 12.05.2026",
        }
        for n in range(MEASURES)
    ]  # fmt: skip
    found = content(document, with_record=True)
    return found, made(found)


def _told(found: ConclusionContent, decision: Decision) -> dict[str, Any]:
    """The same words for typst."""
    words = wording("programme", "ru")
    keys = ("full_name", "iin", "birth_date", "address", "outcome", "since", "until", "basis", "consent", "stamp")
    label = {key: words("label", key) for key in keys}
    person = decision.person
    assert decision.on is not None
    parts = {}
    for part, measures in by_part(decision.programme):
        rows = [(cells(words, one, decision.until), one.row["note"]) for one in measures]
        parts[words("programme_part", part)] = [{"cells": [*row, "\u00a0"], "note": note} for row, note in rows]
    return {
        "title": words("form", "title"),
        "author": DEPARTMENT.names.ru,
        "language": "ru",
        "issuer": [letterhead(decision.on).ministry.ru, DEPARTMENT.names.ru],
        "fields": [
            [(label["full_name"], person.name)],
            [(label["iin"], person.iin), (label["birth_date"], "14.06.1971")],
            [(label["address"], person.address[0])],
            [(label["outcome"], words.known("outcome", decision.outcome))],
            [(label["since"], words.day(decision.on)), (label["until"], words.term(*decision.period))],
            [(label["basis"], found.number)],
        ],
        "heads": [words("label", key) for key in ("measure", "quantity", "measure_term", "carrier", "fulfilment")],
        "parts": list(parts.items()),
        "signatures": [
            (words("role", "head"), decision.head.name if decision.head else ""),
            (label["consent"], "\u00a0"),
        ],
        "stamp": label["stamp"],
        "told": form_status(words),
        "alt": words("phrase", "qr_signed"),
        "foot": f"{words('label', 'hash_record')}: {decision.digest[7:23]}",
    }


def _code(text: str) -> str:
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return str(code.to_svg())

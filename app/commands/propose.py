"""`saraptama propose`: what the criteria give for a case file, in words or as JSON, one case or a batch of lines."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from app.commands.citations import cited
from app.commands.measures import EXTRA_HELP, measures_in_words
from app.crypto.pack_signature import verify_shipped
from app.domain.case_file import Document, get, read_case_path
from app.domain.case_lines import lines
from app.domain.dates import parse_iso
from app.domain.errors import Told, UserError
from app.domain.proposal import TRUTH_SIGNS
from app.domain.text import N_, Text
from app.i18n import Translator
from app.rules.condition_lines import ConditionLine
from app.rules.engine import propose
from app.rules.explanation import explain, to_document
from app.rules.explanation_document import explanation_document
from app.rules.library import PackLibrary
from app.rules.loader import load_pack
from app.rules.model import Pack

DONE, BAD_INPUT = 0, 2


class _Packs:
    """The pack named on the command line, else the one that holds on the day of the examination."""

    def __init__(self, directory: Path | None) -> None:
        self._named = load_pack(directory, verify=verify_shipped) if directory else None
        self._library = PackLibrary(verify=verify_shipped)
        if self._named is None:
            self._library.newest()

    def of(self, document: Document) -> Pack:
        on = parse_iso(get(document, "examination.on"))
        assert on is not None  # noqa: S101 - the document was checked
        if self._named is None:
            return self._library.for_date(on)
        pack = self._named
        if on < pack.valid_from or (pack.valid_to is not None and on > pack.valid_to):
            raise UserError(
                Text(
                    N_("The criteria {id} {version} do not hold on {on}. Check the day, or name another pack."),
                    {"id": pack.id, "version": pack.version, "on": on},
                ),
                where="examination.on",
            )
        return pack


def run(args: Namespace, t: Translator) -> int:
    """Print the proposal of one case, or of each line of a batch. 0; 2 if some line of a batch was bad."""
    if (args.case is None) == (args.jsonl is None):
        raise UserError(Text(N_("Name either one case file, or a batch with --jsonl.")))
    if args.explanation and (args.json or args.jsonl is not None):
        raise UserError(Text(N_("--explanation explains one case. Leave out --json and --jsonl, or leave it out.")))
    packs = _Packs(args.pack)  # a pack that is missing or damaged is told once, before any case
    if args.jsonl is not None:
        return _batch(args.jsonl, packs, t)
    document = read_case_path(args.case)
    pack = packs.of(document)
    proposal = propose(pack, document)
    if args.json:
        print(_json(to_document(proposal, t.language)))
        return DONE
    if args.explanation:
        print(_json(explanation_document(explain(pack, proposal, document), proposal, t.language)))
        return DONE
    for line in in_words(pack, proposal, t, document):
        print(line)
    return DONE


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _batch(path: Path, packs: _Packs, t: Translator) -> int:
    """One proposal a line, in order; a bad line becomes its number and a sentence, the rest is unharmed."""
    from app.services.case_reader import read_case

    code = DONE
    for number, line in lines(path):
        try:
            if isinstance(line, Text):
                raise UserError(line)
            document = read_case(line)
            out = to_document(propose(packs.of(document), document), t.language)
        except Told as told:
            out, code = {"line": number, "error": t.show(told.text)}, BAD_INPUT
        sys.stdout.write(_json(out) + "\n")
    sys.stdout.flush()
    return code


def in_words(pack: Pack, proposal: Any, t: Translator, document: Document | None = None) -> Iterator[str]:
    """The lines of an explanation: outcome, what is missing, contradictions, reasons, criteria."""
    told = explain(pack, proposal, document)
    yield t.show(told.headline)
    for text in (
        told.period,
        told.alternatives,
        told.candidates,
        told.general_capacity,
        told.professional_capacity,
        told.cause,
    ):
        if text is not None:
            yield t.show(text)
    if told.missing:
        yield ""
        yield t("What is missing:")
        for name in told.missing:
            yield f"  – {t.show(name)}"
    if told.scales:
        yield ""
        yield t("Scales (they decide nothing):")
        for reading in told.scales:
            yield f"  – {t.show(reading.name)}: {t.show(reading.text)} [{cited(pack, reading.citation, t)}]"
    if told.conflicts:
        yield ""
        yield t("Contradictions and obstacles:")
        for conflict in told.conflicts:
            kind = t.show(pack.word("line", "obstacle" if conflict.kind == "obstacle" else "pending"))
            yield f"  – {t.show(conflict.text)} [{kind}; {cited(pack, conflict.citation, t)}]"
    yield ""
    yield t("Why:")
    for held, reasons in ((True, told.held), (None, told.open), (False, told.failed)):
        mark = TRUTH_SIGNS[held]
        for reason in reasons:
            yield f"  {mark} {t.show(reason.title)}"
            yield from _lines_of(reason.lines, t)
            yield f"      {cited(pack, reason.citation, t)}"
    for why in (*told.why_not_heavier, told.why_not_lighter):
        if why is not None:
            yield t.show(why.text)
            yield from _lines_of(why.lines, t)
    if told.nearest:
        yield ""
        yield t("What other facts would give:")
        for nearest in told.nearest:
            yield f"  – {t.show(nearest.text)}"
    if told.offers:
        yield ""
        yield t("Other periods and their grounds:")
        for offer in told.offers:
            yield f"  – {t.show(offer.term)}"
            yield f"      {t.show(offer.row)} [{cited(pack, offer.citation, t)}]"
            source = f" [{cited(pack, offer.ground_citation, t)}]" if offer.ground_citation else ""
            yield f"      {t.show(offer.would_take)}{source}"
    if told.notes:
        yield ""
        yield t("Beside the group:")
        for note in told.notes:
            yield f"  – {t.show(note.text)} [{cited(pack, note.citation, t)}]"
    if told.programme is not None:
        yield ""
        yield from measures_in_words(pack, told.programme, t)
    if told.extra_help is not None:
        yield ""
        yield from measures_in_words(pack, told.extra_help, t, EXTRA_HELP)
    yield ""
    yield t.show(told.criteria)


def _lines_of(lines: Iterable[ConditionLine], t: Translator) -> Iterator[str]:
    for line in lines:
        yield f"      {TRUTH_SIGNS[line.held]} {t.show(line.text)}"

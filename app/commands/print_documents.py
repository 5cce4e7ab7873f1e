"""`saraptama print`: the papers of a case file, one PDF a language, without a database.

A case file bears no signatures, so what is printed is always a draft.
"""

import os
import tempfile
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from app.crypto.pack_signature import verify_shipped
from app.documents import DOCUMENTS, render
from app.documents.conclusion import ConclusionContent, conclusion_content
from app.domain.case_file import get, read_case_path
from app.domain.dates import parse_iso
from app.domain.errors import KnownError, UserError
from app.domain.text import N_, Text
from app.i18n import Translator
from app.rules.engine import propose
from app.rules.explanation import explain
from app.rules.library import PackLibrary


def run(args: Namespace, _t: Translator) -> int:
    """Render every language first, then write: either all the papers are there, or none is new. Prints their paths."""
    if args.document not in DOCUMENTS:
        raise UserError(
            Text(
                N_("There is no document “{id}”. These can be printed: {ids}."),
                {"id": args.document, "ids": ", ".join(DOCUMENTS)},
            )
        )
    languages = dict.fromkeys(args.languages or DOCUMENTS[args.document])
    content = _content(args.case)
    _folder(args.out)
    stem = args.case.name.removesuffix(".json").removesuffix(".case")
    papers = {
        args.out / f"{stem}-{args.document}-{language}.pdf": render(args.document, content, language)
        for language in languages
    }
    write_all(papers)
    for path in papers:
        print(path)
    return 0


def _content(path: Path) -> ConclusionContent:
    document = read_case_path(path)
    on = parse_iso(get(document, "examination.on"))
    assert on is not None  # noqa: S101 - the document was checked
    pack = PackLibrary(verify=verify_shipped).for_date(on)
    proposal = propose(pack, document)
    return conclusion_content(document, proposal, explain(pack, proposal), pack=pack)


def _folder(out: Path) -> None:
    """The folder that papers go into is there, or is made."""
    if out.exists() and not out.is_dir():
        raise KnownError(
            Text(N_("{path} is a file, not a folder. Name a folder for the documents with --out."), {"path": out})
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(out, error) from None


def write_all(papers: Mapping[Path, bytes]) -> None:
    """Write files so that none is ever seen half-written: each beside its place first, then all put in place.

    KnownError where the folder cannot be written to; nothing is left behind then.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        for path, data in papers.items():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".saraptama-", suffix=".part")
            ready.append((Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        while ready:
            part, path = ready[0]
            part.replace(path)
            ready.pop(0)
    except OSError as error:
        raise _unwritable(next(iter(papers)).parent, error) from None
    finally:
        for part, _ in ready:
            part.unlink(missing_ok=True)


def _unwritable(folder: Path, error: OSError) -> KnownError:
    return KnownError(
        Text(
            N_("Documents can't be written to {path}: {reason}. Name another folder, or check its rights."),
            {"path": folder, "reason": error.strerror or str(error)},
        )
    )

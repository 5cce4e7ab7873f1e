"""`saraptama self-test`: whether everything that belongs to the program is found where it looks for it.

Meant for a frozen bundle and for a machine where something is amiss. Nothing of a user's data is touched: what has
to be written goes into a temporary folder.
"""

import argparse
import gettext
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from app import paths
from app.domain.errors import Told
from app.domain.text import LANGUAGES, N_, Text
from app.i18n import DOMAIN, Translator

Check = tuple[Text, Callable[[], object]]

FONTS = (
    *("PTSans-Regular.ttf", "PTSans-Bold.ttf", "PTSerif-Regular.ttf", "PTSerif-Bold.ttf", "PTSerif-Italic.ttf"),
    "DejaVuSans.ttf",
)
SAMPLE = "stroke-at-home.case.json"


def run(_args: argparse.Namespace, t: Translator) -> int:
    """One line each, `ok` or `missing` with the reason; 1 if anything is missing."""
    missing = 0
    for what, check in checks():
        try:
            check()
        except Exception as error:
            missing += 1
            reason = t.show(error.text) if isinstance(error, Told) else f"{type(error).__name__}: {error}"
            print(t("missing  {what}: {reason}", what=what, reason=reason))
        else:
            print(t("ok       {what}", what=what))
    if missing:
        print(t.plural("{n} part is missing.", "{n} parts are missing.", missing))
    else:
        print(t("Everything was found."))
    return 1 if missing else 0


def checks() -> Iterator[Check]:
    """What has to be there, as `(what, check)`; a check raises where it isn't."""
    for language in LANGUAGES:
        yield Text(N_("catalogue of words, {language}"), {"language": language}), lambda code=language: _words(code)
    for name in FONTS:
        yield Text(N_("font on paper, {name}"), {"name": name}), lambda name=name: _font(name)
    yield from _packs()
    yield Text(N_("regions of the КАТО")), _regions
    yield Text(N_("titles of ICD-10")), _icd10
    yield from _migrations()
    with tempfile.TemporaryDirectory(prefix="saraptama-self-test-", ignore_cleanup_errors=True) as place:
        yield Text(N_("SQLCipher with full-text search")), lambda: _library(Path(place))
        yield from _round_trip(Path(place) / "desk")
    yield from import_module("ui.self_test").checks()


def _words(language: str) -> None:
    if language == "en":
        return  # the English sentences stand in the program itself
    catalogue = gettext.translation(DOMAIN, localedir=paths.resource("translations"), languages=[language])
    if catalogue.gettext("draft") == "draft":
        raise LookupError("draft")


def _font(name: str) -> None:
    from reportlab.pdfbase.ttfonts import TTFont

    face = TTFont(Path(name).stem, str(paths.resource("fonts", name))).face
    lacking = set("әғқңөұүһіӘҒҚҢӨҰҮҺІ") - {chr(code) for code in face.charToGlyph}
    if lacking:
        raise LookupError("".join(sorted(lacking)))


def _packs() -> Iterator[Check]:
    from app.services.packs import PackService

    folders = sorted(path for path in paths.resource("rulepacks").glob("*/*") if path.is_dir())
    if not folders:
        yield Text(N_("rule pack")), PackService().identity
    for folder in folders:
        name = f"{folder.parent.name} {folder.name}"
        yield Text(N_("rule pack {name} with its signature"), {"name": name}), lambda folder=folder: _pack(folder)


def _pack(folder: Path) -> None:
    raise NotImplementedError


def _regions() -> None:
    from app.services.setup import regions

    if not regions():
        raise LookupError("regions.toml")


def _icd10() -> None:
    from app.services.classifiers import Classifiers

    if not Classifiers().search_icd10("I69.3", 5, "en"):
        raise LookupError("I69.3")


def _migrations() -> Iterator[Check]:
    from app.storage.migrations import REVISIONS

    for revision in REVISIONS:
        yield Text(N_("migration {name}"), {"name": revision}), lambda name=revision: _migration(name)


def _migration(revision: str) -> None:
    if not list((paths.root() / "db" / "migrations" / "versions").glob(f"{revision}*.py")):
        raise FileNotFoundError(revision)


def _library(folder: Path) -> None:
    from app.storage.library import features

    version, full_text = features(folder)
    if not full_text:
        raise LookupError(f"FTS5, SQLCipher {version}")


def _round_trip(folder: Path) -> Iterator[Check]:
    """A desk is made, a case goes in, comes out again and is printed in each language."""
    raise NotImplementedError
    yield

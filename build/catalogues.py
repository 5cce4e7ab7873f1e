"""The catalogues of words: collect the sentences from the sources, bring the languages up to date, compile them.

`python build/catalogues.py update|check|compile`; called by `dev.py`. English needs no catalogue: the English
sentence is the message id. Headers carry neither dates nor addresses nor names, so that a file changes only when
its sentences do; the place of a sentence is its file, without line numbers, for the same reason.
"""

import io
import sys
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
POT = FOLDER / "messages.pot"
LANGUAGES = ("kk", "ru")
DOMAIN = "saraptama"
# How the code marks a sentence: t("…"), t.plural("…", "…", n), N_("…").
KEYWORDS = {"t": None, "N_": None, "plural": (1, 2), "N2_": (1, 2)}
# As the console reads its templates; a template that can't be read is an error.
TEMPLATES = {"encoding": "utf-8", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}


def po_path(language: str) -> Path:
    """The catalogue of one language, as the translators edit it."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def sources() -> list[Path]:
    """Every module and every template of the centre's pages that may hold a sentence for users."""
    modules = [path for room in ("app", "ui") for path in (ROOT / room).rglob("*.py")]
    return sorted([*modules, *(ROOT / "app").rglob("templates/*.html")])


def extract() -> Catalog:
    """The template: every marked sentence with the files it stands in, in their order."""
    template = Catalog(project="Saraptama", charset="utf-8", fuzzy=False)
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        kind = "jinja2.ext:babel_extract" if path.suffix == ".html" else "python"
        for _line, message, comments, context in extract_from_file(
            kind, path, options=TEMPLATES, keywords=KEYWORDS, comment_tags=("translators:",), strip_comment_tags=True
        ):
            template.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    for message in template:
        message.locations = sorted(set(message.locations))
    return template


def read(path: Path, language: str | None) -> Catalog:
    """A catalogue file; an empty catalogue if it isn't there yet."""
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def updated(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with the template's sentences: kept where they stay, dropped where they went."""
    catalogue = read(po_path(language), language)
    # No guessing by likeness: a sentence that changed is translated again, and says so by being empty.
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def text_of(catalogue: Catalog) -> bytes:
    """The file's bytes: our own short header, then Babel's writing of the sentences."""
    body = io.BytesIO()
    write_po(body, catalogue, width=110, omit_header=True, include_lineno=False, sort_by_file=False)
    lines = ["Project-Id-Version: Saraptama", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    lines += ["Content-Transfer-Encoding: 8bit"]
    if catalogue.locale is not None:
        lines[1:1] = [f"Language: {catalogue.locale}"]
        lines += [f"Plural-Forms: {catalogue.plural_forms}"]
    header = 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines)
    return (header + "\n" + body.getvalue().decode("utf-8").rstrip("\n") + "\n").encode("utf-8")


def forms(message: Message) -> tuple[str, ...]:
    """The translation's forms: one, or as many as the language has plurals."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def placeholders(sentence: str) -> frozenset[str]:
    """The names between braces; ValueError where braces don't fit."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def faults(language: str, catalogue: Catalog) -> list[str]:
    """What stops this catalogue from being used as it is: gaps, unsure entries, placeholders that differ."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
        needed = catalogue.num_plurals if message.pluralizable else 1
        given = forms(message)
        if len(given) != needed or not all(given):
            found.append(f"{language}: not translated: {ids[0]!r}")
            continue
        if message.fuzzy:
            found.append(f"{language}: marked as unsure: {ids[0]!r}")
        wanted = frozenset().union(*(placeholders(one) for one in ids))
        for place, form in enumerate(given):
            try:
                names = placeholders(form)
            except ValueError:
                found.append(f"{language}: braces don't fit: {form!r}")
                continue
            # The form for one may leave the number out where it does in English.
            if names != wanted and not (message.pluralizable and place == 0 and names == placeholders(ids[0])):
                found.append(f"{language}: placeholders differ: {ids[0]!r} → {form!r}")
    return found


def update() -> int:
    """Write template and catalogues, compile them, report gaps. Gaps are not a failure here: `check` refuses them."""
    template = extract()
    write(POT, text_of(template))
    for language in LANGUAGES:
        catalogue = updated(language, template)
        write(po_path(language), text_of(catalogue))
        found = faults(language, catalogue)
        print(f"{language}: {len(catalogue) - len(found)} of {len(catalogue)} sentences are ready")
        for fault in found[:5]:
            print(f"  {fault}")
        if len(found) > 5:
            print(f"  and {len(found) - 5} more: build/catalogues.py check lists all")
    return compile_all()


def check() -> int:
    """Whether the committed files are what the sources give, and complete. 1 if not."""
    template = extract()
    found = []
    if not POT.exists() or POT.read_bytes() != text_of(template):
        found.append("messages.pot is not what the sources say: run dev.py i18n and translate what is new")
    for language in LANGUAGES:
        catalogue = updated(language, template)
        if not po_path(language).exists() or po_path(language).read_bytes() != text_of(catalogue):
            found.append(f"{language}: the catalogue is not up to date: run dev.py i18n")
        found += faults(language, catalogue)
    for fault in found:
        print(fault)
    return 1 if found else 0


def compile_all() -> int:
    """Write the binary catalogues that the program reads."""
    for language in LANGUAGES:
        if po_path(language).exists():
            data = io.BytesIO()
            write_mo(data, read(po_path(language), language))
            write(po_path(language).with_suffix(".mo"), data.getvalue(), always=True)
    return 0


def write(path: Path, data: bytes, *, always: bool = False) -> None:
    """Whole or not at all; untouched where nothing changed, so that nothing seems newer than it is."""
    if not always and path.exists() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(data)
    fresh.replace(path)


if __name__ == "__main__":
    sys.exit({"update": update, "check": check, "compile": compile_all}[sys.argv[1]]())

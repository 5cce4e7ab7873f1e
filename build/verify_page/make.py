"""The page for a browser that checks papers: one file without a server, `resources/verify/index.html`.

`python -m build.verify_page.make` writes it anew from what lies beside this file and from the words of the program. The
two libraries in it (zxing-wasm, @noble/ed25519; both MIT) are taken over from the page that is there, or from unpacked
npm packages: `--npm FOLDER` with `zxing-wasm` and `noble-ed25519` in it.
"""

import argparse
import base64
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from app.crypto.pack_signature import public_keys  # noqa: E402
from app.documents import SLIP, title  # noqa: E402
from app.documents.forms.table import FORMS  # noqa: E402
from app.documents.witness import DOCUMENTS, ENDINGS, OUTCOMES, PERIODS  # noqa: E402
from app.documents.wording import wording  # noqa: E402
from app.domain.papers import PROTOCOL  # noqa: E402
from app.domain.text import LANGUAGES  # noqa: E402
from app.i18n import translator  # noqa: E402
from app.services import paper_check  # noqa: E402
from app.services.paper_keys import SUFFIX  # noqa: E402

PAGE: Final = ROOT / "resources" / "verify" / "index.html"
LIBRARIES: Final = ("wasm", "zxing", "ed25519")
_SENTENCES: Final = (
    "ALTERED", "ALTERED_FILE", "UNKNOWN", "KEY_REVOKED", "SUPERSEDED_BY", "ENDING_RESUMED", "BLANK_SPOILED", "SAMPLE",
    "DRAFT", "EARLIER", "ENCRYPTED", "CUT_OFF", "NO_SEAL", "NO_CODE", "NO_PICTURE", "LATER", "COMPARE", "WHOLE",
    "SIGNER", "SOURCE", "YES", "BEHIND", "MEMBERS", "ELSEWHERE",
)  # fmt: skip
# Where a library stands in the page: between two marks, so that the next page takes it over as it is.
_MARK: Final = "/*! {name}: begin */{body}/*! {name}: end */"
_MOST_TERM: Final = {"months": 24, "years": 10}


def page(libraries: dict[str, str]) -> str:
    """The whole page; the same sources give the same bytes."""
    parts = {name: (HERE / f"page.{name}").read_text("utf-8").strip() for name in ("css", "js")}
    parts["told"] = json.dumps(told(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace(
        "<", "\\u003c"
    )
    parts |= {name: _MARK.format(name=name, body=body) for name, body in libraries.items() if name != "wasm"}
    parts["wasm"] = libraries["wasm"]
    text = (HERE / "page.html").read_text("utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], text)


def told() -> dict[str, Any]:
    """Everything that the script of the page asks for: words in three languages, tables of numbers, shipped keys."""
    own = tomllib.loads((HERE / "page.toml").read_text("utf-8"))
    words = {}
    for language in LANGUAGES:
        t = translator(language)
        words[language] = {
            **own[language],
            **{key: t(getattr(paper_check, key)) for key in _SENTENCES},
            **{f"name_{verdict}": t(name) for verdict, name in paper_check.NAMES.items()},
            **{f"label_{key}": t(label) for key, label in paper_check.LABELS.items()},
        }
    titles = {number: title(form) for number, form in DOCUMENTS.items()}
    verify = ROOT / "resources" / "verify"
    keys = sorted((verify / "keys").glob(f"*{SUFFIX}"))
    return {
        "words": words,
        "documents": {number: {code: local.of(code) for code in LANGUAGES} for number, local in titles.items()},
        "strict": {
            number: FORMS[form].strict for number, form in DOCUMENTS.items() if form in FORMS and FORMS[form].strict
        },
        "session": next(number for number, form in DOCUMENTS.items() if form == PROTOCOL),
        "slip": next(number for number, form in DOCUMENTS.items() if form == SLIP),
        "outcomes": {n: _each(lambda code, key=key: _form(code).known("outcome", key)) for n, key in OUTCOMES.items()},
        "endings": {
            n: _each(lambda code, key=key: translator(code)(paper_check.ENDINGS[key])) for n, key in ENDINGS.items()
        },
        "periods": dict(_periods()),
        "keys": [{"name": one.name, "text": one.read_text("utf-8")} for one in keys],
        "centre": [key.hex() for key in public_keys(verify / "centre")],
    }  # fmt: skip


def _form(language: str) -> Any:
    return wording("conclusion", language)


def _each(worded: Any) -> dict[str, str]:
    return {code: worded(code) for code in LANGUAGES}


def _periods() -> Any:
    for number, kind in PERIODS.items():
        if kind not in _MOST_TERM:
            yield str(number), _each(lambda code, kind=kind: _form(code).term(kind, None))
        for value in range(1, _MOST_TERM.get(kind, 0) + 1):
            yield f"{number}:{value}", _each(lambda code, kind=kind, value=value: _form(code).term(kind, value))


def present() -> dict[str, str]:
    """The libraries in the page that is there."""
    text = PAGE.read_text("utf-8")
    found = {"wasm": re.search(r'id="wasm">([A-Za-z0-9+/=]*)<', text)}
    for name in ("zxing", "ed25519"):
        begin, end = (re.escape(f"/*! {name}: {edge} */") for edge in ("begin", "end"))
        found[name] = re.search(f"{begin}(.*?){end}", text, re.DOTALL)
    return {name: match[1] for name, match in found.items() if match is not None}


def from_npm(folder: Path) -> dict[str, str]:
    """The libraries out of unpacked packages, each with its licence before it."""
    zxing, noble = folder / "zxing-wasm", folder / "noble-ed25519"
    licences = {
        name: (place / "LICENSE").read_text("utf-8").replace("*/", "* /")
        for name, place in (("zxing", zxing), ("ed25519", noble))
    }
    scripts = {
        "zxing": (zxing / "dist" / "iife" / "reader" / "index.js").read_text("utf-8"),
        "ed25519": re.sub(r"^export \{.*?\};?$", "", (noble / "index.js").read_text("utf-8"), flags=re.MULTILINE),
    }
    versions = {
        name: json.loads((place / "package.json").read_text("utf-8"))["version"]
        for name, place in (("zxing", zxing), ("ed25519", noble))
    }
    made = {
        name: f"\n/*!\n{name} {versions[name]}\n{licences[name]}*/\n{_closed(script)}\n"
        for name, script in scripts.items()
    }  # fmt: skip
    wasm = (zxing / "dist" / "reader" / "zxing_reader.wasm").read_bytes()
    return {**made, "wasm": base64.b64encode(wasm).decode("ascii")}


def _closed(script: str) -> str:
    """A script that doesn't end the element it stands in."""
    return script.replace("</script", "<\\/script")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m build.verify_page.make")
    parser.add_argument("--npm", type=Path, help="a folder with the unpacked packages zxing-wasm and noble-ed25519")
    args = parser.parse_args()
    text = page(from_npm(args.npm) if args.npm else present())
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}: {len(text) / 1e6:.2f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

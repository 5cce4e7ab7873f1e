"""The command line. Parses, chooses the command's module, and turns failures into a sentence and an exit code.

Each command lives in `app/commands/<name>.py` and is imported only when it is asked for, so that `propose`
doesn't pay for the database and nothing pays for the window.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from app import __version__, paths
from app.domain.errors import Cancelled, KnownError, Told, UserError
from app.domain.text import LANGUAGES, N_, Text
from app.i18n import Translator, translator

DONE, FAILED, BAD_INPUT, ENVIRONMENT = 0, 1, 2, 3

# command → module in app.commands; the window itself is the one place that leads to Qt
_MODULES = {
    "propose": "propose",
    "print": "print_documents",
    "documents": "documents",
    "pack": "pack",
    "init": "init",
    "import-cases": "import_cases",
    "list": "list_cases",
    "verify": "verify",
    "self-test": "self_test",
    "demo": "demo",
}


class _Parser(argparse.ArgumentParser):
    """Says usage errors through the catalogue instead of argparse's own English and exit."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise UserError(
            Text(
                N_("The command line was not understood: {message}. See: {hint}"),
                {"message": message, "hint": f"{self.prog} --help"},
            )
        )


def _parser(t: Translator) -> argparse.ArgumentParser:
    # Options that every command takes may stand before or after the command's name.
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument(
        "--data", type=Path, metavar="DIR", help=t("the data directory (else SARAPTAMA_DATA, else the system's place)")
    )
    common.add_argument("--user", metavar="LOGIN", help=t("who works: the login of a user of this desk"))
    common.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help=t("a file whose first line is the passphrase")
    )
    lang = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    lang.add_argument("--lang", choices=LANGUAGES, help=t("language of what is printed: kk, ru or en"))

    parser = _Parser(
        prog="saraptama",
        parents=[common, lang],
        description=t("Saraptama: the desk of a medico-social expertise commission."),
    )
    parser.add_argument("--version", action="version", version=f"saraptama {__version__}")
    commands = parser.add_subparsers(dest="command", metavar=t("COMMAND"), parser_class=_Parser)

    def command(name: str, help_text: str, *, one_language: bool = True) -> argparse.ArgumentParser:
        parents = [common, lang] if one_language else [common]
        return commands.add_parser(name, parents=parents, help=help_text, description=help_text)

    demo = command("demo", t("take a sample case from entry to printed conclusions, in a temporary place"))
    demo.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help=t("where the documents go"))
    init = command("init", t("make a data directory with its first user"))
    init.add_argument("--name", metavar="NAME", help=t("the user's full name, as it is to stand on papers"))
    init.add_argument("--department", metavar="NUMBER", default="1", help=t("the number of the department"))
    init.add_argument(
        "--region", metavar="KATO", default="710000000", help=t("the КАТО code of the department's region")
    )
    propose = command("propose", t("what the criteria give for a case file, with the reasons"))
    propose.add_argument("case", nargs="?", type=Path, metavar="CASE.json")
    propose.add_argument(
        "--jsonl", type=Path, metavar="CASES.jsonl", help=t("one case a line; prints one proposal a line")
    )
    propose.add_argument("--json", action="store_true", help=t("print the proposal as JSON"))
    propose.add_argument("--pack", type=Path, metavar="DIR", help=t("another rule pack than the built-in one"))
    print_ = command("print", t("write a document of a case file, one PDF a language"), one_language=False)
    print_.add_argument("case", type=Path, metavar="CASE.json")
    print_.add_argument("--document", default="conclusion", metavar="ID")
    print_.add_argument(
        "--lang",
        action="append",
        choices=LANGUAGES,
        dest="languages",
        help=t("a language of the document; may be given several times"),
    )
    print_.add_argument("--out", type=Path, default=Path(), metavar="DIR", help=t("where the documents go"))
    command("documents", t("list the documents that can be printed, with their languages"))
    import_ = command("import-cases", t("put case files into the database as drafts"))
    import_.add_argument("files", nargs="+", type=Path, metavar="FILE")
    list_ = command("list", t("list the cases of the database"))
    list_.add_argument("--json", action="store_true", help=t("print the list as JSON"))
    command("verify", t("check the chains of the log and of the audit trail"))
    command("self-test", t("check that every language, font, pack, template and migration is found"))
    pack = command("pack", t("show or check a rule pack"))
    pack.add_argument("action", choices=("show", "check"))
    pack.add_argument(
        "directory", nargs="?", type=Path, metavar="DIR", help=t("the pack's folder (else the built-in one)")
    )
    pack.add_argument("--json", action="store_true", help=t("print it as JSON"))
    return parser


def _language(argv: Sequence[str]) -> str:
    """The language wanted, found before parsing so that the parser's own words are in it."""
    for position, word in enumerate(argv):
        if word == "--lang" and position + 1 < len(argv) and argv[position + 1] in LANGUAGES:
            return argv[position + 1]
        if word.startswith("--lang=") and word[7:] in LANGUAGES:
            return word[7:]
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name][:2] if os.environ[name][:2] in LANGUAGES else "en"
    return "ru" if sys.platform == "win32" else "en"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 a failed check, 2 bad input, 3 environment)."""
    argv = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    t = translator(_language(argv))
    try:
        args = _parser(t).parse_args(argv)
        args.data = getattr(args, "data", None) or paths.default_data_dir()
        args.user = getattr(args, "user", None)
        args.passphrase_file = getattr(args, "passphrase_file", None)
        if args.command is None:
            return int(import_module("ui.__main__").run(args, t))
        return int(import_module(f"app.commands.{_MODULES[args.command]}").run(args, t))
    except Told as told:
        print(t.show(told.text), file=sys.stderr)
        return told.exit_code
    except (Cancelled, KeyboardInterrupt):
        return DONE
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except OSError as error:
        refused = N_(
            "The system refused: {reason} ({path}). Check the disk, the folder and its rights, then try again."
        )
        reason = error.strerror or type(error).__name__
        print(t(refused, reason=reason, path=error.filename or "–"), file=sys.stderr)
        return KnownError.exit_code
    except Exception as error:
        if os.environ.get("SARAPTAMA_TRACEBACK"):
            raise
        # Where and what kind, never the values: they may be somebody's diagnosis.
        import traceback  # costs 10 ms at start-up otherwise

        frame = traceback.extract_tb(error.__traceback__)[-1]
        defect = N_(
            "This is a defect of the program: {kind} at {place}. Nothing was changed by this command. "
            "Report these words to whoever looks after the program."
        )
        print(
            t(defect, kind=type(error).__name__, place=f"{Path(frame.filename).name}:{frame.lineno}"), file=sys.stderr
        )
        return KnownError.exit_code


if __name__ == "__main__":
    sys.exit(main())

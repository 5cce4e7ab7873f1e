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
from app.domain.errors import Cancelled, KnownError, Told
from app.domain.text import LANGUAGES, N_
from app.i18n import Translator, translator
from app.usage import Parser

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


def _parser(t: Translator) -> argparse.ArgumentParser:
    folder, file, login = t("DIR"), t("FILE"), t("LOGIN")

    # Options that every command takes may stand before or after the command's name.
    def shared(parser: argparse.ArgumentParser, *, one_language: bool = True) -> None:
        absent = argparse.SUPPRESS
        data = t("the data directory (else SARAPTAMA_DATA, else the system's place)")
        parser.add_argument("--data", type=Path, default=absent, metavar=folder, help=data)
        user = t("who works: the login of a user of this desk")
        parser.add_argument("--user", default=absent, metavar=login, help=user)
        secret = t("a file whose first line is the passphrase")
        parser.add_argument("--passphrase-file", type=Path, default=absent, metavar=file, help=secret)
        if one_language:
            language = t("language of what is printed: kk, ru or en")
            parser.add_argument("--lang", choices=LANGUAGES, default=absent, help=language)

    parser = Parser(
        t=t,
        prog="saraptama",
        description=t("Saraptama: the desk of a medico-social expertise commission."),
    )
    shared(parser)
    parser.add_argument(
        "--version",
        action="version",
        version=f"saraptama {__version__}",
        help=t("show the version and do nothing else"),
    )
    commands = parser.add_subparsers(dest="command", title=t("commands"), metavar=t("COMMAND"))

    def command(name: str, help_text: str, *, one_language: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, t=t, help=help_text, description=help_text)
        shared(made, one_language=one_language)
        return made

    demo = command("demo", t("take a sample case from entry to printed conclusions, in a temporary place"))
    demo.add_argument("--out", type=Path, default=Path("out"), metavar=folder, help=t("where the documents go"))
    init = command("init", t("make a data directory with its first user"))
    init.add_argument("--name", metavar=t("NAME"), help=t("the user's full name, as it is to stand on documents"))
    init.add_argument("--department", metavar=t("NUMBER"), default="1", help=t("the number of the department"))
    init.add_argument(
        "--region", metavar=t("КАТО"), default="710000000", help=t("the КАТО code of the department's region")
    )
    propose = command("propose", t("what the criteria give for a case file, with the reasons"))
    propose.add_argument("case", nargs="?", type=Path, metavar="CASE.json")
    propose.add_argument(
        "--jsonl", type=Path, metavar="CASES.jsonl", help=t("one case a line; prints one proposal a line")
    )
    propose.add_argument("--json", action="store_true", help=t("print the proposal as JSON"))
    propose.add_argument("--pack", type=Path, metavar=folder, help=t("another rule pack than the built-in one"))
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
    print_.add_argument("--out", type=Path, default=Path(), metavar=folder, help=t("where the documents go"))
    command("documents", t("list the documents that can be printed, with their languages"))
    import_ = command("import-cases", t("put case files into the database as drafts"))
    import_.add_argument("files", nargs="+", type=Path, metavar=file)
    list_ = command("list", t("list the cases of the database"))
    list_.add_argument("--json", action="store_true", help=t("print the list as JSON"))
    command("verify", t("check the chains of the log and of the audit trail"))
    command("self-test", t("check that every language, font, pack, template and migration is found"))
    pack = command("pack", t("show or check a rule pack"))
    pack.add_argument("action", choices=("show", "check"), metavar="show|check")
    pack.add_argument(
        "directory", nargs="?", type=Path, metavar=folder, help=t("the pack's folder (else the built-in one)")
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
            "The program made a mistake: {kind} at {place}. Nothing was changed by this command. "
            "Report these words to whoever looks after the program."
        )
        print(
            t(defect, kind=type(error).__name__, place=f"{Path(frame.filename).name}:{frame.lineno}"), file=sys.stderr
        )
        return KnownError.exit_code


if __name__ == "__main__":
    sys.exit(main())

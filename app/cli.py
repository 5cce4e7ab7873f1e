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

from app import __version__, link_actions, pack_actions, paths
from app.domain.errors import Cancelled, KnownError, Told
from app.domain.text import LANGUAGES, N_, Text, for_terminal
from app.i18n import Translator, translator
from app.usage import EMPTY, NOT_A_COUNT, NOT_ONE_LINE, Parser

DONE, FAILED, BAD_INPUT, ENVIRONMENT = 0, 1, 2, 3
# What was stopped is never called done. The numbers are those that shells use for SIGINT and SIGPIPE.
INTERRUPTED, CUT_OFF = 130, 141

# command → module in app.commands; the window itself is the one place that leads to Qt
_MODULES = {
    "propose": "propose",
    "print": "print_documents",
    "documents": "documents",
    "pack": "pack",
    "init": "init",
    "import-cases": "import_cases",
    "import-classifier": "import_classifier",
    "list": "list_cases",
    "verify": "verify",
    "paper-keys": "paper_keys",
    "restore": "restore",
    "self-test": "self_test",
    "link": "link",
    "demo": "demo",
}


def _path(word: str) -> Path:
    """A path as the system spells it: under a locale without UTF-8 the name of a file stays the bytes it is."""
    if not word:
        raise argparse.ArgumentTypeError(EMPTY)
    return Path(os.fsdecode(word.encode("utf-8", "surrogateescape")))


def _line(word: str) -> str:
    """A name, login or number: one line of letters that can be shown, as it goes into records and onto papers."""
    if word != for_terminal(word) or "\n" in word:
        raise argparse.ArgumentTypeError(NOT_ONE_LINE)
    return word


def _count(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) < 10):
        raise argparse.ArgumentTypeError(NOT_A_COUNT)
    return int(word)


def _parser(t: Translator) -> argparse.ArgumentParser:
    folder, file, login = t("DIR"), t("FILE"), t("LOGIN")

    # Options that every command takes may stand before or after the command's name.
    def shared(parser: argparse.ArgumentParser, *, one_language: bool = True) -> None:
        absent = argparse.SUPPRESS
        data = t("the data directory (else SARAPTAMA_DATA, else the system's place)")
        parser.add_argument("--data", type=_path, default=absent, metavar=folder, help=data)
        user = t("who works: the login of a user of this desk")
        parser.add_argument("--user", type=_line, default=absent, metavar=login, help=user)
        secret = t("a file whose first line is the passphrase")
        parser.add_argument("--passphrase-file", type=_path, default=absent, metavar=file, help=secret)
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
    demo.add_argument("--out", type=_path, default=Path("out"), metavar=folder, help=t("where the documents go"))
    run = command("run", t("open the window, as the program without a command does"))
    run.add_argument("--training", action="store_true", help=t("practise with invented people on a desk of its own"))
    init = command("init", t("make a data directory with its first user"))
    init.add_argument(
        "--name", type=_line, metavar=t("NAME"), help=t("the user's full name, as it is to stand on documents")
    )
    init.add_argument(
        "--department", type=_line, metavar=t("NUMBER"), default="1", help=t("the number of the department")
    )
    init.add_argument(
        "--region",
        type=_line,
        metavar=t("КАТО"),
        default="710000000",
        help=t("the КАТО code of the department's region"),
    )
    propose = command("propose", t("what the criteria give for a case file, with the reasons"))
    propose.add_argument("case", nargs="?", type=_path, metavar="CASE.json")
    propose.add_argument(
        "--jsonl", type=_path, metavar="CASES.jsonl", help=t("one case a line; prints one proposal a line")
    )
    propose.add_argument("--json", action="store_true", help=t("print the proposal as JSON"))
    propose.add_argument(
        "--explanation", action="store_true", help=t("print the whole explanation of one case as JSON")
    )
    propose.add_argument("--pack", type=_path, metavar=folder, help=t("another rule pack than the built-in one"))
    case = t("a case file, or the number of a case of the database, such as 2/2026/000017")
    print_ = command("print", t("write a document of a case, one PDF a language"), one_language=False)
    print_.add_argument("case", nargs="?", type=_path, metavar="CASE", help=case)
    session = t(
        "instead of a case: a session by its day, such as 2026-11-18 or 2026-11-18/2; its protocol and all sets"
    )
    print_.add_argument("--trip", type=_line, metavar=t("DAY"), help=session)
    form = t("which document: its id, as documents lists it, or set for all that belong to the decision")
    print_.add_argument("--form", "--document", dest="document", metavar="ID", help=form)
    print_.add_argument(
        "--lang",
        action="append",
        choices=(*LANGUAGES, "kk+ru"),
        dest="languages",
        help=t("a language of the document, or kk+ru for both on one sheet; may be given several times"),
    )
    print_.add_argument("--out", type=_path, default=Path(), metavar=folder, help=t("where the documents go"))
    cover = print_.add_mutually_exclusive_group()
    cover.add_argument("--encrypt", action="store_true", help=t("of a case: under a passphrase (a session is, anyway)"))
    cover.add_argument("--plain", action="store_true", help=t("of a session: not encrypted"))
    secret = t("a file whose first line is the passphrase of the papers")
    print_.add_argument("--papers-passphrase-file", type=_path, metavar=file, help=secret)
    print_.add_argument("--again", action="store_true", help=t("of a session: also what was given out before"))
    print_.add_argument(
        "--journal", choices=("protocols", "papers", "refusals"), default="protocols", help=t("which journal")
    )
    print_.add_argument("--since", type=_line, metavar=t("DAY"), help=t("of a journal: the first day"))
    print_.add_argument("--until", type=_line, metavar=t("DAY"), help=t("of a journal: the last day"))
    documents = command("documents", t("list the documents that can be printed, with their languages"))
    documents.add_argument("case", nargs="?", type=_path, metavar="CASE", help=case)
    import_ = command("import-cases", t("put case files into the database as drafts"))
    import_.add_argument(
        "files", nargs="+", type=_path, metavar=file, help=t("a case file: one case as JSON, as propose takes it")
    )
    classifier = command(
        "import-classifier",
        t("put the official table of a classifier (ICD-10, КАТО) into the database"),
        one_language=False,
    )
    classifier.add_argument("file", type=_path, metavar=file, help=t("a table as CSV, with the names of its columns"))
    classifier.add_argument(
        "--lang",
        choices=LANGUAGES,
        dest="language",
        help=t("the language of its names, where the file doesn't say; also of what is printed"),
    )
    list_ = command("list", t("list the cases of the database"))
    list_.add_argument("--json", action="store_true", help=t("print the list as JSON"))
    verify = command("verify", t("check the database; with papers: are they genuine"))
    verify.add_argument(
        "papers",
        nargs="*",
        metavar=t("PAPER"),
        help=t("a paper as PDF, a picture of it, or the text of its code; without one the database is checked"),
    )
    verify.add_argument(
        "--keys",
        action="append",
        type=_path,
        default=[],
        metavar=file,
        help=t("a file of keys that a desk or the centre wrote; may be given several times"),
    )
    keys = command(
        "paper-keys", t("write what others need to check the papers of this desk: its key, and what is void")
    )
    keys.add_argument("--out", type=_path, default=Path(), metavar=folder, help=t("where the file goes"))
    restore = command("restore", t("list the copies of the database, or bring one in; what was there is kept"))
    restore.add_argument(
        "copy", nargs="?", type=_path, metavar=t("COPY"), help=t("the copy's name or path (else list the copies)")
    )
    link = command("link", t("exchange records with the centre, over the network or by stick"))
    link_actions.add(link, t, shared=shared, path=_path)
    command("self-test", t("check that every language, font, pack, template and migration is found"))
    pack = command("pack", t("show, check, compare, sign off and sign rule packs"))
    pack_actions.add(pack, t, shared=shared, path=_path, line=_line, count=_count)
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
    """Run one command; returns the exit code.

    0 done, 1 a failed check, 2 bad input, 3 environment; 130 interrupted and 141 output cut off, as shells have it.
    """
    argv = _words() if argv is None else list(argv)
    t = translator(_language(argv))
    output = _streams()
    try:
        args = _parser(t).parse_args(argv)
        args.data = getattr(args, "data", None) or paths.default_data_dir()
        args.user = getattr(args, "user", None)
        args.passphrase_file = getattr(args, "passphrase_file", None)
        if args.command in (None, "run"):
            return int(import_module("ui.__main__").run(args, t))
        if not output:
            raise KnownError(Text(N_("The output is closed, so nobody would see the answer. Nothing was done.")))
        module = pack_actions.MODULES[args.action] if args.command == "pack" else _MODULES[args.command]
        code = int(import_module(f"app.commands.{module}").run(args, t))
        sys.stdout.flush()  # a full disk behind it is told, and not left to the end of the process
        return code
    except Told as told:
        _say(t.show(told.text))
        return told.exit_code
    except (Cancelled, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return CUT_OFF
    except OSError as error:
        _drop_output()
        refused = N_(
            "The system refused: {reason} ({path}). Check the disk, the folder and its rights, then try again."
        )
        reason = error.strerror or type(error).__name__
        _say(t(refused, reason=reason, path=error.filename or "–"))
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
        _say(t(defect, kind=type(error).__name__, place=f"{Path(frame.filename).name}:{frame.lineno}"))
        return KnownError.exit_code


def _words() -> list[str]:
    """The words of the command line, as UTF-8 whatever the locale says: under `LC_ALL=C` letters would be lost."""
    if sys.getfilesystemencoding() == "utf-8":
        return sys.argv[1:]
    return [os.fsencode(word).decode("utf-8", "surrogateescape") for word in sys.argv[1:]]


def _streams() -> bool:
    """Put something behind each of the three streams, speak UTF-8; returns whether there is an output.

    A stream that was closed leaves its number free for the next file that is opened, which may be the database.
    """
    output = sys.stdout is not None
    if None in (sys.stdin, sys.stdout, sys.stderr):
        taken = os.open(os.devnull, os.O_RDWR)
        while taken < 2:
            taken = os.dup(taken)
        if taken > 2:
            os.close(taken)
        sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - for the whole run
        sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.getfilesystemencoding() != "utf-8" and hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    return output


def _say(sentence: str) -> None:
    print(for_terminal(sentence), file=sys.stderr)


def _drop_output() -> None:
    """Send what is still waiting for the output nowhere, else Python complains of it at its end."""
    try:
        sys.stdout.flush()
        return
    except (OSError, ValueError):
        number = sys.stdout.fileno()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


if __name__ == "__main__":
    if getattr(sys, "frozen", False):  # a rehearsal's further processes begin with the program itself
        from multiprocessing import freeze_support

        freeze_support()
    sys.exit(main())

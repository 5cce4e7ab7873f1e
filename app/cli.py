"""The command line. Parses, chooses the command's module, and turns failures into a sentence and an exit code.

Each command lives in `app/commands/<name>.py` and is imported only when it is asked for, so that `propose`
doesn't pay for the database and nothing pays for the window.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from app import __version__, link_actions, pack_actions, paths, terminal
from app.domain.errors import KnownError
from app.domain.text import LANGUAGES, N_, Text
from app.i18n import Translator, translator
from app.usage import Parser, a_count, a_line, a_path

DONE, FAILED, BAD_INPUT, ENVIRONMENT = 0, 1, 2, 3
INTERRUPTED = terminal.INTERRUPTED

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


def _parser(t: Translator) -> argparse.ArgumentParser:
    folder, file, login = t("DIR"), t("FILE"), t("LOGIN")

    # Options that every command takes may stand before or after the command's name.
    def shared(parser: argparse.ArgumentParser, *, one_language: bool = True) -> None:
        absent = argparse.SUPPRESS
        data = t("the data directory (else SARAPTAMA_DATA, else the system's place)")
        parser.add_argument("--data", type=a_path, default=absent, metavar=folder, help=data)
        user = t("who works: the login of a user of this desk")
        parser.add_argument("--user", type=a_line, default=absent, metavar=login, help=user)
        secret = t("a file whose first line is the passphrase")
        parser.add_argument("--passphrase-file", type=a_path, default=absent, metavar=file, help=secret)
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
    demo.add_argument("--out", type=a_path, default=Path("out"), metavar=folder, help=t("where the documents go"))
    run = command("run", t("open the window, as the program without a command does"))
    run.add_argument("--training", action="store_true", help=t("practise with invented people on a desk of its own"))
    init = command("init", t("make a data directory with its first user"))
    init.add_argument(
        "--name", type=a_line, metavar=t("NAME"), help=t("the user's full name, as it is to stand on documents")
    )
    init.add_argument(
        "--department", type=a_line, metavar=t("NUMBER"), default="1", help=t("the number of the department")
    )
    init.add_argument(
        "--region",
        type=a_line,
        metavar=t("КАТО"),
        default="710000000",
        help=t("the КАТО code of the department's region"),
    )
    propose = command("propose", t("what the criteria give for a case file, with the reasons"))
    propose.add_argument("case", nargs="?", type=a_path, metavar="CASE.json")
    propose.add_argument(
        "--jsonl", type=a_path, metavar="CASES.jsonl", help=t("one case a line; prints one proposal a line")
    )
    propose.add_argument("--json", action="store_true", help=t("print the proposal as JSON"))
    propose.add_argument(
        "--explanation", action="store_true", help=t("print the whole explanation of one case as JSON")
    )
    propose.add_argument("--pack", type=a_path, metavar=folder, help=t("another rule pack than the built-in one"))
    case = t("a case file, or the number of a case of the database, such as 2/2026/000017")
    print_ = command("print", t("write a document of a case, one PDF a language"), one_language=False)
    print_.add_argument("case", nargs="?", type=a_path, metavar="CASE", help=case)
    session = t(
        "instead of a case: a session by its day, such as 2026-11-18 or 2026-11-18/2; its protocol and all sets"
    )
    print_.add_argument("--trip", type=a_line, metavar=t("DAY"), help=session)
    form = t("which document: its id, as documents lists it, or set for all that belong to the decision")
    print_.add_argument("--form", "--document", dest="document", metavar="ID", help=form)
    print_.add_argument(
        "--lang",
        action="append",
        choices=(*LANGUAGES, "kk+ru"),
        dest="languages",
        help=t("a language of the document, or kk+ru for both on one sheet; may be given several times"),
    )
    print_.add_argument("--out", type=a_path, default=Path(), metavar=folder, help=t("where the documents go"))
    cover = print_.add_mutually_exclusive_group()
    cover.add_argument("--encrypt", action="store_true", help=t("of a case: under a passphrase (a session is, anyway)"))
    cover.add_argument("--plain", action="store_true", help=t("of a session: not encrypted"))
    secret = t("a file whose first line is the passphrase of the papers")
    print_.add_argument("--papers-passphrase-file", type=a_path, metavar=file, help=secret)
    print_.add_argument("--again", action="store_true", help=t("of a session: also what was given out before"))
    print_.add_argument(
        "--journal", choices=("protocols", "papers", "refusals"), default="protocols", help=t("which journal")
    )
    print_.add_argument("--since", type=a_line, metavar=t("DAY"), help=t("of a journal: the first day"))
    print_.add_argument("--until", type=a_line, metavar=t("DAY"), help=t("of a journal: the last day"))
    documents = command("documents", t("list the documents that can be printed, with their languages"))
    documents.add_argument("case", nargs="?", type=a_path, metavar="CASE", help=case)
    import_ = command("import-cases", t("put case files into the database as drafts"))
    import_.add_argument(
        "files", nargs="+", type=a_path, metavar=file, help=t("a case file: one case as JSON, as propose takes it")
    )
    classifier = command(
        "import-classifier",
        t("put the official table of a classifier (ICD-10, КАТО) into the database"),
        one_language=False,
    )
    classifier.add_argument("file", type=a_path, metavar=file, help=t("a table as CSV, with the names of its columns"))
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
        type=a_path,
        default=[],
        metavar=file,
        help=t("a file of keys that a desk or the centre wrote; may be given several times"),
    )
    keys = command(
        "paper-keys", t("write what others need to check the papers of this desk: its key, and what is void")
    )
    keys.add_argument("--out", type=a_path, default=Path(), metavar=folder, help=t("where the file goes"))
    restore = command("restore", t("list the copies of the database, or bring one in; what was there is kept"))
    restore.add_argument(
        "copy", nargs="?", type=a_path, metavar=t("COPY"), help=t("the copy's name or path (else list the copies)")
    )
    link = command("link", t("exchange records with the centre, over the network or by stick"))
    link_actions.add(link, t, shared=shared, path=a_path)
    command("self-test", t("check that every language, font, pack, template and migration is found"))
    pack = command("pack", t("show, check, compare, sign off and sign rule packs"))
    pack_actions.add(pack, t, shared=shared, path=a_path, line=a_line, count=a_count)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code.

    0 done, 1 a failed check, 2 bad input, 3 environment; 130 interrupted and 141 output cut off, as shells have it.
    """
    argv = terminal.words() if argv is None else list(argv)
    t = translator(terminal.language(argv))
    output = terminal.streams()

    def work() -> int:
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

    return terminal.ending(t, work)


if __name__ == "__main__":
    if getattr(sys, "frozen", False):  # a rehearsal's further processes begin with the program itself
        from multiprocessing import freeze_support

        freeze_support()
    sys.exit(main())

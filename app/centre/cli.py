"""`saraptama-centre`: the command line of the centre. Parses, chooses the command's module, ends with a code.

Each command lives in `app/centre/commands/<name>.py` with `run(args, t)`; how a centre is set up stands in the
environment (`app.centre.configuration`). A new command needs a row in `_MODULES` and its words in `_parser`.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from app import __version__, terminal
from app.centre import configuration, parsers
from app.centre.commands.user import options as console_options
from app.domain.text import LANGUAGES
from app.i18n import Translator, translator
from app.usage import Parser, a_count, a_line, a_path

# command → module in app.centre.commands
_MODULES = {
    "init": "init",
    "user": "user",
    "audit": "audit",
    "serve": "serve",
    "invite": "invite",
    "import-bundle": "import_bundle",
    "export-bundle": "export_bundle",
    "adopt": "adopt",
    "devices": "devices",
    "revoke": "revoke",
    "trial": "trial",
    **parsers.MODULES,
}
_TELLING = ("init", "serve")
"""commands whose help tells the environment in full"""


def _parser(t: Translator) -> argparse.ArgumentParser:
    folder, file, device, which = t("DIR"), t("FILE"), t("LAPTOP"), parsers.laptop(t)

    environment = (t("environment variables"), configuration.told(t))

    def shared(parser: argparse.ArgumentParser) -> None:
        language = t("language of what is printed: kk, ru or en")
        parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=language)

    parser = Parser(
        t=t,
        prog="saraptama-centre",
        description=t("The centre of Saraptama: takes what laptops send, vouches for it, publishes what holds."),
    )
    shared(parser)
    parser.listed = environment
    parser.add_argument(
        "--version",
        action="version",
        version=f"saraptama-centre {__version__}",
        help=t("show the version and do nothing else"),
    )
    commands = parser.add_subparsers(dest="command", required=True, title=t("commands"), metavar=t("COMMAND"))

    def command(name: str, help_text: str) -> Parser:
        made: Parser = commands.add_parser(name, t=t, help=help_text, description=help_text)
        shared(made)
        # The whole of it where a centre is made and served; the others point to where it stands.
        made.listed = environment if name in _TELLING else ("", ())
        made.epilog = None if name in _TELLING else t("How the centre is set up: saraptama-centre --help")
        return made

    def as_json(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help=t("print the list as JSON"))

    command("init", t("make the keys and the database of a centre"))
    for made in console_options(commands, t):
        shared(made)
    command("serve", t("listen to laptops until told to stop"))
    invite = command("invite", t("an invitation for one laptop: a file, a square code, a text"))
    invite.add_argument("--out", type=a_path, default=Path(), metavar=folder, help=t("where the files go"))
    invite.add_argument("--days", type=a_count, default=configuration.INVITATION_DAYS, metavar=t("NUMBER"),
                        help=t("how many days it holds ({n})", n=configuration.INVITATION_DAYS))  # fmt: skip
    import_ = command("import-bundle", t("take in what a laptop wrote to a stick"))
    import_.add_argument("files", nargs="+", type=a_path, metavar=file, help=t("a bundle: a file *.mselink"))
    export = command("export-bundle", t("write what a laptop gets back by stick: receipts and what is published"))
    export.add_argument("device", type=a_line, metavar=device, help=which)
    export.add_argument("--out", type=a_path, default=Path(), metavar=folder, help=t("the file, or where it goes"))
    adopt = command("adopt", t("list records of logs that two laptops continued, or take one line as counting"))
    adopt.add_argument("incarnation", nargs="?", type=a_line, metavar=t("LOG"), help=t("the log, as the list has it"))
    adopt.add_argument("line", nargs="?", type=a_count, default=1, metavar=t("LINE"), help=t("its line (1)"))
    as_json(adopt)
    devices = command("devices", t("list the laptops that this centre knows"))
    as_json(devices)
    revoke = command("revoke", t("take nothing more from a laptop"))
    revoke.add_argument("device", type=a_line, metavar=device, help=which)
    revoke.add_argument("reason", type=a_line, metavar=t("REASON"), help=t("why; others read it"))
    trial = command("trial", t("make a centre on this machine with sample data and let it listen, to try things out"))
    trial.add_argument("--out", type=a_path, required=True, metavar=folder, help=t("where it lies; it is made"))
    words = t("print the one-time codes of this moment for its console, and do nothing else")
    trial.add_argument("--code", action="store_true", help=words)
    parsers.add(command, t)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, as `app.terminal.ending` has it."""
    argv = terminal.words() if argv is None else list(argv)
    t = translator(terminal.language(argv))
    terminal.streams()

    def work() -> int:
        args = _parser(t).parse_args(argv)
        code = int(import_module(f"app.centre.commands.{_MODULES[args.command]}").run(args, t))
        sys.stdout.flush()
        return code

    return terminal.ending(t, work)


if __name__ == "__main__":
    sys.exit(main())

"""The actions of `saraptama pack` and their options: one function an action, one module of `app.commands` each."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.i18n import Translator

# action → module in app.commands
MODULES: Final = {
    "show": "pack",
    "check": "pack",
    "new-edition": "editions",
    "diff": "editions",
    "sign-off": "editions",
    "key": "edition_keys",
    "sign": "edition_keys",
    "rehearse": "rehearse",
    "install": "pack_desk",
    "export": "pack_desk",
    "admit-key": "pack_desk",
    "revoke-key": "pack_desk",
    "list": "pack_desk",
}


def add(
    pack: argparse.ArgumentParser,
    t: Translator,
    *,
    shared: Callable[[argparse.ArgumentParser], None],
    path: Callable[[str], Path],
    line: Callable[[str], str],
    count: Callable[[str], int],
) -> None:
    """Add every action to the parser of `pack`. `path`, `line` and `count` read a path, a name and a number."""
    actions = pack.add_subparsers(dest="action", title=t("actions"), metavar=t("ACTION"), required=True)
    folder, file, day = t("DIR"), t("FILE"), t("DAY")

    def action(name: str, help_text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(name, t=t, help=help_text, description=help_text)
        shared(made)
        return made

    def json(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help=t("print it as JSON"))

    for name, help_text in (
        ("show", t("show the records of a rule pack in words")),
        ("check", t("prove a rule pack over the whole space of facts and run its own cases")),
    ):
        made = action(name, help_text)
        made.add_argument(
            "directory", nargs="?", type=path, metavar=folder, help=t("the pack's folder (else the built-in one)")
        )
        json(made)
        if name == "check":
            made.add_argument("--all", action="store_true", help=t("show the checks that hold, too"))

    edition = t("a folder, or a version such as 1.0.0: of the program, or with --user of the desk")
    new = action("new-edition", t("make a folder with a new edition of the criteria, to be worked on"))
    new.add_argument("source", metavar=t("FROM"), type=line, help=edition)
    new.add_argument("directory", metavar=folder, type=path, help=t("the new folder"))
    new.add_argument("--version", dest="new_version", required=True, type=line, metavar=t("VERSION"),
                     help=t("the new edition's version, higher than the one it is made from"))  # fmt: skip
    new.add_argument("--valid-from", required=True, type=line, metavar=day,
                     help=t("the first day on which it holds, as 2027-01-01 or 01.01.2027"))  # fmt: skip

    diff = action("diff", t("say in words what differs between two editions"))
    diff.add_argument("before", metavar=t("BEFORE"), type=line, help=edition)
    diff.add_argument("after", metavar=t("AFTER"), type=line, help=edition)
    json(diff)

    off = action("sign-off", t("list the records by topic, or confirm records against the official text"))
    off.add_argument("directory", metavar=folder, type=path, help=t("the folder of an edition in work"))
    off.add_argument("--record", dest="records", action="append", type=line, metavar=t("RECORD"),
                     help=t("a record to be signed off; may be given several times"))  # fmt: skip
    off.add_argument("--by", type=line, metavar=t("NAME"), help=t("who compared it with the official text"))
    off.add_argument("--on", type=line, metavar=day, help=t("the day of signing off (else today)"))
    for code, help_text in (
        ("kk", t("the place in the official text, in Kazakh")),
        ("ru", t("the place in the official text, in Russian")),
        ("en", t("the place in the official text, in English")),
    ):
        off.add_argument(f"--place-{code}", type=line, metavar=t("PLACE"), help=help_text)
    off.add_argument("--topic", type=count, metavar="N", help=t("list this topic of the check-list alone"))
    changed = t("list the records alone that differ from the edition before or from their sign-off")
    off.add_argument("--changed", action="store_true", help=changed)
    off.add_argument("--against", type=line, metavar=t("EDITION"),
                     help=t("with --changed: the edition before (else the newest of a lower version)"))  # fmt: skip
    off.add_argument("--withdraw", action="store_true", help=t("take the sign-off of these records back"))
    json(off)

    key = action("key", t("make a methodologist's key, protected by a passphrase"))
    key.add_argument("file", metavar=file, type=path, help=t("the file of the new key; its public half goes beside it"))

    sign = action("sign", t("check an edition in work and sign it with a methodologist's key"))
    sign.add_argument("directory", metavar=folder, type=path, help=t("the folder of an edition in work"))
    sign.add_argument("--key", required=True, type=path, metavar=file, help=t("the methodologist's key"))

    install = action("install", t("check a signed edition on this laptop and take it into the desk"))
    install.add_argument("directory", metavar=folder, type=path, help=t("the folder of a signed edition"))

    export = action("export", t("write an edition of this desk into a new folder, as it was signed"))
    export.add_argument("edition", metavar=t("VERSION"), type=line, help=t("its version, as the list shows it"))
    export.add_argument("directory", metavar=folder, type=path, help=t("the new folder"))

    admit = action("admit-key", t("take editions that are signed with this key"))
    admit.add_argument("file", metavar=file, type=path, help=t("the file of the public key, which ends in .pub"))
    admit.add_argument("--name", required=True, type=line, metavar=t("NAME"), help=t("whose key it is"))
    admit.add_argument("--fingerprint", type=line, metavar=t("FINGERPRINT"),
                       help=t("its fingerprint as the methodologist reads it out, in quotes"))  # fmt: skip

    revoke = action("revoke-key", t("take no edition that is signed with this key any more, for good"))
    revoke.add_argument("fingerprint", metavar=t("FINGERPRINT"), type=line,
                        help=t("the key's fingerprint, as the list shows it, in quotes"))  # fmt: skip
    revoke.add_argument("--reason", required=True, type=line, metavar=t("WORDS"), help=t("why it is revoked"))

    json(action("list", t("list the editions of this desk, and the keys whose signatures it takes")))

    rehearse = action("rehearse", t("try an edition on cases: who would get what instead; nothing is changed"))
    rehearse.add_argument("pack", metavar=t("EDITION"), type=line, help=edition)
    rehearse.add_argument("--against", type=line, metavar=t("EDITION"),
                          help=t("the other side (else the newest edition that holds on the day)"))  # fmt: skip
    rehearse.add_argument("--jsonl", type=path, metavar="CASES.jsonl",
                          help=t("cases from a file, one a line (else those of the desk, drafts too)"))  # fmt: skip
    rehearse.add_argument("--as-of", type=line, metavar=day,
                          help=t("the day whose law all cases meet (else the first of the edition)"))  # fmt: skip
    rehearse.add_argument("--own-day", action="store_true",
                          help=t("cases meet the law of their own day, even if the edition begins later"))  # fmt: skip
    rehearse.add_argument("--csv", type=path, metavar=file,
                          help=t("write every change as a table (UTF-8, semicolons) for a spreadsheet"))  # fmt: skip
    rehearse.add_argument("--plot", type=path, metavar=file, help=t("write a picture, SVG or PDF by the file's name"))
    rehearse.add_argument("--limit", type=count, metavar=t("COUNT"),
                          help=t("list at most so many cases (in words 50, as JSON all)"))  # fmt: skip
    json(rehearse)

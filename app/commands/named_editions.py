"""The editions that a command names: a folder, a version that came with the program, or one that a desk has accepted.

Those of a desk lie in its encrypted database, so somebody has to sign in with `--user` to name one.
"""

from argparse import Namespace
from typing import TYPE_CHECKING

from app import paths
from app.commands import credentials
from app.i18n import Translator
from app.services import editions

if TYPE_CHECKING:
    from app.services.desk import Desk


def sources(args: Namespace, t: Translator, *names: str) -> "list[editions.Source]":
    """Each edition named; the desk is opened only where one is neither a folder nor came with the program. UserError:
    there is no such edition."""
    if asks_desk(args) and not all(map(editions.is_outside, names)):
        with credentials.signed_in(args, t) as desk:
            return [of_desk(desk, name) for name in names]
    return [editions.folder_of(name) for name in names]


def asks_desk(args: Namespace) -> bool:
    """Whether a desk is named, by --user or by --data."""
    return bool(args.user) or args.data != paths.default_data_dir()


def desk_words(args: Namespace) -> list[str]:
    """The words that name the same desk on another command line."""
    data = [] if args.data == paths.default_data_dir() else ["--data", str(args.data)]
    return [*data, "--user", args.user] if args.user else data


def of_desk(desk: "Desk", name: str) -> "editions.Source":
    """The edition named, those that the desk has accepted among them. UserError: there is none."""
    return editions.source_of(name, {edition.version: edition.files for edition in desk.packs.at_hand()})

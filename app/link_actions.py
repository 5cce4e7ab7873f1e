"""What `saraptama link` understands: its actions and their options."""

import argparse
from collections.abc import Callable
from pathlib import Path

from app.i18n import Translator


def add(
    link: argparse.ArgumentParser, t: Translator, *, shared: Callable[..., None], path: Callable[[str], Path]
) -> None:
    """Put the actions under the command."""
    actions = link.add_subparsers(dest="action", title=t("actions"), metavar=t("ACTION"), required=True)

    def action(name: str, help_text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(name, t=t, help=help_text, description=help_text)
        shared(made)
        return made

    for name, help_text in (
        ("status", t("show what waits here and what the centre holds")),
        ("receipts", t("list what the centre has signed for")),
    ):
        action(name, help_text).add_argument("--json", action="store_true", help=t("print it as JSON"))
    action("push", t("send what the centre doesn't have"))
    action("pull", t("take what the centre publishes"))
    export = action("export-bundle", t("write what the centre doesn't have into a file for a stick"))
    export.add_argument(
        "--out", type=path, default=Path(), metavar=t("DIR"), help=t("the folder, or the file to write")
    )
    taken = action("import-bundle", t("take in the file that the centre gave back"))
    taken.add_argument("file", type=path, metavar=t("FILE"), help=t("a file that ends in .mselink"))
    enrol = action("enrol", t("link this desk with the centre that gave the invitation"))
    enrol.add_argument("file", type=path, metavar=t("FILE"), help=t("the invitation, or a picture of its square code"))
    fingerprint = t("the fingerprint of the centre's key, as the centre reads it out")
    enrol.add_argument("--fingerprint", metavar=t("FINGERPRINT"), help=fingerprint)

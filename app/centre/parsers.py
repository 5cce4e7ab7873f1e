"""The words of those commands of the centre that make something of what laptops sent, or publish."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Final

from app.centre.reporting import By
from app.i18n import Translator
from app.sync import screening
from app.usage import a_line, a_path

Command = Callable[[str, str], ArgumentParser]

# command → module in app.centre.commands
MODULES: Final[Mapping[str, str]] = {
    "work": "work",
    "requeue": "requeue",
    "check": "check",
    "rebuild": "rebuild",
    "report": "report",
    "publish": "publish",
    "revoke-user": "revoke_user",
    "export": "export",
}


def laptop(t: Translator) -> str:
    """How a laptop is named on the command line."""
    return t("the laptop, as “devices” lists it: its id, a beginning of it, or its name")


def add(command: Command, t: Translator) -> None:
    """Their parsers; `command` makes one of a name and a help text."""
    folder, file, device, day, which = t("DIR"), t("FILE"), t("LAPTOP"), t("DAY"), laptop(t)
    work = command("work", t("interpret what laptops sent, until told to stop"))
    work.add_argument("--once", action="store_true", help=t("end when nothing is left to do"))
    requeue = command("requeue", t("interpret again what was set aside"))
    requeue.add_argument("--reason", type=a_line, metavar=t("CODE"), help=t("only what was set aside for this reason"))
    requeue.add_argument("--log", type=a_line, metavar=t("LOG"), help=t("only what is of this log"))
    requeue.add_argument("--record", type=a_line, metavar=t("RECORD"), help=t("only this record: LOG/NUMBER"))
    check = command("check", t("check everything that is held, from the raw bytes on"))
    check.add_argument("--json", action="store_true", help=t("print the result as JSON"))
    command("rebuild", t("make again all that is made of the records"))
    report = command("report", t("conclusions by region, commission or clinic"))
    report.add_argument("--by", choices=[one.value for one in By], default=By.REGION.value, help=t("what to group by"))
    report.add_argument("--first", type=a_line, metavar=day, help=t("examined on this day or later"))
    report.add_argument("--last", type=a_line, metavar=day, help=t("examined on this day or earlier"))
    report.add_argument("--csv", type=a_path, metavar=file, help=t("write a table for spreadsheets"))
    revoke = command("revoke-user", t("a user's signatures count no more from a day on"))
    revoke.add_argument("user", type=a_line, metavar=t("USER"), help=t("the user's id, as the laptop tells it"))
    revoke.add_argument("day", type=a_line, metavar=day, help=t("such as 2026-11-30"))
    revoke.add_argument("reason", type=a_line, metavar=t("REASON"), help=t("why; others read it"))
    _export(command("export", t("conclusions for other systems")), t)
    publish = command("publish", t("publish something for laptops"))
    kinds = publish.add_subparsers(dest="what", required=True, title=t("commands"), metavar=t("COMMAND"))

    def kind(name: str, help_text: str) -> ArgumentParser:
        return kinds.add_parser(name, t=t, help=help_text, description=help_text)

    pack = kind("pack", t("an edition of the criteria"))
    pack.add_argument("folder", type=a_path, metavar=folder, help=t("the folder of the edition"))
    pack.add_argument("--keys", type=a_path, metavar=folder, help=t("public keys of methodologists: files *.pub"))
    table = kind("classifier", t("an official table: ICD-10 or КАТО"))
    table.add_argument("file", type=a_path, metavar=file, help=t("the table as CSV"))
    letterhead = kind("letterhead", t("how a department calls itself on papers"))
    letterhead.add_argument("device", type=a_line, metavar=device, help=which)
    letterhead.add_argument("number", type=a_line, metavar=t("NUMBER"), help=t("number of the department"))
    letterhead.add_argument("region", type=a_line, metavar=t("REGION"), help=t("КАТО code of the region, nine digits"))
    for code in ("kk", "ru", "en"):
        letterhead.add_argument(f"--{code}", type=a_line, required=True, metavar=t("NAME"), help=t("its name"))
    kind("paper-keys", t("who signs papers, which papers hold no more, who was revoked"))
    screened = kind("filter", t("a screening filter"))
    screened.add_argument("kind", choices=sorted(screening.KINDS), help=t("what a hit means"))
    screened.add_argument("list", nargs="?", type=a_path, metavar=file, help=t("ИИН;day;source, one person a line"))
    assigned = kind("assignments", t("referrals for one laptop"))
    assigned.add_argument("device", type=a_line, metavar=device, help=which)
    assigned.add_argument("file", type=a_path, metavar=file, help=t("JSON with “assignments”"))


def _export(parser: ArgumentParser, t: Translator) -> None:
    kinds = parser.add_subparsers(dest="what", required=True, title=t("commands"), metavar=t("COMMAND"))

    def kind(name: str, help_text: str) -> ArgumentParser:
        return kinds.add_parser(name, t=t, help=help_text, description=help_text)

    fhir = kind("fhir", t("a FHIR R4 bundle for each conclusion"))
    fhir.add_argument("folder", type=a_path, metavar=t("DIR"), help=t("where the files go"))
    fhir.add_argument("--since", type=a_line, metavar=t("TIME"), help=t("only what came at this time or later"))
    statistics = kind("statistics", t("a table of conclusions without persons"))
    statistics.add_argument("file", type=a_path, metavar=t("FILE"), help=t("ends in .csv or .parquet"))
    messages = kind("outbox", t("signed messages that nobody has acknowledged yet"))
    messages.add_argument("folder", type=a_path, metavar=t("DIR"), help=t("where the files go"))
    done = kind("acknowledge", t("note that a message was taken"))
    done.add_argument("name", type=a_line, metavar=t("NAME"), help=t("its name, as it stands in it"))
    done.add_argument("word", type=a_line, metavar=t("WORD"), help=t("what whoever took it calls it"))

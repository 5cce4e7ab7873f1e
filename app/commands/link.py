"""`saraptama link`: where everything is on its way, exchanges over the network and by stick."""

import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import credentials
from app.domain.clock import in_kazakhstan
from app.domain.errors import CheckFailed, KnownError, UserError
from app.domain.system import refusal
from app.domain.text import N_, Text, for_terminal
from app.i18n import Translator
from app.services.link_invitation import MOST
from app.services.link_views import Exchange, LinkStatus, Place, Progress, ReceiptView
from app.services.link_words import WORDS, kind, name

if TYPE_CHECKING:
    from app.services.desk import Desk


def run(args: Namespace, t: Translator) -> int:
    """Do the action. 0 done, 1 something that a person has to settle (a fork, a refusal), 2 wrong input, 3 no network
    or a stick that fails."""
    with credentials.signed_in(args, t) as desk:
        match args.action:
            case "status":
                _status(desk.link.status(), args, t)
            case "receipts":
                _receipts(desk.link.receipts(), args, t)
            case "push" | "pull":
                push = args.action == "push"
                _told(desk, desk.link.exchange(_reporting(t), push=push, pull=not push), t)
            case "export-bundle":
                done = desk.link.export_bundle(args.out, _reporting(t))
                print(for_terminal(str(done.path)))
                _told(desk, done, t)
            case "import-bundle":
                _told(desk, desk.link.import_bundle(args.file, _reporting(t)), t)
            case _:
                _enrol(desk, args, t)
    return 0


def _enrol(desk: "Desk", args: Namespace, t: Translator) -> None:
    """The fingerprint is compared before anything is taken: typed in from what the centre reads out."""
    view, invitation = desk.link.read_invitation(_read(args.file))
    given = args.fingerprint or credentials.fingerprint_of_centre(t, view.name, view.fingerprint)
    if "".join(given.split()).casefold() != view.fingerprint.replace(" ", ""):
        sentence = N_(
            "The fingerprint is another one: the invitation has {found}. Nothing was changed. Ask the centre for the"
            " invitation again."
        )
        raise UserError(Text(sentence, {"found": view.fingerprint}))
    centre = desk.link.enrol(invitation).centre
    if centre is not None:
        print(
            for_terminal(t("Linked with {name}, key {fingerprint}.", name=centre.name, fingerprint=centre.fingerprint))
        )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST + 1)
    except OSError as error:
        sentence = N_("The invitation can't be read: {path} ({reason}). Check the path and your rights.")
        raise KnownError(Text(sentence, {"path": str(path), "reason": refusal(error)})) from error


def _told(desk: "Desk", done: Exchange, t: Translator) -> None:
    """Print what came of an exchange; a failure becomes the exit code of its kind."""
    counts = {"n": done.ours.get("sent_events", 0), "copies": done.ours.get("sent_attachments", 0),
              "of": done.ours["events"]}  # fmt: skip
    if done.by == "stick-out":
        print(t("Written: {n} records, {copies} copies of papers; they wait for the centre's receipt. The log has {of}"
                " records.", **counts))  # fmt: skip
    elif done.by == "stick-in":
        print(t("The log has {of} records.", **counts))
    else:
        print(t("Sent: {n} records, {copies} copies of papers. The log has {of} records.", **counts))
    if done.theirs.get("heard"):
        print(t("The centre holds {n} records of it.", n=done.theirs["events"]))
    elif done.as_of is not None:
        print(t("By the centre's receipt of {when} it holds {n} records of it.", when=in_kazakhstan(done.as_of),
                n=done.theirs["events"]))  # fmt: skip
    for one in done.came_back:
        remark = f" {t.show(one.remark)}" if one.remark else ""
        in_use = t("in use") if one.in_use else t("not in use")
        named = f"{t.show(kind(one))}: {t.show(name(one))}, {one.version}"
        print(for_terminal(f"{named}: {in_use}.{remark}"))
    for text in done.remarks:
        print(for_terminal(t.show(text)))
    problems = desk.link.settled_by_people()
    if problems:
        raise CheckFailed(problems[0])
    if done.stopped is not None:
        raise KnownError(done.stopped)


def _status(status: LinkStatus, args: Namespace, t: Translator) -> None:
    if args.json:
        print(json.dumps(_as_json(status, t), ensure_ascii=False, indent=1))
        return
    if status.centre is None:
        print(t("This desk is not linked with a centre yet."))
    else:
        named = {"name": status.centre.name, "fingerprint": status.centre.fingerprint}
        print(for_terminal(t("Linked with {name}, key {fingerprint}.", **named)))
    for place in Place:
        if status.counts[place]:
            print(f"{status.counts[place]:>8}  {t.show(Text(WORDS[place]))}")
    if status.attachments_waiting:
        print(t("Copies of papers that wait: {n}.", n=status.attachments_waiting))
    if status.attachments_carried:
        print(t("Copies of papers that were written to a stick: {n}.", n=status.attachments_carried))
    for case in status.cases:
        reason = f" {t.show(case.reason)}" if case.reason else ""
        print(for_terminal(f"{case.number}  {t.show(Text(WORDS[case.place]))}.{reason}"))
    for text in status.problems:
        print(for_terminal(t.show(text)))


def _receipts(receipts: tuple[ReceiptView, ...], args: Namespace, t: Translator) -> None:
    if args.json:
        print(json.dumps([_receipt(one) for one in receipts], ensure_ascii=False, indent=1))
        return
    for one in receipts:
        print(t("{day}: up to record {seq}, {hash}; taken over {applied}, waiting {waiting}, looked at {quarantined}",
                day=in_kazakhstan(one.server_time), seq=one.upto_seq, hash=one.head_hash[:16],
                applied=one.applied, waiting=one.waiting, quarantined=one.quarantined))  # fmt: skip
    if not receipts:
        print(t("There is no receipt yet."))


def _as_json(status: LinkStatus, t: Translator) -> dict[str, Any]:
    centre = status.centre
    return {
        "centre": {"id": centre.id, "name": centre.name.of(t.language), "fingerprint": centre.fingerprint,
                   "urls": list(centre.urls), "certified": centre.certified} if centre else None,
        "head_seq": status.head_seq,
        "head_hash": status.head_hash,
        "counts": {place.value: status.counts[place] for place in Place},
        "attachments_waiting": status.attachments_waiting,
        "attachments_carried": status.attachments_carried,
        "bytes_waiting": status.bytes_waiting,
        "last_receipt": _receipt(status.last_receipt) if status.last_receipt else None,
        "cases": [
            {"id": one.case_id, "number": one.number, "place": one.place.value, "events": one.events,
             "attachments": one.attachments, "arrived": one.arrived,
             "reason": t.show(one.reason) if one.reason else None} for one in status.cases
        ],
        "reference": [
            {"kind": one.kind, "name": one.name.of(t.language), "version": one.version,
             "issued_at": one.issued_at.isoformat(), "in_use": one.in_use,
             "remark": t.show(one.remark) if one.remark else None} for one in status.reference
        ],
        "problems": [t.show(text) for text in status.problems],
    }  # fmt: skip


def _receipt(one: ReceiptView) -> dict[str, Any]:
    return {
        "incarnation": one.incarnation, "upto_seq": one.upto_seq, "head_hash": one.head_hash, "applied": one.applied,
        "waiting": one.waiting, "quarantined": one.quarantined, "server_time": one.server_time.isoformat(),
        "received_at": one.received_at.isoformat(), "by": one.by,
    }  # fmt: skip


def _reporting(t: Translator) -> Any:
    def report(progress: Progress) -> None:
        if sys.stderr.isatty():
            share = f" {progress.done}/{progress.of}" if progress.of else ""
            print(f"\r\x1b[K{t.show(progress.text)}{share}", end="", file=sys.stderr, flush=True)

    return report

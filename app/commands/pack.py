"""`saraptama pack show` and `pack check`: a rule pack in words, and its proof."""

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from app import paths
from app.commands import credentials
from app.commands.citations import cited
from app.crypto.pack_signature import verify_shipped
from app.domain.errors import KnownError, UserError
from app.i18n import Translator
from app.rules.explanation import citation_document
from app.rules.library import PackLibrary
from app.rules.loader import load_draft, load_pack
from app.rules.model import Pack

if TYPE_CHECKING:
    from app.services.edition_signature import EditionSignature

DONE, FAILED = 0, 1


def run(args: Namespace, t: Translator) -> int:
    """Show the records of a pack, or check it, whoever signed it; beside it stands whether anybody did.

    0; 1 if a check failed or the signature is not one of these files. UserError: a refused pack.
    """
    if args.directory is None:
        pack, signature = _built_in(), None
    else:
        pack, signature = load_draft(args.directory), _signature(args, t)
        print(t.show(signature.words()), file=sys.stderr)
    told = _head(pack, signature)
    if args.action == "show":
        return _show(pack, told, args.json, t)
    if signature is None or signature.holds:
        return _check(pack, told, args.json, t, signed=True, in_full=args.all)
    _check(pack, told, args.json, t, signed=False, in_full=args.all)
    print(f"✗ {t.show(signature.words())}", file=sys.stderr)  # once more, where it is seen: the check is not passed
    return FAILED


def _signature(args: Namespace, t: Translator) -> "EditionSignature":
    """By the keys of the desk, where somebody signs in with --user, else by those that came with the program."""
    if args.user:
        with credentials.signed_in(args, t) as desk:
            return desk.acceptance.signature_of(args.directory)
    from app.services.edition_signature import signature_of

    return signature_of(args.directory)


def _built_in() -> Pack:
    newest = PackLibrary(verify=verify_shipped).newest()
    folder = paths.resource("rulepacks", newest.id, newest.version)
    try:
        return load_pack(folder, verify=verify_shipped, with_cases=True)
    except UserError as error:  # not what the user gave, but what was installed
        raise KnownError(error.text, where=error.where) from error


def _head(pack: Pack, signature: "EditionSignature | None") -> Mapping[str, Any]:
    head = {"id": pack.id, "version": pack.version, "digest": pack.digest, "status": pack.status.value}
    if signature is None:
        return head
    return {**head, "signature": signature.standing.value, "key": signature.fingerprint or None}


def _show(pack: Pack, head: Mapping[str, Any], as_json: bool, t: Translator) -> int:
    if as_json:
        records = [{"id": record.id, "text": record.text.of(t.language),
                    "citation": citation_document(record.citation, t.language),
                    "valid_from": _iso(record.valid_from), "valid_to": _iso(record.valid_to)}
                   for record in pack.records()]  # fmt: skip
        valid = {"valid_from": _iso(pack.valid_from), "valid_to": _iso(pack.valid_to)}
        print(json.dumps({"pack": {**head, **valid}, "records": records}, ensure_ascii=False))
        return DONE
    print(f"{t.show(pack.name)}: {pack.id} {pack.version}, {t.show(pack.word('status', pack.status))}")
    print(_in_force(pack.valid_from, pack.valid_to, t))
    print(pack.digest)
    for record in pack.records():
        print(f"\n{record.id}: {t.show(record.text)}")
        if record.valid_from or record.valid_to:
            print(f"    {_in_force(record.valid_from, record.valid_to, t)}")
        print(f"    {cited(pack, record.citation, t)}")
    return DONE


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _in_force(first: date | None, last: date | None, t: Translator) -> str:
    if last is None:
        return t("In force from {day}", day=first)
    if first is None:
        return t("In force until {day}", day=last)
    return t("In force from {first} to {last}", first=first, last=last)


def _check(
    pack: Pack, head: Mapping[str, Any], as_json: bool, t: Translator, *, signed: bool, in_full: bool
) -> int:  # fmt: skip
    from app.rules.proof import check_pack

    findings = check_pack(pack)
    failed = [finding for finding in findings if not finding.ok]
    if as_json:
        checks = [{"check": finding.check, "subject": finding.subject, "ok": finding.ok,
                   "detail": t.show(finding.detail)}
                  for finding in findings]  # fmt: skip
        print(json.dumps({"pack": head, "ok": signed and not failed, "checks": checks}, ensure_ascii=False))
    else:
        held = [finding for finding in findings if finding.ok] if in_full else []
        for finding in (*held, *failed):  # what failed stands last, where it is seen
            mark = "✓" if finding.ok else "✗"
            print(f"{mark} {t.show(finding.name)}, {finding.subject}: {t.show(finding.detail)}")
        print(t("{n} checks, {failed} failed.", n=len(findings), failed=len(failed)))
        if not in_full:
            print(t("Those that hold are shown with --all."))
    return DONE if signed and not failed else FAILED

"""`saraptama pack install`, `export`, `admit-key`, `revoke-key`, `list`: a desk's criteria and keys."""

import json
from argparse import Namespace
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.commands import credentials
from app.domain.text import one_line
from app.i18n import Translator
from app.services import admitted_keys, editions
from app.services.edition_words import days_decided, key_name, key_standing, left_out, origin, revoked, signed_off

if TYPE_CHECKING:
    from app.services.acceptance import AcceptanceService
    from app.services.edition_list import EditionInfo, KeyInfo


def run(args: Namespace, t: Translator) -> int:
    """0 done; what is refused is told by the service (UserError, CheckFailed, KnownError)."""
    if args.action == "admit-key":
        admitted_keys.read(args.file)  # a wrong path is told before anything is typed
    elif args.action == "install":
        editions.require_pack(args.directory)
    with credentials.signed_in(args, t) as desk:
        service = desk.acceptance
        match args.action:
            case "install":
                taken = service.install(args.directory, lambda step: print(f"{t.show(step)} …", flush=True))
                print(t("The edition {version} was accepted.", version=taken.version))
                print(t.show(days_decided(taken)))
                _tell_left_out(service, t)
            case "admit-key":
                admitted_keys.require_same(args.file, args.fingerprint or credentials.fingerprint(t))
                key = service.admit_key(args.file, args.name)
                print(t("The key {fingerprint} is admitted: {name}.", fingerprint=key.fingerprint, name=key.name))
            case "revoke-key":
                key = service.revoke_key(args.fingerprint, args.reason)
                print(t.show(revoked(key)))
                _tell_left_out(service, t)
            case "export":
                print(t("Written:"), service.export(args.edition, args.directory))
            case _:
                _list(service.editions(), service.keys(), args.json, t)
    return 0


def _tell_left_out(service: "AcceptanceService", t: Translator) -> None:
    for sentence in left_out(service.editions()):
        print(f"! {t.show(sentence)}")


def _list(listed: "Sequence[EditionInfo]", keys: "Sequence[KeyInfo]", as_json: bool, t: Translator) -> None:
    if as_json:
        told = {"editions": [_edition(each) for each in listed], "keys": [_key(each) for each in keys]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    print(t("Editions of the criteria:"))
    for each in listed:
        print(f"  {each.version}  {t.show(days_decided(each))}")
        print(f"      {t.show(each.trouble or each.status or '–')}")
        if each.records:
            print(f"      {t.show(signed_off(each))}")
        print(f"      {one_line(t.show(origin(each)))}")
        name = one_line(t.show(key_name(each.key)))
        signed = t("signed with the key {fingerprint}: {name}", fingerprint=each.key.fingerprint, name=name)
        print(f"      {signed}")
    print(t("Keys:"))
    for key in keys:
        print(f"  {key.fingerprint}  {one_line(t.show(key_name(key)))}")
        print(f"      {one_line(t.show(key_standing(key)))}")


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _edition(edition: "EditionInfo") -> dict[str, Any]:
    return {
        "version": edition.version,
        "digest": edition.digest,
        "valid_from": _iso(edition.days[0]),
        "valid_to": _iso(edition.days[1]),
        "decides": [[_iso(first), _iso(last)] for first, last in edition.decides],
        "status": edition.status.value if edition.status else None,
        "records": edition.records,
        "verified": edition.verified,
        "key": {"fingerprint": edition.key.fingerprint, "name": edition.key.name, "revoked": edition.key.revoked},
        "shipped": edition.shipped,
        "installed_at": _iso(edition.installed_at),
        "installed_by": edition.installed_by or None,
    }


def _key(key: "KeyInfo") -> dict[str, Any]:
    return {
        "fingerprint": key.fingerprint,
        "name": key.name,
        "shipped": key.shipped,
        "admitted_at": _iso(key.admitted_at),
        "admitted_by": key.admitted_by or None,
        "revoked": key.revoked,
        "revoked_at": _iso(key.revoked_at),
        "reason": key.reason or None,
    }

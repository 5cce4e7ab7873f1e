"""A signed conclusion that came: its digest, every signature, and what its own criteria give when run again."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from app.centre.judging import APPLIED, QUARANTINED, WAITING, Event, Known, Outcome, Signed, override_before
from app.crypto import digests, signing
from app.crypto.records import device_statement, member_statement
from app.domain import case_file, dates
from app.domain.brought import ATTACHMENTS
from app.domain.dossier import DOSSIER, KEY
from app.domain.errors import Told
from app.domain.text import LANGUAGES
from app.domain.voting import DIFFERS

if TYPE_CHECKING:
    from app.rules.model import Pack

FORMAT: Final = "saraptama-conclusion/1"
# What is compared of a proposal: all that decides; not its words, which a later program may say better.
_COMPARED: Final = ("on", "age", "outcome", "level", "missing", "period", "general_capacity", "professional_capacity",
                    "cause")  # fmt: skip


def check_conclusion(event: Event, known: Known) -> Outcome:
    """As `judge`, for `case.signed`; both signatures of the event hold already."""
    payload = event["payload"]
    record, seal = json.loads(payload["record"]), json.loads(payload["seal"])
    reason = _objection(event, record, seal, known)
    if reason:
        return Outcome(QUARANTINED, reason)
    pack = known.pack(record["pack"]["digest"])
    if pack is None:
        return Outcome(QUARANTINED, "unknown_pack")
    rerun = run_again(pack, record["case"])
    if rerun is None:
        return Outcome(QUARANTINED, "case_unreadable")
    if not all(_same(rerun, record["proposal"][language]) for language in LANGUAGES):
        return Outcome(QUARANTINED, "rerun_differs")
    overridden = override_before(event, known)
    differs = DIFFERS in _codes(rerun)
    if differs != (overridden is not None) or (overridden is not None and not _agrees(overridden, event, record)):
        return Outcome(QUARANTINED, "override_disagrees")
    before = known.conclusion_of(record["supersedes"]) if record["supersedes"] is not None else None
    if record["supersedes"] is not None and before is None:
        return Outcome(QUARANTINED, "unknown_case")
    if before is not None and before[0] == QUARANTINED:
        return Outcome(QUARANTINED, "depends")
    named = named_attachments(record["case"])
    signed = Signed(record, seal, payload["digest"], differs, named)
    missing = tuple(sorted(set(named) - set(known.complete(named))))
    return Outcome(WAITING if missing else APPLIED, "", missing, len(named), signed)


def run_again(pack: "Pack", document: Mapping[str, Any]) -> dict[str, Any] | None:
    """What these criteria give for this case (`mse-proposal/1`, without its steps); None where they can't be asked."""
    from app.rules.engine import propose
    from app.rules.explanation import to_document

    on = dates.parse_iso(case_file.get(dict(document), "examination.on") or "")
    if on is None:
        return None
    try:
        case_file.check_document({key: value for key, value in document.items() if key != KEY})
        DOSSIER.check(document.get(KEY) or {}, KEY)
        return to_document(propose(pack.on(on), dict(document), trace=False), "en")
    except Told:
        return None


def named_attachments(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Digests of the copies of papers that a case names, each once."""
    listed = case_file.get(dict(document), ATTACHMENTS) or ()
    return tuple(dict.fromkeys(str(entry["digest"]) for entry in listed))


def _objection(event: Event, record: Mapping[str, Any], seal: Mapping[str, Any], known: Known) -> str:
    """The first thing that is wrong with the record or under it; empty where nothing is."""
    payload = event["payload"]
    digest = digests.written(digests.digest(digests.CONCLUSION, payload["record"].encode()))
    if record["format"] != FORMAT:
        return "unknown_type"
    datetime.strptime(record["signed_at"], "%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: DTZ007 - its form alone is looked at
    if {payload["digest"], seal["digest"]} != {digest}:
        return "digest"
    if (record["case_id"], record["number"]) != (event["case_id"], payload["number"]):
        return "digest"
    if event["pack_digest"] != record["pack"]["digest"]:
        return "digest"
    heads = seal["event_head"]
    if not heads["seq"] < event["seq"] or not known.has_event(heads["seq"], heads["hash"]):
        return "other_log"
    if not _members_signed(record, seal, known):
        return "member_signature"
    device = seal["device"]
    holds = signing.verify(
        known.device_key, signing.CONCLUSION, device_statement(seal), bytes.fromhex(device["signature"])
    )
    if (device["id"], device["public_key"]) != (known.device, known.device_key.hex()) or not holds:
        return "device_signature"
    return ""


def _members_signed(record: Mapping[str, Any], seal: Mapping[str, Any], known: Known) -> bool:
    commission, entries = record["case"]["examination"]["commission"], seal["signatures"]
    if not commission or [entry["member"] for entry in entries] != list(range(len(commission))):
        return False
    if len({entry["user"] for entry in entries}) != len(entries):
        return False
    for entry, member in zip(entries, commission, strict=True):
        user, key = known.actor(entry["user"]), bytes.fromhex(entry["public_key"])
        if user is None or (user.public_key, user.login) != (entry["public_key"], entry["login"]):
            return False
        if (entry["name"], entry["role"], entry["signed_at"]) != (member["name"], member["role"], record["signed_at"]):
            return False
        since = known.revoked_since(entry["user"])
        if since is not None and record["signed_at"] >= since:
            return False
        signature = bytes.fromhex(entry["signature"])
        if not signing.verify(key, signing.CONCLUSION, member_statement(seal, entry), signature):
            return False
    return True


def _same(rerun: Mapping[str, Any], signed: Mapping[str, Any]) -> bool:
    return all(rerun[name] == signed[name] for name in _COMPARED) and _codes(rerun) == _codes(signed)


def _codes(proposal: Mapping[str, Any]) -> list[str]:
    return [conflict["code"] for conflict in proposal["conflicts"]]


def _agrees(overridden: Event, event: Event, record: Mapping[str, Any]) -> bool:
    told, payload = overridden["payload"], event["payload"]
    return bool(
        overridden["case_id"] == event["case_id"]
        and told["digest"] == payload["digest"]
        and told["proposed"] == record["proposal"]["en"]["outcome"]
        and told["decision"] == record["case"]["decision"]
    )

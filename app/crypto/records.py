"""What exactly the signatures in records are of; laptop and centre check the same bytes."""

from collections.abc import Mapping
from typing import Any

from app.crypto import digests


def signed_part(record: Mapping[str, Any]) -> bytes:
    """What the signatures in a record are of: all the rest of it, and by `prev_hash` every record before."""
    return digests.canonical({key: value for key, value in record.items() if key != "signatures"})


def member_statement(seal: Mapping[str, Any], entry: Mapping[str, Any]) -> bytes:
    """What one member's key signs."""
    heads = {key: seal[key] for key in ("digest", "audit_head", "event_head")}
    return digests.canonical({**heads, **{key: value for key, value in entry.items() if key != "signature"}})


def device_statement(seal: Mapping[str, Any]) -> bytes:
    """What the device's key signs: the seal with every member's signature."""
    device = {key: value for key, value in seal["device"].items() if key != "signature"}
    return digests.canonical({**seal, "device": device})

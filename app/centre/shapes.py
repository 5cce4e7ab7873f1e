"""The events that the centre understands, and the parts without which each of them says nothing."""

from collections.abc import Mapping
from typing import Any, Final

from app.sync.wire import is_id

_KEY: Final = "[0-9a-f]{64}"
_ID: Final = "[0-9a-f]{32}"
_DIGEST: Final = "sha256:[0-9a-f]{64}"
# By type: name of a part → its type, or a pattern of its whole text.
_SHAPES: Final[Mapping[str, Mapping[str, type | str]]] = {
    "installation.created": {"device_public": _KEY, "department": dict},
    "desk.restored": {"incarnation": _ID, "before": dict},
    "department.changed": {"department": dict},
    "user.added": {"id": _ID, "login": str, "name": str, "public_key": _KEY},
    "user.recovered": {"id": _ID},
    "clock.jumped": {"before": str, "after": str},
    "edition.accepted": {"digest": _DIGEST},
    "key.admitted": {},
    "key.revoked": {},
    "person.merged": {"kept": str, "merged": str, "cases": list},
    "person.separated": {"kept": str, "merged": str, "cases": list},
    "case.signed": {"number": str, "digest": _DIGEST, "record": str, "seal": str},
    "case.superseded": {"by": _ID},
    "case.ended": {"ending": dict},
    "case.resumed": {"reason": str},
    "decision.overridden": {"digest": _DIGEST, "proposed": str, "decision": dict},
    "document.printed": {"document": str, "language": str, "digest": str, "how": str},
    "document.signed": {"document": str, "language": str, "digest": _DIGEST, "member": int},
    "paper.issued": {"kind": str, "series": str, "number": int, "digits": int},
    "paper.spoiled": {"kind": str, "series": str, "number": int, "digits": int},
    "attachment.added": {"digest": _KEY, "kind": str, "size": int},
}
_OF_A_CASE: Final = frozenset({"case.signed", "case.superseded", "case.ended", "case.resumed", "decision.overridden",
                               "document.signed", "attachment.added", "paper.issued"})  # fmt: skip
_ENVELOPE: Final[Mapping[str, type]] = {
    "v": int, "device": str, "incarnation": str, "seq": int, "actor": str, "type": str, "wall_time": str,
    "payload": dict, "signatures": dict,
}  # fmt: skip


def is_known(kind: str) -> bool:
    """Whether this centre knows events of this type; a newer laptop may write others."""
    return kind in _SHAPES


def fits_envelope(event: object) -> bool:
    """Whether it has the parts that every event has."""
    return isinstance(event, dict) and all(type(event.get(name)) is kind for name, kind in _ENVELOPE.items())


def fits(event: Mapping[str, Any]) -> bool:
    """Whether the payload has the parts that its type needs. KeyError for an unknown type."""
    import re

    payload, shape = event["payload"], _SHAPES[event["type"]]
    for name, wanted in shape.items():
        value = payload.get(name)
        if isinstance(wanted, str):
            if not isinstance(value, str) or re.fullmatch(wanted, value) is None:
                return False
        elif type(value) is not wanted:
            return False
    anchor = payload.get("audit_head")
    if not isinstance(anchor, dict) or type(anchor.get("seq")) is not int or not isinstance(anchor.get("hash"), str):
        return False
    case_id = event.get("case_id")
    return is_id(case_id) or (case_id is None and event["type"] not in _OF_A_CASE)

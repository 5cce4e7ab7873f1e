"""A new life of the log: after a copy was put in the database's place, or where two laptops continued one log."""

import secrets
from typing import TYPE_CHECKING, Any

from app.storage import installation
from app.storage.chain import EVENTS

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork


def begin(work: "UnitOfWork", *, log_set_aside: bool, reason: str = "") -> None:
    """Give the log a new incarnation that names the record after which it branches: records that were written after
    that one may have travelled, and two records must never go by one name."""
    before, head = installation.identity(work.connection), EVENTS.head(work.connection)
    incarnation = secrets.token_hex(16)
    installation.begin_incarnation(work, incarnation)
    told: dict[str, Any] = {
        "incarnation": incarnation,
        "before": {"incarnation": before.incarnation, "seq": head.seq, "hash": head.hash},
        "log_set_aside": log_set_aside,
    }
    if reason:
        told["reason"] = reason
    work.audit("desk.restored", new=told)
    work.emit("desk.restored", told)

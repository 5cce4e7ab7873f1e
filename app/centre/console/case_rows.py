"""What the pages about records read: conclusions, what was set aside, alarms. Lists carry no name of a person."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from app.centre.console.lists import Order
from app.centre.console.words import moment_of

SORTED: Final[Mapping[str, str]] = {
    "number": "c.number",
    "signed": "c.signed_at",
    "examined": "c.examined_on",
    "region": "c.region",
    "outcome": "c.outcome",
}
_SHORT: Final = (
    "c.incarnation, c.line, c.seq, c.device, c.case_id, c.number, c.digest, c.complete, c.supersedes, c.region,"
    " c.department, c.examined_on, c.place, c.occasion, c.signed_at, c.received_at, c.outcome, c.period_kind,"
    " c.period_value, c.until, c.general, c.professional, c.cause, c.proposed_outcome, c.proposed_kind,"
    " c.proposed_value, c.proposed_cause, c.overridden, c.override_reason, c.pack, c.pack_version,"
    " superseded.number AS superseded_by"
)
_WITH_NEXT: Final = (
    "conclusions c LEFT JOIN (SELECT device, supersedes, max(number) AS number FROM conclusions"
    " WHERE supersedes IS NOT NULL GROUP BY device, supersedes) superseded"
    " ON superseded.device = c.device AND superseded.supersedes = c.case_id"
)
_AT: Final = "c.incarnation = :incarnation AND c.line = :line AND c.seq = :seq"
_ASIDE: Final = (
    "SELECT u.*, i.device, d.number, d.region, e.record FROM unapplied u"
    " JOIN incarnations i ON i.incarnation = u.incarnation AND i.line = u.line"
    " LEFT JOIN devices d ON d.device = i.device"
    " LEFT JOIN events e ON e.incarnation = u.incarnation AND e.line = u.line AND e.seq = u.seq"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a list of conclusions is narrowed to; empty: not at all. `decision`: "" or "overridden"."""

    first: date | None = None
    last: date | None = None
    region: str = ""
    outcome: str = ""
    decision: str = ""

    def where(self) -> tuple[str, dict[str, Any]]:
        """The condition and its parameters."""
        told, params = ["1 = 1"], {}
        if self.first is not None:
            told.append("c.examined_on >= :first")
            params["first"] = self.first.isoformat()
        if self.last is not None:
            told.append("c.examined_on <= :last")
            params["last"] = self.last.isoformat()
        for name, value in (("region", self.region), ("outcome", self.outcome)):
            if value:
                told.append(f"c.{name} = :{name}")
                params[name] = value
        if self.decision == "overridden":
            told.append("c.overridden = 1")
        return " AND ".join(told), params


@dataclass(frozen=True, slots=True)
class Aside:
    """One event that is not applied. `type`, `case_id`: as far as the record can be read."""

    incarnation: str
    line: int
    seq: int
    state: str
    reason: str
    came: int
    whole: int
    since: datetime | None
    device: str
    number: str
    region: str
    type: str
    case_id: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person at the centre has to look at."""

    id: int
    name: str
    kind: str
    device: str | None
    incarnation: str | None
    seq: int | None
    told: Mapping[str, Any]
    made_at: datetime | None
    answered_at: datetime | None
    answer: str


def conclusions(connection: Connection, choice: Choice, order: Order) -> tuple[list[Row[Any]], int]:
    """A page of conclusions, and how many there are."""
    where, params = choice.where()
    way = "DESC" if order.descending else "ASC"
    found = connection.execute(
        text(
            f"SELECT {_SHORT} FROM {_WITH_NEXT} WHERE {where}"  # noqa: S608
            f" ORDER BY {SORTED[order.sort]} {way}, c.incarnation, c.line, c.seq LIMIT :limit OFFSET :offset"
        ),
        {**params, "limit": order.limit, "offset": order.offset},
    ).all()
    total = connection.execute(text(f"SELECT count(*) FROM conclusions c WHERE {where}"), params)  # noqa: S608
    return list(found), int(total.scalar_one())


def by_numbers(connection: Connection, numbers: list[Any]) -> list[Row[Any]]:
    """The conclusions of these numbers, some of them where there are many."""
    found: list[Row[Any]] = []
    for number in numbers[:10]:
        asked = {"number": str(number)}
        select = "SELECT c.number, c.incarnation, c.line, c.seq FROM conclusions c WHERE c.number = :number LIMIT 5"
        found += connection.execute(text(select), asked).all()
    return found


def regions(connection: Connection) -> list[str]:
    """Those that conclusions came from."""
    return list(connection.execute(text("SELECT DISTINCT region FROM conclusions ORDER BY region")).scalars())


def conclusion(connection: Connection, place: Mapping[str, Any]) -> Row[Any] | None:
    """One, without the person."""
    return connection.execute(
        text(f"SELECT {_SHORT} FROM {_WITH_NEXT} WHERE {_AT}"),  # noqa: S608
        place,
    ).first()


def person_of(connection: Connection, place: Mapping[str, Any]) -> Row[Any] | None:
    """The person of a conclusion; whoever reads it writes that down."""
    return connection.execute(
        text(f"SELECT iin, person, birth_date, sex, kato, icd10, organisation FROM conclusions c WHERE {_AT}"),  # noqa: S608
        place,
    ).first()


def others_of(connection: Connection, iin: str, place: Mapping[str, Any]) -> list[Row[Any]]:
    """The other conclusions about a person, newest first."""
    return list(
        connection.execute(
            text(
                f"SELECT {_SHORT} FROM {_WITH_NEXT} WHERE c.iin = :iin AND NOT ({_AT})"  # noqa: S608
                " ORDER BY c.signed_at DESC LIMIT 50"
            ),
            {**place, "iin": iin},
        )
    )


def members(connection: Connection, place: Mapping[str, Any]) -> list[Row[Any]]:
    """Who signed."""
    return list(
        connection.execute(
            text(f"SELECT c.name, c.role, c.signed_at FROM conclusion_members c WHERE {_AT} ORDER BY c.member"),  # noqa: S608
            place,
        )
    )


def record(connection: Connection, place: Mapping[str, Any]) -> bytes | None:
    """The event byte for byte as it came."""
    found = connection.execute(text(f"SELECT c.record FROM events c WHERE {_AT}"), place).scalar()  # noqa: S608
    return None if found is None else bytes(found)


def asides(connection: Connection, state: str, reason: str, order: Order) -> tuple[list[Aside], int]:
    """A page of events that are not applied, oldest first, and how many there are."""
    where, params = "u.state = :state", {"state": state}
    if reason:
        where, params = where + " AND u.reason = :reason", {**params, "reason": reason}
    found = connection.execute(
        text(
            f"{_ASIDE} WHERE {where}"
            f" ORDER BY u.since {'DESC' if order.descending else 'ASC'}, u.incarnation, u.line, u.seq"
            " LIMIT :limit OFFSET :offset"
        ),
        {**params, "limit": order.limit, "offset": order.offset},
    )
    total = connection.execute(text(f"SELECT count(*) FROM unapplied u WHERE {where}"), params)  # noqa: S608
    return [_aside(row) for row in found], int(total.scalar_one())


def aside(connection: Connection, place: Mapping[str, Any]) -> Aside | None:
    """One event that is not applied."""
    row = connection.execute(
        text(f"{_ASIDE} WHERE u.incarnation = :incarnation AND u.line = :line AND u.seq = :seq"), place
    ).first()
    return None if row is None else _aside(row)


def reasons(connection: Connection, state: str) -> dict[str, int]:
    """How many events by reason, the most first."""
    found = connection.execute(
        text("SELECT reason, count(*) FROM unapplied WHERE state = :state GROUP BY reason ORDER BY 2 DESC, 1"),
        {"state": state},
    )
    return {str(row[0]): int(row[1]) for row in found}


def alarms(connection: Connection, which: str, kind: str, order: Order) -> tuple[list[Alarm], int]:
    """A page of alarms, newest first. `which`: "open", "answered" or "" for all."""
    told, params = ["1 = 1"], {}
    if which:
        told.append(f"answered_at IS {'NULL' if which == 'open' else 'NOT NULL'}")
    if kind:
        told.append("kind = :kind")
        params["kind"] = kind
    where = " AND ".join(told)
    found = connection.execute(
        text(f"SELECT * FROM alarms WHERE {where} ORDER BY id DESC LIMIT :limit OFFSET :offset"),  # noqa: S608
        {**params, "limit": order.limit, "offset": order.offset},
    )
    total = connection.execute(text(f"SELECT count(*) FROM alarms WHERE {where}"), params)  # noqa: S608
    return [_alarm(row) for row in found], int(total.scalar_one())


def alarm(connection: Connection, identity: int) -> Alarm | None:
    """One alarm."""
    row = connection.execute(text("SELECT * FROM alarms WHERE id = :id"), {"id": identity}).first()
    return None if row is None else _alarm(row)


def alarm_kinds(connection: Connection) -> list[str]:
    """Those that occur."""
    return list(connection.execute(text("SELECT DISTINCT kind FROM alarms ORDER BY kind")).scalars())


def _aside(row: Row[Any]) -> Aside:
    told = _read(row.record)
    return Aside(
        row.incarnation, row.line, row.seq, row.state, row.reason, row.came, row.whole, moment_of(row.since),
        row.device, row.number or "", row.region or "", str(told.get("type") or "")[:60],
        str(told.get("case_id") or "")[:40],
    )  # fmt: skip


def _alarm(row: Row[Any]) -> Alarm:
    return Alarm(
        row.id, row.name, row.kind, row.device, row.incarnation, row.seq, _read(row.told), moment_of(row.made_at),
        moment_of(row.answered_at), row.answer or "",
    )  # fmt: skip


def _read(data: bytes | str | None) -> dict[str, Any]:
    try:
        told = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}

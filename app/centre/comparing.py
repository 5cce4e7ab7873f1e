"""Across laptops: what one laptop can't see. Each finding is an alarm that says what was found, never a verdict: a
person looks at it. Alarms name conclusions by laptop and number; who the persons are stands in the conclusions alone.

    person_twice        two conclusions stand for one ИИН at once, or were given within 30 days, by other laptops or
                        as first examinations
    number_twice        one number of a conclusion on two cases
    blank_twice         one numbered blank issued twice
    two_places          a member of a commission at work on two laptops at once, or within ten minutes (by the laptops'
                        own clocks, which may be wrong: the alarm says both times)
    deceased            somebody who stands in the list of the deceased, examined after that day
    text_alike          one long text, but for digits and punctuation, about two persons
    overrides           a commission or a clinic whose share of decisions against the proposal stands out (see `rates`)
"""

import json
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, text

from app.centre import audit
from app.centre.store import Store, now, raise_alarm
from app.domain.dates import parse_iso

_STEP: Final = 50
NEAR: Final = timedelta(minutes=10)
SOON: Final = timedelta(days=30)
FEWEST: Final = 20
"""conclusions from which on a share says something"""
CERTAINTY: Final = 0.01
_STANDS: Final = (
    " NOT EXISTS (SELECT 1 FROM signings s WHERE s.device = c.device AND s.supersedes = c.case_id"
    " AND s.state <> 'quarantined')"
)


def compare(store: Store) -> int:
    """Compare some conclusions and blanks that were not compared yet with all others; how many."""
    skip = " FOR UPDATE SKIP LOCKED" if store.is_postgresql else ""
    with store.begin() as connection:
        waiting = [
            connection.execute(text(f"SELECT 1 FROM {table} WHERE compared = 0 LIMIT 1")).first()  # noqa: S608
            for table in ("conclusions", "blanks")
        ]
    if waiting == [None, None]:
        return 0
    with store.begin(write=True) as connection:
        rows = connection.execute(
            text(f"SELECT * FROM conclusions WHERE compared = 0 LIMIT {_STEP}{skip}")  # noqa: S608
        ).mappings()
        found = [dict(row) for row in rows]
        for row in found:
            _conclusion(connection, row)
            _done(connection, "conclusions", row)
        blanks = connection.execute(text(f"SELECT * FROM blanks WHERE compared = 0 LIMIT {_STEP}{skip}"))  # noqa: S608
        for blank in [dict(row) for row in blanks.mappings()]:
            found.append(blank)
            _blank(connection, blank)
            _done(connection, "blanks", blank)
        # Last, for acts are written one at a time until their transaction ends.
        for row in found:
            if row.get("supersedes"):
                _close(connection, row)
    return len(found)


def _done(connection: Connection, table: str, row: Mapping[str, Any]) -> None:
    connection.execute(
        text(f"UPDATE {table} SET compared = 1 WHERE incarnation = :incarnation AND line = :line AND seq = :seq"),  # noqa: S608
        _place(row),
    )


def _conclusion(connection: Connection, row: Mapping[str, Any]) -> None:
    if row["iin"]:
        _person(connection, row)
        _deceased(connection, row)
    _number(connection, row)
    _two_places(connection, row)
    _texts(connection, row)


def _person(connection: Connection, row: Mapping[str, Any]) -> None:
    others = connection.execute(
        text(f"SELECT * FROM conclusions c WHERE iin = :iin AND {_STANDS} LIMIT 200"),  # noqa: S608
        {"iin": row["iin"]},
    ).mappings()
    found = [dict(other) for other in others]
    if not any(_place(other) == _place(row) for other in found):
        return  # superseded since
    for other in found:
        if _place(other) == _place(row) or other["case_id"] == row["case_id"]:
            continue
        earlier, later = sorted((row, other), key=lambda one: (one["examined_on"], one["signed_at"], one["number"]))
        days = overlap(earlier, later)
        soon = _day(later["examined_on"]) - _day(earlier["examined_on"]) <= SOON
        same_laptop, first = earlier["device"] == later["device"], later["occasion"] in (None, "first")
        if (days and first) or (soon and not same_laptop and later["occasion"] not in ("control", "appeal")):
            told = {"days": days, "between": (_day(later["examined_on"]) - _day(earlier["examined_on"])).days}
            _raise_pair(connection, "person_twice", earlier, later, told)


def overlap(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> int:
    """For how many days both stand, from the later one's day on; 0 where they don't, 99999 where neither ends."""
    if "not_established" in (earlier["outcome"], later["outcome"]):
        return 0
    begin = _day(later["examined_on"])
    ends = [parse_iso(one["until"]) if one["until"] else date.max for one in (earlier, later)]
    end = min(day for day in ends if day is not None)
    return 0 if end <= begin else min((end - begin).days, 99_999)


def _deceased(connection: Connection, row: Mapping[str, Any]) -> None:
    since = connection.execute(
        text("SELECT since, source FROM listed_persons WHERE kind = 'deceased' AND iin = :iin"), {"iin": row["iin"]}
    ).first()
    if since is not None and (since[0] is None or since[0] <= row["examined_on"]):
        told = {"since": since[0], "source": since[1], "examined_on": row["examined_on"], **_named(row)}
        _raise(connection, "deceased", row["digest"], told, row)


def _number(connection: Connection, row: Mapping[str, Any]) -> None:
    others = connection.execute(
        text("SELECT * FROM conclusions WHERE number = :number AND digest <> :digest LIMIT 20"),
        {"number": row["number"], "digest": row["digest"]},
    ).mappings()
    for other in others:
        _raise_pair(connection, "number_twice", row, dict(other), {})


def _blank(connection: Connection, row: Mapping[str, Any]) -> None:
    others = connection.execute(
        text(
            "SELECT * FROM blanks WHERE kind = :kind AND series = :series AND number = :number"
            " AND NOT (incarnation = :incarnation AND line = :line AND seq = :seq) LIMIT 20"
        ),
        {**_place(row), "kind": row["kind"], "series": row["series"], "number": row["number"]},
    ).mappings()
    for other in others:
        places = sorted(f"{one['incarnation']}/{one['seq']}" for one in (row, other))
        told = {"paper": row["kind"], "series": row["series"], "blank": row["number"],
                "laptops": sorted({row["device"], other["device"]})}  # fmt: skip
        _raise(connection, "blank_twice", "/".join(places), told, row)


def _two_places(connection: Connection, row: Mapping[str, Any]) -> None:
    mine = connection.execute(
        text("SELECT * FROM conclusion_members WHERE incarnation = :incarnation AND line = :line AND seq = :seq"),
        _place(row),
    ).mappings()
    for member in [dict(one) for one in mine]:
        begin, end = _moment(member["began_at"]) - NEAR, _moment(member["signed_at"]) + NEAR
        others = connection.execute(
            text(
                "SELECT m.*, c.number, c.digest FROM conclusion_members m JOIN conclusions c"
                " ON c.incarnation = m.incarnation AND c.line = m.line AND c.seq = m.seq"
                " WHERE m.folded = :folded AND m.device <> :device AND m.signed_at >= :begin AND m.began_at <= :end"
                " LIMIT 20"
            ),
            {"folded": member["folded"], "device": row["device"], "begin": _written(begin), "end": _written(end)},
        ).mappings()
        for other in others:
            name = "/".join([*sorted((row["digest"], other["digest"])), str(member["member"])])
            at = [[one["began_at"], one["signed_at"]] for one in (member, other)]
            numbers, laptops = [row["number"], other["number"]], [row["device"], other["device"]]
            told = {"numbers": numbers, "laptops": laptops, "at": at, "role": member["role"]}
            _raise(connection, "two_places", name, told, row)


def _texts(connection: Connection, row: Mapping[str, Any]) -> None:
    """One alarm for a text, however often it comes back."""
    others = connection.execute(
        text(
            "SELECT t.hash, t.field, c.number, c.device FROM conclusion_texts t"
            " JOIN conclusion_texts o ON o.hash = t.hash"
            " JOIN conclusions c ON c.incarnation = o.incarnation AND c.line = o.line AND c.seq = o.seq"
            " WHERE t.incarnation = :incarnation AND t.line = :line AND t.seq = :seq"
            " AND c.case_id <> :case_id AND (c.iin IS NULL OR c.iin <> :iin) LIMIT 20"
        ),
        {**_place(row), "case_id": row["case_id"], "iin": row["iin"] or ""},
    ).all()
    for hash_, field, number, device in others:
        told = {"field": field, "numbers": sorted((number, row["number"])), "laptops": sorted({device, row["device"]})}
        _raise(connection, "text_alike", hash_, told, row)


def _close(connection: Connection, row: Mapping[str, Any]) -> None:
    """Close the open alarms that ask about a conclusion because it stands, now that `row` supersedes it: where that one
    gives cause too, it has an alarm of its own. What happened whatever stands (`two_places`, …) stays open."""
    earlier = connection.execute(
        text("SELECT number, digest FROM conclusions WHERE device = :device AND case_id = :case_id"),
        {"device": row["device"], "case_id": row["supersedes"]},
    ).all()
    for number, digest in earlier:
        alarms = connection.execute(
            text("SELECT id, kind, told FROM alarms WHERE answered_at IS NULL AND kind IN ('person_twice', 'deceased')"
                 " AND name LIKE :named ORDER BY id"),
            {"named": f"%{digest}%"},
        ).all()  # fmt: skip
        for id_, kind, told in alarms:
            whole = {**json.loads(told), "superseded": number, "superseded_by": row["number"]}
            connection.execute(
                text("UPDATE alarms SET answered_at = :now, answer = '', told = :told WHERE id = :id"),
                {"now": now(), "told": json.dumps(whole), "id": id_},
            )
            audit.write(connection, time.time(), audit.CENTRE, "alarm.closed", f"{kind} {id_}",
                        reason=f"{number} → {row['number']}")  # fmt: skip


# --- shares of overrides ---
@dataclass(frozen=True, slots=True)
class Rate:
    """A group's overrides. `others`: the share in all other groups together; `chance`: how likely so many or more would
    be, were this group like the others (one-sided exact binomial)."""

    group: str
    conclusions: int
    overrides: int
    others: float
    chance: float


def rates(counts: Mapping[str, tuple[int, int]]) -> tuple[Rate, ...]:
    """The groups whose overrides stand out, the least likely first. `counts`: conclusions and overrides by group.

    A group stands out where so many overrides, or more, would come by chance in fewer than one of a hundred centres
    with as many groups (Bonferroni: 0.01 divided by the number of groups), were its true share that of all others
    together. Groups of fewer than 20 conclusions, and a single group, say nothing.
    """
    looked = {group: both for group, both in counts.items() if both[0] >= FEWEST}
    whole, against = (sum(both[at] for both in counts.values()) for at in (0, 1))
    found = []
    for group, (n, k) in looked.items():
        if whole == n:
            continue
        # Half an override more than were seen: a share of exactly nought would call a single one impossible.
        others = (against - k + 0.5) / (whole - n + 1)
        chance = tail(n, k, others)
        if chance < CERTAINTY / len(looked) and k / n > others:
            found.append(Rate(group, n, k, others, chance))
    return tuple(sorted(found, key=lambda one: (one.chance, one.group)))


def tail(n: int, k: int, share: float) -> float:
    """How likely `k` or more of `n` are, each with this share."""
    if k <= 0:
        return 1.0
    if not 0 < share < 1:
        return float(share >= 1)
    logs = [
        math.lgamma(n + 1) - math.lgamma(j + 1) - math.lgamma(n - j + 1) + j * math.log(share)
        + (n - j) * math.log1p(-share)
        for j in range(k, n + 1)
    ]  # fmt: skip
    return min(1.0, math.fsum(map(math.exp, logs)))


def compare_rates(store: Store) -> tuple[tuple[str, Rate], ...]:
    """Look at commissions (by their head) and clinics; alarms for those that stand out, one a month for each."""
    found: list[tuple[str, Rate]] = []
    with store.begin(write=True) as connection:
        for by, counts in (("commission", _by_head(connection)), ("clinic", _by_clinic(connection))):
            found += [(by, rate) for rate in rates(counts)]
        for by, rate in found:
            told = {"by": by, "group": rate.group, "conclusions": rate.conclusions, "overrides": rate.overrides,
                    "others": round(rate.others, 4), "chance": rate.chance}  # fmt: skip
            raise_alarm(connection, "overrides", f"{by}/{rate.group}/{now()[:7]}", told)
    return tuple(found)


def _by_head(connection: Connection) -> dict[str, tuple[int, int]]:
    return _counts(connection.execute(
        text("SELECT c.region, c.department, m.name, count(*), sum(c.overridden) FROM conclusions c"  # noqa: S608
             " JOIN conclusion_members m ON m.incarnation = c.incarnation AND m.line = c.line AND m.seq = c.seq"
             f" WHERE m.role = 'head' AND {_STANDS} GROUP BY c.region, c.department, m.name")
    ))  # fmt: skip


def _by_clinic(connection: Connection) -> dict[str, tuple[int, int]]:
    return _counts(connection.execute(
        text("SELECT c.organisation, count(*), sum(c.overridden) FROM conclusions c"  # noqa: S608
             f" WHERE c.organisation IS NOT NULL AND {_STANDS} GROUP BY c.organisation")
    ))  # fmt: skip


def _counts(rows: Iterable[Any]) -> dict[str, tuple[int, int]]:
    return {" · ".join(str(part) for part in row[:-2]): (int(row[-2]), int(row[-1] or 0)) for row in rows}


# --- inside ---
def _raise_pair(
    connection: Connection, kind: str, one: Mapping[str, Any], other: Mapping[str, Any], told: Mapping[str, Any]
) -> None:
    pair = [one, other]
    whole = {"numbers": [each["number"] for each in pair], "laptops": [each["device"] for each in pair],
             "examined_on": [each["examined_on"] for each in pair], **told}  # fmt: skip
    _raise(connection, kind, "/".join(sorted(each["digest"] for each in pair)), whole, other)


def _raise(connection: Connection, kind: str, name: str, told: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    raise_alarm(connection, kind, name, told, device=row["device"], incarnation=row["incarnation"], seq=int(row["seq"]))


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"numbers": [row["number"]], "laptops": [row["device"]]}


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"incarnation": row["incarnation"], "line": row["line"], "seq": row["seq"]}


def _day(written: str) -> date:
    return parse_iso(written) or date.min


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written.replace("Z", "+00:00"))


def _written(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

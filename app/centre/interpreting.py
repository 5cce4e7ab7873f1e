"""Workers that interpret what has come: any number of them, each may be killed at any moment.

One step is one transaction over one line of one log: it is locked (PostgreSQL: `FOR UPDATE SKIP LOCKED` on its row in
`progress`; SQLite has one writer), some events are judged in their order, and what follows is written together with how
far it went. Killed before the commit, nothing happened; after it, nothing is left to do twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError, DBAPIError, StatementError

from app.centre import judging, projecting
from app.centre.conclusion_check import named_attachments
from app.centre.editions import Editions
from app.centre.holding import Held, Line, edition_files
from app.centre.judging import APPLIED, QUARANTINED, WAITING, Outcome
from app.centre.store import Store, now

STEP: Final = 100
"""events in one transaction"""

_PICK: Final = (
    "SELECT p.incarnation, p.line, i.device, i.first_seq, i.last_seq, i.after_incarnation, i.after_line,"
    " p.interpreted_upto, p.look_again, p.requeue, d.public_key"
    " FROM progress p JOIN incarnations i ON i.incarnation = p.incarnation AND i.line = p.line"
    " JOIN devices d ON d.device = i.device"
    " LEFT JOIN progress a ON a.incarnation = i.after_incarnation AND a.line = i.after_line"
    " WHERE i.aside = 0 AND (a.incarnation IS NULL OR a.interpreted_upto >= i.first_seq - 1)"
    " AND (p.look_again <> 0 OR p.requeue <> 0"
    " OR (p.interpreted_upto < i.last_seq AND (p.stuck_at IS NULL OR p.stuck_at < i.last_seq)))"
    " {among} ORDER BY p.interpreted_upto, p.incarnation, p.line LIMIT 1"
)
_AGAIN: Final = text(
    "SELECT seq, state, again, came FROM unapplied WHERE incarnation = :incarnation AND line = :line"
    " AND ((:again = 1 AND again <> 0) OR (:waits = 1 AND (state = 'waiting_attachment' OR reason = 'depends')))"
    " ORDER BY seq"
)
_RESTING: Final = text(
    "SELECT seq FROM unapplied WHERE incarnation = :incarnation AND line = :line AND seq > :after"
    " AND reason = 'depends' ORDER BY seq"
)
_CAME: Final = text(
    "UPDATE unapplied SET came = :came WHERE incarnation = :incarnation AND line = :line AND seq = :seq"
)
_NO_MORE: Final = text("DELETE FROM unapplied WHERE incarnation = :incarnation AND line = :line AND seq = :seq")
_RECORD: Final = text("SELECT record FROM events WHERE incarnation = :incarnation AND line = :line AND seq = :seq")


@dataclass(slots=True)
class _Picked:
    line: Line
    last_seq: int
    upto: int
    look_again: bool
    requeue: bool
    key: bytes


class Interpreter:
    """Judges and projects. One for each thread that works."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._editions = Editions(self._published)

    def step(self, device: str | None = None) -> int:
        """One line some events further (of this laptop, or of any); how many were judged. 0: nothing is left to do."""
        with self._store.begin(write=True) as connection:
            picked = self._pick(connection, device)
            if picked is None:
                return 0
            return self._work(connection, picked)

    def run_dry(self, device: str | None = None) -> int:
        """Steps until nothing is left; how many events were judged."""
        done = 0
        while judged := self.step(device):
            done += judged
        return done

    def _pick(self, connection: Connection, device: str | None) -> _Picked | None:
        statement = _PICK.format(among="AND i.device = :device" if device else "")
        if self._store.is_postgresql:
            statement += " FOR UPDATE OF p SKIP LOCKED"
        row = connection.execute(text(statement), {"device": device} if device else {}).first()
        if row is None:
            return None
        after = (row[5], row[6]) if row[5] is not None else None
        line = Line(row[0], row[1], row[2], row[3], after)
        return _Picked(line, row[4], row[7], bool(row[8]), bool(row[9]), bytes(row[10]))

    def _work(self, connection: Connection, picked: _Picked) -> int:
        line = picked.line
        held = Held(connection, line, picked.key, self._editions)
        at = {"incarnation": line.incarnation, "line": line.line}
        judged = 0
        if picked.look_again or picked.requeue:
            judged += self._again(connection, picked, held)
        rows = connection.execute(
            text(
                "SELECT seq, hash, record FROM events WHERE incarnation = :incarnation AND line = :line"
                " AND seq > :upto AND seq <= :last ORDER BY seq"
            ),
            {**at, "upto": picked.upto, "last": picked.upto + STEP + 1},
        ).all()
        # One more than is judged: some records are told together with the next.
        held.take_along({row[0]: (bytes(row[1]), bytes(row[2])) for row in rows})
        # Where records are missing that the line says it has (somebody took them out), nobody waits for ever.
        upto, stuck = picked.upto, None if rows else picked.last_seq
        for seq, _, data in rows[:STEP]:
            outcome = judging.judge(bytes(data), held)
            if outcome.state is None:
                stuck = picked.last_seq
                break
            self._keep(connection, line, seq, bytes(data), outcome)
            upto = seq
            judged += 1
        connection.execute(
            text(
                "UPDATE progress SET interpreted_upto = :upto, stuck_at = :stuck, look_again = 0, requeue = 0"
                " WHERE incarnation = :incarnation AND line = :line"
            ),
            {**at, "upto": upto, "stuck": stuck},
        )
        count(connection, line.incarnation, line.line)
        return max(judged, 1)

    def _again(self, connection: Connection, picked: _Picked, held: Held) -> int:
        """Judge anew what a person named, and what waits for attachments where some came. Where any is taken over now,
        those that rest on earlier records follow."""
        asked = {"again": int(picked.requeue), "waits": int(picked.look_again)}
        at = {"incarnation": picked.line.incarnation, "line": picked.line.line}
        seqs = [
            seq
            for seq, state, again, came in connection.execute(_AGAIN, {**at, **asked}).all()
            if again or state != WAITING or not self._waits_on(connection, {**at, "seq": seq}, came, held)
        ]
        taken = [seq for seq in seqs if self._judge_again(connection, picked.line, seq, held) == APPLIED]
        resting: list[int] = []
        if taken:
            after = connection.execute(_RESTING, {**at, "after": taken[0]})
            resting = [row[0] for row in after if row[0] not in seqs]
        for seq in resting:
            self._judge_again(connection, picked.line, seq, held)
        return len(seqs) + len(resting)

    def _waits_on(self, connection: Connection, at: Mapping[str, Any], came: int, held: Held) -> bool:
        """Whether a conclusion that holds but for its attachments lacks some still: then nothing is computed again,
        however many come one by one."""
        record = json.loads(json.loads(connection.execute(_RECORD, at).scalar_one())["payload"]["record"])
        named = named_attachments(record["case"])
        here = len(held.complete(named))
        if here == len(named):
            return False
        if here != came:
            connection.execute(_CAME, {**at, "came": here})
        return True

    def _judge_again(self, connection: Connection, line: Line, seq: int, held: Held) -> str | None:
        at = {"incarnation": line.incarnation, "line": line.line, "seq": seq}
        data = bytes(connection.execute(_RECORD, at).scalar_one())
        projecting.forget(connection, at)
        outcome = judging.judge(data, held)
        if outcome.state is None:
            outcome = Outcome(QUARANTINED, "override_alone")
        connection.execute(_NO_MORE, at)
        self._keep(connection, line, seq, data, outcome)
        return outcome.state

    def _keep(self, connection: Connection, line: Line, seq: int, data: bytes, outcome: Outcome) -> None:
        """What became of an event of which nothing is kept yet."""
        received_at = _received_at(connection, line, seq) if outcome.conclusion is not None else ""
        place: dict[str, Any] = {"incarnation": line.incarnation, "line": line.line, "seq": seq}
        event = _read(data)
        try:
            with connection.begin_nested():
                projecting.project(connection, place, line.device, event, outcome, received_at)
        except (DataError, StatementError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            if isinstance(error, DBAPIError) and not isinstance(error, DataError):
                raise  # not the record's fault
            outcome = Outcome(QUARANTINED, "malformed")
            projecting.project(connection, place, line.device, event, outcome, received_at)
        if outcome.state != APPLIED:
            came = outcome.attachments - len(outcome.missing)
            connection.execute(
                text(
                    "INSERT INTO unapplied (incarnation, line, seq, state, reason, came, whole, since)"
                    " VALUES (:incarnation, :line, :seq, :state, :reason, :came, :whole, :now)"
                ),
                {**place, "state": outcome.state, "reason": outcome.reason, "came": came,
                 "whole": outcome.attachments, "now": now()},
            )  # fmt: skip

    def _published(self, digest: str) -> Mapping[str, bytes] | None:
        with self._store.begin() as connection:
            return edition_files(connection, digest)


def requeue(
    store: Store, *, reason: str | None = None, incarnation: str | None = None, line: int | None = None,
    seq: int | None = None,
) -> int:  # fmt: skip
    """Have what was set aside judged again: all of it, of one reason, of one log, or one record of it; how many logs
    (their lines) are concerned."""
    asked = {"reason": reason, "incarnation": incarnation, "line": line, "seq": seq}
    params = {name: value for name, value in asked.items() if value is not None}
    which = " AND ".join(["1 = 1", *(f"{name} = :{name}" for name in params)])
    with store.begin(write=True) as connection:
        # The line first, as who interprets does: so neither waits for the other for ever.
        of_lines = f"(incarnation, line) IN (SELECT incarnation, line FROM unapplied WHERE {which})"  # noqa: S608
        done = connection.execute(text(f"UPDATE progress SET requeue = 1 WHERE {of_lines}"), params)  # noqa: S608
        connection.execute(text(f"UPDATE unapplied SET again = 1 WHERE {which}"), params)  # noqa: S608
        return int(done.rowcount)


def count(connection: Connection, incarnation: str, line: int) -> None:
    """Count anew how many events of a line are applied, wait or were set aside."""
    at = {"incarnation": incarnation, "line": line}
    found = {
        str(row[0]): int(row[1])
        for row in connection.execute(
            text("SELECT state, count(*) FROM unapplied WHERE incarnation = :incarnation AND line = :line"
                 " GROUP BY state"),
            at,
        )
    }  # fmt: skip
    waiting, aside = found.get(WAITING, 0), found.get(QUARANTINED, 0)
    connection.execute(
        text(
            "UPDATE progress SET waiting = :waiting, quarantined = :aside, applied = interpreted_upto"
            " - (SELECT first_seq - 1 FROM incarnations i WHERE i.incarnation = :incarnation AND i.line = :line)"
            " - :both WHERE incarnation = :incarnation AND line = :line"
        ),
        {**at, "waiting": waiting, "aside": aside, "both": waiting + aside},
    )


def _received_at(connection: Connection, line: Line, seq: int) -> str:
    found = connection.execute(
        text(
            "SELECT received_at FROM batches WHERE incarnation = :i AND line = :l AND last_seq >= :s"
            " ORDER BY last_seq LIMIT 1"
        ),
        {"i": line.incarnation, "l": line.line, "s": seq},
    ).scalar()
    return str(found or "")


def _read(data: bytes) -> Mapping[str, Any]:
    """The event, as far as it can be read where it was set aside."""
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}

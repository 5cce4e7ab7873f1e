"""What is kept of an event that was taken over: rows that reports, alarms and published lists are made of.

Every row bears the event's place in its log. To interpret an event again is to take its rows away and write them anew,
so that nothing is ever counted twice.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from app.centre.judging import APPLIED, Event, Outcome, Signed
from app.domain import case_file
from app.domain.papers import written
from app.domain.voting import DIFFERS

# All tables of rows that an event leaves behind.
TABLES: Final = ("laptop_users", "signings", "conclusions", "conclusion_members", "conclusion_texts", "printed",
                 "blanks", "endings", "void_papers")  # fmt: skip
SHORTEST: Final = 200
"""signs from which on two equal texts are worth a look"""


def forget(connection: Connection, place: Mapping[str, Any]) -> None:
    """Take away what an event left (`place`: incarnation, line, seq)."""
    for table in TABLES:
        connection.execute(
            text(f"DELETE FROM {table} WHERE incarnation = :incarnation AND line = :line AND seq = :seq"),  # noqa: S608
            dict(place),
        )


def project(
    connection: Connection, place: Mapping[str, Any], device: str, event: Event, outcome: Outcome, received_at: str
) -> None:
    """Write what follows from an event of this laptop; nothing was there of it."""
    kind, payload = event.get("type"), event.get("payload")
    if kind == "case.signed" and outcome.state is not None:
        _signing(connection, place, device, event, outcome)
        if outcome.conclusion is not None:
            _conclusion(connection, place, device, outcome.conclusion, outcome.state == APPLIED, received_at)
    if outcome.state != APPLIED or not isinstance(payload, dict):
        return
    case_id: Any = event.get("case_id")
    match kind:
        case "user.added":
            user = {name: payload[name] for name in ("id", "login", "name", "public_key")}
            _insert(connection, "laptop_users", {**place, "device": device, **user}, "device, id")
        case "document.printed":
            output = {name: payload[name][:200] for name in ("document", "language", "how")}
            _insert(connection, "printed", {**place, "device": device, "case_id": case_id, **output})
        case "paper.issued":
            blank = {name: payload[name] for name in ("kind", "series", "number")}
            row = {"device": device, "case_id": case_id, **blank, "compared": 0}
            _insert(connection, "blanks", {**place, **row})
        case "case.ended":
            told = {"kind": str(payload["ending"].get("kind"))[:40], "ended_on": event["wall_time"][:10]}
            _insert(connection, "endings", {**place, "device": device, "case_id": case_id, **told})
        case "case.superseded":
            _superseded(connection, place, device, event)
        case "case.resumed":
            ended = _newest(connection, "endings", place, case_id)
            if ended is not None:
                _void(connection, place, device, "resumed", event, head=ended)
        case "paper.spoiled":
            number = f"{payload['series']} № {written(payload['number'], payload['digits'])}".strip()
            _void(connection, place, device, "spoiled", event, blank=f"{payload['kind']} {number}")
        case _:
            pass


def _signing(connection: Connection, place: Mapping[str, Any], device: str, event: Event, outcome: Outcome) -> None:
    supersedes = outcome.conclusion.record["supersedes"] if outcome.conclusion is not None else None
    case_id = event.get("case_id")
    if isinstance(case_id, str):
        row = {"device": device, "case_id": case_id[:64], "state": outcome.state, "supersedes": supersedes}
        _insert(connection, "signings", {**place, **row})


def _conclusion(
    connection: Connection, place: Mapping[str, Any], device: str, signed: Signed, complete: bool, received_at: str
) -> None:
    record, case = signed.record, dict(signed.record["case"])

    def get(path: str) -> Any:
        return case_file.get(case, path)

    proposal = record["proposal"]["en"]
    proposed = proposal["period"] or {}
    decided = get("decision.period") or {}
    reason = next((one for one in get("decision.reasons") or () if one.get("code") == DIFFERS), None)
    names = [get(f"person.{part}") for part in ("surname", "given_name", "patronymic")]
    row = {
        **place,
        "device": device,
        "case_id": record["case_id"],
        "number": record["number"],
        "digest": signed.digest,
        "complete": int(complete),
        "supersedes": record["supersedes"],
        "iin": get("person.iin"),
        "person": " ".join(name for name in names if name),
        "birth_date": get("person.birth_date"),
        "sex": get("person.sex"),
        "kato": get("person.address.kato"),
        "region": record["department"]["region"],
        "department": record["department"]["number"],
        "organisation": get("referral.organisation"),
        "examined_on": get("examination.on"),
        "place": get("examination.place"),
        "occasion": get("examination.occasion"),
        "signed_at": moment(record["signed_at"]) or "",
        "received_at": received_at,
        "icd10": get("diagnosis.main.icd10"),
        "outcome": get("decision.outcome") or "none",
        "period_kind": decided.get("kind"),
        "period_value": decided.get("value"),
        "until": get("dossier.until"),
        "general": get("decision.general_capacity"),
        "professional": get("decision.professional_capacity"),
        "cause": get("decision.cause"),
        "proposed_outcome": proposal["outcome"],
        "proposed_kind": proposed.get("kind"),
        "proposed_value": proposed.get("value"),
        "proposed_cause": (proposal["cause"] or {}).get("proposed"),
        "overridden": int(signed.overridden),
        "override_reason": reason.get("text") if reason else None,
        "pack": record["pack"]["digest"],
        "pack_version": record["pack"]["version"],
        "compared": 0,
    }
    _insert(connection, "conclusions", row)
    votes = [moment(vote.get("at")) for vote in get("dossier.votes") or ()]
    began = min([*(at for at in votes if at), row["signed_at"]])
    for at, member in enumerate(get("examination.commission") or ()):
        told = {"member": at, "device": device, "name": member["name"], "folded": folded(member["name"]),
                "role": member["role"], "began_at": began, "signed_at": row["signed_at"]}  # fmt: skip
        _insert(connection, "conclusion_members", {**place, **told})
    for path, words in texts_of(case):
        told = {"field": path, "hash": text_hash(words), "device": device}
        _insert(connection, "conclusion_texts", {**place, **told})


def texts_of(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What specialists wrote in words, by path, where it is long enough to be nobody's set phrase."""
    observations = (case.get("dossier") or {}).get("observations")
    waiting: list[tuple[str, Any]] = [("observations", observations), ("diagnosis", case.get("diagnosis"))]
    while waiting:
        path, found = waiting.pop()
        if isinstance(found, dict):
            waiting += [(f"{path}.{key}", value) for key, value in found.items()]
        elif isinstance(found, list):
            waiting += [(f"{path}.{at}", value) for at, value in enumerate(found)]
        elif isinstance(found, str) and len(found) >= SHORTEST:
            yield path, found


def text_hash(words: str) -> str:
    """Equal for texts that differ in capitals, blanks, punctuation and digits alone: a date or a pressure exchanged
    makes no other text."""
    kept = (sign for sign in unicodedata.normalize("NFKC", words).casefold() if sign.isalpha())
    return hashlib.sha256("".join(kept).encode()).hexdigest()


def moment(written_: object) -> str | None:
    """A moment as it stands in the log, to the microsecond; None where it is none."""
    try:
        found = datetime.fromisoformat(str(written_))
    except ValueError:
        return None
    if found.tzinfo is None:
        return None
    return found.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def folded(name: str) -> str:
    """A name as it is compared: without capitals, doubled blanks and forms of encoding."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _superseded(connection: Connection, place: Mapping[str, Any], device: str, event: Event) -> None:
    by = event["payload"]["by"]
    head = _newest(connection, "signings", place, event["case_id"], device=device)
    number = connection.execute(
        text("SELECT number FROM conclusions WHERE device = :device AND case_id = :by"), {"device": device, "by": by}
    ).scalar()
    if head is not None:
        _void(connection, place, device, "superseded", event, head=head, by=number or "")


def _newest(
    connection: Connection, table: str, place: Mapping[str, Any], case_id: str, *, device: str | None = None
) -> str | None:
    """The half hash of the newest event of a case in a table of rows; None where there is none."""
    among = "device = :device" if device else "incarnation = :incarnation AND line = :line AND seq < :seq"
    row = connection.execute(
        text(
            f"SELECT incarnation, line, seq FROM {table} WHERE {among} AND case_id = :case_id"  # noqa: S608
            " ORDER BY seq DESC LIMIT 1"
        ),
        {**place, "case_id": case_id, "device": device},
    ).first()
    if row is None:
        return None
    found = connection.execute(
        text("SELECT hash FROM events WHERE incarnation = :i AND line = :l AND seq = :s"),
        {"i": row[0], "l": row[1], "s": row[2]},
    ).scalar_one()
    return bytes(found)[:16].hex()


def _void(
    connection: Connection, place: Mapping[str, Any], device: str, reason: str, event: Event, *,
    head: str = "", blank: str = "", by: str = "",
) -> None:  # fmt: skip
    row = {"device": device, "reason": reason, "head": head, "blank": blank, "by_number": by,
           "void_on": event["wall_time"][:10]}  # fmt: skip
    _insert(connection, "void_papers", {**place, **row})


def _insert(connection: Connection, table: str, row: Mapping[str, Any], once: str = "") -> None:
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    conflict = f" ON CONFLICT ({once}) DO NOTHING" if once else ""
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values}){conflict}"), dict(row))  # noqa: S608

"""What the centre makes of one event: each is taken over, waits, or is set aside with its reason, by itself."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.centre import judging
from app.domain.case_file import put
from app.domain.vocabulary import CorrectionKind
from app.services.desk import Desk
from tests import factories
from tests.link.meaning_kit import Forger, InMemory, identity_of, log_of

Event = dict[str, Any]
OTHER = bytes(range(32))


def known_of(desk: Desk) -> InMemory:
    identity = identity_of(desk)
    return InMemory(identity.device, identity.device_public, log_of(desk))


def numbered(known: InMemory, kind: str) -> int:
    return next(seq for seq, record in sorted(known.records.items()) if json.loads(record)["type"] == kind)


def overridden(desk: Desk) -> str:
    """A conclusion in which the commission decided otherwise than the criteria; its case."""
    reasons = [{"code": code, "text": "Ауыр асқыну бар", "citation": "260"}
               for code in ("decision_differs", "percentage_outside_band")]  # fmt: skip
    decision = {**factories.DECISION, "outcome": "group_1", "general_capacity": 90, "reasons": reasons}
    view = desk.examinations.import_case(factories.case_document())
    view = desk.conclusions.decide(view.id, decision)
    return desk.conclusions.sign(view.id, factories.signatures()).id


def test_all_that_a_real_desk_writes_is_taken_over(full_desk: Desk) -> None:
    case = factories.signed_case(full_desk)
    full_desk.conclusions.record_output(case.id, "conclusion", "kk", "sha256:" + "0" * 64, "printed")
    overridden(full_desk)
    correction = full_desk.examinations.correct(case.id, CorrectionKind.SLIP, "Қате")
    full_desk.conclusions.decide(correction.id, factories.DECISION)
    full_desk.conclusions.sign(correction.id, factories.signatures())
    known = known_of(full_desk)
    found = known.take_all()
    kinds = {json.loads(record)["type"] for record in known.records.values()}
    assert {"installation.created", "user.added", "case.signed", "decision.overridden", "case.superseded",
            "document.printed"} <= kinds  # fmt: skip
    assert {outcome.state for outcome in found} == {judging.APPLIED}
    flags = [outcome.conclusion.overridden for outcome in found if outcome.conclusion]
    assert sorted(flags) == [False, False, True]


def _without_third(event: Event) -> Event:
    seal = json.loads(event["payload"]["seal"])
    del seal["signatures"][2]
    return {**event, "payload": {**event["payload"], "seal": json.dumps(seal)}}


def _resign(known: InMemory, forger: Forger, seq: int, change: Callable[[Event], object]) -> bytes:
    return forger.changed(known.records[seq], change)


def test_one_bad_record_has_its_reason_and_does_not_block_the_next(full_desk: Desk) -> None:
    factories.signed_case(full_desk)
    known, forger = known_of(full_desk), Forger(full_desk)
    known.take_all()
    seq = numbered(known, "case.signed")
    good = known.records[seq]
    event = json.loads(good)
    unsigned = {**event, "signatures": {**event["signatures"], "actor": "00" * 64}}
    foreign = {**event, "signatures": {**event["signatures"], "device": "00" * 64}}
    lone = {**event, "signatures": {"device": event["signatures"]["device"]}}

    def dump(value: Event) -> bytes:
        return json.dumps(value).encode()

    def rerun(record: Event) -> None:
        for proposal in record["proposal"].values():
            proposal["outcome"] = "group_1"

    def facts(record: Event) -> None:
        record["case"] = put(record["case"], "facts.limitations.self_care", 0)
        record["case"] = put(record["case"], "facts.limitations.movement", 0)
        record["case"] = put(record["case"], "facts.limitations.work", 0)

    def period(record: Event) -> None:
        for proposal in record["proposal"].values():
            proposal["period"]["value"] = 1

    def band(record: Event) -> None:
        record["proposal"]["kk"]["general_capacity"]["from"] = 10

    def decided(record: Event) -> None:
        record["case"]["decision"]["outcome"] = "group_1"

    def percent(record: Event) -> None:
        record["case"]["decision"]["general_capacity"] = 100

    def supersedes(record: Event) -> None:
        record["supersedes"] = "cd" * 16

    def pack(record: Event) -> None:
        record["pack"]["digest"] = "sha256:" + "11" * 32

    def broken(record: Event) -> None:
        record["case"]["examination"]["on"] = "2026-99-99"

    def role(seal: Event) -> None:
        seal["signatures"][1]["role"] = "head"

    def head(seal: Event) -> None:
        seal["event_head"]["hash"] = "11" * 32

    def text(payload: Event) -> Callable[[Event], object]:
        return lambda found: found["payload"].update(payload)

    cases: dict[str, tuple[bytes, str]] = {
        "torn": (good[:-5], "malformed"),
        "no object": (b"[1]", "malformed"),
        "a number too long": (b'{"v": ' + b"9" * 5000 + b"}", "malformed"),
        "nested": (b"[" * 100_000, "malformed"),
        "another version": (_resign(known, forger, seq, lambda e: e.update(v=2)), "unknown_type"),
        "a type of a newer program": (_resign(known, forger, seq, lambda e: e.update(type="x.y")), "unknown_type"),
        "no payload": (_resign(known, forger, seq, lambda e: e["payload"].pop("seal")), "malformed"),
        "actor's signature": (dump(unsigned), "event_signature"),
        "laptop's signature": (dump(foreign), "event_signature"),
        "one signature": (dump(lone), "event_signature"),
        "a stranger": (_resign(known, forger, seq, lambda e: e.update(actor="ab" * 16)), "unknown_user"),
        "changed after signing": (dump({**event, "wall_time": "2027-01-01T00:00:00.000000Z"}), "event_signature"),
        "a record that was changed": (
            _resign(known, forger, seq, text({"record": event["payload"]["record"].replace("709", "708")
                                              .replace("I69.3", "I69.4")})), "digest"),
        "another number": (_resign(known, forger, seq, text({"number": "9/2026/000001"})), "digest"),
        "another case": (_resign(known, forger, seq, lambda e: e.update(case_id="ab" * 16)), "digest"),
        "a member's key": (forger.conclusion(good, m1=OTHER), "member_signature"),
        "a member left out": (forger.signed(_without_third(event)), "member_signature"),
        "a role": (forger.conclusion(good, seal=role), "member_signature"),
        "another log": (forger.conclusion(good, seal=head), "other_log"),
        "the laptop's key": (forger.conclusion(good, device=OTHER), "device_signature"),
        "an unknown edition": (forger.conclusion(good, pack), "unknown_pack"),
        "another group in the proposal": (forger.conclusion(good, rerun), "rerun_differs"),
        "other facts": (forger.conclusion(good, facts), "rerun_differs"),
        "another period": (forger.conclusion(good, period), "rerun_differs"),
        "another band in one language": (forger.conclusion(good, band), "rerun_differs"),
        "a decision without its record of overriding": (forger.conclusion(good, decided), "rerun_differs"),
        "a percentage outside": (forger.conclusion(good, percent), "rerun_differs"),
        "corrects what nobody has": (forger.conclusion(good, supersedes), "unknown_case"),
        "no such day": (forger.conclusion(good, broken), "case_unreadable"),
    }  # fmt: skip
    for name, (data, reason) in cases.items():
        found = known.take(data)
        assert (found.state, found.reason) == (judging.QUARANTINED, reason), name
    assert known.take(good).state == judging.APPLIED


def test_an_override_and_its_conclusion_agree_or_are_set_aside(full_desk: Desk) -> None:
    overridden(full_desk)
    known, forger = known_of(full_desk), Forger(full_desk)
    told, signed = numbered(known, "decision.overridden"), numbered(known, "case.signed")
    first = known.records[told]
    known.take_all()
    assert [known.take(known.records[seq]).state for seq in (told, signed)] == [judging.APPLIED] * 2
    # The override says something else than the record.
    known.records[told] = forger.changed(first, lambda e: e["payload"].update(proposed="group_1"))
    assert known.take(known.records[signed]).reason == "override_disagrees"
    # It is not there.
    del known.records[told]
    assert known.take(known.records[signed]).reason == "override_disagrees"
    # It tells of another conclusion, or nothing follows it.
    lone = forger.changed(first, lambda e: e["payload"].update(digest="sha256:" + "00" * 32))
    assert known.take(lone).reason == "override_alone"
    del known.records[signed]
    assert known.take(first).state is None


def test_it_waits_for_all_attachments_that_the_signed_record_names(full_desk: Desk) -> None:
    factories.signed_case(full_desk)
    known, forger = known_of(full_desk), Forger(full_desk)
    known.take_all()
    good = known.records[numbered(known, "case.signed")]
    named = ["aa" * 32, "bb" * 32]

    def attach(record: Event) -> None:
        listed = [{"digest": digest, "kind": "pdf", "title": "x", "size": 5, "of": "other"} for digest in named]
        record["case"] = put(record["case"], "dossier.attachments", [*listed, listed[0]])

    data = forger.conclusion(good, attach)
    for held, missing in (((), named), (named[:1], named[1:]), (named, [])):
        known.held = set(held)
        found = known.take(data)
        assert found.state == (judging.WAITING if missing else judging.APPLIED)
        assert (found.missing, found.attachments) == (tuple(missing), 2)
        assert found.conclusion is not None


def test_what_rests_on_a_conclusion_that_was_set_aside_says_so(full_desk: Desk) -> None:
    case = factories.signed_case(full_desk)
    full_desk.conclusions.record_output(case.id, "conclusion", "kk", "sha256:" + "0" * 64, "printed")
    known, forger = known_of(full_desk), Forger(full_desk)
    seq, printed = numbered(known, "case.signed"), numbered(known, "document.printed")
    good, told = known.records[seq], known.records[printed]
    known.records[seq] = forger.conclusion(good, lambda record: record["pack"].update(digest="sha256:" + "11" * 32))
    assert [outcome.reason for outcome in known.take_all()][-2:] == ["unknown_pack", "depends"]
    known.states = {}
    assert known.take(told).reason == "unknown_case"


def test_a_revoked_user_signs_nothing_from_that_day_on(full_desk: Desk) -> None:
    factories.signed_case(full_desk)
    known = known_of(full_desk)
    known.take_all()
    data = known.records[numbered(known, "case.signed")]
    event = json.loads(data)
    seal = json.loads(event["payload"]["seal"])
    known.revoked = {seal["signatures"][2]["user"]: "2026-11-18"}
    assert known.take(data).reason == "member_signature"
    known.revoked = {event["actor"]: "2026-11-18"}
    assert known.take(data).reason == "user_revoked"
    known.revoked = {event["actor"]: "2026-11-19"}
    assert known.take(data).state == judging.APPLIED


def test_a_log_begins_with_its_own_laptop(full_desk: Desk) -> None:
    known, forger = known_of(full_desk), Forger(full_desk)
    first, second = known.records[1], known.records[2]
    other = forger.changed(first, lambda e: e["payload"].update(device_public="11" * 32))
    assert known.take(other).reason == "other_installation"
    del known.records[2]
    assert known.take(first).state is None
    known.records[2] = second
    assert [known.take(one).state for one in (first, second)] == [judging.APPLIED] * 2
    user = json.loads(second)["payload"]["id"]
    known.users[user] = replace(known.users[user], login="x")
    assert known.take(second).reason == "user_exchanged"


@pytest.mark.parametrize("kind", ["user.added", "case.signed"])
def test_whatever_stands_in_a_record_it_is_judged(full_desk: Desk, kind: str) -> None:
    """Every part of an event in turn of another type, signed anew: never an exception."""
    factories.signed_case(full_desk)
    known, forger = known_of(full_desk), Forger(full_desk)
    known.take_all()
    event = json.loads(known.records[numbered(known, kind)])
    for value in (None, 7, "x", [], {}, {"a": {"b": []}}, -1, True):
        for key in ("payload", "case_id", "seq", "pack_digest", "subject", "wall_time", "prev_hash"):
            data = forger.signed({**event, key: value})
            assert known.take(data).state in (judging.APPLIED, judging.QUARANTINED, None)
        for key in event["payload"]:
            data = forger.signed({**event, "payload": {**event["payload"], key: value}})
            assert known.take(data).state in (judging.APPLIED, judging.QUARANTINED)

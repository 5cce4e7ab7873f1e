"""`saraptama pack new-edition`, `diff` and `sign-off`: a new edition of the criteria, prepared in a folder."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app import bootstrap
from app.commands import credentials
from app.commands.named_editions import asks_desk, desk_words, sources
from app.domain.errors import UserError
from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.i18n import Translator
from app.rules.difference import Edition, FieldChange, RecordChange
from app.rules.explanation import citation_document
from app.rules.record_words import days
from app.services import editions, signing_off
from app.services.edition_changes import change_lines
from app.services.signing_off import RecordState, Work

DONE = 0


def run(args: Namespace, t: Translator) -> int:
    """Do one of the three. UserError: what was named isn't there, is refused, or doesn't fit."""
    return {"new-edition": _new, "diff": _diff, "sign-off": _sign_off}[args.action](args, t)


def _new(args: Namespace, t: Translator) -> int:
    valid_from = editions.read_day(args.valid_from)
    (source,) = sources(args, t, args.source)
    folder = editions.new_edition(source, args.directory, version=args.new_version, valid_from=valid_from)
    print(t("The edition {version}, in force from {day}, is in work in {path}.",
            version=args.new_version, day=valid_from, path=folder))  # fmt: skip
    if gone := editions.ended_before(source, valid_from):
        print(t("Left out, because they ended before that day: {records}", records=", ".join(gone)))
    made_from = editions.read_edition(source).pack
    if made_from.valid_from == valid_from:
        print(t("It begins on the same day as {version}: once it is accepted, that edition decides no day any more.",
                version=made_from.version))  # fmt: skip
    words = ["saraptama", "pack", "diff", args.source, str(folder)]
    if not editions.is_outside(args.source):
        words += desk_words(args)
    command = " ".join(f'"{word}"' if " " in word else word for word in words)
    print(t("Next: change its files, then look at what changes: {command}", command=command))
    return DONE


# --- diff -----------------------------------------------------------------------------------------------------------
def _diff(args: Namespace, t: Translator) -> int:
    before, after, changes = editions.compare(*sources(args, t, args.before, args.after))
    if args.json:
        document = {"before": _head(before), "after": _head(after), "changes": [_change(one, t) for one in changes]}
        print(json.dumps(document, ensure_ascii=False))
        return DONE
    print(t("From {before} to {after}", before=_named(before), after=_named(after)))
    for change in changes:
        print()
        for line in change_lines(change, t):
            print(line)
    print()
    print(t.plural("{n} record differs.", "{n} records differ.", len(changes)) if changes
          else t("The two editions say the same."))  # fmt: skip
    return DONE


def _named(edition: Edition) -> Text:
    pack = edition.pack
    return Text(N_("{id} {version} ({days})"),
                {"id": pack.id, "version": pack.version, "days": days(pack.valid_from, pack.valid_to)})  # fmt: skip


def _head(edition: Edition) -> dict[str, Any]:
    pack = edition.pack
    return {"id": pack.id, "version": pack.version, "digest": pack.digest, "status": pack.status.value,
            "valid_from": pack.valid_from.isoformat(),
            "valid_to": pack.valid_to and pack.valid_to.isoformat()}  # fmt: skip


def _change(change: RecordChange, t: Translator) -> dict[str, Any]:
    def field(one: FieldChange) -> dict[str, Any]:
        return {"field": one.key, "label": t.show(one.label), "before": [t.show(line) for line in one.before],
                "after": [t.show(line) for line in one.after]}  # fmt: skip

    return {"change": change.kind, "record": change.id, "file": change.file,
            "title": None if change.title is None else t.show(change.title),
            "since": change.since and change.since.isoformat(),
            "fields": [field(one) for one in change.fields]}  # fmt: skip


# --- sign-off -------------------------------------------------------------------------------------------------------
def _sign_off(args: Namespace, t: Translator) -> int:
    if not args.records:
        if args.withdraw or args.by or args.on:
            raise UserError(Text(N_("No record is named. Name each with --record, as the list has it.")))
        if args.against is not None and not args.changed:
            raise UserError(Text(N_("--against says with what the changed records are compared: add --changed.")))
        return _list(_narrowed(args, t), args.json, t)
    if args.topic is not None or args.changed:
        raise UserError(Text(N_("--topic and --changed narrow the list. Name each record to be signed off itself.")))
    if args.withdraw:
        count = signing_off.withdraw(args.directory, args.records)
        print(t.plural("{n} sign-off was withdrawn.", "{n} sign-offs were withdrawn.", count))
        return DONE
    today = bootstrap.clock().today()
    lacking = [f"--place-{language}" for language in LANGUAGES if not getattr(args, f"place_{language}")]
    if args.by and lacking:
        sentence = N_("The place in the official text is written in three languages. Add: {options}.")
        raise UserError(Text(sentence, {"options": ", ".join(lacking)}))
    place = LocalText(**{language: getattr(args, f"place_{language}") or "" for language in LANGUAGES})
    on = editions.read_day(args.on) if args.on else today
    count = signing_off.sign_off(args.directory, args.records, by=args.by or "", on=on, place=place, today=today)
    print(t.plural("{n} record was signed off.", "{n} records were signed off.", count))
    return DONE


def _narrowed(args: Namespace, t: Translator) -> Work:
    """The edition with the topic that was asked for alone, and of its records those that changed."""
    work = signing_off.work(args.directory)
    if args.topic is not None:
        topics = tuple(topic for topic in work.topics if topic.number == args.topic)
        if not topics:
            sentence = N_("The check-list has no topic {n}. Its topics are numbered from 1 to {last}.")
            raise UserError(Text(sentence, {"n": args.topic, "last": len(work.topics)}))
        work = replace(work, topics=topics, of_no_record=())
    if args.changed:
        records = signing_off.changed(work.records, _changes(args, t, work.version))
        topics = tuple(one for one in work.topics if any(one.covers(record.id) for record in records))
        work = replace(work, topics=topics, records=records)
    return work


def _changes(args: Namespace, t: Translator, version: str) -> tuple[RecordChange, ...]:
    """What differs from --against, else from the newest edition at hand of a lower version: with --user one of the
    desk. Which one it is stands beside the list."""
    before = _before(args, t, version)
    if before is None:
        return ()
    old, _, changes = editions.compare(before, args.directory)
    print(t("Compared with: {edition}", edition=_named(old)), file=sys.stderr)
    return changes


def _before(args: Namespace, t: Translator, version: str) -> editions.Source | None:
    if args.against is not None:
        return sources(args, t, args.against)[0]
    at_hand: dict[str, editions.Source] = {known: known for known in editions.shipped_versions()}
    if asks_desk(args):
        with credentials.signed_in(args, t) as desk:
            at_hand = {edition.version: edition.files() for edition in desk.packs.at_hand()}
    found = editions.before(version, at_hand)
    return None if found is None else found[1]


def _list(work: Work, as_json: bool, t: Translator) -> int:
    if as_json:
        topics = [{"topic": topic.number, "text": t.show(topic.text),
                   "records": [_record(record, t) for record in work.of_topic(topic.number)]}
                  for topic in work.topics]  # fmt: skip
        print(json.dumps({"pack": {"id": work.id, "version": work.version}, "topics": topics}, ensure_ascii=False))
        return DONE
    for record in () if work.topics else work.records:  # a pack without a check-list
        print("\n".join(record_lines(record, t)))
    for topic in work.topics:
        records = work.of_topic(topic.number)
        verified = sum(record.sign_off is not None for record in records)
        print(f"\n{topic.number}. {t.show(topic.text)}")
        print("   " + t("verified: {n} of {all}", n=verified, all=len(records)))
        for record in records:
            for line in record_lines(record, t):
                print(f"   {line}")
    if not work.records:
        print(t("No record has changed."))
    if any(record.text is not None and "{" in t.show(record.text) for record in work.records):
        print()
        print(t("What stands in curly brackets is filled in from the case."))
    for entry in work.of_no_record:
        print()
        print(t("The record {record} is no more in the edition; its sign-off by {by} can be withdrawn.",
                record=entry.record, by=entry.by))  # fmt: skip
    return DONE


def record_lines(record: RecordState, t: Translator) -> Iterable[str]:
    """A record of the list: state by sign and word, all that is to be compared, source, what the ledger says of it."""
    citation = record.citation
    sign = "!" if record.lapsed or record.moved else "✓" if record.sign_off else "○"
    since = "" if record.days is None else f", {t.show(record.days)}"
    yield f"{sign} {record.id}{since}" + (f": {t.show(record.text)}" if record.text else "")
    for field in record.fields:
        if field.key not in ("cite", "in_force"):
            yield f"    {t.show(field.label)}: {'; '.join(t.show(line) for line in field.lines)}"
    source = ", ".join(part for part in (t.show(citation.act), t.show(citation.place), citation.edition) if part)
    yield f"    {t.show(citation.status)}; {source}"
    if record.said is not None:
        yield f"    {t.show(record.said)}"


def _record(record: RecordState, t: Translator) -> dict[str, Any]:
    signed = record.sign_off or record.lapsed
    return {"record": record.id, "file": record.file, "text": record.text and t.show(record.text),
            "valid_from": record.first and record.first.isoformat(),
            "valid_to": record.last and record.last.isoformat(),
            "citation": citation_document(record.citation, t.language),
            "sign_off": signed and {"by": signed.by, "on": signed.on.isoformat(), "lapsed": record.lapsed is not None,
                                    "moved": record.moved},
            "says": [{"field": field.key, "label": t.show(field.label), "lines": [t.show(line) for line in field.lines]}
                     for field in record.fields]}  # fmt: skip

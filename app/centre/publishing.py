"""What the centre publishes: items, and one signed statement of those that hold now, whose version only grows.

Everything is looked at before it is published: what a laptop would refuse is refused here, with a sentence.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, text

from app.centre.interpreting import requeue
from app.centre.keys import Keys
from app.centre.store import Store, now
from app.crypto import digests, pack_signature, statement
from app.domain import case_fields, classifier_table, iin
from app.domain.case_file import read_bytes
from app.domain.dates import parse_iso
from app.domain.errors import CheckFailed, NothingToDo, UserError
from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.sync import reference, screening
from app.sync.wire import is_id

if TYPE_CHECKING:
    from app.rules.files import Verify
    from app.rules.model import Pack

PAPER_KEYS_FORMAT: Final = "saraptama-paper-keys/1"
"""as `app.services.paper_keys` of a desk reads it"""
_PUBLISHING: Final = 7_209_166_003
_MOST_FILE: Final = 32 << 20
_NAMED_FAILURES: Final = 3
Progress = Callable[[str], object]


class Publisher:
    """Publishes under one centre's keys. Each method is one transaction; UserError and CheckFailed before anything."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store, self._keys = store, keys

    # --- what laptops ask for -----------------------------------------------------------------------------------------
    def current(self) -> bytes:
        """The newest statement, after what follows from events and revocations was brought up to date."""
        self.refresh()
        with self._store.begin() as connection:
            row = connection.execute(text("SELECT statement FROM published ORDER BY version DESC LIMIT 1")).first()
        if row is not None:
            return bytes(row[0])
        with self._store.begin(write=True) as connection:
            self._lock(connection)
            return self._publish(connection)

    def item(self, sha256: str, device: str) -> bytes | None:
        """The bytes of an item; None where there is none of this hash, or it is another laptop's."""
        with self._store.begin() as connection:
            row = connection.execute(
                text("SELECT content FROM items WHERE sha256 = :hash AND current = 1 AND device IN ('', :device)"),
                {"hash": sha256, "device": device},
            ).first()
        return bytes(row[0]) if row else None

    def items_for(self, device: str) -> list[tuple[reference.Item, bytes]]:
        """All that holds now for a laptop: what a bundle carries back."""
        told = reference.read_reference(self.current(), self._keys.sign.public)
        found = []
        for one in told.items:
            if one.device in (None, device) and (content := self.item(one.sha256, device)) is not None:
                found.append((one, content))
        return found

    # --- what follows from events ---------------------------------------------------------------------------------------
    def refresh(self) -> bool:
        """Bring keys of papers and revocations up to date; whether anything changed."""
        with self._store.begin() as connection:
            wanted = self._following(connection)
            if all(self._is_current(connection, kind, name, hash_) for kind, name, hash_, _ in wanted):
                return False
        changed = False
        with self._store.begin(write=True) as connection:
            self._lock(connection)
            for kind, name, hash_, content in self._following(connection):
                changed |= self._put(connection, kind, name, content, plain_hash=hash_)
            if changed:
                self._publish(connection)
        return changed

    def _following(self, connection: Connection) -> list[tuple[str, str, str, bytes]]:
        """Kind, name, hash of what it says, and content."""
        found = []
        keys = paper_keys(connection)
        if keys["desks"]:
            whole = {"format": PAPER_KEYS_FORMAT, **keys, "told_at": now()}
            content = statement.made(self._keys.sign, "paper-keys", whole, indent=1)
            found.append((reference.PAPER_KEYS, "centre", _hash(digests.canonical(keys)), content))
        content = digests.canonical(revocations(connection))
        found.append((reference.REVOCATIONS, "centre", _hash(content), content))
        return found

    # --- what people publish ---------------------------------------------------------------------------------------------
    def pack(self, folder: Path, keys: Path | None = None, progress: Progress = lambda _: None) -> "Pack":
        """An edition of the criteria. `keys`: a folder with public keys of methodologists beside those that ship.

        UserError: not an edition, not signed by a methodologist, a version that is not higher; CheckFailed: its own
        checks or cases fail.
        """
        from app.rules.files import read_signed
        from app.rules.library import version_number
        from app.rules.loader import load_stored
        from app.rules.proof import CHECKS

        verify = _verifier(keys)
        files = read_signed(folder, verify)
        pack = load_stored(files, verify=verify, with_cases=True)
        self._require_higher(pack, version_number)
        failed = []
        for check in CHECKS:
            progress(check.__name__)
            failed += [finding for finding in check(pack) if not finding.ok]
        if failed:
            sentence = N_("The edition {version} was not published. Of its own checks and cases fail: {n}. {first}")
            named = "; ".join(f"{one.check}, {one.subject}" for one in failed[:_NAMED_FAILURES])
            raise CheckFailed(Text(sentence, {"version": pack.version, "n": len(failed), "first": named}))
        with self._store.begin(write=True) as connection:
            self._lock(connection)
            self._require_higher(pack, version_number, connection)
            content = reference.pack_item(files)
            self._put(connection, reference.PACK, pack.id, content, version=pack.version, plain_hash=pack.digest,
                      keep=True)  # fmt: skip
            self._publish(connection)
        requeue(self._store, reason="unknown_pack")
        return pack

    def _require_higher(
        self, pack: "Pack", number: Callable[[str], tuple[int, ...]], connection: Connection | None = None
    ) -> None:
        if connection is None:
            with self._store.begin() as own:
                return self._require_higher(pack, number, own)
        from app.rules.library import PackLibrary

        versions = [*PackLibrary(pack_id=pack.id).versions()] if pack.id == "kz-mse" else []
        rows = connection.execute(
            text("SELECT version, plain_hash FROM items WHERE kind = 'pack' AND name = :name"), {"name": pack.id}
        ).all()
        if any(row[1] == pack.digest for row in rows):
            raise NothingToDo(Text(N_("The edition {version} is published already."), {"version": pack.version}))
        newest = max([*versions, *(str(row[0]) for row in rows)], key=number, default="0.0.0")
        if number(pack.version) <= number(newest):
            sentence = N_(
                "The edition has the version {version}, but {newest} holds already. Only a higher version is published:"
                " laptops refuse a lower one."
            )
            raise UserError(Text(sentence, {"version": pack.version, "newest": newest}), where="pack.toml")
        return None

    def classifier(self, path: Path) -> str:
        """An official table; its name (`icd10-ru`). UserError where the file is none, or half of it can't be read."""
        data = read_bytes(path, classifier_table.LARGEST)
        table = classifier_table.read_table(data)
        if not table.rows or len(table.refused) > len(table.rows):
            sentence = N_("{path} can't be published: {n} of its rows can't be read.")
            raise UserError(Text(sentence, {"path": path.name, "n": len(table.refused)}))
        name = f"{table.kind.value}-{'-'.join(table.languages)}"
        self._one(reference.CLASSIFIER, name, data)
        return name

    def letterhead(self, device: str, number: str, region: str, names: LocalText) -> None:
        """How a department is to call itself on its papers; for one laptop."""
        if not number or "/" in number or len(number) > 20 or not (len(region) == 9 and region.isdigit()):
            sentence = N_("“{number}”, “{region}”: a number without a slash and a КАТО code of nine digits are needed.")
            raise UserError(Text(sentence, {"number": number, "region": region}))
        if not all(names.of(language).strip() for language in LANGUAGES):
            raise UserError(Text(N_("The name is missing in one of the languages. Write it in all three.")))
        told = {"number": number, "region": region, "names": {code: names.of(code) for code in LANGUAGES}}
        self._one(reference.LETTERHEAD, "department", digests.canonical(told), device=device)

    def assignments(self, path: Path, device: str) -> int:
        """Referrals for one laptop, each with the person's earlier conclusions; how many. The file is JSON:
        `assignments`, a list of `{id, case}` with drafts of `mse-case/1`. UserError with the path of what is wrong."""
        try:
            whole = json.loads(read_bytes(path, _MOST_FILE))
            listed = whole["assignments"]
            given = [(str(one["id"]), dict(one["case"])) for one in listed]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            sentence = N_("{path} is no list of assignments: JSON with “assignments”, each with “id” and “case”.")
            raise UserError(Text(sentence, {"path": path.name})) from error
        for at, (_, case) in enumerate(given):
            case_fields.SCHEMA.check(case, f"assignments[{at}].case")
        with self._store.begin() as connection:
            told = [
                {"id": id_, "case": case, "earlier": earlier_of(connection, (case.get("person") or {}).get("iin"))}
                for id_, case in given
            ]
        self._one(reference.ASSIGNMENTS, "assignments", digests.canonical({"assignments": told}), device=device)
        return len(told)

    def filter(self, kind: str, path: Path | None = None, progress: Progress = lambda _: None) -> int:
        """A screening filter; over how many persons. `path`: a list that takes the place of the one before: one ИИН a
        line, after it a day and a source, divided by `;`. `examined` is made of the conclusions and takes no list."""
        from app.centre.screening_lists import build_filter, read_list, take_list

        if kind not in screening.KINDS or (path is None) != (kind == screening.EXAMINED):
            sentence = N_("Kinds of filters: deceased and revoked, each with a list, and examined, without one.")
            raise UserError(Text(sentence))
        if path is not None:
            take_list(self._store, kind, read_list(read_bytes(path, _MOST_FILE)))
        count, content = build_filter(self._store, self._keys, kind, progress)
        self._one(reference.FILTER, kind, content)
        return count

    def revoke_user(self, user: str, on: str, reason: str) -> None:
        """A user's signatures count no more from a day on (`YYYY-MM-DD`). UserError for an unknown user or day."""
        if parse_iso(on) is None or not reason.strip():
            raise UserError(Text(N_("A day as 2026-11-30 and a reason are needed.")))
        with self._store.begin(write=True) as connection:
            known = connection.execute(text("SELECT 1 FROM laptop_users WHERE id = :id"), {"id": user}).first()
            if known is None:
                raise UserError(Text(N_("No laptop has told of a user {id}."), {"id": user}))
            connection.execute(
                text("INSERT INTO revoked_users (id, revoked_on, reason) VALUES (:id, :on, :reason)"
                     " ON CONFLICT (id) DO UPDATE SET revoked_on = excluded.revoked_on, reason = excluded.reason"),
                {"id": user, "on": on, "reason": reason.strip()},
            )  # fmt: skip
        self.refresh()

    # --- inside -----------------------------------------------------------------------------------------------------------
    def _one(self, kind: str, name: str, content: bytes, *, device: str = "") -> None:
        """Publish an item in the place of the one before; NothingToDo where it says the same."""
        with self._store.begin(write=True) as connection:
            self._lock(connection)
            sent, hash_ = content, _hash(content)
            if device:
                key = connection.execute(
                    text("SELECT seal_key FROM devices WHERE device = :device AND revoked_at IS NULL"),
                    {"device": device},
                ).scalar()
                if key is None or not is_id(device):
                    sentence = N_("No laptop {device} is enrolled, or it was revoked.")
                    raise UserError(Text(sentence, {"device": device}))
                sent = reference.seal_item(bytes(key), content)
            if not self._put(connection, kind, name, sent, plain_hash=hash_, device=device):
                raise NothingToDo(Text(N_("The same is published already. Nothing needs to be done.")))
            self._publish(connection)

    def _lock(self, connection: Connection) -> None:
        if self._store.is_postgresql:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _PUBLISHING})

    def _is_current(self, connection: Connection, kind: str, name: str, plain_hash: str, device: str = "") -> bool:
        found = connection.execute(
            text("SELECT plain_hash FROM items WHERE kind = :kind AND name = :name AND device = :device"
                 " AND current = 1"),
            {"kind": kind, "name": name, "device": device},
        ).scalar()  # fmt: skip
        return bool(found == plain_hash)

    def _put(
        self, connection: Connection, kind: str, name: str, content: bytes, *, plain_hash: str, device: str = "",
        version: str | None = None, keep: bool = False,
    ) -> bool:  # fmt: skip
        """Write an item; False where it says what the current one says. `keep`: those before still hold."""
        if len(content) > reference.MOST_ITEM:
            raise UserError(Text(N_("This is too large to be published: {n} MB."), {"n": len(content) >> 20}))
        if self._is_current(connection, kind, name, plain_hash, device):
            return False
        at = {"kind": kind, "name": name, "device": device}
        if not keep:
            connection.execute(
                text("UPDATE items SET current = 0 WHERE kind = :kind AND name = :name AND device = :device"), at
            )
        known = connection.execute(
            text("SELECT count(*) FROM items WHERE kind = :kind AND name = :name AND device = :device"), at
        ).scalar_one()
        connection.execute(
            text(
                "INSERT INTO items (kind, name, device, version, sha256, plain_hash, current, issued_at, content)"
                " VALUES (:kind, :name, :device, :version, :sha256, :plain, 1, :now, :content)"
            ),
            {**at, "version": version or str(known + 1), "sha256": hashlib.sha256(content).hexdigest(),
             "plain": plain_hash, "now": now(), "content": content},
        )  # fmt: skip
        return True

    def _publish(self, connection: Connection) -> bytes:
        """The statement of what holds now, one version higher."""
        rows = connection.execute(
            text("SELECT kind, name, version, sha256, length(content), device FROM items WHERE current = 1")
        ).all()
        items = sorted(
            (reference.Item(row[0], row[1], row[2], row[3], int(row[4]), row[5] or None) for row in rows),
            key=lambda one: (one.kind, one.name, one.device or "", _numbered(one.version)),
        )
        before = connection.execute(text("SELECT max(version) FROM published")).scalar() or 0
        told = reference.Reference(self._keys.id, int(before) + 1, now(), tuple(items))
        made = reference.reference(self._keys.sign, told)
        connection.execute(
            text("INSERT INTO published (version, issued_at, statement) VALUES (:version, :at, :statement)"),
            {"version": told.version, "at": told.issued_at, "statement": made},
        )
        return made


def paper_keys(connection: Connection) -> dict[str, Any]:
    """Which keys sign papers, which of them count no more, and which papers hold no more, by what laptops told."""
    desks = []
    for key, number, region, names, revoked_at, reason in connection.execute(
        text("SELECT public_key, number, region, names, revoked_at, revoked_reason FROM devices ORDER BY device")
    ):
        desk: dict[str, Any] = {
            "key": bytes(key).hex(),
            "department": {"number": number, "region": region, "names": json.loads(names)},
        }
        if revoked_at:
            desk["revoked"] = {"on": revoked_at[:10], "reason": reason or ""}
        desks.append(desk)
    void = []
    for key, reason, head, blank, by, on in connection.execute(
        text("SELECT d.public_key, v.reason, v.head, v.blank, v.by_number, v.void_on FROM void_papers v"
             " JOIN devices d ON d.device = v.device ORDER BY v.device, v.incarnation, v.line, v.seq")
    ):  # fmt: skip
        told = {"key": bytes(key).hex(), "reason": reason, "head": head, "blank": blank, "by": by, "on": on}
        void.append({name: value for name, value in told.items() if value})
    return {"desks": desks, "void": void}


def revocations(connection: Connection) -> dict[str, Any]:
    """Laptops and users whose signatures count no more."""
    devices = connection.execute(
        text("SELECT device, revoked_at, revoked_reason FROM devices WHERE revoked_at IS NOT NULL ORDER BY device")
    )
    users = connection.execute(text("SELECT id, revoked_on, reason FROM revoked_users ORDER BY id"))
    return {
        "devices": [{"device": row[0], "on": row[1][:10], "reason": row[2] or ""} for row in devices],
        "users": [{"id": row[0], "on": row[1], "reason": row[2]} for row in users],
    }


def earlier_of(connection: Connection, person: object) -> list[dict[str, Any]]:
    """The conclusions that stand for a person, newest first."""
    if not isinstance(person, str) or iin.of_digits(person) is None:
        return []
    rows = connection.execute(
        text(
            "SELECT number, examined_on, outcome, period_kind, period_value, until, cause, general, professional,"
            " region, department FROM conclusions c WHERE iin = :iin AND NOT EXISTS (SELECT 1 FROM signings s"
            " WHERE s.device = c.device AND s.supersedes = c.case_id AND s.state <> 'quarantined')"
            " ORDER BY examined_on DESC, signed_at DESC"
        ),
        {"iin": person},
    ).mappings()
    return [_earlier(row) for row in rows]


def _earlier(row: Mapping[Any, Any]) -> dict[str, Any]:
    period = {"kind": row["period_kind"], "value": row["period_value"]} if row["period_kind"] else None
    return {
        "number": row["number"], "on": row["examined_on"], "outcome": row["outcome"], "period": period,
        "until": row["until"], "cause": row["cause"], "general_capacity": row["general"],
        "professional_capacity": row["professional"], "region": row["region"], "department": row["department"],
    }  # fmt: skip


def _verifier(folder: Path | None) -> "Verify":
    own: Iterable[bytes] = pack_signature.public_keys(folder) if folder is not None else ()
    return pack_signature.verify((*pack_signature.public_keys(), *own), pack_signature.revoked_keys())


def _numbered(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

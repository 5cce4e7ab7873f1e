"""What people at the centre publish: editions, tables, letterheads, filters, assignments, revoked users.

Everything is looked at before it is published: what a laptop would refuse is refused here, with a sentence.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, text

from app.centre import publishing
from app.centre.interpreting import requeue
from app.centre.keys import Keys
from app.centre.store import Store
from app.crypto import digests, pack_signature
from app.domain import case_fields, classifier_table
from app.domain.case_file import read_bytes
from app.domain.dates import parse_iso
from app.domain.errors import CheckFailed, NothingToDo, UserError
from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.sync import reference, screening
from app.sync.wire import is_id

if TYPE_CHECKING:
    from app.rules.files import Verify
    from app.rules.model import Pack

_MOST_FILE: Final = 32 << 20
_NAMED_FAILURES: Final = 3
Progress = Callable[[str], object]


class Publisher:
    """Publishes under one centre's keys. Each method is one transaction; UserError and CheckFailed before anything."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store, self._keys = store, keys

    # --- what people publish ---
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
            publishing.lock(connection)
            self._require_higher(pack, version_number, connection)
            content = reference.pack_item(files)
            publishing.put(connection, reference.PACK, pack.id, content, version=pack.version, plain_hash=pack.digest,
                      keep=True)  # fmt: skip
            publishing.publish(connection, self._keys)
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
                {
                    "id": id_,
                    "case": case,
                    "earlier": publishing.earlier_of(connection, (case.get("person") or {}).get("iin")),
                }
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
        made = build_filter(self._store, self._keys, kind, progress)
        self._one(reference.FILTER, kind, made.content, says=made.says)
        return made.count

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
            publishing.refresh(connection, self._keys)

    # --- inside ---
    def _one(self, kind: str, name: str, content: bytes, *, device: str = "", says: str = "") -> None:
        """Publish an item in the place of the one before; NothingToDo where it says the same (`says`: the hash of what
        it says, where the bytes also say when they were made)."""
        with self._store.begin(write=True) as connection:
            publishing.lock(connection)
            sent, hash_ = content, says or publishing.hash_of(content)
            if device:
                key = connection.execute(
                    text("SELECT seal_key FROM devices WHERE device = :device AND revoked_at IS NULL"),
                    {"device": device},
                ).scalar()
                if key is None or not is_id(device):
                    sentence = N_("No laptop {device} is enrolled, or it was revoked.")
                    raise UserError(Text(sentence, {"device": device}))
                sent = reference.seal_item(bytes(key), content)
            if not publishing.put(connection, kind, name, sent, plain_hash=hash_, device=device):
                raise NothingToDo(Text(N_("The same is published already. Nothing needs to be done.")))
            publishing.publish(connection, self._keys)


def _verifier(folder: Path | None) -> "Verify":
    own: Iterable[bytes] = pack_signature.public_keys(folder) if folder is not None else ()
    return pack_signature.verify((*pack_signature.public_keys(), *own), pack_signature.revoked_keys())

"""Where texts came from: how much of a specialist's text stands word for word in a phrase or in another person's case.

Asked after a text was saved, in a task of its own. Compared are runs of words (shingles): a run of five words that both
texts hold counts as copied, with every word in it.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from app.domain import case_file
from app.domain.observations import OriginKind, origins_path
from app.domain.vocabulary import CaseState
from app.services.examinations import ExaminationService, audit_change
from app.services.snippets import KIND as SNIPPET
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.cases import CaseRecord

NEWEST: Final = 200
"""As many other cases are compared."""
LONG_ENOUGH: Final = 200
"""Characters above which a text is compared with other cases: short ones are alike by nature."""
COPIED: Final = 60
"""Percent of a text in another case from which it is told."""
_RUN: Final = 5
_WORD = re.compile(r"\w+")

Origin = dict[str, Any]


def share(text: str, source: str) -> int:
    """How many percent of the text's words (by their letters) stand in the source word for word, in runs."""
    return _share(_words(text), _words(source))


def _share(words: tuple[str, ...], there: tuple[str, ...]) -> int:
    run = min(_RUN, len(words), len(there))
    if run == 0:
        return 0
    known = {there[at : at + run] for at in range(len(there) - run + 1)}
    copied = [False] * len(words)
    for at in range(len(words) - run + 1):
        if words[at : at + run] in known:
            copied[at : at + run] = [True] * run
    whole = sum(map(len, words))
    return round(100 * sum(len(word) for word, found in zip(words, copied, strict=True) if found) / whole)


def _may_hold(words: tuple[str, ...], there: tuple[str, ...]) -> bool:
    """Whether so many of the words stand there that their runs may: asked first, for it is ten times as fast."""
    known = set(there)
    return 100 * sum(len(word) for word in words if word in known) >= COPIED * sum(map(len, words))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


class OriginService:
    """Keeps with each text of a specialist where it came from, for control."""

    def __init__(self, place: Workplace, examinations: ExaminationService) -> None:
        self._place = place
        self._examinations = examinations

    def trace(self, case_id: str, path: str, inserted: Sequence[str] = ()) -> tuple[str, list[Origin] | None] | None:
        """Compare the stored text at `path` and keep what was found; returns where that stands, and it.

        `inserted`: ids of phrases put in since the last time. None where nothing changed, the field keeps no origins,
        or the case takes no changes any more: then nothing is written.
        """
        from app.storage import cases

        where = origins_path(path)
        if where is None:
            return None
        with self._place.database.reading() as connection:
            record = self._examinations.record(connection, case_id)
        text = case_file.get(record.document, path) or ""
        found = self._found(record, path, text, inserted)
        before = case_file.get(record.document, where)
        if [_apart(o) for o in before or ()] == [_apart(o) for o in found]:
            return None
        with self._place.begin() as work:
            record = self._examinations.record(work.connection, case_id)
            if record.state is not CaseState.DRAFT or (case_file.get(record.document, path) or "") != text:
                return None  # somebody went on: the next comparison is of what stands there then
            at = work.now.isoformat(timespec="seconds").replace("+00:00", "Z")
            known = {(o["kind"], o["id"], o["share"]): o["at"] for o in before or ()}
            kept = [{**o, "at": known.get((o["kind"], o["id"], o["share"]), at)} for o in found]
            checked = case_file.check_field(where, kept) if kept else None
            head = audit_change(work, case_id, where, before, checked, screen="observations")
            document = case_file.put(record.document, where, checked)
            cases.save(work, head, case_id, document, record.unfinished, columns=False)
            work.commit()
        return where, kept or None

    def _found(self, record: "CaseRecord", path: str, text: str, inserted: Sequence[str]) -> list[Origin]:
        from app.storage import cases, entries

        before = case_file.get(record.document, origins_path(path) or "") or []
        with self._place.database.reading() as connection:
            phrases = entries.of_kind(connection, SNIPPET)
            others = (
                cases.texts_of_others(connection, record.id, record.person_id, path, NEWEST)
                if len(text) > LONG_ENOUGH
                else []
            )
        found = []
        asked = dict.fromkeys([*(o["id"] for o in before if o["kind"] == OriginKind.SNIPPET), *inserted])
        for identity in asked:
            old = next((o for o in before if o["id"] == identity), None)
            phrase = phrases.get(identity)
            # A phrase that is gone can't be compared any more: what was found of it stays.
            part = share(text, phrase["text"]) if phrase else old["share"] if old and text else 0
            if part:
                name = phrase["name"] if phrase else old["name"] if old else ""
                found.append(_origin(OriginKind.SNIPPET, identity, name, part))
        words = _words(text)
        read = ((identity, number, _words(other)) for identity, number, other in others)
        near = (other for other in read if _may_hold(words, other[2]))
        alike = [(_share(words, there), number, identity) for identity, number, there in near]
        alike = sorted((one for one in alike if one[0] >= COPIED), reverse=True)
        # The nearest one says it; others that were copied from it say nothing more.
        return found + [_origin(OriginKind.CASE, identity, number, part) for part, number, identity in alike[:1]]


def _origin(kind: OriginKind, identity: str, name: str, part: int) -> Origin:
    return {"kind": kind.value, "id": identity, "name": name, "share": part, "at": ""}


def _apart(origin: Origin) -> tuple[Any, ...]:
    return tuple(origin[key] for key in ("kind", "id", "name", "share"))

"""Is a paper genuine? What its code or the seal of its PDF says, against the keys that are known, in words.

Offline and without a sign-in. The window, the command and the page for a browser (`resources/verify`) answer alike.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.documents import SLIP, title, witness
from app.documents.envelope import is_enclosed
from app.documents.forms.table import FORMS
from app.documents.witness import Facts, Statement
from app.domain.errors import KnownError
from app.domain.papers import PROTOCOL
from app.domain.system import refusal
from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.services import signature_words
from app.services.paper_keys import RESUMED, SPOILED, SUPERSEDED, Desk, PaperKeys, void_of

MOST_BYTES: Final = 100_000_000
_END: Final = b"%%EOF"
_TAIL: Final = 1_024  # bytes; as far from its end as readers of PDF look for the mark
MEMBERS: Final = signature_words.MEMBERS
_DRAFT: Final = re.compile(r"SARAPTAMA/1 ([A-Z-]{1,40}) (\S{1,40}) ([0-9A-F]{64}) (DRAFT|SIGNED|ENDED)")


class Verdict(StrEnum):
    """What became of a paper, as whoever holds it needs to know."""

    GENUINE = "genuine"
    ALTERED = "altered"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    UNKNOWN_KEY = "unknown_key"
    SAMPLE = "sample"
    UNSIGNED = "unsigned"
    DAMAGED = "damaged"
    UNREAD = "unread"


NAMES: Final = {
    Verdict.GENUINE: N_("Genuine"),
    Verdict.ALTERED: N_("Altered"),
    Verdict.SUPERSEDED: N_("Superseded"),
    Verdict.REVOKED: N_("Holds no more"),
    Verdict.UNKNOWN_KEY: N_("Unknown key"),
    Verdict.SAMPLE: N_("Sample"),
    Verdict.UNSIGNED: N_("Not signed"),
    Verdict.DAMAGED: N_("Not whole"),
    Verdict.UNREAD: N_("Not checked"),
}

ALTERED: Final = N_(
    "What the code says does not fit its signature: it was changed or damaged. Don't rely on this paper. Ask the"
    " department that it names for the paper."
)
ALTERED_FILE: Final = N_(
    "The file was changed after the desk signed it. Don't rely on it. Ask the department that it names for the file."
)
BEHIND: Final = N_(
    "Something was added to the file after the desk signed it. Don't rely on it. Ask the department for the file as"
    " it was written."
)
UNKNOWN: Final = N_(
    "It is signed with the key {fingerprint}, which is not known here: nothing says yet whether it is genuine. Ask the"
    " department for its file of keys, compare the fingerprint with the department by telephone, then check again."
)
KEY_REVOKED: Final = N_(
    "It is signed with the key {fingerprint} of {department}, which counts no more. Ask that department whether the"
    " case {number} stands in its records."
)
SUPERSEDED_BY: Final = N_(
    "It was genuine, but the case {by} has taken the place of the case {number}. Ask for the paper of the case {by}."
)
ENDING_RESUMED: Final = N_(
    "It was genuine, but the department has taken the ending of the case {number} back and goes on with it. Ask the"
    " department what came of it."
)
BLANK_SPOILED: Final = N_(
    "It was genuine, but the blank {blank} was written off as spoiled. Ask the department for the paper on the new"
    " blank."
)
SAMPLE: Final = N_("A sample from a training desk: everybody on it is invented. It proves nothing.")
DRAFT: Final = N_(
    "A draft of the case {number}: the commission has not signed it. It proves nothing. Ask for the signed paper."
)
EARLIER: Final = N_(
    "A paper of an earlier edition of the program: its code is not signed. Compare its number {number} and its hash"
    " with the records of the department."
)
NO_SEAL: Final = N_(
    "This PDF bears no signature of a desk. Drafts bear none, nor does a file that another program has saved again. Ask"
    " the department for the file as it was written, or check the code on the paper itself."
)
CUT_OFF: Final = N_(
    "The end of this PDF is missing: it was not copied or sent whole. It says nothing about the paper. Get the file"
    " again, or check the code on the paper itself."
)
ENCRYPTED: Final = N_(
    "This PDF is encrypted for the way to another computer. Open it with its passphrase, save the file that is attached"
    " inside, and check that one; or check the code on the paper itself."
)
NO_CODE: Final = N_(
    "No code of a paper was found. Take the picture from above and in good light, so that the square code fills a"
    " quarter of it, then try again."
)
NO_PICTURE: Final = N_(
    "This is neither a PDF nor a picture that can be read here (PNG, JPEG, BMP, TIFF, WebP), nor the text of a code."
)
LATER: Final = N_("The signature holds, but a later edition of the program made it. Check it with a newer program.")
COMPARE: Final = N_("Compare what stands below with the paper, word for word. The code can't see what was printed.")
WHOLE: Final = N_("Every byte of the file is as the desk wrote it.")
ELSEWHERE: Final = N_(
    "This page does not check the certificates of the members. Check the file with the program: saraptama verify."
)
SIGNER: Final = N_("Signed by the desk of {department}, key {fingerprint}.")
SOURCE: Final = N_("The key is known from {source}. What was superseded or taken back is known up to {day}.")
SOURCE_HERE: Final = N_("The key is that of this laptop, and so is what was superseded or taken back.")

LABELS: Final = {
    "document": N_("Document"),
    "case": N_("Case"),
    "session": N_("Session"),
    "exchange": N_("Exchange"),
    "iin": N_("ИИН ends with"),
    "on": N_("Day of the examination"),
    "day": N_("Day"),
    "outcome": N_("Decision"),
    "period": N_("Period"),
    "until": N_("Again on"),
    "general": N_("General working capacity lost"),
    "professional": N_("Professional working capacity lost"),
    "ending": N_("Ended without a decision"),
    "blank": N_("Blank"),
    "duplicate": N_("Duplicate"),
    "record": N_("Record of the log"),
    "digest": N_("SHA-256 of the record"),
}
ENDINGS: Final = {
    "refusal": N_("refused"),
    "absence": N_("the person did not come"),
    "death": N_("the person died"),
    "withdrawal": N_("withdrawn by the person"),
    "service": N_("what was asked for was handed out"),
}
_NUMBERS: Final = {PROTOCOL: "session", SLIP: "exchange"}
"""what the number of such a paper is; of the others it is the case's, and their day is that of the examination"""
YES: Final = N_("yes")
PER_CENT: Final = N_("{n} %")


@dataclass(frozen=True, slots=True)
class Answer:
    """`sentences`: what it means and what to do; `said`: what the code says, label and value, to be compared."""

    verdict: Verdict
    sentences: tuple[Text, ...]
    said: tuple[tuple[Text, Text | LocalText | str], ...] = ()


def read_paper(path: Path) -> bytes:
    """What a file holds; KnownError where it can't be read, is no file, or is larger than any paper."""
    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise KnownError(Text(N_("{path} is no file. Name the file of the paper."), {"path": str(path)}))
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        sentence = N_("The paper can't be read: {path} ({reason}). Check the path and your rights.")
        raise KnownError(Text(sentence, {"path": str(path), "reason": refusal(error)})) from None
    if len(data) > MOST_BYTES:
        sentence = N_("{path} is larger than 100 MB: no paper is. Name the file of the paper.")
        raise KnownError(Text(sentence, {"path": str(path)}))
    return data


def check(data: bytes, keys: PaperKeys) -> Answer:
    """A PDF, a picture of a page, or the text of a code."""
    if data.startswith(b"%PDF-"):
        return _of_pdf(data, keys)
    text = _text_in(data)
    if text is not None:
        return of_code(text, keys)
    from app.documents import pictures

    found = pictures.codes(data)
    if found is None:
        return Answer(Verdict.UNREAD, (Text(NO_PICTURE),))
    return _of_codes(found, keys) or Answer(Verdict.UNREAD, (Text(NO_CODE),))


def of_code(text: str, keys: PaperKeys) -> Answer:
    """What a code says, as a phone or a scanner reads it."""
    draft = _DRAFT.fullmatch(text)
    if draft:
        sentence = DRAFT if draft[4] == "DRAFT" else EARLIER
        return Answer(Verdict.UNSIGNED, (Text(sentence, {"number": draft[2]}),))
    try:
        statement = witness.read(text)
    except ValueError:
        return Answer(Verdict.ALTERED, (Text(ALTERED),))
    return _judged(statement, keys, None)


def _of_pdf(data: bytes, keys: PaperKeys) -> Answer:
    seal = witness.sealed(data)
    if seal is None and is_enclosed(data):
        return Answer(Verdict.UNREAD, (Text(ENCRYPTED),))
    if seal is None:
        if witness.was_sealed(data):
            return Answer(Verdict.ALTERED, (Text(BEHIND),))
        if _END not in data[-_TAIL:]:
            return Answer(Verdict.DAMAGED, (Text(CUT_OFF),))
        from app.documents import pictures

        return _of_codes(pictures.scans(data), keys) or Answer(Verdict.UNSIGNED, (Text(NO_SEAL),))
    try:
        statement = witness.read(seal[0])
    except ValueError:
        return Answer(Verdict.ALTERED, (Text(ALTERED_FILE),))
    answer = _judged(statement, keys, seal[1])
    if answer.verdict is Verdict.ALTERED or not witness.signed_times(data):
        return answer
    whole, sentences = signature_words.told(data, keys.roots)
    verdict = answer.verdict if whole else Verdict.ALTERED
    return replace(answer, verdict=verdict, sentences=(*answer.sentences, *sentences))


def _of_codes(found: tuple[str, ...], keys: PaperKeys) -> Answer | None:
    """Of several codes in a picture the worst answer counts: nobody hides a paper behind a genuine one."""
    ours = dict.fromkeys(text for text in found if text.startswith((witness.PREFIX, "SARAPTAMA/1 ")))
    answers = sorted((of_code(text, keys) for text in ours), key=lambda answer: answer.verdict is Verdict.GENUINE)
    return answers[0] if answers else None


def _text_in(data: bytes) -> str | None:
    if len(data) > 10_000:
        return None
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    return text if text.startswith(("SRP", "SARAPTAMA/")) else None


def _judged(statement: Statement, keys: PaperKeys, pdf: bytes | None) -> Answer:
    """`pdf`: the hash of the file whose seal it is; None for a code."""
    altered = Answer(Verdict.ALTERED, (Text(ALTERED if pdf is None else ALTERED_FILE),))
    if statement.pdf != pdf:
        return altered
    desk = keys.desks.get(statement.signed.key_id)
    facts = statement.facts
    if desk is None:
        told = {"fingerprint": _written(statement.signed.key_id)}
        return Answer(Verdict.UNKNOWN_KEY, (Text(UNKNOWN, told),), _said(facts) if facts else ())
    if not statement.signed.holds(desk.public, witness.PURPOSE):
        return altered
    if facts is None:
        return Answer(Verdict.UNREAD, (Text(LATER),))
    verdict, first = _standing(facts, desk, keys)
    sentences = [first] if first else [Text(COMPARE if pdf is None else WHOLE)]
    sentences += _signer(desk)
    return Answer(verdict, tuple(sentences), _said(facts))


def _standing(facts: Facts, desk: Desk, keys: PaperKeys) -> tuple[Verdict, Text | None]:
    if facts.sample:
        return Verdict.SAMPLE, Text(SAMPLE)
    if desk.revoked is not None:
        told = {"fingerprint": desk.fingerprint, "department": desk.names, "number": facts.number}
        return Verdict.REVOKED, Text(KEY_REVOKED, told)
    if facts.document in (
        PROTOCOL,
        SLIP,
    ):  # its event is one of many cases': what becomes of that one doesn't undo a session
        return Verdict.GENUINE, None
    found = list(void_of(desk.public, facts.head[1], f"{_kind(facts)} {facts.blank}", keys.void))
    for reason, verdict, sentence in _ORDER:
        for one in found:
            if one.reason == reason:
                return verdict, Text(sentence, {"by": one.by, "number": facts.number, "blank": facts.blank})
    return Verdict.GENUINE, None


_ORDER: Final = (
    (SUPERSEDED, Verdict.SUPERSEDED, SUPERSEDED_BY),
    (RESUMED, Verdict.REVOKED, ENDING_RESUMED),
    (SPOILED, Verdict.REVOKED, BLANK_SPOILED),
)


def _kind(facts: Facts) -> str:
    form = FORMS.get(facts.document)
    return form.strict or "" if form else ""


def _signer(desk: Desk) -> Iterator[Text]:
    yield Text(SIGNER, {"department": desk.names, "fingerprint": desk.fingerprint})
    if not desk.source:
        yield Text(SOURCE_HERE)
    elif desk.told_on is not None:
        yield Text(SOURCE, {"source": desk.source, "day": desk.told_on})


def _said(facts: Facts) -> tuple[tuple[Text, Text | LocalText | str], ...]:
    day = "%d.%m.%Y"
    rows: list[tuple[str, Text | LocalText | str | None]] = [
        ("document", title(facts.document)),
        (_NUMBERS.get(facts.document, "case"), facts.number),
        ("iin", facts.iin),
        ("day" if facts.document in _NUMBERS else "on", facts.on.strftime(day) if facts.on else None),
        ("outcome", _worded("outcome", facts.outcome) if facts.outcome else None),
        ("period", _period(*facts.period) if facts.period else None),
        ("until", facts.until.strftime(day) if facts.until else None),
        ("general", None if facts.general is None else Text(PER_CENT, {"n": facts.general})),
        ("professional", None if facts.professional is None else Text(PER_CENT, {"n": facts.professional})),
        ("ending", Text(ENDINGS[facts.ending]) if facts.ending else None),
        ("blank", facts.blank),
        ("duplicate", Text(YES) if facts.duplicate else None),
        ("digest", f"{facts.digest.hex()[:16]}…"),
        ("record", f"{facts.head[0]}, {facts.head[1].hex()[:16]}…"),
    ]
    return tuple((Text(LABELS[key]), value) for key, value in rows if value)


def _worded(table: str, key: str) -> LocalText:
    from app.documents.wording import wording

    return LocalText(**{code: wording("conclusion", code).known(table, key) for code in LANGUAGES})


def _period(kind: str, value: int | None) -> LocalText:
    from app.documents.wording import wording

    return LocalText(**{code: wording("conclusion", code).term(kind, value) for code in LANGUAGES})


def _written(named: bytes) -> str:
    digits = named.hex()
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4))

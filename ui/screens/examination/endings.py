"""How a case ended, and until when it was put off, in a sentence."""

from app.domain.case_file import Document, get
from app.domain.dates import parse_iso
from app.domain.endings import postponed_until
from app.domain.vocabulary import EndingKind
from app.i18n import Translator
from app.services.grounds import ground


def ending_sentence(t: Translator, document: Document) -> str:
    """`Ended without a decision on 18.11.2026: …`, with ground, words, source and who said so."""
    told = get(document, "dossier.ending") or {}
    kind = t.show(EndingKind(told["kind"])) if told.get("kind") else ""
    known = ground(told.get("ground"))
    name = told.get("ground") if known is None else t.show(known.name)
    parts = [part for part in (kind, name, told.get("text"), told.get("source")) if part]
    sentence = t("Ended without a decision: {how}.", how="; ".join(parts))
    on = parse_iso(told.get("on") or "")
    if on is None:
        return sentence
    return sentence + " " + t("Day: {date}. Says so: {name}.", date=on, name=told.get("head") or "–")


def postponed_sentence(t: Translator, document: Document) -> str:
    """Until when, what is to be examined, why."""
    told, until = get(document, "dossier.postponed") or {}, postponed_until(document)
    if until is None:
        return ""
    sentence = t("Put off until {date}: {what}.", date=until, what=told.get("what") or "–")
    return sentence + " " + t("Why: {reason}", reason=told.get("reason") or "–")

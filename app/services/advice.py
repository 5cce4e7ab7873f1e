"""What is worth a look in a case and stops nothing: what rests on an unchecked rule, what may be so all the same.

Obstacles and contradictions are the criteria's (app.rules.conflicts); the steps say what is missing.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.domain.case_file import Document, Problem, get
from app.domain.dates import age, parse_iso
from app.domain.names import same_name
from app.domain.text import N_, Text
from app.domain.vocabulary import Occasion, Outcome, Place

ADULT = 18
ISSUED_ON = "person.identity.issued_on"


def advice(document: Document) -> tuple[Problem, ...]:
    """Remarks in the order of the case, each with the path to go to."""
    return (*_identity(document), *_representative(document), *_same_members(document), *_opinions(document))


def _identity(document: Document) -> Iterator[Problem]:
    """A document of a later day than the examination: a slip, or one that was shown afterwards."""
    issued, on = (parse_iso(get(document, path) or "") for path in (ISSUED_ON, "examination.on"))
    if issued is not None and on is not None and issued > on:
        sentence = N_("The identity document is of {date}, after the examination of {on}. Check both dates.")
        yield Problem(ISSUED_ON, Text(sentence, {"date": issued, "on": on}))


def _representative(document: Document) -> Iterator[Problem]:
    path = "person.representative.name"
    if get(document, path):
        return
    on, birth = (parse_iso(get(document, name) or "") for name in ("examination.on", "person.birth_date"))
    if on is not None and birth is not None and birth <= on and age(birth, on) < ADULT:
        yield Problem(path, Text(N_("The person is under 18: a representative acts for the child.")))
    elif get(document, "dossier.guardianship") is True:
        yield Problem(path, Text(N_("Somebody was appointed to act for the person: enter who it is.")))


def _same_members(document: Document) -> Iterator[Problem]:
    """Who decided doesn't look at the decision again. From memory: no text at hand says so in words."""
    if get(document, "examination.occasion") not in (Occasion.CONTROL, Occasion.APPEAL):
        return
    before: list[str] = get(document, "dossier.reviewed.members") or []
    for member in get(document, "examination.commission") or []:
        name = member.get("name")
        if name and any(same_name(name, other) for other in before):
            sentence = N_("{name} decided the case that is looked at again. Others should do that (from memory).")
            yield Problem("examination.commission", Text(sentence, {"name": name}))


def _opinions(document: Document) -> Iterator[Problem]:
    """How the decision stands to what most experts said. How many have to agree was not found."""
    given: list[dict[str, Any]] = get(document, "dossier.opinions") or []
    decided = get(document, "decision.outcome")
    if get(document, "examination.place") != Place.IN_ABSENTIA_PROACTIVE or not given or decided is None:
        return
    counted = Counter(opinion.get("outcome") for opinion in given if opinion.get("outcome"))
    if counted and counted[decided] * 2 <= sum(counted.values()):
        sentence = N_("Only {n} of {all} experts said: {outcome}. How many have to agree was not found.")
        params = {"n": counted[decided], "all": sum(counted.values()), "outcome": Outcome(decided)}
        yield Problem("dossier.opinions", Text(sentence, params))

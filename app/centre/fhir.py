"""Conclusions as FHIR R4 bundles, for systems of health care; the mapping stands in docs/fhir.md.

Equal conclusions give equal bytes: ids follow from the conclusion's digest, times are those that were signed.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, text

from app.crypto import digests
from app.domain.text import LANGUAGES, N_
from app.domain.vocabulary import Outcome, PeriodKind
from app.i18n import translator

Resource = dict[str, Any]

# Names of our own: no registry has given these systems an address yet.
_IIN: Final = "urn:saraptama:iin"
_NUMBER: Final = "urn:saraptama:conclusion-number"
_DEPARTMENT: Final = "urn:saraptama:department"
_OUTCOME: Final = "urn:saraptama:outcome"
_CODES: Final = "urn:saraptama:observation"
_CAUSE: Final = "urn:saraptama:cause"
_PERIOD: Final = "urn:saraptama:period"
_PACK: Final = "urn:saraptama:criteria"
_ICD10: Final = "http://hl7.org/fhir/sid/icd-10"
_UCUM: Final = "http://unitsofmeasure.org"
_TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
_SPACE: Final = uuid.UUID("6a4c1d0e-7c37-5c1b-9d5e-3f1d6a4f2b10")

_NAMES: Final[Mapping[str, str]] = {
    "group": N_("Established"),
    "general": N_("Loss of general capacity for work"),
    "professional": N_("Loss of professional capacity for work"),
}


def bundles(connection: Connection, since: str = "") -> Iterator[tuple[str, bytes]]:
    """Name and bytes of a bundle for each conclusion that came at `since` (as times stand in the log) or later, all
    attachments of which are here; those that were superseded say so."""
    rows = connection.execute(
        text(
            "SELECT c.*, (SELECT s.case_id FROM signings s WHERE s.device = c.device AND s.supersedes = c.case_id"
            " AND s.state <> 'quarantined' LIMIT 1) AS superseded_by FROM conclusions c"
            " WHERE c.complete = 1 AND c.received_at >= :since ORDER BY c.received_at, c.incarnation, c.seq"
        ),
        {"since": since},
    ).mappings()
    for row in rows.all():
        members = connection.execute(
            text("SELECT name, role FROM conclusion_members WHERE incarnation = :incarnation AND line = :line"
                 " AND seq = :seq ORDER BY member"),
            {"incarnation": row["incarnation"], "line": row["line"], "seq": row["seq"]},
        ).all()  # fmt: skip
        yield (
            f"{row['digest'].removeprefix('sha256:')}.json",
            digests.canonical(bundle(row, [(str(name), str(role)) for name, role in members])),
        )


def bundle(row: Mapping[Any, Any], members: list[tuple[str, str]]) -> Resource:
    """The bundle of one conclusion."""

    def of(kind: str) -> str:
        return str(uuid.uuid5(_SPACE, f"{row['digest']}/{kind}"))

    # One patient for one ИИН, whoever examined; without one, of this conclusion alone.
    patient = str(uuid.uuid5(_SPACE, f"patient/{row['iin'] or row['digest']}"))
    subject, encounter = _reference("Patient", patient), _reference("Encounter", of("encounter"))
    status = "entered-in-error" if row["superseded_by"] else "final"
    observations = [
        _observation(of("group"), "group", status, subject, encounter, row,
                     {"valueCodeableConcept": _outcome(str(row["outcome"]))}),
        *(
            _observation(of(name), name, status, subject, encounter, row, {"valueQuantity": {
                "value": row[name], "unit": "%", "system": _UCUM, "code": "%"}})
            for name in ("general", "professional") if row[name] is not None
        ),
    ]  # fmt: skip
    resources = [
        _patient(patient, row),
        _encounter(of("encounter"), subject, row, members),
        *observations,
        _impression(of("impression"), subject, encounter, row, members,
                    [_reference("Observation", one["id"]) for one in observations]),
    ]  # fmt: skip
    return {
        "resourceType": "Bundle",
        "id": of("bundle"),
        "identifier": {"system": _NUMBER, "value": row["number"]},
        "type": "collection",
        "timestamp": row["signed_at"],
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
    }


def _patient(id_: str, row: Mapping[Any, Any]) -> Resource:
    family, *given = str(row["person"]).split(" ")
    found: Resource = {
        "resourceType": "Patient",
        "id": id_,
        "name": [{"use": "official", "text": row["person"], "family": family, "given": given}],
        "gender": row["sex"] if row["sex"] in ("male", "female") else "unknown",
        "birthDate": row["birth_date"],
    }
    if row["iin"]:
        found["identifier"] = [{"system": _IIN, "value": row["iin"]}]
    return found


def _encounter(id_: str, subject: Resource, row: Mapping[Any, Any], members: list[tuple[str, str]]) -> Resource:
    found: Resource = {
        "resourceType": "Encounter",
        "id": id_,
        "identifier": [{"system": _NUMBER, "value": row["number"]}],
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                  "code": "HH" if row["place"] == "home" else "AMB"},
        "subject": subject,
        "participant": [{"type": [{"text": role}], "individual": {"display": name}} for name, role in members],
        "period": {"start": row["examined_on"], "end": row["examined_on"]},
        "serviceProvider": {"identifier": {"system": _DEPARTMENT, "value": f"{row['region']}/{row['department']}"}},
    }  # fmt: skip
    if row["organisation"]:
        found["hospitalization"] = {"origin": {"display": row["organisation"]}}
    return found


def _observation(
    id_: str, name: str, status: str, subject: Resource, encounter: Resource, row: Mapping[Any, Any], value: Resource
) -> Resource:
    found: Resource = {
        "resourceType": "Observation",
        "id": id_,
        "status": status,
        "code": _concept(_CODES, name, _NAMES[name]),
        "subject": subject,
        "encounter": encounter,
        "effectiveDateTime": row["examined_on"],
        "issued": row["signed_at"],
        **value,
    }
    if name == "group":
        parts = []
        if row["period_kind"]:
            written = str(row["period_kind"])
            kind = _concept(_PERIOD, written, _label(PeriodKind, written))
            parts.append({"code": {"coding": [{"system": _CODES, "code": "period"}]}, "valueCodeableConcept": kind})
        if row["period_value"] is not None:
            unit = {PeriodKind.MONTHS.value: "mo", PeriodKind.YEARS.value: "a"}.get(str(row["period_kind"]), "1")
            quantity = {"value": row["period_value"], "system": _UCUM, "code": unit}
            parts.append({"code": {"coding": [{"system": _CODES, "code": "term"}]}, "valueQuantity": quantity})
        if row["until"]:
            coding = {"coding": [{"system": _CODES, "code": "until"}]}
            parts.append({"code": coding, "valueDateTime": row["until"]})
        if row["cause"]:
            coding = {"coding": [{"system": _CODES, "code": "cause"}]}
            cause = {"coding": [{"system": _CAUSE, "code": row["cause"]}]}
            parts.append({"code": coding, "valueCodeableConcept": cause})
        if parts:
            found["component"] = parts
    return found


def _impression(
    id_: str, subject: Resource, encounter: Resource, row: Mapping[Any, Any], members: list[tuple[str, str]],
    supporting: list[Resource],
) -> Resource:  # fmt: skip
    found: Resource = {
        "resourceType": "ClinicalImpression",
        "id": id_,
        "identifier": [{"system": _NUMBER, "value": row["number"]}],
        "status": "entered-in-error" if row["superseded_by"] else "completed",
        "subject": subject,
        "encounter": encounter,
        "effectiveDateTime": row["examined_on"],
        "date": row["signed_at"],
        "protocol": [f"{_PACK}:{row['pack']}"],
        "supportingInfo": supporting,
    }
    head = next((name for name, role in members if role == "head"), None)
    if head is not None:
        found["assessor"] = {"display": head}
    if row["icd10"]:
        found["finding"] = [{"itemCodeableConcept": {"coding": [{"system": _ICD10, "code": row["icd10"]}]}}]
    if row["overridden"] and row["override_reason"]:
        found["note"] = [{"text": row["override_reason"]}]
    return found


def _outcome(code: str) -> Resource:
    return _concept(_OUTCOME, code, _label(Outcome, code))


def _label(kind: Any, code: str) -> Any:
    return kind(code) if code in set(kind) else code


def _concept(system: str, code: str, words: Any) -> Resource:
    """A code with its words in Russian, and in the other languages as translations."""
    said = {language: _said(words, language) for language in LANGUAGES}
    others = [
        {"url": _TRANSLATION, "extension": [{"url": "lang", "valueCode": language},
                                            {"url": "content", "valueString": said[language]}]}
        for language in LANGUAGES if language != "ru"
    ]  # fmt: skip
    return {
        "coding": [{"system": system, "code": code, "display": said["ru"], "_display": {"extension": others}}],
        "text": said["ru"],
    }


def _said(words: Any, language: str) -> str:
    t = translator(language)
    return t(words) if type(words) is str else t.show(words)


def _reference(kind: str, id_: str) -> Resource:
    return {"reference": f"urn:uuid:{id_}", "type": kind}

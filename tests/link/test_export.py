"""What other systems get of conclusions: FHIR, statistics without persons, messages until they are acknowledged."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.centre import fhir, outbox, statistics
from app.crypto import statement
from app.services.desk import Desk
from tests.link.meaning_kit import Centre, Desklike, centre_at
from tests.link.test_interpreting import worked


@pytest.fixture
def centre(address: str, full_desk: Desk) -> Iterator[Centre]:
    """With a conclusion and its correction."""
    with centre_at(address) as made:
        worked(full_desk)
        made.take(Desklike(full_desk))
        made.interpreter.run_dry()
        yield made


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def test_a_conclusion_is_a_fhir_bundle_that_says_what_it_says(centre: Centre) -> None:
    with centre.store.begin() as connection:
        found = list(fhir.bundles(connection))
        assert list(fhir.bundles(connection)) == found
        assert list(fhir.bundles(connection, "2999")) == []
    first, second = (json.loads(data) for _, data in found)
    [patient] = resources(first, "Patient")
    assert patient["identifier"] == [{"system": "urn:saraptama:iin", "value": "710614301212"}]
    assert (patient["birthDate"], patient["gender"]) == ("1971-06-14", "male")
    assert resources(second, "Patient")[0]["id"] == patient["id"]
    group, general = resources(second, "Observation")
    assert group["valueCodeableConcept"]["coding"][0]["code"] == "group_2"
    parts = {part["code"]["coding"][0]["code"]: part for part in group["component"]}
    assert parts["term"]["valueQuantity"] == {"value": 2, "system": "http://unitsofmeasure.org", "code": "a"}
    assert parts["until"]["valueDateTime"] == "2028-12-01"
    assert general["valueQuantity"]["value"] == 70
    # What was corrected says so; what corrects it counts.
    assert {one["status"] for one in resources(first, "Observation")} == {"entered-in-error"}
    assert {one["status"] for one in resources(second, "Observation")} == {"final"}
    [impression] = resources(second, "ClinicalImpression")
    assert impression["finding"][0]["itemCodeableConcept"]["coding"][0]["code"] == "I69.3"
    [encounter] = resources(second, "Encounter")
    assert len(encounter["participant"]) == 3
    # Every reference leads to something in the bundle.
    there = {one["fullUrl"] for one in second["entry"]}
    waiting: list[Any] = [second]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            assert one.get("reference", next(iter(there))) in there
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def test_statistics_hold_no_person(centre: Centre, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    with centre.store.begin() as connection:
        data = statistics.as_csv(connection)
        assert statistics.write_parquet(connection, tmp_path / "c.parquet") == 1
    for secret in ("710614301212", "Әбдіқадырұлы", "06-14", "2/2026", "153200000"):
        assert secret.encode() not in data
    [row] = csv.DictReader(io.StringIO(data.decode()))
    assert (row["birth_year"], row["home_region"], row["outcome"], row["general_capacity"]) == (
        "1971", "15", "group_2", "70",
    )  # fmt: skip
    [typed] = pq.read_table(tmp_path / "c.parquet").to_pylist()
    assert (typed["general_capacity"], typed["professional_capacity"]) == (70, None)
    assert {name: "" if value is None else str(value) for name, value in typed.items()} == row


def test_a_message_is_given_out_until_it_is_acknowledged_and_is_one(centre: Centre) -> None:
    def fill() -> list[int]:
        with centre.store.begin(write=True) as connection:
            return [outbox.fill(connection, centre.keys) for _ in range(2)]

    assert fill() == [3, 0]
    with centre.store.begin() as connection:
        found = outbox.waiting(connection)
        assert outbox.waiting(connection) == found
    assert [one.kind for one in found] == ["concluded", "concluded", "superseded"]
    told = [statement.read(one.message, outbox.PURPOSE, {centre.keys.sign.public}).told for one in found]
    assert told[0]["iin"] == "710614301212"
    assert (told[2]["digest"], told[2]["by"]) == (told[0]["digest"], told[1]["digest"])
    with centre.store.begin(write=True) as connection:
        assert outbox.acknowledge(connection, found[0].name, "A-1")
        assert outbox.acknowledge(connection, found[0].name, "A-2")
        assert not outbox.acknowledge(connection, "concluded/x", "A-3")
    assert fill() == [0, 0]
    with centre.store.begin() as connection:
        assert outbox.waiting(connection) == found[1:]
    assert centre.rows("SELECT acknowledgement FROM outbox WHERE acknowledged_at IS NOT NULL") == [("A-1",)]

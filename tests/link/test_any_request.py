"""Whatever a known laptop sends to whichever address, the centre answers under its signature and never stumbles.

schemathesis invents the requests from a description of the door (adr/0039); each is signed as a laptop signs, so that
it gets past the door, and sent again without a signature.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import requests as sent
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from app.centre.http import Door
from app.centre.store import Store
from app.sync import answers, pieces, requests, told, wire
from tests.link.laptop import Laptop, centre_keys
from tests.link.served import served
from tests.link.wire_client import Client

_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"anyOf": [{"type": "integer"}, _TEXT]}
_LIFE: Final = "/v1/incarnations/{incarnation}"


def _asked(*query: str, path: tuple[str, ...] = (), body: bool = False) -> dict[str, Any]:
    named = [{"name": name, "in": "path", "required": True, "schema": _TEXT} for name in path]
    named += [{"name": name, "in": "query", "schema": _NUMBER} for name in query]
    found: dict[str, Any] = {"parameters": named, "responses": {"default": {"description": "a signed answer"}}}
    if body:
        binary = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        found["requestBody"] = {"required": True, "content": binary}
    return found


DOOR: Final = {
    "openapi": "3.0.0",
    "info": {"title": "the centre's door", "version": "1"},
    "paths": {
        "/v1/enrolments": {"post": _asked(body=True)},
        _LIFE: {"get": _asked("seq", "hash", path=("incarnation",))},
        f"{_LIFE}/batches": {"post": _asked(path=("incarnation",), body=True)},
        f"{_LIFE}/attachments/{{sha256}}": {
            "get": _asked(path=("incarnation", "sha256")),
            "put": _asked("offset", "size", path=("incarnation", "sha256"), body=True),
        },
        "/v1/reference": {"get": _asked()},
        "/v1/reference/{sha256}": {"get": _asked(path=("sha256",))},
        "/v1/log": {"get": _asked()},
        "/v1/log/inclusion": {"get": _asked("receipt")},
        "/v1/log/consistency": {"get": _asked("first", "second")},
    },
}
OPERATIONS: Final = [operation.ok() for operation in schemathesis.openapi.from_dict(DOOR).get_all_operations()]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    place = Store(tmp_path_factory.mktemp("centre") / "centre.db")
    place.migrate()
    keys, laptop = centre_keys(), Laptop()
    laptop.enrol(place, keys)
    door = Door(place, keys, rate=1_000_000)
    application = door.application()
    with served(application) as http:
        client = Client(http, keys, laptop)
        laptop.write(times=3)
        client.push(1)
        yield client
    place.close()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_whatever_is_asked_is_answered_under_the_centres_signature(known: Client, operation: Any) -> None:
    sealing = {"POST /v1/enrolments": told.ENROLMENT, f"POST {_LIFE}/batches": wire.BATCH}

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), inside=st.binary(max_size=200), ours=st.booleans(), shut=st.booleans())
    def ask(case: Any, inside: bytes, ours: bool, shut: bool) -> None:
        if ours and "incarnation" in case.path_parameters:
            case.path_parameters["incarnation"] = known.laptop.incarnation
        if operation.body and shut:
            # Past the seal too: whatever an enrolled laptop packs into it.
            from app.sync import envelope

            purpose = sealing.get(operation.label, told.ATTACHMENT)
            case.body = envelope.seal(known.keys.seal_key, purpose, envelope.pack(inside))
            assert len(case.body) < pieces.MOST
        prepared = sent.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
        target = prepared.path_url
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
        signed = requests.sign(known.laptop.seed, known.laptop.device, known.challenge(), prepared.method, target, body)
        for header in ({"Authorization": signed.header()}, {}):
            response = known.http.request(prepared.method, target, content=body, headers=header)
            if response.status_code in (404, 405) and b'"told"' not in response.content:
                continue  # no address of ours
            assert response.status_code < 500, response.content
            if response.status_code == 200 and header and "/reference/" in target:
                continue  # bytes that were asked for by their hash
            found = answers.read(
                response.content, known.keys.sign.public, requests.reference_of(signed) if header else ""
            )
            # Without a signature: unknown, or an address that can be none. Nothing tells whether a laptop is known.
            assert header or found["answer"] == told.REFUSED
            assert header or found["reason"] in ("device_unknown", "malformed")

    ask()


def test_every_address_of_the_door_is_asked_here(tmp_path: Path) -> None:
    place = Store(tmp_path / "centre.db")
    routes = Door(place, centre_keys()).application().routes
    place.close()
    ours = {route.path for route in routes if isinstance(route, Route) and route.path.startswith("/v1/")}
    assert ours - {"/v1/challenge"} == set(DOOR["paths"])

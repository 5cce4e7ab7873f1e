"""Publishing from the console: what a laptop would refuse is refused with a sentence, and nothing is published."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.centre import audit
from app.centre.console.access import Role
from app.centre.console.views import publishing
from tests import editions
from tests.link import consoles
from tests.link.consoles import Stand, Visitor
from tests.link.laptop import Laptop


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    keys = tmp_path / "keys"
    keys.mkdir()
    editions.public_file(keys / "methodologist.pub")
    made = consoles.stand(tmp_path, pack_keys=keys)
    made.add("aigul", Role.METHODOLOGIST)
    yield made
    made.store.close()


def upload(visitor: Visitor, where: str, name: str, content: bytes, **form: str) -> Any:
    words = {"form_token": visitor.token(), **form}
    return visitor.client.post(f"/publishing/{where}", data=words, files={"file": (name, content)})


def items(stand: Stand) -> list[tuple[str, str, str]]:
    with stand.store.begin() as connection:
        rows = connection.execute(text("SELECT kind, name, device FROM items WHERE current = 1 ORDER BY kind, name"))
        return [(row[0], row[1], row[2]) for row in rows]


def zipped(folder: Path, prefix: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, prefix + path.relative_to(folder).as_posix())
    return out.getvalue()


def hostile(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def test_an_edition_that_no_laptop_would_take_is_not_published(stand: Stand, tmp_path: Path) -> None:
    visitor = stand.signed_in("aigul")
    unsigned = editions.edition(tmp_path / "unsigned", key=None)
    stranger = editions.edition(tmp_path / "stranger", key=editions.OTHER_KEY)
    lower = editions.edition(tmp_path / "lower", "0.9.0")
    cases = {
        "no zip": b"not a zip", "empty": b"", "nothing in it": hostile("readme.txt", b"x"),
        "leads outside": hostile("../../evil.txt", b"x"), "absolute": hostile("/evil.txt", b"x"),
        "a bomb": hostile("pack.toml", b"\0" * (70 << 20)),
        "unsigned": zipped(unsigned), "signed by a stranger": zipped(stranger), "a lower version": zipped(lower),
    }  # fmt: skip
    for told, content in cases.items():
        answer = upload(visitor, "pack", "edition.zip", content)
        assert answer.status_code == 422, told
        assert 'role="alert"' in answer.text, told
    assert items(stand) == []


@pytest.mark.parametrize(
    "content",
    [
        hostile("../outside.txt", b"x"), hostile("/outside.txt", b"x"), hostile("a\\..\\..\\outside.txt", b"x"),
        hostile("C:outside.txt", b"x"), hostile("bomb", b"\0" * (65 << 20)),
    ],
    ids=["above", "absolute", "backwards", "drive", "bomb"],
)  # fmt: skip
def test_nothing_is_unpacked_outside_or_without_bounds(tmp_path: Path, content: bytes) -> None:
    root = tmp_path / "in" / "here"
    root.mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive, pytest.raises(ValueError):
        publishing._unpack(archive, root)
    assert [path for path in tmp_path.rglob("*") if path.name == "outside.txt"] == []
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) <= 64 << 20


def test_a_signed_edition_is_checked_published_and_written_down(stand: Stand, tmp_path: Path) -> None:
    visitor = stand.signed_in("aigul")
    content = zipped(editions.edition(tmp_path / "edition", "1.1.0"), "kz-mse-1.1.0/")
    answer = upload(visitor, "pack", "edition.zip", content)
    assert answer.status_code == 200, answer.text
    assert "1.1.0" in answer.text
    assert ("pack", "kz-mse", "") in items(stand)
    with stand.store.begin() as connection:
        row = audit.rows(connection, action="reference.published")[0][0]
    assert (row.actor, row.subject, row.after) == ("aigul", "pack", {"result": "kz-mse 1.1.0"})
    assert upload(visitor, "pack", "edition.zip", content).status_code == 422, "once"


def test_lists_letterheads_and_referrals_are_published_or_refused(stand: Stand) -> None:
    visitor, laptop = stand.signed_in("aigul"), Laptop()
    laptop.enrol(stand.store, stand.console.keys)
    assert upload(visitor, "classifier", "x.csv", b"\x00\x01 no table").status_code == 422
    table = "код;наименование\nA00;Холера\nA01;Тиф и паратиф\n".encode()
    answer = upload(visitor, "classifier", "МКБ.csv", table)
    assert answer.status_code == 200, answer.text
    assert (
        upload(visitor, "filter", "dead.csv", b"710614301212;2026-01-05;registry\n", kind="deceased").status_code == 200
    )
    assert visitor.post("/publishing/filter", {"kind": "deceased"}).status_code == 422, "it needs a list"
    assert visitor.post("/publishing/filter", {"kind": "nonsense"}).status_code == 422
    form = {"device": laptop.device, "number": "7", "region": "150000000"}
    names = {f"name_{code}": f"Department 7 {code}" for code in ("kk", "ru", "en")}
    assert visitor.post("/publishing/letterhead", form | names).status_code == 200
    assert visitor.post("/publishing/letterhead", form | names | {"name_kk": ""}).status_code == 422
    assert visitor.post("/publishing/letterhead", form | names | {"device": "0" * 32}).status_code == 422
    referrals = json.dumps({"assignments": [{"id": "a1", "case": {"person": {"iin": "710614301212"}}}]}).encode()
    answer = upload(visitor, "assignments", "x.json", referrals, device=laptop.device)
    assert answer.status_code in (200, 422)
    assert upload(visitor, "assignments", "x.json", b"[]", device=laptop.device).status_code == 422
    kinds = {kind for kind, _, _ in items(stand)}
    assert {"classifier", "filter", "letterhead"} <= kinds
    with stand.store.begin() as connection:
        assert all("7106143" not in str(row) for row in audit.rows(connection)[0]), "no person in the trail"

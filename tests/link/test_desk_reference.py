"""Whatever the centre itself publishes is in use on a laptop only after its checks, by network and by stick alike; what
was changed on the way, is older than what is known, or is of another centre, changes nothing and is told in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from app.centre import bundles
from app.centre.publisher import Publisher
from app.domain.errors import UserError
from app.domain.text import LocalText, Text
from app.rules import proof
from app.rules.proof import Finding
from app.services import checking, link_pull, link_store, link_words
from app.services.desk import Desk
from app.services.link_views import Exchange, ReferenceView
from app.storage import installation
from app.storage.unit_of_work import read_time
from tests import editions, factories
from tests.link import real_centre
from tests.link.laptop import Laptop, centre_keys
from tests.link.real_centre import RealCentre

IIN = "710614301212"
NAMES = LocalText("Жаңа атау", "Новое название", "New name")


@dataclass
class Stand:
    """A laptop and its centre, and the way between them."""

    desk: Desk
    centre: RealCentre
    folder: Path
    stick: bool
    trips: int = 0

    @property
    def device(self) -> str:
        with self.desk._place.database.reading() as connection:
            return installation.identity(connection).device

    @property
    def publisher(self) -> Publisher:
        return Publisher(self.centre.store, self.centre.keys)

    def path(self) -> Path:
        self.trips += 1
        return self.folder / f"{self.trips}.mselink"

    def bring(self) -> Exchange:
        """What the centre publishes comes to the laptop."""
        if not self.stick:
            return self.desk.link.exchange()
        back = bundles.write(self.centre.store, self.centre.keys, self.device, self.path()).path
        return self.desk.link.import_bundle(back)

    def sql(self, statement: str, **params: object) -> None:
        with self.centre.store.begin(write=True) as connection:
            connection.execute(text(statement), params)

    def published(self, kind: str) -> tuple[str, bytes]:
        asked = text("SELECT sha256, content FROM items WHERE kind = :kind AND current = 1")
        with self.centre.store.begin() as connection:
            row = connection.execute(asked, {"kind": kind}).one()
        return row[0], bytes(row[1])


@pytest.fixture(params=["network", "stick"])
def stand(request: pytest.FixtureRequest, full_desk: Desk, tmp_path: Path) -> Iterator[Stand]:
    with real_centre.centre(tmp_path) as centre:
        full_desk.link.enrol(centre.invitation())
        full_desk.link.exchange()
        centre.interpret()
        yield Stand(full_desk, centre, tmp_path, request.param == "stick")


def of(done: Exchange, kind: str) -> ReferenceView:
    [found] = [one for one in done.came_back if one.kind == kind]
    return found


def table(stand: Stand, name: str, row: str) -> Callable[[], object]:
    path = stand.folder / name
    path.write_text(f"code;name_kk\nA00;{row}\nA01;Іш сүзегі мен қылау\n", encoding="utf-8")
    return lambda: stand.publisher.classifier(path)


def classifier(stand: Stand) -> tuple[Callable[[], object], Callable[[], object]]:
    lists = stand.desk.classifiers.lists
    return table(stand, "a.csv", "Тырысқақ"), lambda: [one.code for one in lists.search_icd10("тырысқ", language="kk")]


def letterhead(stand: Stand) -> tuple[Callable[[], object], Callable[[], object]]:
    return (lambda: stand.publisher.letterhead(stand.device, "2", "150000000", NAMES)), lambda: stand.desk.department


def screening(stand: Stand) -> tuple[Callable[[], object], Callable[[], object]]:
    path = stand.folder / "dead.csv"
    path.write_text(f"{IIN};2026-01-05;registry\n", encoding="utf-8")
    return (lambda: stand.publisher.filter("deceased", path)), lambda: stand.desk.link.screen(IIN)


def revocations(stand: Stand) -> tuple[Callable[[], object], Callable[[], object]]:
    [user] = [one for one in stand.desk.users.all() if one.login == factories.FIRST]

    def signs() -> list[str]:
        return [one.msgid for one in stand.desk.link.status().problems if one.msgid == link_words.USER_REVOKED]

    return (lambda: stand.publisher.revoke_user(user.id, "2026-11-19", "кетті")), signs


def paper_keys(stand: Stand) -> tuple[Callable[[], object], Callable[[], object]]:
    other = Laptop()

    def known() -> bool:
        return any(desk.public == other.public for desk in stand.desk.paper_witness.keys().desks.values())

    return (lambda: other.enrol(stand.centre.store, stand.centre.keys)), known


KINDS = {"classifier": classifier, "letterhead": letterhead, "filter": screening, "revocations": revocations,
         "paper-keys": paper_keys}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_centre_publishes_is_in_use_after_its_checks_alone(stand: Stand, kind: str) -> None:
    publish, effect = KINDS[kind](stand)
    before = effect()
    publish()
    # The statement is made, and then the content is changed, by as much as a bit.
    bundles.write(stand.centre.store, stand.centre.keys, stand.device, stand.path())
    sha256, content = stand.published(kind)
    changed = content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]
    stand.sql("UPDATE items SET content = :content WHERE sha256 = :sha256", content=changed, sha256=sha256)
    told = of(stand.bring(), kind)
    assert not told.in_use
    assert told.remark == Text(link_pull._DAMAGED)
    assert effect() == before
    # Whole again, it is taken.
    stand.sql("UPDATE items SET content = :content WHERE sha256 = :sha256", content=content, sha256=sha256)
    assert of(stand.bring(), kind).in_use
    after = effect()
    assert after != before
    # A centre whose word is older than what is known here is not followed, whatever it says of this kind.
    stand.sql("DELETE FROM items WHERE kind = :kind", kind=kind)
    stand.sql("DELETE FROM published")
    done = stand.bring()
    assert done.came_back == ()
    assert link_pull.LOWER in [one.msgid for one in done.remarks]
    assert effect() == after
    assert stand.desk.integrity.verify().ok


def test_a_table_of_the_centre_is_searched_in_and_the_next_one_takes_its_place(
    stand: Stand, clock: factories.FakeClock
) -> None:
    desk = stand.desk
    table(stand, "a.csv", "Тырысқақ")()
    assert of(stand.bring(), "classifier").in_use
    assert [(one.kind, one.language, one.rows) for one in desk.classifiers.loaded()] == [("icd10", "kk", 2)]
    [found] = desk.classifiers.lists.search_icd10("тырысқ", language="kk")
    assert (found.code, found.title) == ("A00", "Тырысқақ")
    # No table at all, as a centre of a later program may publish one: told, and the one before stays.
    stand.publisher._one("classifier", "icd10-kk", b"code;name_kk\n")
    told = of(stand.bring(), "classifier")
    assert not told.in_use
    assert told.remark is not None
    assert desk.classifiers.lists.icd10_title("A00", "kk") == "Тырысқақ"
    table(stand, "b.csv", "Тырысқақ (холера)")()
    assert of(stand.bring(), "classifier").in_use
    assert desk.classifiers.lists.icd10_title("A00", "kk") == "Тырысқақ (холера)"
    assert desk.integrity.verify().ok
    # Old, it says how old.
    with desk._place.database.reading() as connection:
        seen = read_time(link_store.one(connection, link_store.REFERENCE)["fetched_at"])
    clock.moment = seen
    assert link_words.STALE not in [one.msgid for one in desk.link.status().problems]
    clock.jump(days=20)
    [old] = [one for one in desk.link.status().problems if one.msgid == link_words.STALE]
    assert old.params["n"] == 20


def test_what_another_centre_publishes_is_not_taken(stand: Stand) -> None:
    table(stand, "a.csv", "Тырысқақ")()
    foreign = centre_keys()
    if stand.stick:
        with pytest.raises(UserError, match="not from the centre of this desk"):
            stand.desk.link.import_bundle(
                bundles.write(stand.centre.store, foreign, stand.device, stand.path()).path
            )  # fmt: skip
    else:
        with real_centre.listening(stand.centre.store, foreign) as url:
            stand.desk.link.enrol(stand.centre.invitation(url))
            assert stand.desk.link.exchange().stopped is not None
    assert stand.desk.classifiers.loaded() == ()
    assert stand.desk.classifiers.lists.search_icd10("тырысқ", language="kk") == ()
    assert stand.desk.integrity.verify().ok


def test_an_edition_of_the_centre_is_in_use_once_its_key_is_admitted_and_its_cases_pass(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The proof of a whole edition has tests of its own, at both ends.
    monkeypatch.setattr(proof, "CHECKS", ())
    found = [Finding("case", "x", ok=False, detail=Text("wrong"))]
    monkeypatch.setattr(checking, "failing", lambda *_: found)

    def publish(version: str) -> None:
        stand.publisher.pack(editions.edition(stand.folder / version, version, key=editions.OTHER_KEY), keys)

    def bring(version: str) -> ReferenceView:
        [found] = [one for one in stand.bring().came_back if (one.kind, one.version) == ("pack", version)]
        return found

    def here() -> list[str]:
        return [one.version for one in stand.desk.acceptance.editions()]

    keys, before = stand.folder / "keys", here()
    keys.mkdir()
    public = editions.public_file(keys / "m.pub", editions.OTHER_KEY)
    publish("1.1.0")
    told = bring("1.1.0")
    assert not told.in_use, "signed by a key that nobody here has admitted"
    assert told.remark is not None
    stand.desk.acceptance.admit_key(public, "Әдіскер Ахметова")
    told = bring("1.1.0")
    assert not told.in_use, "its own cases fail here"
    assert told.remark is not None
    assert here() == before
    found.clear()
    publish("1.2.0")
    assert bring("1.2.0").in_use
    assert here() == ["1.2.0", *before]
    assert stand.desk.integrity.verify().ok

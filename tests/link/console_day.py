"""A centre with a day behind it: a real desk's conclusions, a silent laptop, a forked one, records in quarantine."""

from pathlib import Path

from sqlalchemy import text

from app.centre import comparing
from app.services.desk import Desk
from tests import factories
from tests.link.consoles import Stand, stand
from tests.link.laptop import Laptop
from tests.link.meaning_kit import Centre, Desklike

AGAINST = [
    {"code": code, "text": "Бірнеше ауыр бұзылыс қатар жүр", "citation": "260"}
    for code in ("decision_differs", "percentage_outside_band")
]


def signed_against(desk: Desk) -> None:
    """A conclusion that departs from the proposal, with reasons."""
    view = desk.examinations.import_case(factories.case_document())
    decision = {**factories.DECISION, "outcome": "group_1", "general_capacity": 90, "reasons": AGAINST}
    desk.conclusions.decide(view.id, decision)
    desk.conclusions.sign(view.id, factories.signatures())


def lived(folder: Path, desk: Desk, address: str | None = None) -> tuple[Stand, Centre, Laptop]:
    """The console over that centre; the laptop is the forked one."""
    made = stand(folder, address)
    centre = Centre(made.store.address, made.console.keys)
    factories.signed_case(desk)
    signed_against(desk)
    assert set(centre.take(Desklike(desk))) == {"stored"}
    forked = Laptop()
    known = forked.enrol(centre.store, centre.keys)
    forked.write(times=3)
    other = forked.copy()
    forked.write(times=2)
    other.write(times=4)
    for laptop in (forked, other):
        centre.ingest.take(known, laptop.sealed(centre.keys, 1), "network")
    Laptop().enrol(centre.store, centre.keys)
    centre.interpreter.run_dry()
    while comparing.compare(centre.store):
        pass
    return made, centre, forked


def crowd(centre: Centre, count: int) -> None:
    """Many more conclusions, of other numbers, for lists with pages."""
    with centre.store.begin(write=True) as connection:
        row = dict(connection.execute(text("SELECT * FROM conclusions ORDER BY seq LIMIT 1")).mappings().one())
        names = ", ".join(row)
        for at in range(count):
            other = {**row, "incarnation": f"{at:032x}", "case_id": f"{at:032x}", "number": f"2/2026/{at + 100:06}",
                     "iin": None, "examined_on": f"2026-11-{at % 28 + 1:02}", "compared": 1}  # fmt: skip
            values = ", ".join(f":{name}" for name in other)
            connection.execute(text(f"INSERT INTO conclusions ({names}) VALUES ({values})"), other)  # noqa: S608

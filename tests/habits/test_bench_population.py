"""The invented years of the bench fit the tables of the program, so that its figures can be taken at any time."""

from pathlib import Path

from tests.bench.desk import LOGIN, PASSPHRASE, made
from tests.bench.population import fill


def test_invented_years_are_listed_found_and_counted(tmp_path: Path) -> None:
    access = made(tmp_path / "desk")
    fill(access, 40, 120)
    desk = access.sign_in(LOGIN, PASSPHRASE)
    try:
        assert sum(desk.examinations.counts().values()) == 120
        row = desk.examinations.rows("", limit=1)[0]
        assert row.name in {person.name for person in desk.people.search(row.name).rows}
    finally:
        desk.close()

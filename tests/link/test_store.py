"""The centre's database is made, walked up with what is in it, and never opened by a program that is too old."""

import pytest
from sqlalchemy import text

from app.centre import store
from app.domain.errors import KnownError


def test_an_empty_database_is_walked_up_once(address: str) -> None:
    opened = store.Store(address)
    assert not opened.is_ready()
    assert opened.migrate() == sorted(store.migrations())
    assert opened.migrate() == []
    assert opened.is_ready()
    opened.close()


def test_what_is_rolled_back_never_was(address: str) -> None:
    opened = store.Store(address)
    opened.migrate()

    def fail() -> None:
        with opened.begin(write=True) as connection:
            store.raise_alarm(connection, "fork", "a", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with opened.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM alarms")).scalar_one() == 0
    opened.close()


def test_one_cause_is_one_alarm(address: str) -> None:
    opened = store.Store(address)
    opened.migrate()
    for _ in range(2):
        with opened.begin(write=True) as connection:
            store.raise_alarm(connection, "fork", "a", {"n": 1}, device="ab" * 16, seq=3)
    with opened.begin() as connection:
        assert connection.execute(text("SELECT name, seq FROM alarms")).all() == [("fork/a", 3)]
    opened.close()


def test_a_database_of_a_newer_program_is_refused(address: str) -> None:
    opened = store.Store(address)
    opened.migrate()
    with opened.begin(write=True) as connection:
        connection.execute(text("INSERT INTO migrations (name) VALUES ('9999_later.sql')"))
    with pytest.raises(KnownError):
        opened.migrate()
    opened.close()

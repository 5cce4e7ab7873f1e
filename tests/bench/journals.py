"""Pages of the journals and of who is due, on a desk with hundreds of thousands of cases."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from app.services.desk import Desk
from app.services.due import DueAsked
from app.services.journals import Asked, JournalName
from app.storage import protocols
from app.storage.cases import derived
from tests.bench.desk import LOGIN, PASSPHRASE, made, sample
from tests.bench.measure import Line, took
from tests.bench.population import CASES, PERSONS, SEED, Made, invented

FIRST_YEAR: Final = 2017
FRAME_MS: Final = 16.0
PAGES: Final = 12
VILLAGES: Final = tuple(f"{name} ауылы" for name in ("Ақжар", "Бестамақ", "Жаңажол", "Қарабұлақ", "Өтеген", "Сарыөзек"))
OUTCOMES: Final = ("group_3", "group_3", "group_3", "group_2", "group_2", "group_1", "child", "not_established")
PLACES: Final = ("department",) * 12 + ("home", "visiting_session", "visiting_session", "inpatient", "in_absentia")
OCCASIONS: Final = ("first", "repeat", "repeat", "repeat") * 5 + ("control", "appeal")
REGIONS: Final = ("153200000",) * 18 + ("710000000", "750000000")


def journals(folder: Path) -> Iterator[Line]:
    """Each journal in each order and filter that the screen offers, pages on from the first."""
    desk = filled(folder)
    times: dict[str, list[float]] = {}
    for name, asked in _questions():
        for _ in range(2):
            after: Any = None
            for _ in range(PAGES // 2):
                found: list[Any] = []
                seconds = took(lambda: found.append(desk.journals.page(name, asked, after)))  # noqa: B023
                times.setdefault(_said(name, asked), []).append(seconds * 1000)
                after = found[0].end
                if after is None:
                    break
    today = desk.due.today()
    for ahead in (1, 3, 6):
        month = DueAsked((today.replace(day=1) + timedelta(days=31 * ahead)).replace(day=1))
        for asked_due in (month, replace(month, overdue=False), replace(month, village=VILLAGES[0])):
            after = None
            for _ in range(4):
                pages: list[Any] = []
                seconds = took(lambda: pages.append(desk.due.page(asked_due, after)))  # noqa: B023
                times.setdefault(f"due {asked_due.overdue} {asked_due.village}", []).append(seconds * 1000)
                after = pages[0].end
                if after is None:
                    break
            times.setdefault("due month", []).append(took(lambda: desk.due.month(asked_due)) * 1000)  # noqa: B023
    desk.close()
    every = sorted(ms for name, found in times.items() if name != "due month" for ms in found)
    at = every[int(len(every) * 0.95)]
    slow = ", ".join(f"{name}: {max(found):.0f}" for name, found in times.items() if max(found) > FRAME_MS)
    note = f"{len(every)} pages, median {every[len(every) // 2]:.1f} ms; slowest of those over: {slow or 'none'}"
    yield Line(f"page of a journal, {CASES} cases, 95 of 100 within", at, FRAME_MS, "ms", note)
    months = sorted(times["due month"])
    yield Line("counts of a month of who is due", months[len(months) // 2], None, "ms", f"slowest {months[-1]:.0f} ms")


def _questions() -> Iterator[tuple[JournalName, Asked]]:
    month, year = date(2025, 3, 1), date(2025, 1, 1)
    periods = (Asked(), Asked(since=month, until=date(2025, 3, 31)), Asked(since=year, until=date(2025, 12, 31)))
    for period in periods:
        for sort in ("entry", "examined_on", "name", "icd10", "outcome", "due_on"):
            for descending in (True, False):
                yield "protocols", replace(period, sort=sort, descending=descending)
        for field, values in {
            "outcome": ("group_1", "child"),
            "place": ("home",),
            "occasion": ("appeal",),
            "region": ("71", "15"),
        }.items():
            for value in values:
                yield "protocols", replace(period, **{field: value})
                yield "protocols", replace(period, sort="name", descending=False, **{field: value})
        yield "protocols", replace(period, outcome="child", occasion="appeal")
        for query in ("а", "ахм", "ахметов ерлан", "9001", "1/2025/000077"):
            yield "protocols", replace(period, query=query)
        for sort in ("taken_at", "number", "name"):
            yield "papers", replace(period, sort=sort)
        for field, value in {"kind": "general_capacity", "state": "spoiled", "query": "сейітов әлия"}.items():
            yield "papers", replace(period, **{field: value})
        for sort in ("changed_at", "name", "iin"):
            yield "refusals", replace(period, sort=sort)
        for field, value in {"place": "home", "region": "71", "query": "сейіт"}.items():
            yield "refusals", replace(period, **{field: value})


def _said(name: str, asked: Asked) -> str:
    fields = {key: getattr(asked, key) for key in Asked.__slots__}
    return " ".join([name, *(str(value) for value in fields.values() if value not in (None, "", True, False))])


def filled(folder: Path) -> Desk:
    """A desk with signed and ended cases of ten years and their papers; its log knows nothing of them."""
    desk = made(folder).sign_in(LOGIN, PASSPHRASE)
    chance, connection = random.Random(20), desk._place.database.connection
    run = connection.connection.driver_connection.execute
    many = connection.connection.driver_connection.executemany
    for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
        run(f"DROP TRIGGER {name}")
    run("PRAGMA foreign_keys = OFF")
    people = invented(PERSONS, random.Random(SEED))
    run("BEGIN")
    batch: list[tuple[dict[str, Any], dict[str, Any] | None, dict[str, Any] | None]] = []
    for at in range(CASES):
        batch.append(_case(at, people, chance))
        if len(batch) == 5_000 or at == CASES - 1:
            for column, table in ((0, "cases"), (1, "protocols"), (2, "papers")):
                rows = [each[column] for each in batch if each[column] is not None]
                if rows:
                    marks = ", ".join(f":{key}" for key in rows[0])  # type: ignore[union-attr]
                    many(f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({marks})", rows)  # type: ignore[arg-type]  # noqa: S608
            batch = []
    run("COMMIT")
    return desk


def _case(
    at: int, people: list[Made], chance: random.Random
) -> tuple[dict[str, Any], dict[str, Any] | None, dict[str, Any] | None]:
    day = date(FIRST_YEAR, 1, 9) + timedelta(days=at * 3_600 // CASES)
    # The first come once each; the others come again, some of them many times.
    who = at if at < len(people) else int(chance.random() ** 2 * len(people))
    person, ended = people[who], at % 50 == 7
    document = sample()
    document["person"] |= {
        "surname": person.surname,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "iin": person.iin,
        "address": {"kato": REGIONS[who % 20], "text": f"{VILLAGES[who % 6]}, Абай көшесі, {who % 90}"},
    }
    document["examination"] |= {
        "on": day.isoformat(),
        "place": chance.choice(PLACES),
        "occasion": chance.choice(OCCASIONS),
    }
    document["diagnosis"]["main"]["icd10"] = (
        f"{chance.choice('CFGIJM')}{chance.randrange(100):02}.{chance.randrange(10)}"
    )
    outcome = chance.choice(OUTCOMES)
    document["decision"] = {"outcome": outcome, "period": {"kind": "years", "value": 1}, "cause": "01", "reasons": []}
    if outcome != "not_established":
        years = chance.choice((1, 1, 2, 5))
        document["dossier"] = {"until": date(day.year + years, day.month, 1).isoformat()}
    if ended:
        document["dossier"] = {
            "ending": {"kind": chance.choice(("refused", "not_come", "died")), "ground": "мерзімі өткен"}
        }
    moment = (day - date(1970, 1, 1)).days * 86_400_000_000 + at
    number, seq, identity = f"1/{day.year}/{at % 40_000:06}", 1_000 + at, f"c{at:07}"
    columns = derived(document)
    case = {
        "id": identity,
        "number": f"{number}.{at}",
        "year": day.year,
        "ordinal": at,
        "state": "ended" if ended else "signed",
        "person_id": f"p{who}",
        **columns,
        "changed_at": moment,
        "changed_seq": seq,
        "unfinished": "{}",
        "document": json.dumps(document, ensure_ascii=False),
    }
    if ended:
        return case, None, None
    row = protocols.row_of(document, seq=seq, case_id=identity, year=day.year, entry=at, number=number, ordinal=at)
    spoiled = at % 300 == 5
    paper = {
        "seq": seq,
        "kind": "general_capacity" if at % 6 == 0 else "disability_certificate",
        "series": "АА",
        "number": at,
        "digits": 7,
        "case_id": identity,
        "state": "spoiled" if spoiled else "issued",
        "taken_at": moment,
        "taken_by": "u",
        "reason": "бұзылды" if spoiled else None,
    }
    return case, row, paper

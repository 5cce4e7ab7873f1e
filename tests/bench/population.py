"""A desk after years of work: 100,000 invented persons with 300,000 cases, made once in `out/` and kept there.

Rows are written directly, without audit trail and signatures: it is there to be searched and counted, not verified.
Names follow the skew of real ones: few are very frequent, many are rare.
"""

import hashlib
import json
import random
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, Final

from app.domain.vocabulary import EndingKind
from app.services.access import Access
from app.storage import cases, persons
from app.storage.database import driver
from app.storage.folding import fold, order_key
from tests.bench.desk import LOGIN, PASSPHRASE, made, samples
from tests.bench.measure import ROOT

PERSONS, CASES, SEED = 100_000, 300_000, 20261118
_TODAY: Final = date(2026, 11, 18)
_FIRST: Final = date(2017, 1, 9)


def _words(text: str) -> list[str]:
    return text.split()


_ROOTS: Final = _words("""
    Ахмет Әбді Әлім Асқар Айдар Абай Алтын Аман Арман Ақан Әбіл Әмір Әділ Бек Бекжан Болат Байжан Бақыт Бейсен Берік
    Дәулет Данияр Досым Дүйсен Ермек Ерлан Есен Ертай Жақсы Жанат Жолдас Жүніс Жұма Зейнолла Ибрай Ілияс Исабек
    Кәрім Кенже Көшер Қайрат Қали Қанат Қасым Қожахмет Құдайберген Құрман Құсайын Мақсат Мұрат Мұса Мұхамед Мейрам
    Молда Нұржан Нұрлан Нұрғали Найман Омар Орал Оспан Өмір Өтеген Рахым Рүстем Сағын Сапар Сәрсен Сейіт Серік
    Сұлтан Смағұл Тасболат Темір Тілеу Тоқтар Төлеген Тұрсын Түсіп Ұзақ Үсен Уәли Хамит Шаяхмет Шәріп Шоқан Ыбырай
    Ысқақ Ізбас Ғабит Ғали Ғалым Ғани Һамза
""")
_MALE: Final = _words("""
    Нұрлан Ерлан Асқар Айдар Бауыржан Серік Болат Қайрат Мұрат Марат Ержан Арман Данияр Талғат Бақытжан Азамат
    Дәулет Руслан Алмас Нұржан Санжар Әлихан Айбек Ілияс Өмірзақ Үсен Ұлан Һамза Ғалымжан Ғабит Қуаныш Рүстем
    Темірлан Олжас Сергей Александр Виктор Владимир Николай Юрий Пётр Андрей Шамиль Вячеслав
""")
_FEMALE: Final = _words("""
    Айгүл Гүлнар Сәуле Әсел Алия Динара Жанар Гүлжан Айнұр Мәдина Салтанат Ләззат Айжан Бибігүл Қарлығаш Күләш Зәуре
    Раушан Ботагөз Меруерт Өрімгүл Ұлжан Үміт Інжу Һадиша Ғалия Жібек Шолпан Нұргүл Әйгерім Аяжан Камшат Самал
    Фарида Елена Светлана Наталья Ольга Татьяна Людмила Ирина Оксана Алёна Венера
""")
_OTHER: Final = _words("""
    Иванов Петров Ким Цой Пак Ли Шевченко Семёнов Ковалёв Попов Шмидт Вагнер Юлдашев Рахимов Исмаилов Алиев Мамедов
    Юсупов Хасанов Бондаренко Мельник Новиков Соколов Фёдоров Щербаков Чернов Яковлев
""")


@dataclass(frozen=True, slots=True)
class Made:
    """One invented person."""

    surname: str
    given_name: str
    patronymic: str
    birth_date: date
    sex: str
    iin: str


def population() -> Access:
    """The door to the kept desk; made where it isn't there yet or the tables have changed since. For reading: whoever
    changes it copies its folder first."""
    parts = (Path(__file__), ROOT / "db" / "migrations" / "schema.sql", ROOT / "app" / "storage" / "folding.py")
    digest = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:12]
    folder = ROOT / "out" / f"population-{digest}"
    if not folder.is_dir():
        for old in folder.parent.glob("population-*"):
            shutil.rmtree(old)
        beside = folder.with_name(f"population-{digest}.part")
        start = time.perf_counter()
        print(f"making {PERSONS} persons and {CASES} cases in {folder} …", file=sys.stderr, flush=True)
        fill(made(beside))
        beside.rename(folder)
        print(f"made in {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    return Access(folder)


def invented(count: int, chance: random.Random) -> list[Made]:
    """So many persons, most of them with frequent names."""
    surnames = [*(root + ending for root in _ROOTS for ending in ("ов", "ев", "ұлы", "")), *_OTHER]
    chance.shuffle(surnames)
    weights = list(accumulate(1 / (place + 3) ** 0.8 for place in range(len(surnames))))
    given = {sex: list(accumulate(1 / (n + 4) for n in range(len(names)))) for sex, names in _GIVEN.items()}
    people = []
    for number in range(count):
        sex = chance.choice(("male", "female"))
        surname = chance.choices(surnames, cum_weights=weights)[0]
        if sex == "female":
            surname = surname.replace("ұлы", "қызы") + ("а" if surname.endswith(("ов", "ев", "ёв")) else "")
        name = chance.choices(_GIVEN[sex], cum_weights=given[sex])[0]
        if chance.random() < 0.3:
            name = chance.choice(_BEGINNINGS) + name.lower()
        father = chance.choice(_ROOTS)
        patronymic = father + ({"male": "ұлы", "female": "қызы"}[sex] if chance.random() < 0.6 else
                               {"male": "ович", "female": "овна"}[sex]) if chance.random() < 0.9 else ""  # fmt: skip
        born = date(1935, 1, 1) + timedelta(days=int(chance.betavariate(2.2, 1.6) * 33_000))
        century = {("male", 19): 3, ("female", 19): 4, ("male", 20): 5, ("female", 20): 6}[sex, born.year // 100]
        iin = f"{born:%y%m%d}{century}{number % 100_000:05}"
        people.append(Made(surname, name, patronymic, born, sex, iin))
    return people


_GIVEN: Final = {"male": _MALE, "female": _FEMALE}
_BEGINNINGS: Final = ("Нұр", "Бек", "Гүл", "Ай", "Ер", "Жан", "Қазы", "Мұхамед", "Әбді", "Өмір")


def fill(access: Access, persons_wanted: int = PERSONS, cases_wanted: int = CASES) -> None:
    """Put so many invented persons and cases into a desk that has none."""
    desk = access.sign_in(LOGIN, PASSPHRASE)
    database = desk._place.database
    chance = random.Random(SEED)
    people = invented(persons_wanted, chance)
    connection = driver(database.connection)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE%'"
        " AND tbl_name IN ('cases', 'persons')"
    ).fetchall()
    connection.execute("BEGIN IMMEDIATE")
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    newest: dict[int, dict[str, Any]] = {}
    decided: dict[int, dict[str, Any]] = {}
    rows = _cases(people, cases_wanted, chance, newest, decided)
    # The statement of the program itself begins cases as drafts.
    insert = str(cases._INSERT).replace("'draft'", ":state")
    while batch := list(islice(rows, 5_000)):
        connection.executemany(insert, batch)
    connection.executemany(persons._PUT, _persons(newest, decided))
    connection.execute("INSERT INTO case_counts SELECT state, count(*) FROM cases GROUP BY state")
    for _, statement in (*indexes, *triggers):
        connection.execute(statement)
    connection.execute("COMMIT")
    desk.close()


def _documents() -> list[str]:
    """What stands in a case beside the person, as JSON without its first brace."""
    whole = [json.loads(path.read_text(encoding="utf-8")) for path in samples()]
    parts = [{key: value for key, value in case.items() if key != "person"} for case in whole]
    return [json.dumps(part, ensure_ascii=False, separators=(",", ":"))[1:] for part in parts]


def _cases(
    people: list[Made],
    wanted: int,
    chance: random.Random,
    newest: dict[int, dict[str, Any]],
    decided: dict[int, dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    documents = _documents()
    # Each person has a case; the others come again, some of them many times.
    visits = [*range(len(people)), *(int(chance.random() ** 2 * len(people)) for _ in range(wanted - len(people)))]
    chance.shuffle(visits)
    outcomes = ("group_1", "group_2", "group_2", "group_3", "group_3", "group_3", "not_established")
    days, ordinal, year = (_TODAY - _FIRST).days, 0, 0
    for place, visit in enumerate(visits):
        person = people[visit]
        on = _FIRST + timedelta(days=days * place // len(visits))
        ordinal = ordinal + 1 if on.year == year else 1
        year = on.year
        state = chance.choices(("signed", "superseded", "ended", "discarded"), (93, 3, 3, 1))[0]
        if place > len(visits) - 800:
            state = chance.choice(("draft", "decided", "signed"))
        outcome = chance.choice(outcomes) if state in ("signed", "superseded", "decided") else None
        due = on + timedelta(days=365 * chance.choice((1, 1, 2, 5))) if outcome and outcome[0] == "g" else None
        said = {
            "iin": person.iin, "surname": person.surname, "given_name": person.given_name,
            "patronymic": person.patronymic or None, "birth_date": person.birth_date.isoformat(), "sex": person.sex,
            "citizenship": "KAZ", "address": {"kato": f"{chance.randrange(10, 80)}0000000", "text": "Абай көшесі, 1"},
        }  # fmt: skip
        dossier = json.dumps({"until": due.isoformat()} if due else {})
        person_json = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        names = {
            "surname_key": fold(person.surname), "given_key": fold(person.given_name),
            "patronymic_key": fold(person.patronymic),
        }  # fmt: skip
        parts = [part for part in (person.surname, person.given_name, person.patronymic) if part]
        row = {
            "id": f"{place:032x}", "number": f"1/{year}/{ordinal:06}", "year": year, "ordinal": ordinal,
            "state": state, "supersedes": None, "person_id": f"p{visit:031x}",
            "document": f'{{"person":{person_json},"dossier":{dossier},{chance.choice(documents)}',
            "changed_at": (on - date(1970, 1, 1)).days * 86_400_000_000 + place, "changed_seq": place + 1,
            "name": " ".join(parts), **names, "order_key": order_key(" ".join(parts)), "iin": person.iin,
            "birth_date": said["birth_date"], "examined_on": on.isoformat(), "place": "department",
            "occasion": "first" if visit not in newest else "repeat", "region": "15", "icd10": "I69.3",
            "outcome": outcome, "due_on": due.isoformat() if due else None, "postponed_to": None,
            "ending": chance.choice(list(EndingKind)).value if state == "ended" else None,
        }  # fmt: skip
        if state != "discarded":
            newest[visit] = {
                "id": row["person_id"], "case_id": row["id"], "name": row["name"], **names,
                "order_key": order_key(f"{person.surname} {person.given_name} {person.patronymic}"),
                "given_order": order_key(f"{person.given_name} {person.surname} {person.patronymic}"),
                "iin": person.iin, "birth_date": row["birth_date"], "sex": person.sex,
            }  # fmt: skip
        if state == "signed":
            decided[visit] = {key: row[key] for key in ("examined_on", "outcome", "due_on")}
        yield row


def _persons(newest: dict[int, dict[str, Any]], decided: dict[int, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    nothing = {"examined_on": None, "outcome": None, "due_on": None}
    for visit, row in newest.items():
        yield {**row, **decided.get(visit, nothing)}

"""People for trips: names and numbers of invented persons, and a trip full of them."""

from datetime import date, timedelta

from app.services.desk import Desk
from app.services.trip_views import Trip
from tests import factories

SURNAMES = ("Әбенов", "Байжанова", "Ғабитов", "Дүйсенова", "Жүнісов", "Қалиева", "Өтегенов", "Сәрсенова")
BORN = date(1970, 3, 1)
GIVEN = ("Асхат", "Гүлнұр", "Ерлан", "Зәуре", "Нұрлан", "Айгүл", "Мұрат", "Шолпан")


def iin_of(at: int, born: date = BORN) -> str:
    """A number with a right check digit, another for each `at`."""
    day = born + timedelta(days=97 * at)
    for serial in range(at * 7, at * 7 + 50):
        whole = with_check_digit(f"{day:%y%m%d}{3 + at % 2}{serial % 10_000:04}")
        if whole is not None:
            return whole
    raise AssertionError(at)


def with_check_digit(first: str) -> str | None:
    """These eleven digits as an ИИН; None where none begins so."""
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        control = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11
        if control < 10:
            return f"{first}{control}"
    return None


def person(at: int) -> dict[str, object]:
    """What is typed of the person with this number, as the registration takes it."""
    return {
        "person.iin": iin_of(at),
        "person.surname": SURNAMES[at % 8],
        "person.given_name": GIVEN[at // 8 % 8],
        "person.patronymic": f"Сынақұлы {at}",
        "person.birth_date": BORN + timedelta(days=97 * at),
        "person.sex": "female" if at % 2 else "male",
        "examination.occasion": "first",
        "referral.number": f"{at}/26",
        "referral.signed_on": "2026-11-02",
    }


def full_trip(desk: Desk, people: int, **fields: object) -> tuple[Trip, list[str]]:
    """A trip of today with so many people registered; the trip and the ids of their cases in order."""
    commission = [
        {"name": factories.NAMES[login], "role": role}
        for login, role in ((factories.HEAD, "head"), (factories.FIRST, "member"), (factories.SECOND, "member"))
    ]
    trip = desk.trips.create({"settlement": "Бестамақ", "commission": commission, **fields})
    return trip, [desk.registration.register(trip.id, person(at)) for at in range(people)]


def heard_trip(desk: Desk, people: int, *, closed: bool = True, **fields: object) -> tuple[Trip, list[str]]:
    """A trip of today in which so many people were examined and their decisions signed; the desk needs its whole
    commission. The trip and the ids of the cases in order."""
    trip, _ = full_trip(desk, 0, **fields)
    cases = []
    for at in range(people):
        who = person(at % 110)  # later ones would be of another century than their numbers say
        changes = {path: who[path] for path in ("person.surname", "person.given_name", "person.patronymic")}
        born = str(who["person.birth_date"])
        changes |= {"person.iin": who["person.iin"], "person.birth_date": born, "person.sex": who["person.sex"]}
        cases.append(factories.signed_case(desk, changes).id)
    desk.trips.add(trip.id, cases)
    if closed:
        desk.trips.close(trip.id)
    return desk.trips.trip(trip.id), cases

"""A name in the case of “to whom”: proposals in Kazakh and Russian, and when a confirmed form counts."""

import copy
from typing import Any

import pytest

from app.domain.declension import confirmed, in_kazakh, is_stale
from app.services.declension import proposed

# The last word of a name alone takes the suffix: surname, given name or patronymic, as documents have them.
KAZAKH = """\
Нұрлан Нұрланға      Қанат Қанатқа        Мұрат Мұратқа        Бауыржан Бауыржанға  Ербол Ерболға
Ғалымжан Ғалымжанға  Айдос Айдосқа        Қуаныш Қуанышқа      Абай Абайға          Оразбек Оразбекке
Жібек Жібекке        Сәкен Сәкенге        Бейсен Бейсенге      Әділ Әділге          Ерсін Ерсінге
Айгүл Айгүлге        Гүлнұр Гүлнұрға      Алуа Алуаға          Мәдина Мәдинаға      Сәуле Сәулеге
Айару Айаруға        Айсұлу Айсұлуға      Тілеу Тілеуге        Қайрау Қайрауға      Бану Бануға
Әли Әлиге            Ғани Ғаниға          Нұрғали Нұрғалиға    Ілияс Ілиясқа        Ғабит Ғабитке
Бекзат Бекзатқа      Ләззат Ләззатқа      Назым Назымға        Ерке Еркеге          Мөлдір Мөлдірге
Серікұлы Серікұлына  Әбдіқызы Әбдіқызына  Маратулы Маратулына  Кайраткызы Кайраткызына
Ахметов Ахметовқа    Ахметова Ахметоваға  Ерғалиев Ерғалиевке  Ғалиева Ғалиеваға    Сейтқазин Сейтқазинге
Пушкин Пушкинге      Ким Кимге            Цой Цойға            Ли Лиге              Шульц Шульцқа
Болатович Болатовичке Сергеевна Сергеевнаға Ильинична Ильиничнаға Олег Олегке       Глеб Глебке
Рашид Рашидке        Мурад Мурадқа        Юрий Юрийге          Дмитрий Дмитрийге    Тимур Тимурға
Айгуль Айгульге      Игорь Игорьге        Мария Марияға        Анна-Мария Анна-Марияға Нелли Неллиге
Шевченко Шевченкоға  Черных Черныхқа      АЙГҮЛ АЙГҮЛГЕ
"""

RUSSIAN = [
    (("Иванова", "Мария", "Ивановна", "female"), "Ивановой Марии Ивановне"),
    (("Ким", "Виктор", "Сергеевич", "male"), "Киму Виктору Сергеевичу"),
    (("Ким", "Ольга", "Петровна", "female"), "Ким Ольге Петровне"),
    (("Шевченко", "Тарас", "Григорьевич", "male"), "Шевченко Тарасу Григорьевичу"),
    (("Ахметова", "Айгуль", "Болатовна", "female"), "Ахметовой Айгуль Болатовне"),
    (("Әбдіқадырұлы", "Ғалымжан", "Өмірқұлұлы", "male"), "Әбдіқадырұлы Ғалымжану Өмірқұлұлы"),
    (("Сейтқазина", "Гүлнұр", "Әбдіқызы", "female"), "Сейтқазиной Гүлнұр Әбдіқызы"),
    (("Мамедова", "Лейла", "Ибрагим кызы", "female"), "Мамедовой Лейле Ибрагим кызы"),
    (("Салтыкова-Щедрина", "Анна-Мария", None, "female"), "Салтыковой-Щедриной Анне-Марии"),
    (("ИВАНОВ", "ПЁТР", None, "male"), "ИВАНОВУ ПЕТРУ"),
    (("Лев", "Лев", "Львович", "male"), "Леву Льву Львовичу"),
]


def person(surname: str, given: str, patronymic: str | None = None, sex: str | None = None) -> dict[str, Any]:
    return {"surname": surname, "given_name": given, "patronymic": patronymic, "sex": sex}


def test_the_kazakh_suffix_follows_vowels_and_final_sound() -> None:
    words = KAZAKH.split()
    pairs = list(zip(words[::2], words[1::2], strict=True))
    assert len(pairs) >= 60
    assert {name: in_kazakh(name) for name, _ in pairs} == dict(pairs)
    assert in_kazakh("Әбдіқадырұлы Ғалымжан Өмірқұлұлы") == "Әбдіқадырұлы Ғалымжан Өмірқұлұлына"


@pytest.mark.parametrize("name", ["", "  ", "Ахметов Е.", "Smith John", "Ахметов Ержан II", "Мкртчн"])
def test_where_the_last_word_can_not_tell_nothing_is_proposed(name: str) -> None:
    assert in_kazakh(name) is None


@pytest.mark.parametrize(("told", "form"), RUSSIAN)
def test_the_russian_dative_is_proposed_by_the_sex(told: tuple[Any, ...], form: str) -> None:
    assert proposed(person(*told), "ru") == form


def test_without_the_sex_or_a_name_nothing_is_proposed_in_russian() -> None:
    assert proposed(person("Ким", "Виктор"), "ru") is None
    assert proposed({"sex": "male"}, "ru") is None
    assert proposed(None, "ru") is None
    assert proposed(person("Ким", "Виктор", sex="male"), "en") is None


def test_a_confirmed_form_counts_for_the_name_it_was_confirmed_for_alone() -> None:
    forms = {"ru": {"text": "Ивановой Марии", "of": "Иванова Мария"}, "kk": {"text": None, "of": "Иванова Мария"}}
    document: dict[str, Any] = {"person": person("Иванова", "Мария"), "dossier": {"name_forms": forms}}
    assert confirmed(document, "ru") == "Ивановой Марии"
    assert not is_stale(document, "ru")
    assert (confirmed(document, "kk"), is_stale(document, "kk")) == (None, False)
    changed = copy.deepcopy(document)
    changed["person"]["surname"] = "Петрова"
    assert (confirmed(changed, "ru"), is_stale(changed, "ru")) == (None, True)
    assert (confirmed({}, "ru"), is_stale({}, "ru")) == (None, False)

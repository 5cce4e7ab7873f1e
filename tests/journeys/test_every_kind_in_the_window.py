"""Each occasion, each place and each age through the real window: typed, clicked, decided and signed as on a day.

Twelve cases meet every occasion, place and age, and every occasion at every age. The services go through all of them
in `test_every_kind`; so does this module where the environment has `ALL_KINDS`.
"""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.case_file import get
from app.domain.vocabulary import CaseState, Occasion, Place
from tests import factories
from tests.factories import FIRST, HEAD, NAMES, PASSPHRASE, SECOND, passphrase_of
from tests.journeys.hands import Hands, words_on
from tests.journeys.test_every_kind import BANDS
from tests.kinds import ABSENT, AGAIN, OPINIONS, REVIEWED
from ui.__main__ import start
from ui.screens.cases import CasesScreen
from ui.screens.examination import CaseScreen

KEY, CTRL, SHIFT, ALT = (
    Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
Kind = tuple[Occasion, Place, str]
OCCASIONS, PLACES, AGES = list(Occasion), list(Place), list(BANDS)
SOME: Final[list[Kind]] = [(OCCASIONS[n % 4], PLACES[n % 7], AGES[n % 3]) for n in range(12)]
KINDS: Final[list[Kind]] = list(product(OCCASIONS, PLACES, AGES)) if os.environ.get("ALL_KINDS") else SOME


def answers(kind: Kind) -> Iterator[tuple[str, dict[str, Any]]]:
    """Step by step what is typed and chosen; the rest of a step is done by `rest`."""
    occasion, place, band = kind
    born, changes, earlier, _, _ = BANDS[band]
    day = "{2}.{1}.{0}".format(*born.split("-"))
    case = factories.case_document(changes)
    yield "person", {"person.surname": "Қалиева", "person.given_name": "Айгүл", "person.birth_date": day,
                     "person.sex": "female", "dossier.no_iin.reason": "foreigner"}  # fmt: skip
    if occasion not in AGAIN:
        yield "referral", {"referral.number": "7/26", "referral.signed_on": "08.11.2026",
                           "referral.organisation": "Алға ААХ", "referral.purpose": ["disability"],
                           "referral.incapacity_since": "01.05.2026"}  # fmt: skip
    else:
        yield "referral", {"referral.purpose": ["disability"]}
    seen: dict[str, Any] = {"examination.place": place.value, "examination.occasion": occasion.value}
    if place is Place.IN_ABSENTIA:
        seen |= {"dossier.in_absentia.consent": True, "dossier.in_absentia.reason": ABSENT["reason"]}
    if occasion in AGAIN:
        seen |= {f"dossier.reviewed.{key}": REVIEWED[key] for key in ("number", "organ")}
        seen |= {"dossier.reviewed.on": "01.11.2025", "dossier.reviewed.members": REVIEWED["members"]}
    if occasion in (Occasion.REPEAT, Occasion.CONTROL):  # on an appeal it is folded away: what is reviewed says it
        seen |= {"previous.on": "18.11.2025", "previous.outcome": earlier}
    yield "examination", seen
    yield "diagnosis", {"diagnosis.main.icd10": "I69.3", "diagnosis.main.text": "Ми инфарктісінің салдары",
                        "diagnosis.accompanying": [], "diagnosis.complications": []}  # fmt: skip
    facts = {path: get(case, path) for group in ("functions", "limitations") for path in
             (f"facts.{group}.{name}" for name in case["facts"][group])}  # fmt: skip
    facts |= {"facts.anatomical_defects": [], "facts.prognosis": case["facts"]["prognosis"]}
    yield "functions", {**facts, "facts.insured": case["facts"]["insured"]}


@pytest.mark.parametrize("part", range(4))
def test_each_kind_is_examined_decided_and_signed_in_the_window(qtbot: QtBot, tmp_path: Path, part: int) -> None:
    access = factories.make_desk(tmp_path / "desk")
    window = start(tmp_path / "desk", ("kk", "ru", "en")[part % 3], access)
    window.resize(1366, 768)
    hands = Hands(qtbot, window)
    try:
        window.screens.currentWidget().sign_in(HEAD, PASSPHRASE)  # type: ignore[union-attr]
        hands.screen(CasesScreen)
        desk = window.desk
        assert desk is not None
        window.tasks.run(lambda: factories.with_commission(desk))
        hands.settle()
        for kind in KINDS[part::4]:
            examine(hands, kind)
            hands.press(hands.window.header.sections["cases"], KEY.Key_1, ALT)
            hands.screen(CasesScreen)
            hands.settle()
        assert desk.integrity.verify().ok
    finally:
        window.close()


def examine(hands: Hands, kind: Kind) -> None:
    hands.click(hands.screen(CasesScreen).new_button)
    screen: CaseScreen = hands.screen(CaseScreen)
    hands.until(screen.isEnabled)
    hands.settle()
    for step, given in answers(kind):
        hands.click(screen.steps.buttons[step])
        hands.settle()
        for path, value in given.items():
            if value == "n/a" and not screen.form.fields[path].isVisibleTo(screen.pages[step]):
                continue  # it is not even asked at that age
            if path == "dossier.reviewed.members":
                write_rows(hands, screen.form.fields[path], value)
            else:
                hands.answer(screen, path, value)
        if step == "examination":
            names = [NAMES[one] for one in (HEAD, FIRST, SECOND)]
            write_rows(hands, screen.form.fields["examination.commission"], names)
    hands.click(screen.steps.buttons["proposal"])
    hands.settle()
    proposal = screen.record.draft.proposal
    assert proposal is not None, kind
    assert proposal.outcome in BANDS[kind[2]][3], kind
    hands.press(screen.steps.buttons["proposal"], KEY.Key_Return, CTRL | SHIFT)
    hands.settle()
    assert screen.step == "decision", kind
    cause = screen.form.fields["cause.code"]
    if cause.is_empty() and cause.isVisibleTo(screen):
        hands.answer(screen, "cause.code", {"under 7": "05", "7 to 17": "06"}.get(kind[2], "01"))
    if "decision.general_capacity" in screen.form.fields and screen.decision.general.isVisibleTo(screen):
        hands.answer(screen, "decision.general_capacity", proposal.general_capacity.first)
    if kind[1] is Place.IN_ABSENTIA_PROACTIVE:
        write_opinions(hands, screen)
    assert screen.decision.decide_button.isEnabled(), (kind, sorted(words_on(screen.decision), key=len)[-6:])
    hands.click(screen.decision.decide_button)
    hands.until(lambda: screen.record.view.state is CaseState.DECIDED)
    hands.settle()
    for row in screen.signing.rows:
        login = next(login for login, name in NAMES.items() if name == row.name)
        hands.type(row.passphrase.edit, passphrase_of(login))
    hands.click(screen.signing.sign_button)
    hands.until(lambda: screen.record.view.state is CaseState.SIGNED)
    hands.settle()
    assert screen.step == "conclusion", kind
    view = screen.record.view
    assert (get(view.document, "examination.occasion"), get(view.document, "examination.place")) == kind[:2]


def write_rows(hands: Hands, field: Any, names: list[str]) -> None:
    if len(field.rows) >= len(names):
        return  # those of the case before stand there already
    for name in names:
        hands.click(field.add_button)
        hands.type(field.rows[-1].entry(), name)
        hands.settle()


def write_opinions(hands: Hands, screen: CaseScreen) -> None:
    field = screen.form.fields["dossier.opinions"]
    for opinion in OPINIONS:
        hands.click(field.add_button)
        row = field.rows[-1]
        hands.type(row.expert, opinion["expert"])
        hands.settle()
        row = field.rows[-1]
        for key in ("outcome", "period"):
            hands.choose(row.combos[key], 1)
            hands.settle()
            row = field.rows[-1]
        hands.type(row.reason, opinion["reason"])
        hands.settle()

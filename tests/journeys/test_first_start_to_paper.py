"""From an empty laptop to a signed, printed conclusion, through the window alone, in each language."""

import gettext
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import paths
from app.domain.vocabulary import CaseState
from app.i18n import DOMAIN
from tests.journeys.hands import Hands, cut_on, words_on
from ui.__main__ import start
from ui.screens.cases import CasesScreen
from ui.screens.conclusion import ConclusionPanel
from ui.screens.examination import CaseScreen
from ui.screens.examination.ballot import BallotDialog
from ui.screens.examination.signing import AccountDialog, MemberRow
from ui.screens.welcome import WelcomeScreen

HEAD = ("Сейітова Әлия Маратқызы", "a.seitova", "сары дала көк аспан 41 тұлпар")
MEMBERS = (
    ("Ким Андрей Викторович", "a.kim", "тихая река старый мост 17 журавль"),
    ("Өтеген Һадис Ұланұлы", "h.otegen", "қара бұлт ақ қар 93 керуен"),
)
SURNAME = "Әбдіқадырұлы"
# As somebody would type them: days counted back, digits without dots.
ANSWERS: dict[str, dict[str, object]] = {
    "person": {
        "person.iin": "710614301212",
        "person.surname": SURNAME,
        "person.given_name": "Ғалымжан",
        "person.patronymic": "Өмірқұлұлы",
        "person.address.text": "Бестамақ ауылы, Жеңіс көшесі, 12",
    },
    "referral": {
        "referral.number": "121/26",
        "referral.signed_on": "-10d",
        "referral.organisation": "Алға аудандық ауруханасы",
        "referral.purpose": ["disability"],
        "referral.incapacity_since": "-200d",
    },
    "examination": {"examination.place": "home", "examination.occasion": "first"},
    "diagnosis": {
        "diagnosis.main.icd10": "I69.3",
        "diagnosis.main.text": "Ми инфарктісінің салдары, айқын гемипарез",
        "diagnosis.accompanying": [],
        "diagnosis.complications": [],
    },
    "functions": {
        "facts.functions.mental": 1,
        "facts.functions.sensory": 0,
        "facts.functions.statodynamic": 3,
        "facts.functions.visceral": 1,
        "facts.limitations.self_care": 2,
        "facts.limitations.movement": 2,
        "facts.limitations.orientation": 0,
        "facts.limitations.communication": 0,
        "facts.limitations.behaviour": 0,
        "facts.limitations.learning": "n/a",
        "facts.limitations.work": 2,
        "facts.anatomical_defects": [],
        "facts.prognosis": "doubtful",
        "facts.insured": True,
    },
}


def foreign(words: set[str], language: str) -> set[str]:
    """English sentences of ours among words that should be in another language."""
    if language == "en":
        return set()
    catalogue = gettext.translation(DOMAIN, localedir=paths.resource("translations"), languages=[language])
    return {word for word in words if catalogue.gettext(word) != word}


def assert_readable(widget: QWidget, language: str) -> None:
    """Every word in the language chosen, and none cut."""
    for _ in range(3):  # layouts that changed are laid out in the next rounds of events
        QApplication.processEvents()
    assert not foreign(words_on(widget), language)
    assert not cut_on(widget)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_commission_gets_from_the_first_start_to_the_printed_paper(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    data_dir = tmp_path / "desk"
    window = start(data_dir, language)
    window.resize(1366, 768)
    hands = Hands(qtbot, window)
    try:
        first_start(hands, language)
        case = enter_case(hands, language)
        decide_and_sign(hands, case, language)
        papers = print_and_save(hands, case, tmp_path, monkeypatch, language)
    finally:
        window.close()
    for paper in papers:
        text = "\n".join(page.extract_text() for page in PdfReader(paper).pages)
        assert paper.stat().st_size > 10_000
        if paper.name.startswith("saved"):  # the printed one is a picture of the page
            assert SURNAME in text
            assert {"kk": "нобай", "ru": "проект", "en": "draft"}[language] not in text.lower()
    assert_chain_holds(data_dir, tmp_path)


def first_start(hands: Hands, language: str) -> None:
    screen = hands.screen(WelcomeScreen)
    hands.click(screen.language_page.choices[language])
    assert hands.window.language.code == language
    hands.click(screen.next_button)
    assert_readable(hands.window, language)
    hands.choose(screen.department_page.region, 4)
    hands.type(screen.department_page.number, "2")
    assert_readable(hands.window, language)
    hands.click(screen.next_button)
    name, login, passphrase = HEAD
    hands.type(screen.user_page.name, name)
    hands.type(screen.user_page.login, login)
    hands.type(screen.user_page.passphrase.first.edit, passphrase)
    hands.type(screen.user_page.passphrase.second.edit, passphrase)
    assert_readable(hands.window, language)
    hands.click(screen.next_button)
    hands.until(lambda: screen.recovery.code.text() != "")
    assert_readable(hands.window, language)
    hands.click(screen.recovery.check)
    hands.click(screen.next_button)
    hands.screen(CasesScreen)
    hands.settle()


def enter_case(hands: Hands, language: str) -> CaseScreen:
    cases = hands.screen(CasesScreen)
    assert_readable(hands.window, language)
    hands.click(cases.new_button)
    screen: CaseScreen = hands.screen(CaseScreen)
    hands.until(screen.isEnabled)
    hands.settle()
    for step, answers in ANSWERS.items():
        hands.click(screen.steps.buttons[step])
        for path, value in answers.items():
            hands.answer(screen, path, value)
        if step == "person":
            # The ИИН told these.
            assert screen.record.get("person.birth_date") == "1971-06-14"
            assert screen.record.get("person.sex") == "male"
        if step == "examination":
            enter_commission(hands, screen)
        assert_readable(hands.window, language)
    signed = date.today() - timedelta(days=10)  # noqa: DTZ011 - the day where the laptop stands
    assert screen.record.get("referral.signed_on") == signed.isoformat()
    return screen


def enter_commission(hands: Hands, screen: CaseScreen) -> None:
    field = screen.examination.commission
    for name, _, _ in (HEAD, *MEMBERS):
        hands.click(field.add_button)
        hands.type(field.rows[-1].name, name)
        hands.settle()
    assert [member["role"] for member in screen.record.get("examination.commission")] == ["head", "member", "member"]


def decide_and_sign(hands: Hands, screen: CaseScreen, language: str) -> None:
    vote(hands, screen, language)
    hands.click(screen.steps.buttons["proposal"])
    assert_readable(hands.window, language)
    proposal = screen.record.draft.proposal
    assert proposal is not None
    assert proposal.outcome == "group_2"
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    hands.press(screen.steps.buttons["proposal"], Qt.Key.Key_Return, both)
    hands.settle()
    assert screen.step == "decision"
    hands.answer(screen, "cause.code", "01")
    hands.answer(screen, "decision.general_capacity", 70)
    assert_readable(hands.window, language)
    hands.click(screen.decision.decide_button)
    hands.until(lambda: screen.record.view.state is CaseState.DECIDED)
    hands.settle()
    for name, login, passphrase in MEMBERS:
        make_account(hands, screen, name, login, passphrase, language)
    for name, _, passphrase in (HEAD, *MEMBERS):
        hands.type(row_of(screen, name).passphrase.edit, passphrase)
    hands.click(screen.signing.sign_button)
    hands.until(lambda: screen.record.view.state is CaseState.SIGNED)
    hands.settle()


def vote(hands: Hands, screen: CaseScreen, language: str) -> None:
    """A new desk asks for it: nothing is proposed to anybody before each member has voted."""
    hands.click(screen.steps.buttons["vote"])
    assert screen.record.draft.closed
    for member in range(3):
        hands.click(lambda at=member: screen.vote.vote_buttons[at])  # type: ignore[arg-type, misc]
        hands.until(lambda: isinstance(QApplication.activeModalWidget(), BallotDialog))
        ballot = QApplication.activeModalWidget()
        assert isinstance(ballot, BallotDialog)
        assert_readable(ballot, language)
        hands.press(ballot.outcome.focus_widget(), Qt.Key.Key_2)
        hands.press(ballot.period.focus_widget(), Qt.Key.Key_2)
        hands.click(ballot.vote_button)
        hands.settle()
    assert not screen.record.draft.closed
    assert_readable(hands.window, language)


def row_of(screen: CaseScreen, name: str) -> MemberRow:
    return next(row for row in screen.signing.rows if row.name == name)


def make_account(hands: Hands, screen: CaseScreen, name: str, login: str, passphrase: str, language: str) -> None:
    hands.click(lambda: row_of(screen, name).make_button)
    hands.until(lambda: isinstance(QApplication.activeModalWidget(), AccountDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, AccountDialog)
    hands.type(dialog.login, login)
    hands.type(dialog.passphrase.first.edit, passphrase)
    hands.type(dialog.passphrase.second.edit, passphrase)
    assert_readable(dialog, language)
    hands.click(dialog.make_button)
    hands.until(dialog.recovery.isVisible)
    hands.click(dialog.recovery.check)
    hands.click(dialog.close_button)
    hands.settle()


def print_and_save(
    hands: Hands, screen: CaseScreen, folder: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> list[Path]:
    assert screen.step == "conclusion"
    panel = screen.findChild(ConclusionPanel)
    assert isinstance(panel, ConclusionPanel)
    saved, printed = folder / f"saved-{language}.pdf", folder / f"printed-{language}.pdf"
    # The system's dialogues, answered: choose this file, and this printer.
    monkeypatch.setattr("ui.screens.conclusion.panel.ask_file", lambda t, parent, name: saved)

    def printer(t: object, parent: QWidget) -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(printed))
        return made

    monkeypatch.setattr("ui.widgets.output.ask_printer", printer)
    hands.click(panel.save_button)
    hands.click(panel.print_button)
    hands.settle()
    assert_readable(hands.window, language)
    return [saved, printed]


def assert_chain_holds(data_dir: Path, folder: Path) -> None:
    secret = folder / "passphrase"
    secret.write_text(HEAD[2] + "\n", encoding="utf-8")
    words = ["-m", "app.cli", "verify", "--data", str(data_dir), "--user", HEAD[1], "--passphrase-file", str(secret)]
    ran = subprocess.run([sys.executable, *words], cwd=paths.root(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr

"""Settings, the page of criteria: an edition is checked in the background and its answer stays to be read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from app.services.acceptance import STEPS
from app.services.access import Access
from tests import editions, factories
from tests.factories import FIRST, passphrase_of
from ui.main_window import MainWindow
from ui.screens.settings import SettingsScreen
from ui.screens.settings.criteria import CriteriaPage
from ui.widgets.question import Question

Idle = Callable[[MainWindow], None]


@pytest.fixture
def criteria(signed_in: Callable[..., MainWindow], idle: Idle) -> Callable[..., tuple[MainWindow, CriteriaPage]]:
    """The page, as who set the desk up sees it."""

    def open_it(language: str = "en", **look: Any) -> tuple[MainWindow, CriteriaPage]:
        window = signed_in(language, **look)
        return window, page_of(window, idle)

    return open_it


def page_of(window: MainWindow, idle: Idle) -> CriteriaPage:
    window.show_settings()
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, SettingsScreen)
    screen.sections.setCurrentRow(screen.pages.index(screen.criteria))
    idle(window)
    return screen.criteria


def dialogue(kind: type[QDialog]) -> Any:
    (found,) = [top for top in QApplication.topLevelWidgets() if isinstance(top, kind) and top.isVisible()]
    return found


def items(widget: Any) -> list[str]:
    return [widget.item(at).text() for at in range(widget.count())]


def test_a_key_is_admitted_once_its_digits_were_compared_and_its_edition_is_then_accepted(
    criteria: Any, idle: Idle, tmp_path: Path, qtbot: QtBot
) -> None:
    window, page = criteria()
    folder = editions.edition(tmp_path / "edition", "1.1.0", "2026-11-01")
    page.install(folder)
    assert page.at_work.isVisible()
    assert not page.install_button.isEnabled()
    idle(window)
    assert "is not known here" in page.verdict.text()
    assert page.verdict.property("role") == "error"
    assert page.install_button.isEnabled()

    page.admit(editions.public_file(tmp_path / "key.pub"))
    idle(window)
    asked = dialogue(QDialog)
    assert "5647 5aa7 5463 474c" in asked.windowTitle()
    qtbot.keyClick(asked.line, Qt.Key.Key_Return)
    assert asked.isVisible()  # nobody is named
    asked.line.setText("A methodologist")
    qtbot.keyClick(asked.line, Qt.Key.Key_Return)
    idle(window)
    assert "5647 5aa7 5463 474c" in page.key_verdict.text()
    assert "A methodologist" in items(page.keys)[1]

    seen: list[str] = []
    window.tasks.told.connect(lambda _: seen.append(page.step.text()))
    page.install(folder)
    qtbot.waitUntil(lambda: not window.tasks.busy, timeout=120_000)  # every check of the edition is run
    idle(window)
    assert page.verdict.text() == "✓ The edition 1.1.0 was accepted: decides from 01.11.2026."
    assert [line.partition(":")[0] for line in seen] == [f"Step {n} of {STEPS}" for n in range(1, STEPS + 1)]
    assert not page.at_work.isVisible()
    assert [line.partition(":")[0] for line in items(page.editions)] == ["1.1.0", "1.0.0"]
    assert "criteria kz-mse 1.1.0" in window.status.text.text()

    page.keys.setCurrentRow(1)
    qtbot.mouseClick(page.revoke_button, Qt.MouseButton.LeftButton)
    asked = dialogue(QDialog)
    assert any("1.1.0" in line.text() for line in asked.findChildren(type(page.verdict)))
    asked.line.setText("copied")
    asked.act_button.click()
    idle(window)
    assert "its key was revoked" in items(page.editions)[1]
    assert not page.revoke_button.isEnabled()
    assert "criteria kz-mse 1.0.0" in window.status.text.text()
    window.language.set("ru")
    assert "ключ отозван" in items(page.editions)[1]


def test_the_key_of_the_program_is_not_chosen_by_itself_and_what_its_revocation_does_is_said(
    criteria: Any, idle: Idle
) -> None:
    _, page = criteria()
    assert "verified: 0 of" in items(page.editions)[0]
    assert page.keys.currentRow() == -1
    assert not page.revoke_button.isEnabled()
    page.keys.setCurrentRow(0)
    page.revoke_button.click()
    said = " ".join(label.text() for label in dialogue(QDialog).findChildren(QLabel))
    assert "the key of the program itself" in said
    assert "The editions 1.0.0 came with the program and stay in force" in said
    dialogue(QDialog).reject()


def test_checks_can_be_stopped_and_leaving_asks_first(criteria: Any, idle: Idle, tmp_path: Path, qtbot: QtBot) -> None:
    window, page = criteria()
    page.admit(editions.public_file(tmp_path / "key.pub"))
    idle(window)
    asked = dialogue(QDialog)
    asked.line.setText("A methodologist")
    asked.act_button.click()
    idle(window)
    page.install(editions.edition(tmp_path / "edition"))
    window.show_cases()
    question = dialogue(Question)
    question.stay_button.click()
    assert window.screens.currentWidget().criteria is page  # type: ignore[union-attr]
    page.stop_button.click()
    qtbot.waitUntil(lambda: not window.tasks.busy, timeout=120_000)
    idle(window)
    assert page.verdict.text() == "The checks were stopped. Nothing was changed."
    assert items(page.editions)[0].startswith("1.0.0")
    window.show_cases()
    assert not isinstance(window.screens.currentWidget(), SettingsScreen)


def test_who_did_not_set_the_desk_up_reads_and_changes_nothing(
    access: Access, open_window: Callable[..., MainWindow], idle: Idle
) -> None:
    desk = factories.with_commission(access.sign_in(factories.HEAD, factories.PASSPHRASE))
    desk.close()
    window = open_window("en")
    window.screens.currentWidget().sign_in(FIRST, passphrase_of(FIRST))  # type: ignore[union-attr]
    idle(window)
    page = page_of(window, idle)
    assert items(page.editions)[0].startswith("1.0.0: decides from 01.07.2023")
    assert factories.NAMES[factories.HEAD] in page.who.text()
    assert page.who.isVisible()
    for each in (page.install_button, page.admit_button, page.revoke_button):
        assert not each.isEnabled()
    assert page.prepare_button.isEnabled()


def test_every_part_of_the_page_has_a_name_and_takes_the_keyboard(criteria: Any) -> None:
    _, page = criteria()
    for each in (page.editions, page.keys, page.bar):
        assert each.accessibleName()
    for each in (page.editions, page.install_button, page.prepare_button, page.keys, page.admit_button):
        assert each.focusPolicy() & Qt.FocusPolicy.TabFocus
    wanted: list[bool] = []
    page.edition_wanted.connect(lambda: wanted.append(True))
    page.prepare_button.click()
    assert wanted == [True]


def test_an_answer_that_comes_while_the_window_is_locked_is_read_after_unlocking(
    criteria: Any, idle: Idle, tmp_path: Path
) -> None:
    window, page = criteria()
    page.install(editions.edition(tmp_path / "edition"))
    window.lock()
    lock = window.screens.currentWidget()
    idle(window)
    assert window.screens.currentWidget() is lock
    assert window.focusWidget() is lock.first_field()  # type: ignore[union-attr]
    lock.passphrase.edit.setText(factories.PASSPHRASE)  # type: ignore[union-attr]
    lock.submit()  # type: ignore[union-attr]
    idle(window)
    assert page.isVisible()
    assert "is not known here" in page.verdict.text()

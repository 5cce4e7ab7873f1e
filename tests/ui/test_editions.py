"""The screen of a new edition: made, signed off, compared, checked and signed, with the keyboard and on real files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListWidget, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.crypto.pack_signature import verify
from app.rules.loader import load_pack
from app.services import edition_keys, signing_off
from tests.editions import edit
from tests.ui.conftest import visible
from ui.main_window import MainWindow
from ui.screens.criteria import CriteriaScreen
from ui.screens.criteria.key_dialog import KeyDialog
from ui.screens.criteria.sign_dialog import SignDialog

PHRASE = "grey stork over the wide river 41"
Idle = Callable[[MainWindow], None]


@pytest.fixture
def window(signed_in: Callable[..., MainWindow], idle: Idle) -> MainWindow:
    made = signed_in("en")
    made.show_settings()
    idle(made)
    made.screens.currentWidget().edition_wanted.emit()  # type: ignore[union-attr]
    idle(made)
    return made


@pytest.fixture
def screen(window: MainWindow) -> CriteriaScreen:
    found = window.screens.currentWidget()
    assert isinstance(found, CriteriaScreen)
    return found


@pytest.fixture
def folder(window: MainWindow, screen: CriteriaScreen, idle: Idle, tmp_path: Path) -> Path:
    """An edition made on the screen and open there."""
    target = tmp_path / "kz-mse-1.1.0"
    screen.start.day.setText("01012027")
    screen.start.place.setText(str(target))
    screen.start.make()
    idle(window)
    idle(window)
    assert screen.pages.currentWidget() is screen.work
    return target


def choose(screen: CriteriaScreen, topic: int, record: str) -> None:
    screen.work.topics.setCurrentRow(topic - 1)
    found = [at for at in range(screen.work.records.count())
             if screen.work.records.item(at).text().split(" ")[1] == record]  # fmt: skip
    screen.work.records.setCurrentRow(found[0])


def fill(screen: CriteriaScreen) -> None:
    panel = screen.work.record
    panel.by.setText("Aigerim")
    for line in panel.places.values():
        line.setText("7")


def test_an_edition_is_made_from_one_at_hand_and_opened(screen: CriteriaScreen, folder: Path) -> None:
    assert (folder / "pack.toml").is_file()
    work = screen.work
    assert work.title.text() == "kz-mse 1.1.0 · from 01.01.2027 · in work, not signed"
    assert work.topics.count() == 12
    assert work.records.count() > 10
    assert work.summary.text().endswith("1 differ from 1.0.0")


def test_a_list_of_editions_opens_whole(window: MainWindow, screen: CriteriaScreen) -> None:
    source = screen.start.source
    source.addItem("kz-mse 1.1.0", "1.1.0")
    source.showPopup()
    QApplication.processEvents()
    view = source.view()
    last = view.visualRect(view.model().index(source.count() - 1, 0))
    assert last.bottom() < view.viewport().height()
    assert view.verticalScrollBar().maximum() == 0
    source.hidePopup()


def test_what_is_wrong_is_said_below_the_field_it_belongs_to(
    window: MainWindow, screen: CriteriaScreen, idle: Idle, tmp_path: Path
) -> None:
    start = screen.start
    tops = [start._fields[name].label.mapTo(start, QPoint()).y() for name in ("source", "version", "folder")]
    start.make()
    assert start._fields["valid_from"].error.text() == "Type the first day on which the edition holds."
    start.place.setText("01.01.2027")  # no folder of wherever the program happens to run
    start.make()
    assert "“01.01.2027” is no whole path" in start._fields["folder"].error.text()
    QApplication.processEvents()
    assert [start._fields[name].label.mapTo(start, QPoint()).y() for name in ("source", "version")] == tops[:2]
    start.place.clear()
    start.make()
    assert start._fields["folder"].error.text() == "Name the folder that is to be made."
    start.version.setText("1.0.0")
    start.day.setText("01.01.2027")
    start.place.setText(str(tmp_path / "new"))
    start.make()
    idle(window)
    assert "is not higher than 1.0.0" in start._fields["version"].error.text()
    assert not (tmp_path / "new").exists()
    assert start.make_button.isEnabled()


def test_a_folder_that_is_no_edition_is_refused_and_the_sentence_stays(
    window: MainWindow, screen: CriteriaScreen, idle: Idle, tmp_path: Path
) -> None:
    screen.open(tmp_path)
    idle(window)
    assert screen.pages.currentWidget() is screen.start
    assert "There is no rule pack in" in screen.start.said.text()
    assert screen.start.said.isVisible()
    assert screen.start.open_button.isEnabled()


def test_a_record_is_signed_off_and_withdrawn(
    window: MainWindow, screen: CriteriaScreen, folder: Path, idle: Idle
) -> None:
    choose(screen, 2, "level.1")
    work, panel = screen.work, screen.work.record
    assert "○ level.1" in work.records.currentItem().text()
    assert "disorder of functions: degree 4" in panel.says.text()
    assert not panel.withdraw_button.isEnabled()
    panel.sign_off()  # nothing typed yet
    assert panel._by.error.text() == "Type the name."
    fill(screen)
    panel.sign_off()
    idle(window)
    idle(window)
    assert "✓ level.1" in work.records.currentItem().text()
    assert "verified: 1 of" in work.topics.item(1).text()
    assert panel.ledger.text().startswith("verified by Aigerim on")
    assert panel.withdraw_button.isEnabled()
    (record,) = [record for record in signing_off.work(folder).records if record.sign_off]
    assert record.id == "level.1"
    panel.withdraw_button.click()
    idle(window)
    idle(window)
    assert "○ level.1" in work.records.currentItem().text()
    assert not any(record.sign_off for record in signing_off.work(folder).records)


def test_records_are_found_by_their_words_in_all_topics_and_those_that_changed_by_themselves(
    window: MainWindow, screen: CriteriaScreen, folder: Path, idle: Idle
) -> None:
    def shown() -> list[str]:
        return [work.records.item(at).text().split(" ")[1] for at in range(work.records.count())]

    work = screen.work
    work.search.setText("REFERRAL validity")
    assert shown() == ["referral.validity"]
    assert work.topic.text() == "In all topics: 1"
    assert work.record.title.text() == "referral.validity"
    work.search.setText("nothing of the kind")
    assert work.records.item(0).text() == "No record is like that."
    work.search.clear()
    edit(folder, "parameters.toml", "values = [{ value = 1 }]", "values = [{ value = 2 }]")
    work.again_button.click()
    idle(window)
    work.changed_only.setChecked(True)
    assert len(shown()) == 1
    work.topics.setCurrentRow(1)  # a topic is shown whole
    assert not work.changed_only.isChecked()
    assert "level.1" in shown()


def test_a_day_to_come_is_refused_below_the_day(
    window: MainWindow, screen: CriteriaScreen, folder: Path, idle: Idle
) -> None:
    choose(screen, 2, "level.1")
    fill(screen)
    screen.work.record.on.setText("01.01.2100")
    screen.work.record.sign_off()
    idle(window)
    assert "still to come" in screen.work.record._on.error.text()


def test_places_of_one_record_are_not_left_for_the_next(screen: CriteriaScreen, folder: Path) -> None:
    choose(screen, 2, "level.1")
    fill(screen)
    choose(screen, 2, "level.2")
    assert [line.text() for line in screen.work.record.places.values()] == ["", "", ""]
    assert screen.work.record.by.text() == "Aigerim"


def test_what_was_changed_in_the_files_meanwhile_is_read_again_and_a_sign_off_lapses(
    window: MainWindow, screen: CriteriaScreen, folder: Path, idle: Idle
) -> None:
    choose(screen, 2, "level.1")
    fill(screen)
    screen.work.record.sign_off()
    idle(window)
    idle(window)
    path = folder / "decisions.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('{ some = ["functions"], at_least = 4 }', '{ some = ["functions"], at_least = 3 }'),
        encoding="utf-8",
    )
    screen.work.again_button.click()
    idle(window)
    assert "! level.1" in screen.work.records.currentItem().text()
    assert "changed since its sign-off" in screen.work.record.ledger.text()
    screen.work.changes_button.click()
    assert "+ disorder of functions: degree 3 or heavier" in screen.work.changes.toPlainText()
    # a file that is no more read is told in its place, and the work shown stays
    path.write_text("[[", encoding="utf-8")
    screen.work.again_button.click()
    idle(window)
    assert "decisions.toml" in screen.work.said.text()
    assert screen.work.records.count() > 0


def test_an_edition_that_holds_is_signed_and_one_with_a_gap_shows_what_fails(
    window: MainWindow, screen: CriteriaScreen, folder: Path, idle: Idle, qtbot: QtBot, tmp_path: Path
) -> None:
    def checked(window: MainWindow) -> None:
        """The proof takes seconds, on a busy machine more."""
        qtbot.waitUntil(lambda: not window.tasks.busy, timeout=120_000)

    public = edition_keys.make_key(tmp_path / "key", PHRASE)
    work = screen.work
    private = edition_keys.read_key(tmp_path / "key", PHRASE)
    work.sign(private)
    checked(window)
    assert work.said.text().startswith("✓ The edition holds and is signed with the key")
    assert work.title.text().endswith("signed with a key that is not known here")
    assert load_pack(folder, verify=verify([public])).version == "1.1.0"
    path = folder / "parameters.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("values = [{ value = 4 }]", "values = [{ value = 5 }]"),
        encoding="utf-8",
    )
    work.again_button.click()
    checked(window)
    assert work.title.text().endswith("changed after signing, to be signed again")
    work.sign(private)
    checked(window)
    assert work.main.currentIndex() == 2
    assert work.checks.toPlainText().startswith("✗")
    assert "The edition was not signed" in work.said.text()


def test_the_dialogue_asks_for_file_and_passphrase_and_keeps_them_until_they_fit(
    window: MainWindow, screen: CriteriaScreen, folder: Path, idle: Idle, qtbot: QtBot, tmp_path: Path
) -> None:
    edition_keys.make_key(tmp_path / "key.pem", PHRASE)
    screen.work.sign_button.click()
    (dialog,) = screen.work.findChildren(SignDialog)
    dialog.sign_button.click()
    assert dialog._file.error.text() == "Name the file of the key."
    assert dialog._passphrase.error.text() == "Type the passphrase of the key."
    dialog.file.setText(str(tmp_path / "none.pem"))
    dialog.passphrase.edit.setText(PHRASE + "x")
    dialog.sign_button.click()
    idle(window)
    assert "There is no file" in dialog._file.error.text()
    dialog.file.setText(str(tmp_path / "key.pem"))
    dialog.sign_button.click()
    idle(window)
    assert dialog.isVisible()
    assert dialog._file.error.text() == ""
    assert "the passphrase is wrong" in dialog._passphrase.error.text()
    assert dialog.file.text() == str(tmp_path / "key.pem")
    dialog.opened.disconnect(screen.work.sign)
    dialog.passphrase.edit.setText(PHRASE)
    with qtbot.waitSignal(dialog.opened) as opened:
        qtbot.keyClick(dialog.passphrase.edit, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    assert opened.args == [edition_keys.read_key(tmp_path / "key.pem", PHRASE)]
    assert dialog.passphrase.text() == ""


def test_who_has_no_key_makes_one_on_the_way_to_signing(
    window: MainWindow, screen: CriteriaScreen, folder: Path, idle: Idle, tmp_path: Path
) -> None:
    screen.work.sign_button.click()
    (dialog,) = screen.work.findChildren(SignDialog)
    dialog.key_button.click()
    (maker,) = screen.work.findChildren(KeyDialog)
    maker.make()
    assert maker._file.error.text() == "Name the file of the key."
    maker.file.setText(str(tmp_path / "key.pem"))
    maker.passphrase.first.edit.setText("1234567890")
    maker.make()
    assert not (tmp_path / "key.pem").exists()
    for line in (maker.passphrase.first, maker.passphrase.second):
        line.edit.setText(PHRASE)
    maker.make()
    idle(window)
    assert edition_keys.read_key(tmp_path / "key.pem", PHRASE)
    assert "Fingerprint, to be compared by voice" in screen.work.said.text()
    asked = [found for found in screen.work.findChildren(SignDialog) if found.isVisible()]
    assert [found.file.text() for found in asked] == [str(tmp_path / "key.pem")]


def test_back_leads_from_the_changes_to_the_records_to_the_start_to_the_settings(
    window: MainWindow, screen: CriteriaScreen, folder: Path, idle: Idle
) -> None:
    work = screen.work
    work.changes_button.click()
    assert work.main.currentIndex() == 1
    screen._back()
    assert work.main.currentIndex() == 0
    screen._back()
    assert screen.pages.currentWidget() is screen.start
    screen._back()
    idle(window)
    settings = window.screens.currentWidget()
    assert settings.stack.currentIndex() == settings.pages.index(settings.criteria)  # type: ignore[union-attr]


def test_every_field_and_button_has_a_name_and_is_reached_by_the_keyboard(
    window: MainWindow, screen: CriteriaScreen, folder: Path
) -> None:
    choose(screen, 2, "level.1")
    for widget in visible(screen):
        if isinstance(widget, (QLineEdit, QListWidget, QPlainTextEdit)):
            assert widget.accessibleName(), widget
        if isinstance(widget, QAbstractButton) and widget.isEnabled():
            assert widget.text() or widget.accessibleName(), widget
        if isinstance(widget, (QLineEdit, QListWidget, QAbstractButton)):
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget


def test_every_word_follows_the_language(
    window: MainWindow, screen: CriteriaScreen, folder: Path, marked: None
) -> None:
    choose(screen, 2, "level.1")
    for code in ("ru", "kk"):
        window.language.set(code)
        work = screen.work
        for button in (work.again_button, work.back_button, work.changes_button, work.check_button, work.sign_button,
                       work.record.sign_button, work.record.withdraw_button):  # fmt: skip
            assert button.text().startswith(f"{code}·"), button.text()
        assert f"{code}·" in work.records.item(0).text()
        assert f"{code}·" in work.title.text()

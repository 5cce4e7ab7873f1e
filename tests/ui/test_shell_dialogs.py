"""Qt's own dialogues, as the person meets them: no line in another language."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QSettings, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFileDialog,
    QFileSystemModel,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QRadioButton,
    QStyleOptionComboBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.text import N_
from tests.ui.conftest import Open
from ui.main_window import MainWindow
from ui.screens.examination.reason import ReasonDialog
from ui.widgets import output
from ui.widgets.choice import Combo
from ui.widgets.output import ask_file, ask_folder, ask_printer, choose_folder

# Names that are the same in every language.
SAME = re.compile(r"PDF|CUPS|ICC|^/|Ctrl|Alt|saraptama")


@pytest.mark.parametrize("code", ["kk", "ru"])
@pytest.mark.parametrize("ask", ["file", "folder", "printer"])
def test_a_dialogue_of_qt_has_no_english_line(open_window: Open, qtbot: QtBot, ask: str, code: str) -> None:
    window = open_window(code)
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        kinds = (QLabel, QPushButton, QCheckBox, QRadioButton)
        for widget in dialog.findChildren(QWidget):
            if isinstance(widget, kinds):
                seen.append(widget.text())
            elif isinstance(widget, QGroupBox):
                seen.append(widget.title())
        dialog.reject()

    asks: dict[str, Callable[[], object]] = {
        "file": lambda: ask_file(window.language.t, window, "saraptama.pdf"),
        "folder": lambda: ask_folder(window.language.t, window),
        "printer": lambda: ask_printer(window.language.t, window),
    }
    QTimer.singleShot(0, window, look)
    assert asks[ask]() is None
    own = {window.language.t(words) for words in ("Folder:", "File name:", "Kind of file:", "Pages:")}
    english = [text for text in seen if re.search(r"[A-Za-z]{3}", text) and not SAME.search(text) and text not in own]
    assert seen
    assert english == []


def test_no_folder_of_the_work_is_noted_in_the_user_s_settings(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings"
    monkeypatch.setattr(output, "_session", {})
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(settings))
    folder = tmp_path / "Ғ folder"
    folder.mkdir()
    window = open_window("en")

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        dialog.setDirectory(str(folder))
        dialog.selectFile(str(folder / "paper.pdf"))
        dialog.accept()

    for _ in range(2):
        QTimer.singleShot(0, window, choose)
        assert ask_file(window.language.t, window, "paper.pdf") == folder / "paper.pdf"
    assert list(settings.rglob("*.conf")) == []
    assert output._session["folder"] == str(folder), "within the session the folder is offered again"


def test_the_folder_that_stands_in_the_line_is_meant_whatever_else_qt_holds_for_chosen(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("en")
    other, stick = tmp_path / "sti", tmp_path / "stick"
    for folder in (other, stick):
        folder.mkdir()
    monkeypatch.setattr(output, "_session", {"folder": str(tmp_path)})
    seen: list[list[str]] = []

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        line, view = dialog.findChild(QLineEdit, "fileNameEdit"), dialog.findChild(QListView, "listView")
        model = dialog.findChild(QFileSystemModel)
        try:
            # As Qt leaves it where its list of completions has the focus while somebody types.
            line.blockSignals(True)
            rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
            for path in (other, stick):
                view.selectionModel().select(model.index(str(path)), rows)
            line.setText(str(stick))
            line.blockSignals(False)
            seen.append(dialog.selectedFiles())
        finally:
            dialog.done(QDialog.DialogCode.Accepted)

    QTimer.singleShot(0, window, choose)
    assert choose_folder(window.language.t, window, "Where to") == stick
    assert seen == [[str(other), str(stick)]]


def test_a_dialogue_comes_as_high_as_its_lines(signed_in: Callable[..., MainWindow]) -> None:
    window = signed_in("en")
    what = N_("All members vote anew. What was voted before stays in the record with the reason.")
    title, asked = N_("Vote again from the beginning"), N_("Say in a few words why the members vote again.")
    dialog = ReasonDialog(window.language, title, what, asked, N_("Begin anew"), N_("Keep the votes"), window)
    dialog.open()
    layout = dialog.layout()
    assert layout is not None
    assert dialog.height() == layout.totalHeightForWidth(dialog.width()), "no gaps between the lines"
    dialog.reject()


def test_what_is_chosen_ends_in_dots_where_it_has_no_room(qtbot: QtBot) -> None:
    combo = Combo()
    qtbot.addWidget(combo)
    combo.addItem("первичное освидетельствование")
    combo.resize(combo.sizeHint().width() // 2, combo.sizeHint().height())
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    assert option.currentText.endswith("…")
    combo.resize(600, combo.height())
    combo.initStyleOption(option)
    assert option.currentText == "первичное освидетельствование"

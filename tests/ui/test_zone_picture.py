"""Registering a person from a picture of a card: by file, by Ctrl+V, by drop; refused in words; nothing kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app.domain import mrz
from app.domain.case_file import get
from app.services.registration import RegistrationService
from tests import zone_pictures
from tests.trips import full_trip
from tests.ui.conftest import Type
from tests.ui.test_shell_window import cut, nameless
from tests.zone_pictures import TODAY, Way
from ui.main_window import MainWindow
from ui.screens.trips import TripsScreen
from ui.screens.trips.register import RegisterPanel
from ui.widgets import output

Idle = Callable[[MainWindow], None]
CTRL = Qt.KeyboardModifier.ControlModifier
MADE = zone_pictures.picture(0, Way.SCAN)
TRUTH = mrz.read("".join(MADE.lines), TODAY)


@pytest.fixture
def register(signed_in: Callable[..., MainWindow], idle: Idle) -> Callable[..., RegisterPanel]:
    """The panel of registering, open, in a trip without anybody."""

    def open_it(language: str = "en", **look: object) -> RegisterPanel:
        window = signed_in(language, **look)
        desk = window.desk
        assert desk is not None
        window.tasks.run(lambda: full_trip(desk, 0))
        window.show_section("trips")
        idle(window)
        screen = window.screens.currentWidget()
        assert isinstance(screen, TripsScreen)
        screen.page.register_button.setChecked(True)
        idle(window)
        return screen.page.register

    return open_it


def window_of(panel: RegisterPanel) -> MainWindow:
    window = panel.window()
    assert isinstance(window, MainWindow)
    return window


def drop(panel: RegisterPanel, data: QMimeData) -> None:
    """Let it fall on the panel. (Without a pointer Qt delivers no drops: the handlers are called.)"""
    action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    assert panel.acceptDrops()
    panel.dropEvent(QDropEvent(QPointF(5, 5), action, data, left, none))


def test_a_picture_is_read_from_the_clipboard_a_drop_and_a_file(
    register: Callable[..., RegisterPanel], idle: Idle, type_text: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = register()
    window, desk = window_of(panel), window_of(panel).desk
    assert desk is not None
    file = tmp_path / "card.jpg"
    file.write_bytes(MADE.jpeg)

    # Ctrl+V in the first line.
    QGuiApplication.clipboard().setImage(QImage.fromData(MADE.jpeg))
    QTest.keyClick(panel.identity.edit, Qt.Key.Key_V, CTRL)
    assert "Nothing of it is kept" in panel.said.text()
    idle(window)
    assert "".join(panel.identity.text().split()) == TRUTH.iin
    assert TRUTH.surname in panel.said.text()
    assert panel.surname.text() == ""  # Latin letters go into no field
    assert panel.surname.edit.hasFocus()
    type_text(panel.surname.edit, "Әбдіқадырұлы")
    QTest.keyClick(panel.surname.edit, Qt.Key.Key_Return)
    idle(window)
    stored = desk.examinations.open(desk.trips.worklist(panel.trip_id).turns[0].case_id).document
    assert get(stored, "person.iin") == TRUTH.iin
    assert get(stored, "person.identity.number") == TRUTH.number
    assert get(stored, "person.birth_date") == str(TRUTH.birth_date)

    # A file dropped on the panel; a file that is none says so and takes nothing.
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    drop(panel, data)
    idle(window)
    assert "".join(panel.identity.text().split()) == TRUTH.iin
    panel.clear()
    file.write_bytes(b"no picture")
    drop(panel, data)
    idle(window)
    assert panel.unread.isVisible()
    assert panel.identity.text() == ""
    assert "PNG" in panel.unread.text()

    # … and on the first line itself.
    file.write_bytes(MADE.jpeg)
    on_line = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    assert panel.identity.eventFilter(panel.identity.edit, on_line)
    idle(window)
    assert "".join(panel.identity.text().split()) == TRUTH.iin
    panel.clear()

    # The dialogue: Qt's own, of which nothing stays, not even its folder.
    file.write_bytes(MADE.jpeg)
    native: list[bool] = []

    def chosen(dialog: QFileDialog) -> int:
        native.append(not dialog.testOption(QFileDialog.Option.DontUseNativeDialog))
        return QFileDialog.DialogCode.Accepted

    monkeypatch.setattr(QFileDialog, "exec", chosen)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _self: [str(file)])
    before = dict(output._session)
    QTest.keyClick(panel.picture_button, Qt.Key.Key_Space)
    idle(window)
    assert "".join(panel.identity.text().split()) == TRUTH.iin
    assert not panel.unread.isVisible()
    assert native == [False]
    assert output._session == before

    # What is being read when the panel is cleared arrives nowhere.
    drop(panel, data)
    panel.clear()
    idle(window)
    assert panel.identity.text() == ""
    QGuiApplication.clipboard().clear()


def test_words_are_still_pasted_and_no_picture_is_waited_for(
    register: Callable[..., RegisterPanel], idle: Idle
) -> None:
    panel = register()
    data = QMimeData()  # as table programs copy a cell: its words, and a picture of it
    data.setText("710614301212")
    data.setImageData(QImage.fromData(MADE.jpeg))
    QGuiApplication.clipboard().setMimeData(data)
    QTest.keyClick(panel.identity.edit, Qt.Key.Key_V, CTRL)
    idle(window_of(panel))
    assert "".join(panel.identity.text().split()) == "710614301212"
    two = QMimeData()
    two.setUrls([QUrl.fromLocalFile("/a.jpg"), QUrl.fromLocalFile("/b.jpg")])
    drop(panel, two)
    assert "One picture" in panel.unread.text()
    QGuiApplication.clipboard().clear()


def test_without_what_reads_the_button_says_so_and_typing_goes_on(
    register: Callable[..., RegisterPanel], idle: Idle, type_text: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RegistrationService, "can_read_pictures", lambda _self: False)
    panel = register()
    assert not panel.picture_button.isEnabled()
    assert "not installed" in panel.picture_button.text()
    QGuiApplication.clipboard().setImage(QImage.fromData(MADE.jpeg))
    QTest.keyClick(panel.identity.edit, Qt.Key.Key_V, CTRL)
    idle(window_of(panel))
    assert "not installed" in panel.unread.text()
    panel.clear()
    for line in MADE.lines:
        type_text(panel.identity.edit, line)
    idle(window_of(panel))
    assert "".join(panel.identity.text().split()) == TRUTH.iin
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize(("language", "scale"), [("kk", 1.5), ("ru", 1.0)])
def test_no_word_is_cut(register: Callable[..., RegisterPanel], idle: Idle, language: str, scale: float) -> None:
    panel = register(language, scale=scale)
    window = window_of(panel)
    QGuiApplication.clipboard().setImage(QImage(200, 150, QImage.Format.Format_RGB32))
    QTest.keyClick(panel.identity.edit, Qt.Key.Key_V, CTRL)
    idle(window)
    assert panel.unread.isVisible()
    assert cut(window) == []
    assert nameless(window) == []
    QGuiApplication.clipboard().clear()

"""F1 says what the law asks where one is, in the language of the window, and closes by Esc."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.services.guidance import guidance
from app.services.steps import STEPS
from tests import factories
from ui import shortcuts
from ui.main_window import MainWindow
from ui.screens.examination.step_list import KEYS
from ui.screens.help import HelpDialog


def opened() -> HelpDialog:
    return next(d for d in QApplication.topLevelWidgets() if isinstance(d, HelpDialog) and d.isVisible())


def shown(dialog: HelpDialog) -> str:
    return "\n".join(part.text() for part in dialog.findChildren(QLabel) if part.isVisible())


def test_f1_tells_the_law_of_the_step_or_room_one_is_in(
    signed_in: Callable[..., MainWindow], idle: Callable[[MainWindow], None], qtbot: QtBot
) -> None:
    window = signed_in("en")
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = opened()
    for sentence in (*guidance("en")["cases"].asks, *guidance("en")["cases"].do):
        assert sentence in shown(dialog)
    window.language.set("kk")  # the help follows the language
    assert guidance("kk")["cases"].asks[0] in shown(dialog)
    assert guidance("en")["cases"].asks[0] not in shown(dialog)
    assert dialog.focusWidget() is dialog.head
    assert guidance("kk")["cases"].asks[0] in dialog.head.accessibleDescription()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    window.language.set("en")

    assert window.desk is not None
    case = window.desk.examinations.import_case(factories.case_document())
    window.open_case(case.id)
    idle(window)
    for step in ("diagnosis", "conclusion"):
        window.screens.currentWidget().go(step)  # type: ignore[union-attr]
        idle(window)
        window.show_help()
        QApplication.processEvents()
        dialog = opened()
        assert guidance("en")[step].do[0] in shown(dialog)
        dialog.reject()
        QApplication.processEvents()
    window.lock()
    window.show_help()
    assert opened().place is None  # whoever isn't signed in sees the keys alone
    opened().reject()


def test_an_arrow_is_shown_as_it_is_printed_on_the_key_in_every_language(signed_in: Callable[..., MainWindow]) -> None:
    window = signed_in("kk")
    for language in ("kk", "ru", "en"):
        window.language.set(language)
        assert shortcuts.native("back") == "Alt+←"
        assert shortcuts.native("turn_up") == "Alt+↑"
        assert shortcuts.native("page_on").startswith("Alt+")


def test_f1_names_a_key_for_each_step_of_the_case() -> None:
    first, last = KEYS[:9], KEYS[9 : len(STEPS)]
    assert shortcuts.native("steps") == f"Ctrl+{first[0]}…{first[-1]}, {', '.join(last)}"

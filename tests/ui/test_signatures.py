"""Electronic signatures in the window: by key file and NCALayer, refused in words, listed, saved."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import ui.screens.conclusion.signature_dialog as dialog_module
from app.documents import witness
from app.services.desk import Desk
from app.services.ncalayer import NcaLayer
from tests import esign
from tests.documents.papers import text_of
from tests.factories import NAMES, signed_case
from ui.language import Language
from ui.screens.conclusion import ConclusionPanel
from ui.screens.conclusion.signature_dialog import SignatureDialog
from ui.tasks import TaskRunner
from ui.theme import Appearance

Shown = tuple[ConclusionPanel, SignatureDialog, TaskRunner, list[BaseException]]


@pytest.fixture
def shown(qapp: QApplication, full_desk: Desk, qtbot: QtBot) -> Iterator[Shown]:
    """The papers of a signed case, with the dialogue open on the conclusion in Russian."""
    look, language, tasks = Appearance(qapp, "light"), Language("ru"), TaskRunner()
    failures: list[BaseException] = []
    tasks.failed.connect(failures.append)
    panel = ConclusionPanel(full_desk, tasks, language)
    qtbot.addWidget(panel)
    panel.resize(1100, 700)
    panel.show_case(signed_case(full_desk))
    panel.show()
    settle(qtbot, tasks)
    assert panel.sign_button.isVisible()
    panel.sign_button.click()
    dialog = panel.findChild(SignatureDialog)
    assert dialog is not None
    settle(qtbot, tasks)
    yield panel, dialog, tasks, failures
    if shiboken6.isValid(dialog):
        dialog.reject()
    settle(qtbot, tasks)
    tasks.close()
    language.deleteLater()
    look.deleteLater()


def settle(qtbot: QtBot, tasks: TaskRunner) -> None:
    qtbot.waitUntil(lambda: not tasks.busy, timeout=20000)


def given(dialog: SignatureDialog) -> str:
    return " ".join(line.text() for line in dialog.given.findChildren(QLabel) if line.isVisible())


def fill(dialog: SignatureDialog, file: Path, passphrase: str = esign.PASSPHRASE) -> None:
    dialog.file.setText(str(file))
    dialog.passphrase.edit.setText(passphrase)
    dialog.sign()


def test_a_member_signs_by_key_file_and_every_refusal_stands_below_its_field(
    shown: Shown, full_desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, dialog, tasks, failures = shown
    assert dialog.member.currentText() == NAMES["head"]
    assert dialog.state.text() == "ЭЦП подписали 0 из 3 членов комиссии."
    dialog.sign()
    assert dialog._file.error.isVisible()
    file = esign.holder().file(tmp_path / "key.p12")
    fill(dialog, file, "")
    assert "пароль" in dialog._passphrase.error.text()
    fill(dialog, file, "другой")
    assert dialog.passphrase.text() == ""
    assert not dialog.sign_button.isEnabled()
    settle(qtbot, tasks)
    assert dialog._passphrase.error.text().startswith("Неверный пароль")
    assert dialog.passphrase.edit.hasFocus()
    fill(dialog, tmp_path / "gone.p12")
    settle(qtbot, tasks)
    assert "gone.p12" in dialog._file.error.text()
    fill(dialog, esign.holder(signs=False).file(tmp_path / "auth.p12"))
    settle(qtbot, tasks)
    assert "для входа в системы" in dialog.error.text()
    assert not dialog.sure.isVisible()
    # A name that is spelt otherwise is asked about, and said for good.
    other = esign.holder(name="Seitova Aliya").file(tmp_path / "spelt.p12")
    fill(dialog, other)
    settle(qtbot, tasks)
    assert dialog.sure.isVisible()
    assert "SEITOVA ALIYA" in dialog.error.text()
    assert given(dialog) == ""
    dialog.sure.setChecked(True)
    fill(dialog, other)
    settle(qtbot, tasks)
    assert "ИИН …0011" in given(dialog)
    assert "Метки времени нет" in given(dialog)
    assert "Имя в сертификате другое" in given(dialog)
    assert not dialog.sure.isVisible()
    assert dialog.member.currentText() == NAMES["first"]
    fill(dialog, esign.holder("first", kind="ec").file(tmp_path / "first.p12"))
    settle(qtbot, tasks)
    dialog._language.set("kk")
    assert dialog.state.text() == "3 мүшенің 2 ЭЦҚ қойды."
    qtbot.waitUntil(lambda: "ЖСН …0022" in given(dialog), timeout=20000)

    kept = full_desk.electronic.file(panel._case.id, "conclusion", "ru")  # type: ignore[union-attr]
    monkeypatch.setattr(dialog_module, "ask_file", lambda *_args, **_more: tmp_path / "out.pdf")
    dialog.save_button.click()
    settle(qtbot, tasks)
    qtbot.waitUntil(lambda: (tmp_path / "out.pdf").is_file() and not tasks.busy, timeout=20000)
    assert (tmp_path / "out.pdf").read_bytes() == kept.pdf
    assert witness.signed_times(kept.pdf) == 2
    # The panel shows the marks, and says how many have signed.
    rendered = panel.previews["ru"].rendered
    assert rendered is not None
    assert rendered.digest == kept.digest
    assert "Подписано ЭЦП" in text_of(rendered.visible)
    assert "ЭЦҚ ru: 3 ішінен 2" in panel.list.list.item(0).text()
    assert failures == []
    assert full_desk.integrity.verify().problem is None


def test_ncalayer_is_waited_for_outside_of_the_worker_and_can_be_given_up(
    shown: Shown, full_desk: Desk, qtbot: QtBot
) -> None:
    _, dialog, tasks, failures = shown
    go_on = threading.Event()
    signing = esign.signing(esign.holder())

    def answer(asked: dict[str, object]) -> object:
        go_on.wait(20)
        return signing(asked)

    dialog.by_layer.setChecked(True)
    assert not dialog._file.isVisible()
    dialog._layer = NcaLayer("wss://127.0.0.1:9")
    dialog.sign()
    qtbot.waitUntil(dialog.error.isVisible, timeout=20000)
    assert "NCALayer на этом ноутбуке не отвечает" in dialog.error.text()
    assert not dialog.stop_button.isVisible()
    assert dialog.sign_button.isEnabled()
    with esign.ncalayer(answer) as layer:
        dialog._layer = NcaLayer(layer.address)
        dialog.sign()
        qtbot.waitUntil(layer.reached.is_set, timeout=20000)
        assert dialog.stop_button.isVisible()
        # Meanwhile the worker answers whoever asks.
        heard: list[object] = []
        tasks.run(lambda: full_desk.integrity.verify().problem, done=heard.append)
        qtbot.waitUntil(lambda: heard == [None], timeout=20000)
        dialog.stop_button.click()
        assert dialog.sign_button.isEnabled()
        layer.reached.clear()
        dialog.sign()
        qtbot.waitUntil(layer.reached.is_set, timeout=20000)
        go_on.set()
        qtbot.waitUntil(lambda: "через NCALayer" in given(dialog), timeout=20000)
    settle(qtbot, tasks)
    assert not dialog.stop_button.isVisible()
    assert dialog.member.currentText() == NAMES["first"]
    with esign.ncalayer(lambda _: {"status": True, "body": {}}) as layer:
        dialog._layer = NcaLayer(layer.address)
        dialog.sign()
        qtbot.waitUntil(dialog.error.isVisible, timeout=20000)
    assert dialog.error.text() == "Подписание отменено в NCALayer. Ничего не изменено."
    assert failures == []
    assert full_desk.integrity.verify().problem is None


def test_what_can_not_be_signed_says_why_and_asks_nothing(shown: Shown, qtbot: QtBot) -> None:
    panel, dialog, tasks, _ = shown
    dialog.reject()
    row = next(n for n in range(panel.list.list.count()) if "Справка об инвалидности" in panel.list.list.item(n).text())
    panel.list.list.setCurrentRow(row)
    settle(qtbot, tasks)
    panel.sign_button.click()
    fresh = panel.findChildren(SignatureDialog)[-1]
    settle(qtbot, tasks)
    assert "нумерованный бланк" in fresh.state.text()
    assert not fresh.form.isVisible()
    assert not fresh.sign_button.isVisible()
    fresh.reject()
    panel.list.list.setCurrentRow(panel.list.list.count() - 1)
    settle(qtbot, tasks)
    assert not panel.sign_button.isVisible()

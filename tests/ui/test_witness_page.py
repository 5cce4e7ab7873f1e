"""Checking a paper in the window: the answer in words, keys given out and taken in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.domain.errors import Told
from app.services.desk import Desk
from tests.documents.test_forms import printed
from tests.factories import signed_case
from tests.services.test_paper_witness import told
from ui.language import Language
from ui.screens.settings.witness import WitnessPage
from ui.tasks import TaskRunner
from ui.theme import Appearance

Shown = tuple[WitnessPage, Language, TaskRunner, list[str]]


@pytest.fixture
def shown(qapp: QApplication, full_desk: Desk, qtbot: QtBot) -> Iterator[Shown]:
    """The page in Russian; the sentences of what failed."""
    look, language, tasks = Appearance(qapp, "light"), Language("ru"), TaskRunner()
    failures: list[str] = []

    def failed(error: BaseException) -> None:
        assert isinstance(error, Told)
        failures.append(language.t.show(error.text))

    tasks.failed.connect(failed)
    page = WitnessPage(full_desk, tasks, language)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    yield page, language, tasks, failures
    tasks.close()
    language.deleteLater()
    look.deleteLater()


def lines(page: WitnessPage) -> list[str]:
    return [line.text() for line in page._answer.findChildren(QLabel) if line.isVisible()]


def test_a_paper_is_checked_and_the_answer_follows_the_language(
    shown: Shown, full_desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    page, language, tasks, failures = shown

    def check(data: bytes) -> list[str]:
        paper = tmp_path / "paper.pdf"
        paper.write_bytes(data)
        page.check(paper)
        assert not page.check_button.isEnabled()
        qtbot.waitUntil(lambda: not tasks.busy, timeout=20000)
        assert page.check_button.isEnabled()
        return lines(page)

    case = signed_case(full_desk)
    pdf = full_desk.documents.render(case.id, "certificate", "kk+ru").pdf
    assert check(pdf)[0] == "✓ Подлинный"
    assert f"Дело: {case.number}" in lines(page)
    language.set("kk")
    assert lines(page)[0] == "✓ Түпнұсқа"
    assert f"Іс: {case.number}" in lines(page)
    language.set("en")
    changed = bytearray(pdf)
    changed[4_000] ^= 1
    assert check(bytes(changed))[0] == "✕ Altered"
    assert len(lines(page)) == 2

    # Another desk's paper, before and after its keys were taken in; an older file of it is refused.
    other, keys = printed("certificate", "ru"), tmp_path / "other.paper-keys.json"
    assert check(other)[0] == "! Unknown key"
    keys.write_bytes(told())
    page.take_keys(keys)
    qtbot.waitUntil(lambda: not tasks.busy, timeout=20000)
    assert page.said.text().startswith("Taken in: No. 2, key 5647")
    assert check(other)[0] == "✓ Genuine"
    assert failures == []
    keys.write_bytes(told(told_at="2026-01-01T00:00:00Z"))
    page.take_keys(keys)
    qtbot.waitUntil(lambda: not tasks.busy, timeout=20000)
    assert "older" in failures.pop()

    own = tmp_path / "own.paper-keys.json"
    page.save_keys(own)
    qtbot.waitUntil(lambda: not tasks.busy and own.is_file(), timeout=20000)
    assert full_desk.paper_witness.fingerprint() in page.said.text()
    page.check(tmp_path / "missing.pdf")
    qtbot.waitUntil(lambda: not tasks.busy, timeout=20000)
    assert "missing.pdf" in failures.pop()
    assert page.check_button.isEnabled()
    assert full_desk.integrity.verify().problem is None

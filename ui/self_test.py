"""The window's part of the self-test: Qt's own words, faces, icons, and that a window can be made at all."""

import os
from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtGui import QFontDatabase, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel

from app import paths
from app.domain.text import N_, Text

Check = tuple[Text, Callable[[], None]]


def checks() -> Iterator[Check]:
    """`(what, check)`; a check raises where something is missing. Starts Qt without a screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    for language in ("kk", "ru"):
        yield Text(N_("Qt's own words, {language}"), {"language": language}), partial(_qt_words, language)
    for path in sorted(paths.resource("fonts").glob("*.ttf")):
        yield Text(N_("font on the screen, {name}"), {"name": path.name}), partial(_font, str(path))
    for path in sorted(paths.resource("icons").glob("*.svg")):
        yield Text(N_("icon {name}"), {"name": path.stem}), partial(_icon, path.read_bytes())
    yield Text(N_("a window, platform {name}"), {"name": QGuiApplication.platformName()}), _window
    del app


def _qt_words(language: str) -> None:
    if not QTranslator().load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        raise FileNotFoundError(f"qtbase_{language}.qm")


def _font(path: str) -> None:
    number = QFontDatabase.addApplicationFont(path)
    if number < 0 or not QFontDatabase.applicationFontFamilies(number):
        raise ValueError(path)


def _icon(drawing: bytes) -> None:
    # Null where Qt's SVG plugin was left out of a bundle.
    if QImage.fromData(drawing).isNull():
        raise ValueError("SVG")


def _window() -> None:
    label = QLabel("Ә")
    if label.grab().toImage().isNull():
        raise RuntimeError(QGuiApplication.platformName())

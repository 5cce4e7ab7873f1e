"""The language of the window, changed at run time, Qt's own buttons with it."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from app.i18n import Translator, translator

# How each language calls itself: never translated.
NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
_LOCALES = {
    "kk": (QLocale.Language.Kazakh, QLocale.Country.Kazakhstan),
    "ru": (QLocale.Language.Russian, QLocale.Country.Kazakhstan),
    "en": (QLocale.Language.English, QLocale.Country.UnitedKingdom),
}


class Language(QObject):
    """Holds the translator in force.

    Screens write `self._language.t("Save")` in `retranslate()`, call that once themselves and connect `changed` to it.
    `changed` comes after Qt's own translations were swapped, so that dialogues built from then on are in one language.
    """

    changed = Signal()

    def __init__(self, code: str = "kk", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._qt: QTranslator | None = None
        self._translator: Translator = translator(code)
        self._take_qt(code)

    @property
    def t(self) -> Translator:
        """The translator in force. Ask each time: it is another one after a change."""
        return self._translator

    @property
    def code(self) -> str:
        """`kk`, `ru` or `en`."""
        return self._translator.language

    def set(self, code: str) -> None:
        """Change to `kk`, `ru` or `en` and tell everybody; KeyError for any other."""
        if code != self.code:
            self._translator = translator(code)
            self._take_qt(code)
            self.changed.emit()

    def _take_qt(self, code: str) -> None:
        QLocale.setDefault(QLocale(*_LOCALES[code]))
        if self._qt is not None:
            QCoreApplication.removeTranslator(self._qt)
            self._qt = None
        if code == "en":
            return  # Qt's sources are English
        loaded = QTranslator(self)
        if loaded.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            QCoreApplication.installTranslator(loaded)
            self._qt = loaded

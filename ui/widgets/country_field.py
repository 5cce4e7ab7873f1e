"""A country, found by the beginning of its name in any of the three languages or by its code."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt

from app.domain.errors import UserError
from app.domain.text import LANGUAGES, N_, Text
from app.i18n import Translator
from ui.widgets.code_search import HitList
from ui.widgets.field import Words, accept
from ui.widgets.text_field import TextField

Countries = Callable[[str], Sequence[tuple[str, str]]]
"""Codes with names in a language, the likeliest first."""

UNKNOWN = N_("This code is not in the list of countries. It is kept as typed.")
_SHOWN = 12


class CountryField(TextField):
    """Shows the name, keeps the code of three letters. A code that the list doesn't have is taken with a remark."""

    def __init__(
        self,
        path: str,
        label: Words,
        *,
        countries: Countries,
        hint: Words = "",
        check: Callable[[object], object] = accept,
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self._countries, self._language = countries, "en"
        self._value: str | None = None
        self.hits = HitList(self.edit, self._search)
        self.hits.activated[QModelIndex].connect(self._on_hit)  # type: ignore[index]

    def parse(self, text: str) -> object:
        typed = " ".join(text.split()).casefold()
        if not typed:
            return None
        for code, name in self._named():
            if typed in (name.casefold(), code.casefold()):
                return code
        if len(typed) == 3 and typed.isascii() and typed.isalpha():
            return typed.upper()
        begun = {code for code, name in self._named() if name.casefold().startswith(typed)}
        if len(begun) != 1:
            raise UserError(Text(N_("Choose a country of the list, or type its code of three letters.")))
        return begun.pop()

    def show_value(self, value: Any, text: str | None = None) -> None:
        self._value = value if text is None else None
        super().show_value(value, text)
        self._explain(self._value)

    def written(self, value: Any) -> str:
        return self._name(str(value)) or str(value) if value is not None else ""

    def tidy(self, value: object) -> None:
        self._value = value if isinstance(value, str) else None
        super().tidy(value)
        self._explain(self._value)

    def retranslate(self, t: Translator) -> None:
        self._language = t.language
        super().retranslate(t)
        if self._value is not None:
            self.edit.setText(self.written(self._value))
            self.mark_settled()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and event.type() == QEvent.Type.MouseButtonPress and not self.edit.isReadOnly():
            self._offer_all()
        return super().eventFilter(watched, event)

    def _offer_all(self) -> None:
        """A click into an empty line shows the likeliest countries before anything is typed."""
        if not self.edit.text():
            self.hits.show_found(self._countries(self._language)[:_SHOWN])

    def _search(self, typed: str) -> list[tuple[str, str]]:
        """By name in the language of the screen, then in the others; then by code."""
        begun = typed.casefold().strip()
        own = dict(self._countries(self._language))
        found: dict[str, str] = {}
        for language in (self._language, *LANGUAGES):
            for code, name in self._countries(language):
                words = name.casefold().replace("(", "").split()
                if name.casefold().startswith(begun) or any(word.startswith(begun) for word in words[1:]):
                    found.setdefault(code, own[code])
        for code, name in own.items():
            if code.casefold().startswith(begun):
                found.setdefault(code, name)
        return list(found.items())[:_SHOWN]

    def _named(self) -> list[tuple[str, str]]:
        """Codes with names, in every language."""
        return [found for language in LANGUAGES for found in self._countries(language)]

    def _name(self, code: str) -> str | None:
        return dict(self._countries(self._language)).get(code)

    def _explain(self, value: str | None) -> None:
        self.set_remark(Text(UNKNOWN) if value is not None and self._name(value) is None else None)

    def _on_hit(self, index: QModelIndex) -> None:
        self.edit.setText(str(index.data(Qt.ItemDataRole.UserRole)))
        self.on_typed()
        self.settle()

"""A place of the КАТО, found by the beginnings of words or by its code."""

from collections.abc import Callable
from typing import Any, TypedDict

from PySide6.QtCore import QModelIndex

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.i18n import Translator
from app.services.classifiers import Classifiers
from ui.language import Language
from ui.widgets.code_search import HitList, Search, Title
from ui.widgets.field import Words, accept
from ui.widgets.text_field import TextField

NOT_LISTED = N_("This code is not in the imported table. It is kept as typed: compare it with the document.")
GONE = N_("This place is no longer in the table.")
_SHOWN = 20


class PlaceLists(TypedDict):
    """Where a place field looks things up."""

    search: Search
    title: Title
    gone: Callable[[str], bool]


def places(lists: Classifiers, language: Language) -> PlaceLists:
    """The look-ups of a place field in the language of the window."""

    def search(typed: str) -> list[tuple[str, str]]:
        return [(place.code, place.path) for place in lists.search_places(typed, _SHOWN, language.code)]

    def title(code: str) -> str | None:
        found = lists.place(code, language.code)
        if found is not None:
            return found.path
        return None if lists.has_places and lists.loaded else ""  # without a table nothing is said of a code

    def gone(code: str) -> bool:
        found = lists.place(code)
        return found is not None and found.gone

    return PlaceLists(search=search, title=title, gone=gone)


class PlaceField(TextField):
    """Shows region, district and place; keeps the code of nine digits. A code that the table doesn't have is taken
    with a remark."""

    def __init__(
        self,
        path: str,
        label: Words,
        *,
        search: Search,
        title: Title,
        gone: Callable[[str], bool],
        hint: Words = "",
        check: Callable[[object], object] = accept,
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self._search, self._title, self._gone = search, title, gone
        self._value: str | None = None
        self.hits = HitList(self.edit, search)
        self.hits.activated[QModelIndex].connect(self._on_hit)  # type: ignore[index]

    def parse(self, text: str) -> object:
        typed = " ".join(text.split())
        if not typed:
            return None
        if self._value is not None and typed == self.written(self._value):
            return self._value
        if typed.isascii() and typed.isdecimal():
            return typed
        found = self._search(typed)
        same = [code for code, shown in found if shown.casefold() == typed.casefold()]
        if len(same) != 1 and len(found) != 1:
            raise UserError(Text(N_("Choose a place of the list, or type its КАТО code of 9 digits.")))
        return (same or [code for code, _ in found])[0]

    def show_value(self, value: Any, text: str | None = None) -> None:
        self._value = str(value) if value is not None and text is None else None
        super().show_value(value, text)
        self.edit.setCursorPosition(0)
        self._explain()

    def written(self, value: Any) -> str:
        return "" if value is None else self._title(str(value)) or str(value)

    def tidy(self, value: object) -> None:
        self._value = value if isinstance(value, str) else None
        super().tidy(value)
        self._explain()

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        if self._value is not None:
            self.edit.setText(self.written(self._value))
            self.mark_settled()
            self._explain()

    def _explain(self) -> None:
        if self._value is None:
            self.set_remark(None)
        elif self._gone(self._value):
            self.set_remark(Text(GONE))
        elif self._title(self._value) is None:
            self.set_remark(Text(NOT_LISTED))
        else:
            self.set_remark(Text(N_("КАТО {code}"), {"code": self._value}))

    def _on_hit(self, index: QModelIndex) -> None:
        self.edit.setText(str(index.data(self.hits.completionRole())))
        self.on_typed()
        self.settle()

"""Widgets' words that follow the language."""

import shiboken6
from PySide6.QtCore import QObject

from app.domain.text import Text
from ui.language import Language


class Words(QObject):
    """Remembers which message stands in which property of which object, and writes them anew at each change.

    Messages are marked with `N_` where they are bound: `words(button, "text", N_("Lock"))`.
    """

    def __init__(self, language: Language, parent: QObject) -> None:
        super().__init__(parent)
        self._language = language
        self._bound: dict[tuple[int, str], tuple[QObject, str, Text]] = {}
        language.changed.connect(self.render)

    def __call__(self, target: QObject, field: str, msgid: str | Text, **params: object) -> None:
        """Show `msgid` in the Qt property `field` of `target`; what stood there before is forgotten."""
        text = msgid if isinstance(msgid, Text) else Text(msgid, params)
        self._bound[id(target), field] = (target, field, text)
        target.setProperty(field, self._language.t.show(text))

    def forget(self, target: QObject, field: str = "text") -> None:
        """Leave this property alone from now on."""
        self._bound.pop((id(target), field), None)

    def render(self) -> None:
        """Write every word again. Rows and cards come and go: what has gone is let go of."""
        self._bound = {key: bound for key, bound in self._bound.items() if shiboken6.isValid(bound[0])}
        for target, field, text in self._bound.values():
            target.setProperty(field, self._language.t.show(text))

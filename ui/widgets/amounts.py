"""How much something is, in bytes, as people say it."""

from typing import Final

from app.domain.text import N_
from app.i18n import Translator

_UNITS: Final = ((N_("{n} GB"), 1 << 30), (N_("{n} MB"), 1 << 20))


def size(t: Translator, amount: int) -> str:
    """In the largest unit of which it has one, with the comma or the point of the language."""
    for unit, of in _UNITS:
        if amount >= of:
            shown = f"{amount / of:.1f}"
            return t(unit, n=shown if t.language == "en" else shown.replace(".", ","))
    return t("{n} KB", n=-(-amount // 1024))

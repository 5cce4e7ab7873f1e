"""Countries by their code of three letters (ISO 3166-1), named as the CLDR names them."""

from functools import cache
from typing import Final

STATELESS: Final = "XXA"
"""The code of ICAO 9303 for somebody without a citizenship."""
# Codes that the CLDR still knows: countries that are no more, and places that aren't countries of the standard.
_WITHDRAWN: Final = frozenset(["ANT", "BUR", "DDR", "FXX", "NTZ", "SCG", "SUN", "TMP", "YMD", "YUG", "ZAR"])
_RESERVED: Final = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "QU", "TA", "UN", "XA", "XB", "XK", "ZZ")
)


@cache
def countries(language: str) -> dict[str, str]:
    """Names by code, in the order of the codes."""
    from babel import Locale
    from babel.core import get_global

    names = Locale.parse(language).territories
    found = {}
    for code, territories in sorted(get_global("territory_aliases").items()):
        if len(code) == 3 and code.isalpha() and len(territories) == 1 and code not in _WITHDRAWN:
            (territory,) = territories
            if territory in names and territory not in _RESERVED:
                found[code] = str(names[territory])
    return found

"""Names folded for search: a Russian keyboard finds Kazakh names, in any case.

SQLite folds no Cyrillic, so the folded form is kept in columns of its own and searched as an index range.
"""

import unicodedata
from typing import Final

# Kazakh letters to the Russian ones people type instead; ё to е.
_ALIKE: Final = str.maketrans("әғқңөұүһіё", "агкноуухие")
# Greater than any character a name holds: the end of a prefix range.
LAST: Final = "\U0010ffff"


def fold(text: str) -> str:
    """Casefolded, without the difference of Kazakh and Russian letters, one space between words."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().translate(_ALIKE).split())

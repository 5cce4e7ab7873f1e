"""Names of people as they are compared."""

import unicodedata


def same_name(one: str, other: str) -> bool:
    """Whether two spellings name one person: case, spaces and the form of encoding don't matter, letters do."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())

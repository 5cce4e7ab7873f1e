"""Codes of ICD-10 as they are written. Whether a code exists is for the lists to say."""

import re
from typing import Final

# As in the case file: a letter, two digits, an optional dot with one to three more signs, a dagger or an asterisk.
_FORM: Final = re.compile(r"[A-Z][0-9]{2}(\.[0-9]{1,2}[0-9A-Z]?)?[*+†]?")
_BLOCK: Final = re.compile(r"[A-Z][0-9]{2}-[A-Z][0-9]{2}")
_CHAPTER: Final = re.compile(r"X{0,2}(IX|IV|V?I{0,3})")
_LATIN: Final = str.maketrans("АВСЕНІКМОРТХУ", "ABCEHIKMOPTXY")  # typed with the Cyrillic layout left on


def normal_code(typed: str) -> str:
    """A code as it is written: `i693` → `I69.3`; Cyrillic look-alikes become Latin. What has no form stays."""
    code = "".join(typed.split()).upper().translate(_LATIN).replace(",", ".")
    if len(code) > 3 and code[3] != "." and _FORM.fullmatch(f"{code[:3]}.{code[3:]}"):
        code = f"{code[:3]}.{code[3:]}"
    return code


def has_form(code: str) -> bool:
    """Whether it looks like a code of ICD-10; says nothing of whether it exists."""
    return _FORM.fullmatch(code) is not None


def is_heading(code: str) -> bool:
    """Whether it looks like a chapter (`IX`) or a block (`I60-I69`): a heading of the classification, no diagnosis."""
    return bool(_BLOCK.fullmatch(code) or (code and _CHAPTER.fullmatch(code)))

"""The recovery code: 160 random bits that a tired person can copy from paper.

Crockford's base32 (no I, L, O, U) in groups of four; the last group is a checksum, so that a slip of the pen is
told apart from another desk's code.
"""

import hashlib
import secrets
from typing import Final

from app.domain.errors import UserError
from app.domain.text import N_, Text

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SECRET: Final = 32
_CHECK: Final = 4
_GROUP: Final = 4
# What a hand or a Russian keyboard makes of these letters and digits.
_FOLD: Final = str.maketrans(
    {"O": "0", "I": "1", "L": "1", "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H", "О": "0", "Р": "P",
     "С": "C", "Т": "T", "Х": "X", "У": "Y", "І": "1", "Қ": "K", "Ө": "0", "З": "3"}
)  # fmt: skip


def new_code() -> str:
    """A fresh code, for example `7Q2F-…` with nine groups."""
    secret = "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET))
    return _grouped(secret + _checksum(secret))


def read_code(typed: str) -> str:
    """The secret part, as it was made; spaces, dashes, case and look-alike letters don't matter.

    UserError where the length, a character or the checksum shows that the code was copied wrongly.
    """
    folded = "".join(c for c in typed.upper() if not c.isspace() and c not in "-–—‐‑.").translate(_FOLD)
    strange = next((c for c in folded if c not in _ALPHABET), None)
    if strange is not None:
        raise UserError(
            Text(N_("No recovery code contains “{character}”. Compare it with the sheet."), {"character": strange})
        )
    if len(folded) != _SECRET + _CHECK:
        wanted = {"n": len(folded), "wanted": _SECRET + _CHECK}
        raise UserError(
            Text(N_("The recovery code has {wanted} characters, not {n}. Compare it with the sheet."), wanted)
        )
    secret, check = folded[:_SECRET], folded[_SECRET:]
    if _checksum(secret) != check:
        raise UserError(
            Text(N_("The recovery code was copied with a slip. Compare it with the sheet, group by group."))
        )
    return secret


def _checksum(secret: str) -> str:
    number = int.from_bytes(hashlib.sha256(b"saraptama/recovery/1\0" + secret.encode()).digest()[:3], "big")
    return "".join(_ALPHABET[(number >> 5 * position) & 31] for position in range(_CHECK))


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))

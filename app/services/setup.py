"""What the first start asks for before there is a desk. Everything heavy is imported when it is asked for."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from app.domain.text import LocalText
from app.services.views import Department

if TYPE_CHECKING:
    from app.crypto.passphrase import Strength


def regions() -> tuple[tuple[str, LocalText], ...]:
    """КАТО code and name of each region of Kazakhstan."""
    from app.documents import letterhead

    return tuple((region.code, region.name) for region in letterhead.regions())


def department_names(number: str, region: str, on: date) -> LocalText:
    """The full name of a department as it stands on a letterhead of that day; UserError for an unknown region."""
    from app.documents import letterhead

    return letterhead.department_names(number, region, on)


def strength(passphrase: str, own_words: Sequence[str] = ()) -> "Strength":
    """How hard a passphrase is to guess: `score` 0 to 4 and a sentence."""
    from app.crypto.passphrase import strength as measure

    return measure(passphrase, own_words)


def good_enough(passphrase: str, own_words: Sequence[str] = ()) -> bool:
    """Whether the desk would take this passphrase."""
    from app.crypto.passphrase import MINIMUM_SCORE

    return strength(passphrase, own_words).score >= MINIMUM_SCORE


def recovery_sheet(
    *, login: str, name: str, department: Department, code: str, language: str, sample: bool = False
) -> bytes:
    """The sheet with a user's recovery code, as PDF, to be printed and kept in a safe."""
    from app.documents.recovery import render_recovery_sheet

    return render_recovery_sheet(
        login=login, name=name, department=department, code=code, language=language, sample=sample
    )


def warm_up() -> None:
    """Import what signing in and the first case will need, while somebody is still typing. For a worker thread."""
    from importlib import import_module

    for name in ("app.bootstrap", "sqlcipher3", "sqlalchemy.orm", "alembic.command", "cryptography.hazmat.primitives"):
        import_module(name)

"""A centre is opened: its store, walked up, and its keys, with the passphrase from its file or from the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.centre import keys as keyring
from app.centre.configuration import Settings
from app.centre.keys import Keys
from app.centre.store import Store
from app.domain.errors import KnownError
from app.domain.text import N_, Text
from app.i18n import Translator
from app.terminal import ask_secret, first_line, require_terminal


@dataclass(frozen=True, slots=True)
class Centre:
    """An open centre."""

    settings: Settings
    store: Store
    keys: Keys


@contextmanager
def store_of(settings: Settings, *, connections: int = 8) -> Iterator[Store]:
    """The database alone, walked up; closed at the end. KnownError where the centre wasn't made yet."""
    if not settings.keys.exists():
        sentence = N_("There are no keys of a centre at {path}. Make them: saraptama-centre init")
        raise KnownError(Text(sentence, {"path": str(settings.keys)}))
    opened = Store(settings.database, connections=connections, prepared=not settings.pooler)
    try:
        opened.migrate()
        yield opened
    finally:
        opened.close()


@contextmanager
def centre(settings: Settings, t: Translator, *, connections: int = 8) -> Iterator[Centre]:
    """Store and keys."""
    with store_of(settings, connections=connections) as opened:
        yield Centre(settings, opened, keyring.read(settings.keys, passphrase(settings, t)))


def passphrase(settings: Settings, t: Translator, *, new: bool = False) -> str:
    """What opens the keys: the first line of SARAPTAMA_CENTRE_PASSPHRASE_FILE, else asked for, twice for a new one."""
    if settings.passphrase_file is not None:
        return first_line(settings.passphrase_file)
    require_terminal(
        N_("There is no passphrase: name a file whose first line it is in SARAPTAMA_CENTRE_PASSPHRASE_FILE.")
    )
    again = t("The same passphrase again: ") if new else None
    return ask_secret(t("Passphrase of the centre's keys: "), again)

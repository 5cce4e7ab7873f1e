"""`saraptama-centre init`: make the keys and the database of a centre."""

from argparse import Namespace

from app.centre import keys as keyring
from app.centre.configuration import from_environment
from app.centre.opening import passphrase, store_of
from app.crypto import signing
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.i18n import Translator


def run(_args: Namespace, t: Translator) -> int:
    """Make what isn't there, print whose centre it is."""
    settings = from_environment()
    if settings.keys.exists():
        sentence = N_("There are keys of a centre already: {path}. They are never written over.")
        raise UserError(Text(sentence, {"path": str(settings.keys)}))
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = keyring.make(settings.keys, passphrase(settings, t, new=True))
    with store_of(settings, connections=1):
        pass
    print(t("The centre {id} is made. Its keys: {path}", id=made.id, path=settings.keys))
    print(t("Fingerprint of its key, which people compare by telephone: {fingerprint}",
            fingerprint=signing.fingerprint(made.sign.public)))  # fmt: skip
    print(t("Keep a copy of the key file and its passphrase apart from each other: without them no laptop believes this"
            " centre any more."))  # fmt: skip
    return 0

"""`saraptama pack key` and `pack sign`: a methodologist's key, and its signature under an edition that holds."""

import sys
from argparse import Namespace

from app.commands import credentials
from app.crypto.passphrase import MINIMUM_CHARACTERS
from app.crypto.signing import fingerprint
from app.i18n import Translator
from app.services import edition_keys, editions

DONE = 0


def run(args: Namespace, t: Translator) -> int:
    """Do one of the two. UserError: the file, the passphrase or the edition; CheckFailed: the edition has a gap."""
    return _key(args, t) if args.action == "key" else _sign(args, t)


def _key(args: Namespace, t: Translator) -> int:
    edition_keys.require_new(args.file)  # before anything is typed
    if not args.passphrase_file:
        print(t("The key needs a passphrase of at least {n} characters. Best are several words that do not belong"
                " together.", n=MINIMUM_CHARACTERS), file=sys.stderr)  # fmt: skip
    public = edition_keys.make_key(args.file, credentials.passphrase(args, t, new=True))
    print(t("The key is in {path}. Keep it where nobody else reaches it, and the passphrase apart from it.",
            path=args.file))  # fmt: skip
    print(t("Its public half, for the desks that are to trust it: {path}", path=f"{args.file}.pub"))
    print(t("Public key: {key}", key=public.hex()))
    print(t("Fingerprint, to be compared by voice: {fingerprint}", fingerprint=fingerprint(public)))
    return DONE


def _sign(args: Namespace, t: Translator) -> int:
    edition_keys.require_key(args.key)  # before anything is typed
    editions.require_pack(args.directory)
    editions.refuse_shipped(args.directory)
    private = edition_keys.read_key(args.key, credentials.passphrase(args, t))
    print(t("Checking the edition: {path}", path=args.directory), file=sys.stderr)
    public = edition_keys.sign(args.directory, private)
    print(t("The edition in {path} holds and is signed with the key {fingerprint}.",
            path=args.directory, fingerprint=fingerprint(public)))  # fmt: skip
    return DONE

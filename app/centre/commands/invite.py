"""`saraptama-centre invite`: an invitation for one laptop, as a file, a square code and a text."""

import base64
import os
from argparse import Namespace
from pathlib import Path

from app.centre import admission, audit
from app.centre.configuration import MOST_INVITATION_DAYS, from_environment
from app.centre.opening import Centre, centre
from app.crypto import signing
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.i18n import Translator
from app.sync import told

SUFFIX = ".mseinvite"


def run(args: Namespace, t: Translator) -> int:
    """Write the file and the picture of its code, print where they lie and the text for those who have neither."""
    if not 1 <= args.days <= MOST_INVITATION_DAYS:
        raise UserError(Text(N_("An invitation holds from 1 to {n} days."), {"n": MOST_INVITATION_DAYS}))
    with centre(from_environment(), t, connections=1) as opened:
        path, picture, words = make(opened, args.days, args.out)
        print(path)
        print(picture)
        print(words)
        print(t("It admits one laptop within {n} days. Give it to nobody else.", n=args.days))
        print(t("Fingerprint of its key, which people compare by telephone: {fingerprint}",
                fingerprint=signing.fingerprint(opened.keys.sign.public)))  # fmt: skip
        if not opened.settings.urls:
            print(t("It names no address, so the laptop comes by stick alone. Set SARAPTAMA_CENTRE_URLS where it should"
                    " find the centre over the network."))  # fmt: skip
    return 0


def make(opened: Centre, days: int, folder: Path) -> tuple[Path, Path, str]:
    """A new invitation: its file, the picture of its code, and its text."""
    folder.mkdir(parents=True, exist_ok=True)
    keys, settings = opened.keys, opened.settings
    with opened.store.begin(write=True) as connection:
        code = admission.new_code(connection, days)
        audit.by_command(connection, "laptop.invited", after={"days": days})
        data = told.invited(keys.sign, settings.name, keys.seal_key, settings.urls, code)
        words = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
        path = folder / f"invitation-{code.partition('-')[0]}{SUFFIX}"
        _write(path, data)
        _write(path.with_suffix(".png"), _code_of(words))
    return path, path.with_suffix(".png"), words


def _write(path: Path, data: bytes) -> None:
    """For its owner alone: who has the file is admitted."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


def _code_of(text: str) -> bytes:
    import io

    import zxingcpp
    from PIL import Image

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    found = io.BytesIO()
    Image.fromarray(code.to_image(scale=6, add_quiet_zones=True)).save(found, "PNG")
    return found.getvalue()

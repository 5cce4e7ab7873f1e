"""`saraptama-centre trial`: a centre on this machine with sample data, to try things out. Not for work with people."""

import os
import secrets
import tempfile
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from app.centre import keys as keyring
from app.centre import samples, working
from app.centre.commands import invite, serve
from app.centre.configuration import INVITATION_DAYS, Settings, from_environment
from app.centre.console import proofs
from app.centre.opening import Centre, centre
from app.centre.publisher import Publisher
from app.domain import iin
from app.domain.errors import NothingToDo
from app.i18n import Translator
from app.sync import screening
from app.terminal import first_line

_INVENTED = ("01010150001", "02020260002", "03030350003")


def run(args: Namespace, t: Translator) -> int:
    """Make it in the folder, or go on with the one that is there; listen on this machine alone."""
    settings = _settings(args.out)
    if args.code:
        return _codes(settings, t)
    if not settings.keys.exists():
        args.out.mkdir(mode=0o700, parents=True, exist_ok=True)
        keyring.make(settings.keys, _secret(args.out / "passphrase"))
    with centre(settings, t) as opened:
        samples.take_in(opened.store, opened.keys)
        _publish_samples(opened)
        path, picture, _ = invite.make(opened, INVITATION_DAYS, args.out)
        address = settings.urls[0]
        print(t("A centre to try things out listens at {url}. Its invitation: {path}", url=address, path=path))
        print(t("The same as a square code: {path}", path=picture))
        print(t("Link a desk with it: {command}", command=f"saraptama link enrol {path}"))
        console = args.out / "console-passphrase"
        if not console.exists():
            _secret(console)
        samples.add_users(opened.store, opened.keys, first_line(console))
        print(t("Its console: {url}. Sign in as {one} or {other}, passphrase {passphrase}", url=f"{address}/console",
                one=samples.ROLES[0].value, other=samples.ROLES[1].value, passphrase=first_line(console)))  # fmt: skip
        print(t("For the one-time code of this moment call the same command with --code."), flush=True)
        with working.beside(settings.database):
            serve.listen(opened)
    return 0


def _codes(settings: Settings, t: Translator) -> int:
    with centre(settings, t, connections=1) as opened:
        for login, code in samples.codes(opened.store, opened.keys).items():
            print(f"{login}\t{code}")
    return 0


def _secret(path: Path) -> str:
    """A passphrase that nobody knows yet, in a file for its owner alone."""
    words = proofs.grouped(secrets.token_hex(8))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(words + "\n")
    return words


def _settings(folder: Path) -> Settings:
    given = {"SARAPTAMA_CENTRE_LISTEN": os.environ.get("SARAPTAMA_CENTRE_LISTEN") or "127.0.0.1:8443"}
    return from_environment(
        {
            "SARAPTAMA_CENTRE_NAME_KK": "Сынақ орталығы",
            "SARAPTAMA_CENTRE_NAME_RU": "Пробный центр",
            "SARAPTAMA_CENTRE_NAME_EN": "Trial centre",
            "SARAPTAMA_CENTRE_RATE": "1000",
            **given,
            "SARAPTAMA_CENTRE_DATA": str(folder),
            "SARAPTAMA_CENTRE_PASSPHRASE_FILE": str(folder / "passphrase"),
            "SARAPTAMA_CENTRE_URLS": f"http://{given['SARAPTAMA_CENTRE_LISTEN']}",
        }
    )


def _publish_samples(opened: Centre) -> None:
    """A list of deceased persons, none of whom ever lived, as a filter."""
    numbers = [next(n for n in (f"{one}{last}" for last in range(10)) if _holds(n)) for one in _INVENTED]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deceased.csv"
        path.write_text("".join(f"{number};2026-10-01;sample\n" for number in numbers), encoding="utf-8")
        with suppress(NothingToDo):
            Publisher(opened.store, opened.keys).filter(screening.DECEASED, path)


def _holds(number: str) -> bool:
    read = iin.of_digits(number)
    return read is not None and read.checksum_ok

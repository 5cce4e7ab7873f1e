"""How a centre is set up: by the environment, so that a service file says all of it. `VARIABLES` is the whole of it:
what is read, what it means, what holds without it; `saraptama-centre --help` shows it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app import paths
from app.domain.errors import UserError
from app.domain.text import N_, LocalText, Text
from app.i18n import Translator

PREFIX: Final = "SARAPTAMA_CENTRE_"
INVITATION_DAYS: Final = 14
"""for how long an invitation holds where nobody says otherwise, at the console and on the command line"""
MOST_INVITATION_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Variable:
    """One name of the environment, after `PREFIX`. `otherwise`: what holds without it; `told`: the same in a sentence,
    where it isn't one value for all."""

    name: str
    meaning: str
    otherwise: str = ""
    told: str = N_("none")

    def shown(self, t: Translator) -> str:
        """What it means and what holds without it, for the help."""
        return t(
            "{meaning}; without it: {otherwise}",
            meaning=t(self.meaning),
            otherwise=self.otherwise or t(self.told, name=f"{PREFIX}DATA"),
        )


VARIABLES: Final = (
    Variable(
        "DATA", N_("folder of the keys and of SQLite's file"), told=N_("the system's folder for data of programs")
    ),
    Variable(
        "DATABASE",
        N_("postgresql://USER@HOST/NAME, or the path of a SQLite file"),
        told=N_("centre.db in the folder of {name}"),
    ),
    Variable("KEYS", N_("the key file"), told=N_("centre.keys in the folder of {name}")),
    Variable(
        "PASSPHRASE_FILE",
        N_("a file whose first line is the passphrase that opens the key file"),
        told=N_("it is asked for"),
    ),
    Variable("LISTEN", N_("address and port; TLS is the business of a proxy before it"), "127.0.0.1:8443"),
    Variable(
        "URLS",
        N_("where laptops find the centre, with blanks between; it stands in invitations"),
        told=N_("none, so laptops come by stick alone"),
    ),
    Variable("NAME_KK", N_("the centre's name as laptops show it, in Kazakh"), "Орталық"),
    Variable("NAME_RU", N_("the same in Russian"), "Центр"),
    Variable("NAME_EN", N_("the same in English"), "Centre"),
    Variable("WORKERS", N_("how many processes serve"), "1"),
    Variable("PROXY", N_("addresses of proxies whose X-Forwarded-For is believed, with blanks between")),
    Variable("METRICS_FROM", N_("addresses that may read /metrics, with blanks between"), "127.0.0.1 ::1"),
    Variable("RATE", N_("requests a second of one laptop; of one address four times as many"), "50"),
    Variable(
        "CONSOLE",
        N_("1: the console is served at /console; 0: it isn't"),
        told=N_("1 where it listens on this machine alone, else 0"),
    ),
    Variable("PACK_KEYS", N_("folder of public keys of methodologists beside those that ship")),
    Variable("POOLER", N_("1: a pooler that bears no prepared statements stands before PostgreSQL"), "0"),
)
_OTHERWISE: Final = {variable.name: variable.otherwise for variable in VARIABLES}


def told(t: Translator) -> list[tuple[str, str]]:
    """Each variable by its whole name, and its words, for the help."""
    return [(PREFIX + variable.name, variable.shown(t)) for variable in VARIABLES]


@dataclass(frozen=True, slots=True)
class Settings:
    """What `VARIABLES` say; `rate`: requests a second of one laptop."""

    folder: Path
    database: str
    keys: Path
    passphrase_file: Path | None
    host: str
    port: int
    urls: tuple[str, ...]
    name: LocalText
    workers: int
    proxies: tuple[str, ...]
    metrics_from: frozenset[str]
    rate: float
    pooler: bool
    console: bool = False
    pack_keys: Path | None = None


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """What the environment says; UserError where a value is none."""
    given = os.environ if environment is None else environment

    def value(name: str, otherwise: object = "") -> str:
        return given.get(PREFIX + name) or _OTHERWISE[name] or str(otherwise)

    def count(name: str, most: int) -> int:
        word = value(name)
        if not (word.isascii() and word.isdecimal() and len(word) < 9 and 1 <= int(word) <= most):
            sentence = N_("SARAPTAMA_CENTRE_{name} is “{value}”; it needs a number from 1 to {most}.")
            raise UserError(Text(sentence, {"name": name, "value": word, "most": most}))
        return int(word)

    folder = Path(value("DATA", paths.default_data_dir().with_name("saraptama-centre")))
    host, _, port = value("LISTEN").rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) < 65536:
        sentence = N_("SARAPTAMA_CENTRE_LISTEN is “{value}”; it needs an address and a port, such as 127.0.0.1:8443.")
        raise UserError(Text(sentence, {"value": value("LISTEN")}))
    host = host.strip("[]")
    urls = tuple(value("URLS").split())
    if not all(url.startswith(("http://", "https://")) for url in urls):
        sentence = N_("SARAPTAMA_CENTRE_URLS needs addresses that begin with https:// or http://.")
        raise UserError(Text(sentence))
    secret, pack_keys = value("PASSPHRASE_FILE"), value("PACK_KEYS")
    return Settings(
        folder=folder,
        database=value("DATABASE", folder / "centre.db"),
        keys=Path(value("KEYS", folder / "centre.keys")),
        passphrase_file=Path(secret) if secret else None,
        host=host,
        port=int(port),
        urls=urls,
        name=LocalText(kk=value("NAME_KK"), ru=value("NAME_RU"), en=value("NAME_EN")),
        workers=count("WORKERS", 64),
        proxies=tuple(value("PROXY").split()),
        metrics_from=frozenset(value("METRICS_FROM").split()),
        rate=count("RATE", 1_000_000),
        pooler=value("POOLER") == "1",
        console=value("CONSOLE", "1" if host in ("127.0.0.1", "::1", "localhost") else "0") == "1",
        pack_keys=Path(pack_keys) if pack_keys else None,
    )

"""How a centre is set up: by the environment, so that a service file says all of it.

SARAPTAMA_CENTRE_DATA             folder of keys and of SQLite's file
SARAPTAMA_CENTRE_DATABASE         postgresql://… or the path of a SQLite file (else centre.db in the folder)
SARAPTAMA_CENTRE_KEYS             the key file (else centre.keys in the folder)
SARAPTAMA_CENTRE_PASSPHRASE_FILE  a file whose first line opens the key file (else it is asked for)
SARAPTAMA_CENTRE_LISTEN           address and port (127.0.0.1:8443); TLS is the business of a proxy before it
SARAPTAMA_CENTRE_URLS             where laptops find it, with blanks between; stands in invitations
SARAPTAMA_CENTRE_NAME_KK, _RU, _EN    its name, as laptops show it
SARAPTAMA_CENTRE_WORKERS          processes that serve (1)
SARAPTAMA_CENTRE_PROXY            addresses of proxies whose X-Forwarded-For is believed (none)
SARAPTAMA_CENTRE_METRICS_FROM     addresses that may read /metrics (127.0.0.1 ::1)
SARAPTAMA_CENTRE_RATE             requests a second of one laptop (50), of one address four times as many
SARAPTAMA_CENTRE_CONSOLE          1: the console is served at /console (else on 127.0.0.1 and ::1 alone)
SARAPTAMA_CENTRE_PACK_KEYS        folder of public keys of methodologists beside those that ship (none)
SARAPTAMA_CENTRE_POOLER           1: a pooler that bears no prepared statements stands before PostgreSQL
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app import paths
from app.domain.errors import UserError
from app.domain.text import N_, LocalText, Text


@dataclass(frozen=True, slots=True)
class Settings:
    """See the module's words; `rate`: requests a second of one laptop."""

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

    def value(name: str, otherwise: str) -> str:
        return given.get(f"SARAPTAMA_CENTRE_{name}") or otherwise

    def count(name: str, otherwise: str, most: int) -> int:
        word = value(name, otherwise)
        if not (word.isascii() and word.isdecimal() and len(word) < 9 and 1 <= int(word) <= most):
            sentence = N_("SARAPTAMA_CENTRE_{name} is “{value}”; it needs a number from 1 to {most}.")
            raise UserError(Text(sentence, {"name": name, "value": word, "most": most}))
        return int(word)

    folder = Path(value("DATA", str(paths.default_data_dir().with_name("saraptama-centre"))))
    host, _, port = value("LISTEN", "127.0.0.1:8443").rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) < 65536:
        sentence = N_("SARAPTAMA_CENTRE_LISTEN is “{value}”; it needs an address and a port, such as 127.0.0.1:8443.")
        raise UserError(Text(sentence, {"value": value("LISTEN", "")}))
    urls = tuple(value("URLS", "").split())
    if not all(url.startswith(("http://", "https://")) for url in urls):
        sentence = N_("SARAPTAMA_CENTRE_URLS needs addresses that begin with https:// or http://.")
        raise UserError(Text(sentence))
    secret = value("PASSPHRASE_FILE", "")
    return Settings(
        folder=folder,
        database=value("DATABASE", str(folder / "centre.db")),
        keys=Path(value("KEYS", str(folder / "centre.keys"))),
        passphrase_file=Path(secret) if secret else None,
        host=host.strip("[]"),
        port=int(port),
        urls=urls,
        name=LocalText(kk=value("NAME_KK", "Орталық"), ru=value("NAME_RU", "Центр"), en=value("NAME_EN", "Centre")),
        workers=count("WORKERS", "1", 64),
        proxies=tuple(value("PROXY", "").split()),
        metrics_from=frozenset(value("METRICS_FROM", "127.0.0.1 ::1").split()),
        rate=count("RATE", "50", 1_000_000),
        pooler=value("POOLER", "") == "1",
        console=value("CONSOLE", "1" if host.strip("[]") in ("127.0.0.1", "::1", "localhost") else "0") == "1",
        pack_keys=Path(value("PACK_KEYS", "")) if value("PACK_KEYS", "") else None,
    )

"""What F1 says of a step of a case or of a room: what the law asks there, and what to do.

The words are data (`resources/help/*.toml`, one file a language), each record with how sure it is.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app import paths
from app.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORDS: Final = (
    "person", "referral", "examination", "observations", "diagnosis", "functions", "vote", "proposal", "decision",
    "programme", "conclusion", "cases", "trips", "people", "journals", "link", "link-before", "settings",
)  # fmt: skip
BASES: Final[dict[str, str]] = {
    "seen": N_("Seen in a published source; the official text itself was not checked."),
    "partly": N_("Partly seen in a published source, partly from memory. Not checked with the official text."),
    "memory": N_("From memory of the Rules. Not checked with the official text: where it matters, read that."),
    "office": N_("How the work is kept in this program. No rule of law is quoted here."),
}


@dataclass(frozen=True, slots=True)
class Guidance:
    """Sentences in one language; `basis` is a key of `BASES`."""

    asks: tuple[str, ...]
    do: tuple[str, ...]
    basis: str


@cache
def guidance(language: str) -> "Mapping[str, Guidance]":
    """Every record of a language (`kk`, `ru`, `en`) by its name."""
    content = tomllib.loads(paths.resource("help", f"{language}.toml").read_text("utf-8"))
    return MappingProxyType(
        {name: Guidance(tuple(told["asks"]), tuple(told["do"]), told["basis"]) for name, told in content.items()}
    )

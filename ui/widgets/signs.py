"""The icon of each state of a case, wherever cases are listed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.vocabulary import CaseState

STATE_SIGNS: Final[Mapping[CaseState, str]] = MappingProxyType(
    {
        CaseState.DRAFT: "pencil",
        CaseState.DECIDED: "gavel",
        CaseState.SIGNED: "circle-check",
        CaseState.SUPERSEDED: "history",
        CaseState.ENDED: "x",
        CaseState.DISCARDED: "trash-2",
    }
)

"""Who may do what in the console. Three roles; none may do everything alone: who admits laptops and users sees no
person's name, who publishes criteria admits nobody."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.text import N_


class Role(StrEnum):
    """What an account is for."""

    VIEWER = "viewer"
    METHODOLOGIST = "methodologist"
    ADMINISTRATOR = "administrator"


class May(StrEnum):
    """One thing that is allowed or isn't."""

    LOOK = "look"
    """lists and counts, without names of persons"""
    PERSONS = "persons"
    """names, ИИН and records of persons; each look is written down"""
    REQUEUE = "requeue"
    """interpret quarantined records again"""
    ANSWER = "answer"
    """answer alarms"""
    PUBLISH = "publish"
    """criteria and lists"""
    LAPTOPS = "laptops"
    """invite and revoke laptops, adopt a line of a forked one"""
    USERS = "users"
    AUDIT = "audit"


ROLE_WORDS: Final = MappingProxyType(
    {
        Role.VIEWER: N_("Viewer"),
        Role.METHODOLOGIST: N_("Methodologist"),
        Role.ADMINISTRATOR: N_("Administrator"),
    }
)
ROLE_TOLD: Final = MappingProxyType(
    {
        Role.VIEWER: N_("sees lists and counts, no names"),
        Role.METHODOLOGIST: N_("sees persons' records, answers alarms, publishes criteria and lists"),
        Role.ADMINISTRATOR: N_("admits and revokes laptops and users, sees no names of persons"),
    }
)

_ALLOWED: Final = MappingProxyType(
    {
        Role.VIEWER: frozenset({May.LOOK}),
        Role.METHODOLOGIST: frozenset({May.LOOK, May.PERSONS, May.REQUEUE, May.ANSWER, May.PUBLISH, May.AUDIT}),
        Role.ADMINISTRATOR: frozenset({May.LOOK, May.REQUEUE, May.ANSWER, May.LAPTOPS, May.USERS, May.AUDIT}),
    }
)


def allowed(role: Role, what: May) -> bool:
    """Whether this role may do that."""
    return what in _ALLOWED[role]

"""What is said of an edition and of a key, alike in the window and on the command line."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from app.domain.text import N_, Text
from app.rules.library import version_number
from app.services.edition_list import EditionInfo, KeyInfo


def days_decided(edition: EditionInfo) -> Text:
    """On which days an edition decides, or why on none."""
    if not edition.decides and edition.key.revoked:
        return Text(N_("decides no new case: its key was revoked"))
    if not edition.decides:
        return Text(N_("decides no day: a later edition has taken its place"))
    stretches = [
        Text(N_("decides from {first}"), {"first": first})
        if last is None
        else Text(N_("decides from {first} to {last}"), {"first": first, "last": last})
        for first, last in edition.decides
    ]
    pattern = ", ".join(f"{{f{at}}}" for at in range(len(stretches)))
    return Text(pattern, {f"f{at}": each for at, each in enumerate(stretches)})


def left_out(editions: Iterable[EditionInfo]) -> Iterator[Text]:
    """What is to be said of each edition that a revoked key took away, while others decide days that were its own."""
    known = [(version_number(edition.version), edition) for edition in editions]
    at_hand = [(number, edition) for number, edition in known if edition.decides]
    for number, edition in known:
        if not edition.key.revoked or edition.decides or any(number == other for other, _ in at_hand):
            continue
        later = min((other.days[0] for higher, other in at_hand if higher > number), default=date.max)
        if edition.days[0] < later:
            sentence = N_(
                "The key of the edition {version} was revoked, so an earlier edition decides the days from {first} on"
                " instead of it. If it is to hold again, sign its folder, unchanged, with a valid key and accept it"
                " once more; one that was changed is accepted only before a higher version."
            )
            yield Text(sentence, {"version": edition.version, "first": edition.days[0]})


def signed_off(edition: EditionInfo) -> Text:
    """How many of its records were compared with the official text."""
    return Text(N_("verified: {n} of {all}"), {"n": edition.verified, "all": edition.records})


def revoked(key: KeyInfo) -> Text:
    """What has happened once a key is revoked."""
    sentence = (
        N_(
            "The key {fingerprint} of the program is revoked: no further edition that is signed with it is accepted."
            " The editions that came with the program stay in force."
        )
        if key.shipped
        else N_("The key {fingerprint} is revoked. Its editions decide no new case.")
    )
    return Text(sentence, {"fingerprint": key.fingerprint})


def origin(edition: EditionInfo) -> Text:
    """How an edition came onto this desk."""
    if edition.installed_at is None:
        return Text(N_("came with the program"))
    told = {"day": _day(edition.installed_at), "name": edition.installed_by}
    return Text(N_("accepted on {day}: {name}"), told)


def key_name(key: KeyInfo) -> Text | str:
    """Whose key it is."""
    return key.name or Text(N_("of an earlier release of the program"))


def key_standing(key: KeyInfo) -> Text:
    """Whether this desk takes a key's signatures, since when and by whose word."""
    if key.revoked_at is not None:
        told = {"day": _day(key.revoked_at), "name": key.revoked_by, "reason": key.reason}
        return Text(N_("revoked on {day} ({name}): {reason}"), told)
    if key.revoked:
        return Text(N_("revoked by this release of the program"))
    if key.admitted_at is None:
        return Text(N_("came with the program"))
    return Text(N_("admitted on {day}: {name}"), {"day": _day(key.admitted_at), "name": key.admitted_by})


def _day(moment: datetime) -> date:
    return moment.astimezone().date()

"""Is what the database holds what was written?"""

from datetime import datetime

from app.domain.errors import CheckFailed
from app.domain.text import N_, Text
from app.services.views import Verification
from app.services.workplace import Workplace


class IntegrityService:
    """Reads everything, changes nothing. (Signing in, which comes before, writes its own audit row.)"""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def verify(self) -> Verification:
        """Both chains, every signature, and every record against what the chains say of it."""
        from app.services.checks import Checker

        with self._place.database.reading() as connection:
            checker = Checker(connection)
            try:
                checker.check()
            except CheckFailed as failed:
                return Verification(checker.events, checker.audit, False, failed.text)
        return Verification(checker.events, checker.audit, True, None)

    def clock_remark(self) -> Text | None:
        """A sentence where the laptop's clock can't be right: earlier than the newest record, in a year that can't
        be, or ahead of what the running time of this session allows; else None."""
        from app.domain.clock import PLAUSIBLE_YEARS
        from app.services.link_words import CLOCK_BELOW
        from app.storage import link
        from app.storage.unit_of_work import CLOCK_TOLERANCE, newest_time, read_time

        database, now = self._place.database, self._place.clock.now()
        if now.year not in PLAUSIBLE_YEARS:
            sentence = N_("The clock of this computer shows the year {year}. Set the clock, then try again.")
            return Text(sentence, {"year": now.year})
        with database.reading() as connection:
            newest, trusted = newest_time(connection), link.trusted_time(connection)
        if trusted is not None and read_time(trusted) - now > CLOCK_TOLERANCE:
            return Text(CLOCK_BELOW, {"now": _shown(now), "newest": _shown(read_time(trusted))})
        if database.jumped:
            # The records of this session bear the wrong time already: what counts is what was before them.
            newest = database.jumped[0]
            if database.jumped[1] > newest and now > newest:
                sentence = N_("The clock went from {newest} to {now}. Compare it with the date of today.")
                return Text(sentence, {"now": _shown(now), "newest": _shown(newest)})
        if newest is None or newest - now <= CLOCK_TOLERANCE:
            return None
        sentence = N_("The clock shows {now}, but something was recorded on {newest}. Set the clock of this computer.")
        return Text(sentence, {"now": _shown(now), "newest": _shown(newest)})


def _shown(moment: datetime) -> datetime:
    try:
        return moment.astimezone()
    except (OverflowError, ValueError, OSError):
        # At the ends of the calendar there is no local time.
        return moment

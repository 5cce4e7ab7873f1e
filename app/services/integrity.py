"""Is what the database holds what was written?"""

from app.domain.errors import CheckFailed
from app.domain.text import N_, Text
from app.services.views import Verification
from app.services.workplace import Workplace

_TOLERANCE_SECONDS = 120


class IntegrityService:
    """Reads everything, changes nothing."""

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
        """A sentence where the laptop's clock stands earlier than the newest record, else None."""
        from app.storage.unit_of_work import newest_time

        with self._place.database.reading() as connection:
            newest = newest_time(connection)
        now = self._place.clock.now()
        if newest is None or (newest - now).total_seconds() <= _TOLERANCE_SECONDS:
            return None
        sentence = N_("The clock shows {now}, but something was recorded on {newest}. Set the clock of this computer.")
        return Text(sentence, {"now": now.astimezone(), "newest": newest.astimezone()})

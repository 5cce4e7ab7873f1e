"""Is what the database holds what was written?"""

from app.domain.text import Text
from app.services.views import Verification


class IntegrityService:
    """Reads everything, changes nothing."""

    def verify(self) -> Verification:
        """Both chains, every signature, and every record against what the chains say of it."""
        raise NotImplementedError

    def clock_remark(self) -> Text | None:
        """A sentence where the laptop's clock stands earlier than the newest record, else None."""
        raise NotImplementedError

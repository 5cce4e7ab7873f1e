"""What the services of one signed-in user share."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.text import LocalText
from app.services.views import Department

if TYPE_CHECKING:
    from app.crypto.slots import Bundle
    from app.domain.clock import Clock
    from app.services.keyring import KeyRing
    from app.storage.database import Database
    from app.storage.unit_of_work import UnitOfWork
    from app.storage.users import UserRow


@dataclass(frozen=True, slots=True, repr=False)
class Workplace:
    """The open database, the clock, the key file, and who works here."""

    database: "Database"
    clock: "Clock"
    keys: "KeyRing"
    bundle: "Bundle"
    user: "UserRow"
    _department: list[Department] = field(default_factory=list, compare=False)
    """as it was read last, for who must not wait for the database"""

    def begin(self) -> "UnitOfWork":
        """A unit of work in the name of the signed-in user."""
        from app.storage.unit_of_work import UnitOfWork

        return UnitOfWork(self.database, self.clock, self.user.id, self.bundle.seed)

    def department(self) -> Department:
        """The department that works here."""
        from app.storage import installation

        with self.database.reading() as connection:
            row = installation.department(connection)
        found = Department(row.number, row.region, LocalText(kk=row.kk, ru=row.ru, en=row.en))
        self._department[:] = [found]
        return found

    def known_department(self) -> Department:
        """The same from memory, as it was read last: whoever changes it reads it once."""
        return self._department[0] if self._department else self.department()

    def is_training(self) -> bool:
        """Whether everything on this desk is invented: its papers are marked so. Given when the desk was made."""
        from app.services.preferences import KIND
        from app.storage import entries

        with self.database.reading() as connection:
            return (entries.find(connection, KIND, "training") or {}).get("value") is True

    def administrator(self) -> "UserRow":
        """Who looks after this desk: the user who set it up (adr/0015). CheckFailed where nobody did."""
        from app.domain.errors import CheckFailed
        from app.domain.text import N_, Text
        from app.storage import users

        with self.database.reading() as connection:
            everybody = users.everybody(connection)
        if not everybody:
            raise CheckFailed(Text(N_("The database has no users: its rows were deleted.")))
        return everybody[0]

    def require_administrator(self) -> None:
        """UserError where somebody else is signed in than who looks after this desk."""
        from app.domain.errors import UserError
        from app.domain.text import N_, Text

        administrator = self.administrator()
        if administrator.id != self.user.id:
            sentence = N_(
                "Editions and keys of the criteria are the matter of {name} ({login}), who set this desk up."
                " Nothing was changed. Sign in with that login."
            )
            raise UserError(Text(sentence, {"name": administrator.name, "login": administrator.login}))

    def require_clock(self) -> None:
        """KnownError where the clock stands in a year in which no case is examined: its number and dates would be
        wrong for good."""
        from app.domain.clock import PLAUSIBLE_YEARS
        from app.domain.errors import KnownError
        from app.domain.text import N_, Text

        year = self.clock.now().year
        if year not in PLAUSIBLE_YEARS:
            sentence = N_("The clock of this computer shows the year {year}. Set the clock, then try again.")
            raise KnownError(Text(sentence, {"year": year}))

"""The desk after sign-in: every service a screen may ask for, on one open database."""

from app.services.backups import BackupService
from app.services.conclusions import ConclusionService
from app.services.examinations import ExaminationService
from app.services.integrity import IntegrityService
from app.services.packs import PackService
from app.services.users import UserService
from app.services.views import Department, User


class Desk:
    """Made by `Access.sign_in`; used on one worker thread; `close()` releases the lock and forgets the keys."""

    user: User
    department: Department
    examinations: ExaminationService
    conclusions: ConclusionService
    packs: PackService
    users: UserService
    integrity: IntegrityService
    backups: BackupService

    def unlock(self, passphrase: str) -> None:
        """Check the signed-in user's passphrase, for the screen lock; UserError where it is wrong."""
        raise NotImplementedError

    def set_department(self, department: Department) -> None:
        """Change the letterhead, number or region; signed conclusions keep what they were signed with."""
        raise NotImplementedError

    def close(self) -> None:
        """Harmless when called twice."""
        raise NotImplementedError

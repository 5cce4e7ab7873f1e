"""Who may sign in on this laptop."""

from app.services.views import User


class UserService:
    """Users of the desk; each has a passphrase, a recovery code and a signing key."""

    def all(self) -> tuple[User, ...]:
        """In the order in which they were added."""
        raise NotImplementedError

    def add(self, login: str, name: str, passphrase: str) -> str:
        """Returns the new user's recovery code, shown once. UserError: login taken, name empty, weak passphrase."""
        raise NotImplementedError

    def change_passphrase(self, old: str, new: str) -> None:
        """For the signed-in user. UserError: the old one is wrong, the new one is weak."""
        raise NotImplementedError

"""Who may sign in on this laptop."""

from dataclasses import replace

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services.views import User
from app.services.workplace import Workplace


class UserService:
    """Users of the desk; each has a passphrase, a recovery code and a signing key."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def all(self) -> tuple[User, ...]:
        """In the order in which they were added."""
        from app.storage import users

        with self._place.database.reading() as connection:
            return tuple(User(row.id, row.login, row.name) for row in users.everybody(connection))

    def add(self, login: str, name: str, passphrase: str) -> str:
        """Returns the new user's recovery code, shown once. UserError: login taken, name empty, weak passphrase."""
        from app.crypto.slots import Bundle
        from app.domain.names import same_name
        from app.services.founding import describe_user, new_user
        from app.storage import users

        user, seed = new_user(login, name)
        with self._place.begin() as work:
            if any(row.login == user.login for row in users.everybody(work.connection)):
                sentence = N_("The login “{login}” is taken. Choose another one.")
                raise UserError(Text(sentence, {"login": user.login}), where="login")
            same = next((row for row in users.everybody(work.connection) if same_name(row.name, user.name)), None)
            if same is not None:
                # Two accounts of one name would let one person sign as two members (adr/0007).
                sentence = N_("{name} has an account already: {login}. One person has one account.")
                raise UserError(Text(sentence, {"name": same.name, "login": same.login}), where="name")
            users.add(work, user)
            head = work.audit("user.added", new=describe_user(user))
            work.emit("user.added", describe_user(user), subject=user.id)
            # The keys first: a slot without a user opens nothing and is made anew, a user without a slot is locked out.
            bundle = Bundle(self._place.bundle.database_key, user.id, seed, head.seq)
            with self._place.keys.as_before_on_failure():
                code = self._place.keys.admit(user.login, user.name, passphrase, bundle)
                work.commit()
        return code

    def change_passphrase(self, old: str, new: str) -> None:
        """For the signed-in user. UserError: the old one is wrong, the new one is weak."""
        from app.services.keyring import is_of

        user, keys = self._place.user, self._place.keys
        bundle = keys.read().open(user.login, "passphrase", old)
        if bundle is None or not is_of(bundle, user):
            sentence = N_("The present passphrase is wrong. Check the keyboard's language, then try again.")
            raise UserError(Text(sentence), where="old")
        with self._place.begin() as work:
            head = work.audit("passphrase.changed", path=user.id)
            with keys.as_before_on_failure():
                keys.change_passphrase(user.login, user.name, new, replace(bundle, serial=head.seq))
                work.commit()

    def recover(self, passphrase: str) -> str:
        """Give the signed-in user a new passphrase and a new recovery code, which is returned. UserError: weak."""
        user = self._place.user
        with self._place.begin() as work:
            head = work.audit("user.recovered", path=user.id)
            work.emit("user.recovered", {"id": user.id}, subject=user.id)
            with self._place.keys.as_before_on_failure():
                code = self._place.keys.admit(
                    user.login, user.name, passphrase, replace(self._place.bundle, serial=head.seq)
                )
                work.commit()
        return code

    def new_recovery_sheet(self, passphrase: str) -> str:
        """A new recovery code for the signed-in user, shown once; from then on the old sheet opens nothing.

        UserError where the passphrase is not the user's own: an open window alone must not make one.
        """
        from app.services.keyring import is_of

        user, keys = self._place.user, self._place.keys
        slots = keys.read()
        bundle = slots.open(user.login, "passphrase", passphrase)
        if bundle is None or not is_of(bundle, user):
            sentence = N_("The passphrase is wrong. Check the keyboard's language, then try again.")
            raise UserError(Text(sentence), where="passphrase")
        with self._place.begin() as work:
            head = work.audit("recovery.renewed", path=user.id)
            with keys.as_before_on_failure():
                code = keys.renew_recovery(user.login, replace(bundle, serial=head.seq), slots)
                work.commit()
        return code

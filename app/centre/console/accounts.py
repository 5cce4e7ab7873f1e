"""Accounts of the console: made, let in, changed, closed. Every change writes its row of the audit trail."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from app.centre import audit
from app.centre.console import failures, proofs, sessions
from app.centre.console.access import Role
from app.centre.console.tables import USERS
from app.centre.store import Store
from app.crypto import sealing
from app.crypto.passphrase import require_strength
from app.crypto.slots import STANDARD, Cost, fold_login
from app.domain.errors import NothingToDo, UserError
from app.domain.text import N_, Text, one_line

ENTRY_SECONDS: Final = 48 * 3600
MOST_LETTERS: Final = 64
MOST_PASSPHRASE: Final = 1000
# No letter that is read as another one, no vowel that makes words.
_ALPHABET: Final = "23456789BCDFGHJKMNPQRSTVWXZ"
WRONG: Final = N_("Login, passphrase or one-time code is wrong, or this code was used already. Wait for the next code.")
WAIT: Final = N_("Too many attempts. Try again in {n} s.")


@dataclass(frozen=True, slots=True)
class Account:
    """One user. `ready`: passphrase and codes are set up."""

    id: str
    login: str
    name: str
    role: Role
    ready: bool
    disabled: bool
    made_at: int
    seen_at: int | None


@dataclass(frozen=True, slots=True)
class Accounts:
    """Over the console's tables. `key` (32 bytes) seals the secrets of one-time codes; `cost` of passphrases."""

    store: Store
    key: bytes
    cost: Cost = STANDARD

    def add(
        self, connection: Connection, actor: str, now: float, login: str, name: str, role: Role
    ) -> tuple[Account, str]:
        """A new user and the code with which they come in and choose passphrase and codes themselves."""
        login, name = one_line(login), one_line(name)
        if not 2 <= len(login) <= MOST_LETTERS:
            raise UserError(Text(N_("A login has 2 to {n} letters."), {"n": MOST_LETTERS}), where="login")
        if len(name) > 200:
            raise UserError(Text(N_("The name is too long.")), where="name")
        folded = fold_login(login)
        if folded in audit.ACTORS or connection.execute(select(USERS.c.id).where(USERS.c.folded == folded)).first():
            raise UserError(Text(N_("There is a user with this login already. Choose another one.")), where="login")
        identity, code = secrets.token_hex(16), entry_code()
        connection.execute(
            insert(USERS).values(
                id=identity, login=login, folded=folded, name=name or login, role=role.value, made_at=int(now),
                entry_hash=_entry_hash(code), entry_ends=int(now) + ENTRY_SECONDS,
            )
        )  # fmt: skip
        audit.write(connection, now, actor, "user.added", login, after={"role": role.value})
        return self.one(connection, identity), code

    def add_ready(
        self, actor: str, now: float, login: str, name: str, role: Role, passphrase: str
    ) -> tuple[Account, str]:
        """A new user with a passphrase, as the command line makes the first administrator; gives the secret of the
        one-time codes, which is told once."""
        require_strength(passphrase, (login, name))
        stored, secret = proofs.hashed(passphrase, self.cost), proofs.new_secret()
        with self.store.begin(write=True) as connection:
            account, _ = self.add(connection, actor, now, login, name, role)
            self._set(
                connection, account.id, passphrase=stored, secret=self._sealed(account.id, secret), entry_hash=None
            )
            audit.write(connection, now, actor, "user.set_up", account.login)
        return account, secret

    def sign_in(self, login: str, passphrase: str, code: str, address: str, now: float) -> str:
        """The token of a new session. UserError, the same and as late for an unknown login as for a wrong passphrase
        or code; or after too many failures, how long to wait."""
        folded = fold_login(login[: MOST_LETTERS * 4])
        keys = (failures.key("login", folded), failures.key("address", address))
        self._attempt(keys, now)
        with self.store.begin() as connection:
            found = connection.execute(select(USERS).where(USERS.c.folded == folded)).first()
        holds = proofs.passphrase_holds(
            passphrase[:MOST_PASSPHRASE], found.passphrase if found is not None else None, self.cost
        )
        secret = self.unsealed(found.id, found.secret) if found is not None and found.secret else proofs.new_secret()
        step = proofs.step_of(code, secret, now)
        with self.store.begin(write=True) as connection:
            if found is None or not holds or step is None or found.disabled or not found.secret:
                raise UserError(Text(WRONG))
            taken = connection.execute(
                update(USERS)
                .where(USERS.c.id == found.id, USERS.c.last_step < step)
                .values(last_step=step, seen_at=int(now))
            )
            if taken.rowcount != 1:
                raise UserError(Text(WRONG))
            failures.forgive(connection, keys)
            audit.write(connection, now, found.login, "session.begun", found.login)
            return sessions.begin(connection, found.id, "full", now)

    def enter(self, login: str, code: str, address: str, now: float) -> str:
        """The token of a session in which a new user sets up passphrase and codes; UserError as for `sign_in`."""
        folded = fold_login(login[: MOST_LETTERS * 4])
        keys = (failures.key("login", folded), failures.key("address", address))
        self._attempt(keys, now)
        given = _entry_hash("".join(letter for letter in code.upper() if letter.isalnum()))
        with self.store.begin(write=True) as connection:
            found = connection.execute(select(USERS).where(USERS.c.folded == folded)).first()
            kept = found.entry_hash if found is not None and found.entry_hash else _entry_hash(entry_code())
            fits = secrets.compare_digest(given, kept)
            if found is None or not fits or found.disabled or found.entry_ends < now:
                raise UserError(
                    Text(N_("Login or entry code is wrong, or the code is older than 48 hours. Ask for a new one."))
                )
            failures.forgive(connection, keys)
            return sessions.begin(connection, found.id, "entry", now)

    def set_up(self, session: sessions.Session, passphrase: str, again: str, code: str, now: float) -> str:
        """Passphrase and codes of a new user, or of one who renews them; ends all their sessions and gives the token
        of a full one."""
        if passphrase != again:
            raise UserError(Text(N_("The two passphrases differ. Type the same one twice.")), where="again")
        if len(passphrase) > MOST_PASSPHRASE:
            raise UserError(Text(N_("The passphrase is too long.")), where="passphrase")
        require_strength(passphrase, (session.login, session.name))
        secret = self.secret_of(session)
        step = proofs.step_of(code, secret, now)
        if step is None:
            raise UserError(
                Text(
                    N_("The code does not fit. Look whether the clock of the telephone is right, then type the next.")
                ),
                where="code",
            )
        stored = proofs.hashed(passphrase, self.cost)
        with self.store.begin(write=True) as connection:
            self._set(
                connection, session.user_id, passphrase=stored, secret=self._sealed(session.user_id, secret),
                entry_hash=None, last_step=step, seen_at=int(now),
            )  # fmt: skip
            sessions.end_all(connection, session.user_id)
            audit.write(connection, now, session.login, "user.set_up", session.login)
            return sessions.begin(connection, session.user_id, "full", now)

    def secret_of(self, session: sessions.Session) -> str:
        """The secret that this session sets up; made at the first look."""
        if session.secret is not None:
            return self.unsealed(session.user_id, session.secret)
        secret = proofs.new_secret()
        with self.store.begin(write=True) as connection:
            sessions.keep_secret(connection, session.token_hash, self._sealed(session.user_id, secret))
        return secret

    def let_in_again(self, connection: Connection, actor: str, now: float, user_id: str) -> str:
        """A new entry code: passphrase and codes hold no more, sessions end."""
        account, code = self.one(connection, user_id), entry_code()
        self._set(
            connection, user_id, passphrase=None, secret=None, entry_hash=_entry_hash(code),
            entry_ends=int(now) + ENTRY_SECONDS,
        )  # fmt: skip
        sessions.end_all(connection, user_id)
        failures.forgive(connection, [failures.key("login", fold_login(account.login))])
        audit.write(connection, now, actor, "user.reset", account.login)
        return code

    def set_role(self, connection: Connection, actor: str, now: float, user_id: str, role: Role) -> None:
        """Another role; sessions end, so that no page with old rights stays open."""
        account = self.one(connection, user_id)
        if account.role is role:
            raise NothingToDo(Text(N_("The user has this role already.")))
        self._keep_an_administrator(connection, account)
        self._set(connection, user_id, role=role.value)
        sessions.end_all(connection, user_id)
        audit.write(
            connection, now, actor, "user.role", account.login, before={"role": account.role.value},
            after={"role": role.value},
        )  # fmt: skip

    def set_disabled(self, connection: Connection, actor: str, now: float, user_id: str, *, disabled: bool) -> None:
        """Close an account or open it again; nothing is deleted, the audit trail names it."""
        account = self.one(connection, user_id)
        if account.disabled is disabled:
            raise NothingToDo(Text(N_("This is so already.")))
        if disabled:
            self._keep_an_administrator(connection, account)
            sessions.end_all(connection, user_id)
        self._set(connection, user_id, disabled=int(disabled))
        audit.write(connection, now, actor, "user.closed" if disabled else "user.opened", account.login)

    def all(self, connection: Connection) -> Sequence[Account]:
        """By login."""
        return [_account(row) for row in connection.execute(select(USERS).order_by(USERS.c.folded))]

    def one(self, connection: Connection, user_id: str) -> Account:
        """UserError where there is none."""
        row = connection.execute(select(USERS).where(USERS.c.id == user_id)).first()
        if row is None:
            raise UserError(Text(N_("There is no such user.")))
        return _account(row)

    def by_login(self, connection: Connection, login: str) -> Account:
        """UserError where there is none."""
        row = connection.execute(select(USERS).where(USERS.c.folded == fold_login(login))).first()
        if row is None:
            raise UserError(Text(N_("There is no user “{login}”."), {"login": one_line(login)}))
        return _account(row)

    def unsealed(self, user_id: str, sealed: bytes) -> str:
        return sealing.unseal(self.key, sealed, _context(user_id)).decode()

    def _sealed(self, user_id: str, secret: str) -> bytes:
        return sealing.seal(self.key, secret.encode(), _context(user_id))

    def _attempt(self, keys: tuple[str, str], now: float) -> None:
        """Count an attempt, or refuse it; committed before anything is judged."""
        with self.store.begin(write=True) as connection:
            failures.forget_old(connection, now)
            seconds = failures.pause(connection, keys, now)
            if not seconds:
                failures.count(connection, keys[0], failures.FREE, now)
                failures.count(connection, keys[1], failures.FREE_ADDRESS, now)
        if seconds:
            raise UserError(Text(WAIT, {"n": seconds}))

    def _keep_an_administrator(self, connection: Connection, account: Account) -> None:
        if account.role is not Role.ADMINISTRATOR or account.disabled:
            return
        audit.alone(connection)  # two administrators may not close each other at once
        others = connection.execute(
            select(func.count()).select_from(USERS).where(
                USERS.c.role == Role.ADMINISTRATOR.value, USERS.c.disabled == 0, USERS.c.id != account.id,
                USERS.c.secret.is_not(None),
            )
        ).scalar_one()  # fmt: skip
        if not others:
            raise UserError(Text(N_("This is the only administrator. Make another one first.")))

    def _set(self, connection: Connection, user_id: str, **values: Any) -> None:
        connection.execute(update(USERS).where(USERS.c.id == user_id).values(**values))


def entry_code() -> str:
    """Twelve letters, 57 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def _entry_hash(code: str) -> str:
    return hashlib.sha256(b"saraptama/console-entry/1\0" + code.encode("utf-8", "replace")).hexdigest()


def _context(user_id: str) -> bytes:
    return f"console-totp|{user_id}".encode()


def _account(row: Any) -> Account:
    return Account(
        row.id, row.login, row.name, Role(row.role), bool(row.passphrase and row.secret), bool(row.disabled),
        row.made_at, row.seen_at,
    )  # fmt: skip

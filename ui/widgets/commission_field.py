"""The members of a commission, and what has to be known of them early: who can't sign on this laptop."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal

from app.domain.names import same_name
from app.domain.text import N_, Text
from app.domain.vocabulary import LABELS, Role
from app.i18n import Translator
from ui.widgets.field import accept
from ui.widgets.jump_button import JumpButton
from ui.widgets.options import Option
from ui.widgets.rows import NameRow, RowsField


class CommissionField(RowsField):
    """Names with their roles; names of users are completed while typing.

    While nobody stands here, whoever works on this laptop is offered as the first member: a button, never an entry
    that comes by itself. Members without an account are named, with a way to make one: `account_wanted(name)`.
    """

    account_wanted = Signal(str)

    def __init__(self, path: str, me: str, *, check: Callable[[object], object] = accept) -> None:
        """`me`: the name in the account of who is signed in."""
        self._me = me
        self._names: list[str] = []
        self._accounts: tuple[str, ...] | None = None
        roles = [Option(role.value, LABELS[role]) for role in Role]
        super().__init__(
            path,
            N_("Commission"),
            add=N_("Add a member"),
            hint=N_("the head and at least two members; names of users are completed while typing"),
            make_row=lambda: NameRow(roles, self._names),
            check=check,
        )
        self.me_button, self.account_button = JumpButton(), JumpButton()  # names are long: these wrap
        self.me_button.clicked.connect(self.begin_with_me)
        self.account_button.clicked.connect(lambda: self.account_wanted.emit(self.strangers[0]))
        for place, each in enumerate((self.me_button, self.account_button), start=3):  # below rows and buttons
            self.column.insertWidget(place, each)
            self.watch(each)
        self.committed.connect(lambda _path, _value: self._tell())
        self.rebuilt.connect(self._tell)
        self._tell()

    def take_accounts(self, names: Sequence[str]) -> None:
        """Who has an account on this laptop."""
        self._names[:] = names
        self._accounts = tuple(names)
        self._tell()

    @property
    def strangers(self) -> list[str]:
        """Members without an account on this laptop; nobody while it isn't known who has one."""
        members = [str(value["name"]) for value in self.values() if value.get("name")]
        known = self._accounts
        return [] if known is None else [one for one in members if not any(same_name(one, name) for name in known)]

    def begin_with_me(self) -> None:
        """Who is signed in becomes the first member; the keyboard goes to the role."""
        if self.rows or self._read_only:
            return
        row = self.add_row({"name": self._me, "role": Role.HEAD.value})
        self.settle()
        if isinstance(row, NameRow):
            row.role.setFocus()

    def show_value(self, value: Any, text: str | None = None) -> None:
        super().show_value(value, text)
        self._tell()

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self._tell()

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self._tell()

    def _on_removed(self, row: Any) -> None:
        super()._on_removed(row)
        self._tell()

    def _tell(self) -> None:
        t, strangers = self.t, [] if self._read_only else self.strangers
        self.me_button.setVisible(not self.rows and not self._read_only)
        self.account_button.setVisible(bool(strangers))
        told = {"names": ", ".join(strangers)}
        sentence = N_(
            "No account on this laptop: {names}. Without one a member can't sign here, nor vote where the vote asks for"
            " the passphrase. An account is made here or in the settings, “Users”."
        )
        self.set_remark(Text(sentence, told) if strangers else None)
        if t is not None:
            self.me_button.set_words(t("Begin with {name}", name=self._me))
            self.account_button.set_words(t("Make an account: {name}", name=strangers[0]) if strangers else "")

"""The ballot: one member at the keyboard says outcome and period. It is gone with what was chosen when it closes."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from app.domain.errors import Told
from app.domain.text import N_, Text
from app.domain.typed import LONGEST_TEXT
from app.domain.vocabulary import LABELS, Outcome
from app.services.views import User
from app.services.votes import Ballot
from ui import shortcuts, theme
from ui.language import Language
from ui.screens.examination.choices import period_options
from ui.screens.examination.style import RULES
from ui.widgets.choice import Combo
from ui.widgets.digits import DIGIT_KEYS
from ui.widgets.labelled import Labelled
from ui.widgets.options import ChoiceField, Option
from ui.widgets.parts import Lines, button, column, fit, label, row
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.words import Words

_OUTCOME_KEYS = {
    Outcome.GROUP_1: 1, Outcome.CHILD_GROUP_1: 1, Outcome.GROUP_2: 2, Outcome.CHILD_GROUP_2: 2,
    Outcome.GROUP_3: 3, Outcome.CHILD_GROUP_3: 3, Outcome.CHILD: 1, Outcome.NOT_ESTABLISHED: 0,
}  # fmt: skip
# By what the period begins with; 7 and 8 for the birthdays, 0 for no term.
_PERIOD_KEYS = {("months", 6): 6, ("years", 1): 1, ("years", 2): 2, ("years", 5): 5, ("until_7", None): 7,
                ("until_18", None): 8, ("no_term", None): 0}  # fmt: skip

Cast = Callable[[Ballot, Callable[[], None], Callable[[BaseException], None]], None]


class BallotDialog(QDialog):
    """`cast(ballot, done, failed)` hands the vote on; the dialogue closes once it is kept."""

    def __init__(
        self,
        language: Language,
        member: int,
        name: str,
        outcomes: Sequence[Outcome],
        users: Sequence[User] | None,
        cast: Cast,
        parent: QWidget,
    ) -> None:
        """`users`: the accounts of this member where the department asks for the passphrase; None where it doesn't."""
        super().__init__(parent)
        self._language, self._member, self._users, self._cast = language, member, users, cast
        words = self._words = Words(language, self)
        words(self, "windowTitle", N_("Vote"))
        self.setStyleSheet(RULES)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(round(640 * theme.current().scale))
        head, hint = label("section", wrap=True), label("hint", wrap=True)
        words(head, "text", N_("Vote of {name}"), name=name)
        words(
            hint,
            "text",
            N_("Nobody sees what you choose before all have voted. Keys: the digit before the words; Enter goes on."),
        )
        self.outcome = ChoiceField("outcome", N_("You vote for"), _outcomes(outcomes))
        self.period = ChoiceField("period", N_("Period"), _periods(outcomes))
        language.changed.connect(self.retranslate)
        self.retranslate()
        self.outcome.committed.connect(self._on_outcome)
        self.period.committed.connect(self._on_period)
        for field in (self.outcome, self.period):
            # A digit takes the keyboard to the next question: the Enter after it must not answer that one.
            field.row.choose_on_enter = False
            field.row.passed.connect(partial(self._pass, field))
        self.reason = Lines(2)
        reason = Labelled(words, N_("Reason in a sentence (may stay empty)"), self.reason)
        self.account, self.passphrase = Combo(), PassphraseEdit(words)
        self.account.addItems([user.login for user in users or ()])
        words(self.account, "accessibleName", N_("Login"))
        self.passphrase.submitted.connect(self.vote)
        self._passphrase = Labelled(words, N_("Your passphrase"), self.passphrase, buddy=self.passphrase.edit)
        asked = row(gap=16)
        asked.addWidget(self.account, 1, Qt.AlignmentFlag.AlignBottom)
        asked.addWidget(self._passphrase, 2)
        self.error = label("error", wrap=True)
        self.error.hide()
        self.leave_button, self.vote_button = button(), button("primary", "vote")
        words(self.leave_button, "text", N_("Don't vote now"))
        words(self.vote_button, "text", N_("Cast the vote"))
        self.leave_button.clicked.connect(self.reject)
        self.vote_button.clicked.connect(self.vote)
        self.leave_button.setAutoDefault(False)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.leave_button)
        buttons.addWidget(self.vote_button)
        lines = column(self, margin=24, gap=16)
        for part in (head, hint, self.outcome, self.period, reason):
            lines.addWidget(part)
        lines.addLayout(asked)
        lines.addWidget(self.error)
        lines.addLayout(buttons)
        self.account.setVisible(users is not None)
        self._passphrase.setVisible(users is not None)
        shortcuts.bind(self, "next_step", self.vote)
        self.outcome.focus_widget().setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fit(self)

    def vote(self) -> None:
        """Hand the vote on, if it is whole."""
        if not self.vote_button.isEnabled():
            return
        outcome, period = self._chosen(self.outcome), self._chosen(self.period)
        if outcome is None:
            self._say(Text(N_("Choose what you vote for.")), self.outcome.focus_widget())
        elif outcome != Outcome.NOT_ESTABLISHED and period is None:
            self._say(Text(N_("Choose the period.")), self.period.focus_widget())
        elif len(self.reason.toPlainText()) > LONGEST_TEXT:
            sentence = N_("The text is longer than {longest} characters. Shorten it.")
            self._say(Text(sentence, {"longest": LONGEST_TEXT}), self.reason)
        elif self._users is not None and not self._users:
            sentence = N_("This member is not a user of this laptop yet: add the member in the settings, then vote.")
            self._say(Text(sentence), self.leave_button)
        else:
            self.error.hide()
            self.vote_button.setEnabled(False)
            ballot = Ballot(
                self._member,
                outcome,
                None if outcome == Outcome.NOT_ESTABLISHED else period,
                self.reason.toPlainText(),
                self.account.currentText(),
                self.passphrase.text(),
            )
            self._cast(ballot, self.accept, self._failed)

    def done(self, result: int) -> None:
        """Nothing of the vote stays in a closed dialogue."""
        self.passphrase.clear()
        self.reason.setPlainText("")
        for field in (self.outcome, self.period):
            field.show_value(None)
        super().done(result)

    def _chosen(self, field: ChoiceField) -> Any:
        chosen = field.row.value_button()
        return None if chosen is None else chosen.option.value

    def _on_outcome(self, _path: str, value: object) -> None:
        self.error.hide()
        self.period.setVisible(value != Outcome.NOT_ESTABLISHED)
        if value == Outcome.NOT_ESTABLISHED:
            self._go_on(value)
        elif value is not None:
            self.period.focus_widget().setFocus(Qt.FocusReason.TabFocusReason)

    def _pass(self, field: ChoiceField) -> None:
        """Enter on a question: on to what follows, where there is an answer."""
        chosen, here = self._chosen(field), self.focusWidget()
        if chosen is not None:
            (self._on_outcome if field is self.outcome else self._on_period)(field.path, chosen)
        elif here is not None:
            sentence = N_("Choose what you vote for.") if field is self.outcome else N_("Choose the period.")
            self._say(Text(sentence), here)

    def _on_period(self, _path: str, value: object) -> None:
        self._go_on(value)

    def _go_on(self, value: object) -> None:
        self.error.hide()
        if value is not None:
            target = self.vote_button if self._users is None else self.passphrase.edit
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def _failed(self, error: BaseException) -> None:
        self.vote_button.setEnabled(True)
        if not isinstance(error, Told):
            raise error
        wrong = error.where == "passphrase"
        if wrong:
            self.passphrase.edit.selectAll()
        self._say(error.text, self.passphrase.edit if wrong else self.vote_button)

    def _say(self, text: Text, then: QWidget) -> None:
        self.error.setText("⚠ " + self._language.t.show(text))
        self.error.show()
        fit(self)
        then.setFocus()

    def retranslate(self) -> None:
        """The questions again in the window's language; what is chosen stays."""
        for field in (self.outcome, self.period):
            field.retranslate(self._language.t)


def _outcomes(outcomes: Sequence[Outcome]) -> list[Option]:
    return [
        Option(outcome.value, _keyed(key, Text(LABELS[outcome])), DIGIT_KEYS[key])
        for outcome, key in ((outcome, _OUTCOME_KEYS[outcome]) for outcome in outcomes)
    ]


def _periods(outcomes: Sequence[Outcome]) -> list[Option]:
    """The periods that the criteria know; a birthday that an adult has behind them is none."""
    adult = Outcome.GROUP_1 in outcomes
    found = []
    for option in period_options():
        kind, value = option.value["kind"], option.value["value"]
        if not (adult and kind in ("until_7", "until_18")):
            words = Text(option.words) if isinstance(option.words, str) else option.words
            key = _PERIOD_KEYS[kind, value]
            found.append(Option(option.value, _keyed(key, words), DIGIT_KEYS[key]))
    return found


def _keyed(key: int, words: object) -> Text:
    return Text(N_("{key} · {words}"), {"key": key, "words": words})

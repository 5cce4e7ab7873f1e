"""The first vote: who has voted, and nothing of what; once all have, every vote beside criteria and majority."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from app.domain import voting
from app.domain.dates import parse_iso
from app.domain.text import N_
from app.domain.vocabulary import LABELS, Outcome, Role
from app.i18n import Translator
from app.services.desk import Desk
from app.services.steps import missing_facts
from app.services.views import User
from app.services.votes import Ballot, LateChange
from ui.language import Language
from ui.screens.examination import vote_words
from ui.screens.examination.ballot import BallotDialog
from ui.screens.examination.reason import ReasonDialog
from ui.screens.examination.record import CaseRecord
from ui.screens.examination.step_page import StepPage
from ui.screens.examination.summary import clear
from ui.tasks import TaskRunner
from ui.widgets.field import Words, say
from ui.widgets.jump_button import JumpButton
from ui.widgets.parts import button, column, label, panel, row
from ui.widgets.tick_box import TickBox


class VotePage(StepPage):
    """Drawn anew whenever it is opened or the case changes. `jumped(path)`: somebody wants to go to a question."""

    jumped = Signal(str)

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        language: Language,
        record: CaseRecord,
        name_of: Callable[[str], Words],
        parent: QWidget,
    ) -> None:
        super().__init__("vote", N_("Vote"), parent)
        self._desk, self._tasks, self._language, self._record, self._name_of = desk, tasks, language, record, name_of
        self._users: tuple[User, ...] = ()
        self._changes: tuple[LateChange, ...] = ()
        self._asked_for: object = None
        self._holder = QWidget()
        self._body = QVBoxLayout(self._holder)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(12)
        self.vote_buttons: dict[int, QWidget] = {}
        self.again_button: QWidget | None = None
        self.open_button: QWidget | None = None
        self.add(self._holder)
        self.finish()

    def take_users(self, users: tuple[User, ...]) -> None:
        self._users = users

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)

    def refresh(self) -> None:
        t, record = self._t, self._record
        if t is None or not record.is_loaded:
            return
        focused = next((at for at, made in self.vote_buttons.items() if made.hasFocus()), None)
        clear(self._body)
        self.vote_buttons, self.again_button, self.open_button = {}, None, None
        document, procedure = record.document, record.procedure
        begun, opened = voting.has_begun(document), voting.is_opened(document)
        if procedure.blind_vote == "off" and not begun:
            self._line(t("This department takes no vote before the proposal. Its settings change that: “How this "
                         "department works”."))  # fmt: skip
        elif not voting.is_voted_on(document) and not begun:
            self._line(t("This case has no group that the members could vote on."))
        elif not voting.commission(document):
            self._line(t("The commission is missing: its members vote."))
            self._jump(t("Commission"), "examination.commission")
        elif opened:
            self._show_opened(t)
        else:
            self._show_closed(t)
        self._show_earlier(t)
        if begun:
            self._show_changes(t)
        if focused is not None:
            target = self.first()
            if target is not None:
                target.setFocus(Qt.FocusReason.OtherFocusReason)

    def first(self) -> QWidget | None:
        """Who votes next; once everybody has, the way to the votes."""
        document = self._record.document
        given = voting.votes(document) if self._record.is_loaded else []
        for at, made in self.vote_buttons.items():
            if given[at] is None:
                return made
        if self.open_button is not None:
            return self.open_button
        return next(iter(self.vote_buttons.values()), self._holder.findChild(JumpButton))

    # --- before all have voted -------------------------------------------------------------------------------
    def _show_closed(self, t: Translator) -> None:
        record, document = self._record, self._record.document
        procedure = record.procedure
        self._line(t("One after another takes the keyboard and says group and period. The votes are shown, beside "
                     "what the criteria give, when all have voted."))  # fmt: skip
        self._line(
            t("Each member confirms the vote with the own passphrase.")
            if procedure.vote_passphrase
            else t("The vote asks for no passphrase: with it each member signs the conclusion later."),
            "hint",
        )
        proposal = record.draft.proposal
        missing = missing_facts(proposal) if proposal is not None else ()
        if missing and record.editable:
            self._line(
                t.plural(
                    "{n} answer is missing. Whoever votes now votes without it; to give it later needs a reason.",
                    "{n} answers are missing. Whoever votes now votes without them; to give them later needs a reason.",
                    len(missing),
                ),
                "warning",
            )
            self._jump(say(t, self._name_of(missing[0])), missing[0])
        given = voting.votes(document)
        for at, (member, vote) in enumerate(zip(voting.commission(document), given, strict=True)):
            self._member(t, at, member, vote)
        if procedure.blind_vote == "offered":
            self._switch(t)
        if voting.has_begun(document) and record.editable:
            if all(vote is not None for vote in given):
                shown = button("primary", "eye")
                shown.setText(t("Open the votes"))
                shown.setAccessibleName(shown.text())
                shown.clicked.connect(lambda: record.act(lambda: self._desk.votes.open_votes(record.case_id)))
                self.open_button = shown
                self._body.addWidget(shown, 0, Qt.AlignmentFlag.AlignLeft)
            self._again(t, t("Drop the votes and begin anew"))

    def _member(self, t: Translator, at: int, member: dict[str, Any], vote: voting.Vote | None) -> None:
        name = member.get("name") or ""
        box = panel()
        line = row(box, margin=12, gap=16)
        who = column(gap=4)
        named, state = label("label", wrap=True), label(wrap=True)
        role = member.get("role")
        named.setText(
            " · ".join(p for p in (name or t("name not entered"), t(LABELS[Role(role)]) if role else "") if p)
        )
        state.setText(
            "○ " + t("has not voted")
            if vote is None
            else "✓ " + t("has voted, {moment}", moment=vote_words.moment(t, vote["at"]))
        )
        who.addWidget(named)
        who.addWidget(state)
        line.addLayout(who, 1)
        if self._record.editable and name:
            voter = button("primary" if vote is None else "", "vote")
            short = vote_words.short_name(name)
            voter.setText(t("Vote as {name}", name=short) if vote is None else t("Vote anew as {name}", name=short))
            voter.setAccessibleName(voter.text())
            voter.clicked.connect(partial(self.ask, at))
            line.addWidget(voter, 0, Qt.AlignmentFlag.AlignVCenter)
            self.vote_buttons[at] = voter
        self._body.addWidget(box)

    def _switch(self, t: Translator) -> None:
        box: QCheckBox = TickBox()
        box.set_words(t("Close the proposal until the vote"))  # type: ignore[attr-defined]
        box.setAccessibleName(t("Close the proposal until the vote"))
        box.setChecked(bool(self._record.get(voting.CLOSED)))
        box.setEnabled(self._record.editable and not voting.has_begun(self._record.document))
        box.clicked.connect(lambda checked: self._record.commit(voting.CLOSED, checked))
        self._body.addWidget(box)

    def ask(self, member: int) -> None:
        """Show the ballot to one member."""
        record, document = self._record, self._record.document
        name = voting.commission(document)[member].get("name") or ""
        on, birth = (parse_iso(str(record.get(path) or "")) for path in ("examination.on", "person.birth_date"))
        outcomes = self._desk.packs.outcomes(on, birth) if on is not None else tuple(Outcome)[:-1]
        users = None
        if record.procedure.vote_passphrase:
            from app.domain.names import same_name

            users = [user for user in self._users if same_name(user.name, name)]

        def cast(ballot: Ballot, done: Callable[[], None], failed: Callable[[BaseException], None]) -> None:
            record.act(lambda: self._desk.votes.cast(record.case_id, ballot), failed, done=done)

        dialog = BallotDialog(self._language, member, name, outcomes, users, cast, self)
        # The button that asked is drawn anew meanwhile: without this the keyboard would be at the top of the window.
        dialog.accepted.connect(lambda: QTimer.singleShot(0, self, self._go_on))
        dialog.open()

    def _go_on(self) -> None:
        target = self.first() or self.next_button
        if target is not None and self.isVisible():
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- once they have --------------------------------------------------------------------------------------
    def _show_opened(self, t: Translator) -> None:
        record, document = self._record, self._record.document
        proposal = record.draft.proposal
        found = voting.majority(document, record.procedure)
        known = proposal is not None and proposal.outcome is not Outcome.UNDETERMINED
        if found is not None:
            self._line(vote_words.counted(t, found, proposal), "section")
        box = panel()
        lines = QGridLayout(box)
        lines.setContentsMargins(16, 12, 16, 12)
        lines.setHorizontalSpacing(16)
        lines.setVerticalSpacing(10)
        for at, (heading, stretch) in enumerate(((t("Who"), 3), (t("The vote"), 3), (t("Beside the criteria"), 3))):
            lines.addWidget(_said(heading, "hint"), 0, at)
            lines.setColumnStretch(at, stretch)
        given = voting.votes(document)
        for place, (member, vote) in enumerate(zip(voting.commission(document), given, strict=True), start=1):
            name = member.get("name") or ""
            far = voting.distance(vote, proposal, document) if vote is not None and proposal is not None else None
            chosen = vote_words.choice(t, vote) if vote is not None else "○ " + t("has not voted")
            self._row(lines, 2 * place, name, chosen, vote_words.distance(t, far))
            if vote is not None and vote.get("reason"):
                lines.addWidget(_said(str(vote["reason"]), "hint"), 2 * place + 1, 1, 1, 2)
        last = 2 * (len(given) + 1)
        if found is not None:
            far = voting.distance(found.agreed, proposal, document) if proposal is not None else None
            self._row(lines, last, t("Majority"), vote_words.most(t, found), vote_words.distance(t, far), role="label")
        given_by = vote_words.proposed(t, proposal) if proposal is not None and known else t("Not enough data")
        self._row(lines, last + 1, t("The criteria"), given_by, "", role="label")
        self._body.addWidget(box)
        if found is not None:
            self._line(vote_words.decided_by(t, found))
        if record.editable:
            left = ", ".join(name for name in voting.waiting(document) if name)
            if left:
                self._line("⚠ " + t("{names}: no vote. The votes are open already; vote again from the beginning.",
                                    names=left), "warning")  # fmt: skip
            self._again(t, t("Vote again from the beginning"))

    def _row(self, lines: QGridLayout, at: int, *texts: str, role: str = "") -> None:
        for place, text in enumerate(texts):
            lines.addWidget(_said(text, role), at, place, Qt.AlignmentFlag.AlignTop)

    # --- both ------------------------------------------------------------------------------------------------
    def _again(self, t: Translator, words: str) -> None:
        anew = button("quiet", "undo-2")
        anew.setText(words)
        anew.setAccessibleName(words)
        anew.clicked.connect(self.ask_why)
        self.again_button = anew
        self._body.addWidget(anew, 0, Qt.AlignmentFlag.AlignLeft)

    def ask_why(self) -> None:
        """Ask why the members vote again, and begin anew."""
        asked = ReasonDialog(
            self._language,
            N_("Vote again from the beginning"),
            N_("All members vote anew. What was voted before stays in the record with the reason."),
            N_("Say in a few words why the members vote again."),
            N_("Begin anew"),
            N_("Keep the votes"),
            self,
        )
        asked.confirmed.connect(lambda why: self._record.act(lambda: self._desk.votes.again(self._record.case_id, why)))
        asked.open()

    def _show_earlier(self, t: Translator) -> None:
        for ended in self._record.get(voting.EARLIER) or []:
            told = {
                "moment": vote_words.moment(t, ended["ended"]),
                "name": ended.get("by") or "",
                "reason": ended.get("reason") or "",
            }
            self._line(t("Voted before; begun anew {moment} by {name}: {reason}", **told), "hint")
            for vote in ended.get("votes") or []:
                self._line(f"    {vote.get('name')}: {vote_words.choice(t, vote)}", "hint")

    def _show_changes(self, t: Translator) -> None:
        """What was changed after somebody had voted. Asked for on the worker once for each state of the case."""
        state = (self._record.view.saved_at, self._record.get(voting.VOTES))
        if state != self._asked_for:
            self._asked_for = state
            case_id = self._record.case_id
            self._tasks.run(lambda: self._desk.votes.late_changes(case_id), done=self._take_changes, owner=self)
        if self._changes:
            self._line(t("Changed after the vote"), "section")
        for change in self._changes:
            name = say(t, self._name_of(change.path))
            told = {
                "field": name[:1].upper() + name[1:],
                "old": _value(t, change.old),
                "new": _value(t, change.new),
                "reason": change.reason,
                "name": change.by,
            }
            self._line(t("{field}: {old} → {new}. {reason} ({name})", **told))

    def _take_changes(self, changes: tuple[LateChange, ...]) -> None:
        if changes != self._changes:
            self._changes = changes
            self.refresh()

    def _line(self, text: str, role: str = "") -> None:
        self._body.addWidget(_said(text, role))

    def _jump(self, words: str, path: str) -> None:
        item = JumpButton(words)
        item.clicked.connect(lambda: self.jumped.emit(path))
        self._body.addWidget(item)


def _said(text: str, role: str = "") -> QWidget:
    part = label(role, wrap=True)
    part.setText(text)
    return part


def _value(t: Translator, value: Any) -> str:
    """A value of the case in a list of changes: short ones as they are, long ones by their beginning."""
    match value:
        case None | [] | {}:
            return t("not given")
        case bool():
            return t("yes") if value else t("no")
        case "n/a":
            return t("does not apply")
        case {"at": int(), "text": str() as part}:  # of a long text only what was cut out and put in is kept
            return _value(t, part) if part else "–"
        case str() | int() | float():
            text = " ".join(str(value).split())
            return text if len(text) <= 60 else text[:57] + "…"
        case _:
            return t("other entries")

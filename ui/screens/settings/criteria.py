"""The criteria that this desk works by: editions at hand, keys whose editions it takes."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QProgressBar, QWidget

from app.domain.errors import Cancelled, NothingToDo, Told
from app.domain.text import N_, Text
from app.i18n import Translator
from app.services.acceptance import STEPS
from app.services.desk import Desk
from app.services.edition_list import EditionInfo, KeyInfo
from app.services.edition_words import days_decided, key_name, key_standing, origin, signed_off
from app.services.views import User
from ui.language import Language
from ui.screens.settings.criteria_dialogs import AdmitDialog, RevokeDialog
from ui.tasks import TaskRunner
from ui.theme import restyle
from ui.widgets.output import choose_file, choose_folder
from ui.widgets.parts import button, column, label, row, rule
from ui.widgets.question import Question
from ui.widgets.words import Words

_IN_SIGHT = 3
AtHand = tuple[tuple[EditionInfo, ...], tuple[KeyInfo, ...], User]


class CriteriaPage(QWidget):
    """`changed` once an edition was accepted or a key revoked; `edition_wanted` to prepare a new edition."""

    title = N_("Criteria")
    changed = Signal()
    edition_wanted = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._shown: dict[QListWidget, list[int]] = {}
        self._desk, self._tasks, self._language = desk, tasks, language
        self._words = Words(language, self)
        self._at_hand: AtHand | None = None
        self._stop: threading.Event | None = None
        self._step = 0
        lines = column(self, gap=12)
        self._build_editions(lines.addWidget, lines.addLayout)
        lines.addWidget(rule())
        self._build_keys(lines.addWidget, lines.addLayout)
        lines.addStretch(1)
        tasks.told.connect(self._on_told)
        language.changed.connect(self._fill)
        self._set_enabled()
        self.refresh()

    def _build_editions(self, add: Callable[[QWidget], object], add_row: Callable[..., object]) -> None:
        words = self._words
        about, heading = label("hint", wrap=True), label("section", wrap=True)
        words(heading, "text", N_("Editions of the criteria"))
        words(
            about, "text",
            N_("A case is decided by the edition that holds on the day of its examination. Accepting a new edition"
               " changes nothing in what is signed."),
        )  # fmt: skip
        self.editions = self._list(N_("Editions of the criteria"))
        self.install_button, self.prepare_button = button("primary", "plus"), button("", "pencil")
        words(self.install_button, "text", N_("Accept an edition…"))
        words(self.prepare_button, "text", N_("Prepare a new edition…"))
        self.install_button.clicked.connect(self._on_install)
        self.prepare_button.clicked.connect(self.edition_wanted)
        self.who = label("hint", wrap=True)
        self.step = label(wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        words(self.bar, "accessibleName", N_("How far the checks are"))
        self.stop_button = button("quiet", "x")
        words(self.stop_button, "text", N_("Stop the checks"))
        self.stop_button.clicked.connect(self.stop)
        self.verdict = label(wrap=True)
        self.verdict.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        add(heading)
        add(about)
        add(self.editions)
        buttons = row()
        buttons.addWidget(self.install_button)
        buttons.addWidget(self.prepare_button)
        buttons.addStretch(1)
        add_row(buttons)
        self.at_work = QWidget()
        under_way = column(self.at_work, gap=4)
        under_way.addWidget(self.step)
        bar = row()
        bar.addWidget(self.bar, 1)
        bar.addWidget(self.stop_button)
        under_way.addLayout(bar)
        self.at_work.hide()
        self.verdict.hide()
        for part in (self.who, self.at_work, self.verdict):
            add(part)

    def _build_keys(self, add: Callable[[QWidget], object], add_row: Callable[..., object]) -> None:
        words = self._words
        heading, about = label("section", wrap=True), label("hint", wrap=True)
        words(heading, "text", N_("Keys whose editions this desk takes"))
        words(about, "text", N_("An edition is signed with its methodologist's key. A key is admitted once its"
                                " fingerprint was compared, and revoked once it can't be trusted."))  # fmt: skip
        self.keys = self._list(N_("Keys whose editions this desk takes"))
        self.keys.currentRowChanged.connect(lambda _: self._set_enabled())
        self.admit_button, self.revoke_button = button("", "plus"), button("danger")
        words(self.admit_button, "text", N_("Admit a key…"))
        words(self.revoke_button, "text", N_("Revoke this key…"))
        self.admit_button.clicked.connect(self._on_admit)
        self.revoke_button.clicked.connect(self._on_revoke)
        self.key_verdict = label(wrap=True)
        self.key_verdict.hide()
        add(heading)
        add(about)
        add(self.keys)
        buttons = row()
        buttons.addWidget(self.admit_button)
        buttons.addWidget(self.revoke_button)
        buttons.addStretch(1)
        add_row(buttons)
        add(self.key_verdict)

    def _list(self, name: str) -> QListWidget:
        made = QListWidget()
        made.setWordWrap(True)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._words(made, "accessibleName", name)
        return made

    def first_field(self) -> QWidget:
        return self.editions

    # --- what is at hand --------------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Ask for editions and keys again."""
        service = self._desk.acceptance
        self._tasks.run(
            lambda: (service.editions(), service.keys(), service.administrator()), done=self._show, owner=self
        )

    def _show(self, at_hand: AtHand) -> None:
        self._at_hand = at_hand
        told = {"name": at_hand[2].name, "login": at_hand[2].login}
        self._words(self.who, "text", Text(N_("Only {name} ({login}), who set this desk up, changes these."), told))
        self.who.setVisible(not self._is_administrator())
        self._fill()
        self._set_enabled()

    def _fill(self) -> None:
        if self._at_hand is None:
            return
        t = self._language.t
        editions, keys, _ = self._at_hand
        said = [
            (
                f"{each.version}: {t.show(days_decided(each))}",
                _status(each, t),
                t("{origin}; signed with the key of {name}", origin=origin(each), name=key_name(each.key)),
            )
            for each in editions
        ]
        self._put(self.editions, said)
        self._put(
            self.keys,
            [(f"{key.fingerprint} · {t.show(key_name(key))}", key_standing(key)) for key in keys],
        )

    def _put(self, into: QListWidget, said: Sequence[tuple[object, ...]]) -> None:
        # Of the keys none is chosen by itself: the first is the program's own, and the button beside them revokes.
        at, t = max(into.currentRow(), -1 if into is self.keys else 0), self._language.t
        into.clear()
        for parts in said:
            into.addItem(QListWidgetItem("\n".join(t.show(part) for part in parts)))
        into.setCurrentRow(min(at, into.count() - 1))
        self._shown[into] = [len(parts) for parts in said[:_IN_SIGHT]]
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Each list as high as its first entries at the size of text in force; the rest is scrolled to."""
        for into, rows in self._shown.items():
            into.setFixedHeight(self.fontMetrics().lineSpacing() * sum(rows) + 10 * len(rows) + 8)

    def _is_administrator(self) -> bool:
        return self._at_hand is not None and self._at_hand[2].id == self._desk.user.id

    def _chosen_key(self) -> KeyInfo | None:
        at = self.keys.currentRow()
        return self._at_hand[1][at] if self._at_hand is not None and 0 <= at < len(self._at_hand[1]) else None

    def _set_enabled(self) -> None:
        may = self._is_administrator() and self._stop is None
        chosen = self._chosen_key()
        self.install_button.setEnabled(may)
        self.admit_button.setEnabled(may)
        self.revoke_button.setEnabled(may and chosen is not None and not chosen.revoked)

    # --- accepting an edition ---------------------------------------------------------------------------------
    def _on_install(self) -> None:
        folder = choose_folder(self._language.t, self, self._language.t("The folder of a signed edition"))
        if folder is not None:
            self.install(folder)

    def install(self, folder: Path) -> None:
        """Check the edition in a folder and take it in; what comes of it stays to be read."""
        if self._stop is not None:
            return
        self._stop, self._step = threading.Event(), 0
        self._say(self.verdict, None)
        self._say(self.key_verdict, None)
        self.bar.setValue(0)
        self.step.clear()
        self.at_work.show()
        self._set_enabled()
        self.stop_button.setFocus()
        self._tasks.run(
            partial(_accept, self._desk, folder, self._tasks, self._stop),
            done=self._accepted,
            failed=self._refused,
            name=self._language.t("Checking an edition of the criteria"),
            owner=self,
        )

    def stop(self) -> None:
        """Leave it."""
        if self._stop is not None:
            self._stop.set()

    def leave(self, then: Callable[[], None]) -> None:
        """Do `then`, once the person has chosen to stop checks that are under way."""
        if self._stop is None:
            then()
            return
        asked = Question(
            self._language,
            N_("Stop checking the edition?"),
            Text(N_("The edition is not accepted yet. Whoever leaves now stops the checks.")),
            N_("Stay"),
            N_("Stop and leave"),
            self,
        )
        asked.confirmed.connect(self.stop)
        asked.confirmed.connect(then)
        asked.rejected.connect(self.stop_button.setFocus)
        asked.open()

    def _on_told(self, step: Text) -> None:
        if self._stop is None:
            return
        self._step += 1
        self.bar.setValue(self._step)
        told = {"n": self._step, "of": STEPS, "step": step}
        self._words(self.step, "text", Text(N_("Step {n} of {of}: {step}"), told))

    def _accepted(self, edition: EditionInfo | None) -> None:
        self._ended()
        if edition is None:
            self._say(self.verdict, Text(N_("The checks were stopped. Nothing was changed.")))
            return
        told = {"version": edition.version, "days": days_decided(edition)}
        self._say(self.verdict, Text(N_("✓ The edition {version} was accepted: {days}."), told))
        self.refresh()
        self.changed.emit()

    def _refused(self, error: BaseException) -> None:
        self._ended()
        self._take(self.verdict, error)

    def _ended(self) -> None:
        self._stop = None
        self.at_work.hide()
        self._set_enabled()
        if self.isVisible():  # behind the lock the keyboard is the lock's
            self.install_button.setFocus()

    # --- keys -------------------------------------------------------------------------------------------------
    def _on_admit(self) -> None:
        t = self._language.t
        path = choose_file(t, self, t("The public key of a methodologist"), t("Public key (*.pub)"))
        if path is not None:
            self.admit(path)

    def admit(self, path: Path) -> None:
        """Show the fingerprint of the key in a file, and ask whose it is."""
        self._say(self.key_verdict, None)
        self._tasks.run(
            lambda: self._desk.acceptance.read_key(path),
            done=lambda fingerprint: self._ask_name(path, fingerprint),
            failed=lambda error: self._take(self.key_verdict, error),
            owner=self,
        )

    def _ask_name(self, path: Path, fingerprint: str) -> None:
        asked = AdmitDialog(self._language, fingerprint, self)
        asked.confirmed.connect(lambda name: self._change(lambda: self._desk.acceptance.admit_key(path, name)))
        asked.open()

    def _on_revoke(self) -> None:
        key = self._chosen_key()
        if key is None or self._at_hand is None:
            return
        signed = [each for each in self._at_hand[0] if each.key.fingerprint == key.fingerprint and each.decides]
        asked = RevokeDialog(
            self._language, key, [each.version for each in signed if not each.shipped],
            [each.version for each in signed if each.shipped], self,
        )  # fmt: skip
        asked.confirmed.connect(
            lambda reason: self._change(lambda: self._desk.acceptance.revoke_key(key.fingerprint, reason))
        )
        asked.open()

    def _change(self, change: Callable[[], KeyInfo]) -> None:
        self._say(self.verdict, None)
        self._say(self.key_verdict, None)
        self._tasks.run(
            change, done=self._key_changed, failed=lambda error: self._take(self.key_verdict, error), owner=self
        )

    def _key_changed(self, key: KeyInfo) -> None:
        told = {"fingerprint": key.fingerprint, "standing": key_standing(key)}
        self._say(self.key_verdict, Text(N_("✓ The key {fingerprint}: {standing}"), told))
        self.refresh()
        self.changed.emit()

    # --- inside -----------------------------------------------------------------------------------------------
    def _take(self, where: QLabel, error: BaseException) -> None:
        if isinstance(error, NothingToDo):
            self._say(where, error.text)
        elif isinstance(error, Told):
            self._say(where, Text(N_("✗ {reason}"), {"reason": error.text}), error=True)
        else:
            self._tasks.failed.emit(error)

    def _say(self, where: QLabel, text: Text | None, *, error: bool = False) -> None:
        if text is None:
            self._words.forget(where)
            where.clear()
        else:
            self._words(where, "text", text)
        where.setProperty("role", "error" if error else "")
        restyle(where)
        where.setVisible(text is not None)


def _status(edition: EditionInfo, t: Translator) -> str:
    """How sure an edition is, and how much of it was compared with the official text; or why it can't be read."""
    if edition.trouble or edition.status is None:
        return t.show(edition.trouble or "")
    return f"{t.show(edition.status)}; {t.show(signed_off(edition))}"


def _accept(desk: Desk, folder: Path, tasks: TaskRunner, stop: threading.Event) -> EditionInfo | None:
    """On the worker: None where the person stopped it."""

    try:
        return desk.acceptance.install(folder, tasks.tell, stop.is_set)
    except Cancelled:
        return None

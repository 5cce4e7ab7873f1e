"""Work on an edition: topics, records, one record; below, what differs from the edition before, checks, signature."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QListWidgetItem, QPlainTextEdit, QStackedWidget, QWidget

from app.domain.clock import SystemClock
from app.domain.errors import Told
from app.domain.text import N_, LocalText, Text
from app.services import edition_keys, editions, signing_off
from app.services.desk import Desk
from app.services.edition_changes import change_lines
from app.services.signing_off import RecordState, Work
from ui.language import Language
from ui.screens.criteria.key_dialog import KeyDialog
from ui.screens.criteria.record_panel import RecordPanel
from ui.screens.criteria.sign_dialog import SignDialog
from ui.tasks import TaskRunner
from ui.theme import restyle
from ui.widgets.parts import button, column, label, panel, row, scrolled
from ui.widgets.words import Words
from ui.widgets.wrapped_list import WrappedList

if TYPE_CHECKING:
    from datetime import date

    from app.rules.coverage import Finding
    from app.rules.difference import RecordChange
    from app.services.edition_signature import EditionSignature

    Reading = tuple[Work, EditionSignature, tuple[str, tuple[RecordChange, ...]]]

_LONGEST = 140
_SIGNS = {"verified": "✓", "lapsed": "!", "open": "○"}
_STATES = {"verified": N_("signed off"), "lapsed": N_("changed since its sign-off"),
           "moved": N_("signed off, then other rows came above it"), "seen": N_("seen in a source"),
           "memory": N_("from memory")}  # fmt: skip


class WorkPage(QWidget):
    """`opened` once the edition of a folder is shown; `refused(error)` where it can't be; `closed` to go back."""

    opened = Signal()
    refused = Signal(object)
    closed = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        self._work: Work | None = None
        self._signature: EditionSignature | None = None
        self._shown: tuple[RecordState, ...] = ()
        self._changes: tuple[RecordChange, ...] | None = None
        self._before = ""
        self._findings: tuple[Finding, ...] | None = None
        self._words = Words(language, self)
        self._build_records()
        self._build_bottom()
        head = row(gap=16)
        head.addWidget(self.title, 1)
        head.addWidget(self.again_button)
        head.addWidget(self.back_button)
        lines = column(self, gap=8)
        lines.addLayout(head)
        lines.addWidget(self.main, 1)
        lines.addWidget(self.said)
        lines.addLayout(self._bottom)
        language.changed.connect(self._fill)

    def _build_records(self) -> None:
        words = self._words
        self.title = label("heading", wrap=True)
        self.again_button, self.back_button = button("", "history"), button("", "chevron-left")
        words(self.again_button, "text", N_("Read the files again"))
        self.again_button.clicked.connect(self.read_again)
        self.back_button.clicked.connect(self.back)
        self.topics, self.records = self._list(N_("Topics of the check-list")), self._list(N_("Records of the topic"))
        self.topic = label("hint", wrap=True)
        self.search, self.changed_only = QLineEdit(), QCheckBox()
        words(self.search, "placeholderText", N_("Find a record by its name or words"))
        words(self.search, "accessibleName", N_("Find a record by its name or words"))
        words(self.changed_only, "text", N_("Changed records alone"))
        self.search.textChanged.connect(lambda _: self._show_topic())
        self.changed_only.toggled.connect(lambda _: self._show_topic())
        self.record = RecordPanel(self._language)
        self.record.signed_off.connect(self._sign_off)
        self.record.withdrawn.connect(self._withdraw)
        self.topics.currentRowChanged.connect(lambda _: self._choose_topic())
        self.records.currentRowChanged.connect(lambda _: self._show_record())
        middle = column(gap=8)
        middle.addWidget(self.search)
        middle.addWidget(self.changed_only)
        middle.addWidget(self.topic)
        middle.addWidget(self.records, 1)
        sheet = panel()
        column(sheet).addWidget(scrolled(self.record))
        page = QWidget()
        line = row(page, gap=12)
        line.addWidget(self.topics, 5)
        line.addLayout(middle, 6)
        line.addWidget(sheet, 9)
        self.changes, self.checks = QPlainTextEdit(), QPlainTextEdit()
        words(self.changes, "accessibleName", N_("What changes"))
        words(self.checks, "accessibleName", N_("Checks of the edition"))
        self.main = QStackedWidget()
        self.main.addWidget(page)
        for text in (self.changes, self.checks):
            text.setReadOnly(True)
            text.setTabChangesFocus(True)
            self.main.addWidget(text)

    def _build_bottom(self) -> None:
        self.said = label(wrap=True)
        self.said.hide()
        self.said.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.summary = label("hint", wrap=True)
        self.changes_button, self.check_button = button("", "columns-2"), button("", "shield-check")
        self.sign_button = button("primary", "signature")
        for each, text in (
            (self.changes_button, N_("What changes")),
            (self.check_button, N_("Check the edition")),
            (self.sign_button, N_("Sign with my key…")),
        ):
            self._words(each, "text", text)
        self.changes_button.clicked.connect(self.show_changes)
        self.check_button.clicked.connect(self.check)
        self.sign_button.clicked.connect(self._on_sign)
        self._bottom = row(gap=12)
        self._bottom.addWidget(self.summary, 1)
        for each in (self.changes_button, self.check_button, self.sign_button):
            self._bottom.addWidget(each)

    def _list(self, name: str) -> WrappedList:
        made = WrappedList()
        self._words(made, "accessibleName", name)
        return made

    def first_field(self) -> QWidget:
        return self.topics

    # --- opening ----------------------------------------------------------------------------------------------
    def open(self, folder: Path) -> None:
        """Read the edition in a folder, in the background; `opened` or `refused`."""
        self._changes = self._findings = None
        self._tell(None)
        self._read(folder, opened=True)

    def back(self) -> None:
        """From changes and checks to the records, from the records to the choice of the edition."""
        if self.main.currentIndex():
            self._show_page(0)
            self.records.setFocus()
        else:
            self.closed.emit()

    def read_again(self) -> None:
        """Read what was changed in the folder meanwhile."""
        if self._work is not None:
            self._findings = None
            self._tell(None)
            self._read(self._work.folder)

    def _read(self, folder: Path, *, opened: bool = False) -> None:
        def read(found: "Reading") -> None:
            self._work, self._signature, (self._before, self._changes) = found
            self._fill()
            if opened:
                self._show_page(0)
                self.topics.setCurrentRow(0)
                self.records.setCurrentRow(0)
                self.opened.emit()

        self._tasks.run(
            lambda: self._read_now(folder),
            done=read,
            failed=self.refused.emit if opened else self._failed,
            name=self._language.t("Reading the edition"),
            owner=self,
        )

    def _read_now(self, folder: Path) -> "Reading":
        """On the worker: the edition, its signature, and what differs from the newest at hand of a lower version."""
        work, signature = signing_off.work(folder), self._desk.acceptance.signature_of(folder)
        before = editions.before(work.version, {one.version: one.files for one in self._desk.packs.at_hand()})
        if before is None:
            return work, signature, ("", ())
        return work, signature, (before[0], editions.compare(before[1](), folder)[2])

    # --- showing ----------------------------------------------------------------------------------------------
    def _fill(self) -> None:
        work, t = self._work, self._language.t
        if work is None:
            return
        state = t.show(self._signature.briefly()) if self._signature else ""
        since = t("from {first}", first=work.valid_from)
        self.title.setText(f"{work.id} {work.version} · {since} · {state}")
        sentence = t.show(self._signature.words()) if self._signature else ""
        self.title.setToolTip(f"{work.folder}\n{sentence}")
        kept = self.topics.currentRow()
        self.topics.blockSignals(True)
        self.topics.clear()
        for topic in work.topics:
            records = work.of_topic(topic.number)
            verified = sum(record.sign_off is not None for record in records)
            counted = t("verified: {n} of {all}", n=verified, all=len(records))
            item = QListWidgetItem(f"{topic.number}. {_short(t.show(topic.text))}\n{counted}")
            item.setToolTip(t.show(topic.text))
            self.topics.addItem(item)
        self.topics.setCurrentRow(max(kept, 0))
        self.topics.blockSignals(False)
        self._show_topic(keep=True)
        self._show_summary()
        self._show_changes()
        self._show_checks()
        self._show_page(self.main.currentIndex())

    def _choose_topic(self) -> None:
        """Show a topic whole, whatever was looked for before."""
        for part in (self.search, self.changed_only):
            part.blockSignals(True)
        self.search.clear()
        self.changed_only.setChecked(False)
        for part in (self.search, self.changed_only):
            part.blockSignals(False)
        self._show_topic()

    def _chosen(self, work: Work) -> tuple[RecordState, ...]:
        """The records to be listed: those found in all topics, else those of the topic."""
        t, at = self._language.t, self.topics.currentRow()
        words = self.search.text().strip()
        if words or self.changed_only.isChecked():
            chosen = signing_off.changed(work.records, self._changes or ()) if self.changed_only.isChecked() else None
            records = signing_off.found(work.records if chosen is None else chosen, words)
            self.topic.setText(t("In all topics: {n}", n=len(records)))
            return records
        topic = work.topics[at] if 0 <= at < len(work.topics) else None
        self.topic.setText(t.show(topic.text) if topic else "")
        return work.of_topic(topic.number) if topic else work.records

    def _show_topic(self, *, keep: bool = False) -> None:
        work = self._work
        if work is None:
            return
        t = self._language.t
        self._shown = self._chosen(work)
        kept = self.records.currentRow() if keep else 0
        self.records.blockSignals(True)
        self.records.clear()
        for record in self._shown:
            days = f", {t.show(record.days)}" if record.days else ""
            text = t.show(record.text) if record.text else _said(record, self._language)
            sign, word = _state(record)
            self.records.addItem(f"{sign} {record.id}{days} · {t(word)}\n{_begun(text)}")
        if not self._shown:
            looked_for = self.search.text().strip() or self.changed_only.isChecked()
            empty = QListWidgetItem(
                t("No record is like that.") if looked_for else t("The edition has no record of this topic yet.")
            )
            empty.setFlags(Qt.ItemFlag.NoItemFlags)
            self.records.addItem(empty)
        self.records.setCurrentRow(min(max(kept, 0), len(self._shown) - 1))
        self.records.blockSignals(False)
        self._show_record()

    def _show_record(self) -> None:
        record = self._current()
        self.record.show_record(record, changeable=self._work is not None and self._work.changeable)

    def _current(self) -> RecordState | None:
        at = self.records.currentRow()
        return self._shown[at] if 0 <= at < len(self._shown) else None

    def _show_page(self, index: int) -> None:
        self.main.setCurrentIndex(index)
        self._words(self.back_button, "text", N_("Back to the records") if index else N_("Another edition"))

    def _show_summary(self) -> None:
        work, t = self._work, self._language.t
        if work is None:
            return
        verified = sum(record.sign_off is not None for record in work.records)
        parts = [t("verified: {n} of {all}", n=verified, all=len(work.records))]
        if self._changes is not None and self._before:
            parts.append(t("{n} differ from {version}", n=len(self._changes), version=self._before))
        if self._findings is not None:
            failed = sum(not finding.ok for finding in self._findings)
            parts.append(t("{n} checks, {failed} failed.", n=len(self._findings), failed=failed))
        self.summary.setText(" · ".join(parts))
        self.sign_button.setEnabled(work.changeable)

    # --- what changes, checks ---------------------------------------------------------------------------------
    def show_changes(self) -> None:
        """What differs from the edition before."""
        self._show_page(1)
        self.changes.setFocus()

    def _show_changes(self) -> None:
        t = self._language.t
        blocks = ["\n".join(change_lines(change, t)) for change in self._changes or ()]
        if not self._before:
            blocks = [t("There is no edition of a lower version to compare with.")]
        elif not blocks:
            blocks = [t("The two editions say the same.")]
        else:
            blocks.insert(0, t("What differs from {version}", version=self._before))
        self.changes.setPlainText("\n\n".join(blocks))

    def check(self) -> None:
        """Prove the edition and run its own cases, in the background."""
        work = self._work
        if work is None or not self.check_button.isEnabled():
            return
        self._set_busy(True)
        folder = work.folder
        self._tasks.run(
            lambda: editions.check(folder),
            done=self._checked,
            failed=self._failed,
            name=self._language.t("Checking the edition"),
            owner=self,
        )

    def _checked(self, findings: tuple["Finding", ...]) -> None:
        self._set_busy(False)
        self._findings = findings
        self._show_checks()
        self._show_summary()
        self._show_page(2)
        self.checks.setFocus()

    def _show_checks(self) -> None:
        t = self._language.t
        findings = sorted(self._findings or (), key=lambda finding: finding.ok)  # what fails stands first
        self.checks.setPlainText("\n".join(
            f"{'✓' if finding.ok else '✗'} {t.show(finding.name)}, {finding.subject}: {t.show(finding.detail)}"
            for finding in findings))  # fmt: skip

    # --- signing off and signing ------------------------------------------------------------------------------
    def _sign_off(self, by: str, on: "date", place: LocalText) -> None:
        work, record = self._work, self._current()
        if work is None or record is None:
            return
        folder, key, today = work.folder, record.key, SystemClock().today()
        self._write(lambda: signing_off.sign_off(folder, [key], by=by, on=on, place=place, today=today), folder)

    def _withdraw(self) -> None:
        work, record = self._work, self._current()
        if work is None or record is None:
            return
        folder, key = work.folder, record.key
        self._write(lambda: signing_off.withdraw(folder, [key]), folder)

    def _write(self, write: Callable[[], object], folder: Path) -> None:
        self._tell(None)

        def written(_: object) -> None:
            self._findings = None
            self._read(folder)
            self.records.setFocus()

        self._tasks.run(write, done=written, failed=self._failed, owner=self)

    def _on_sign(self) -> None:
        if self._work is not None:
            self._ask_key()

    def _ask_key(self, file: Path | None = None) -> None:
        dialog = SignDialog(self._tasks, self._language, self, file)
        dialog.opened.connect(self.sign)
        dialog.key_wanted.connect(self._on_key)
        dialog.open()

    def _on_key(self) -> None:
        dialog = KeyDialog(self._tasks, self._language, self)
        dialog.made.connect(self._key_made)
        dialog.open()

    def _key_made(self, file: Path, fingerprint: str) -> None:
        self._tell(
            Text(N_("✓ The key is in {path}. Fingerprint, to be compared by voice: {fingerprint}"),
                 {"path": str(file), "fingerprint": fingerprint})
        )  # fmt: skip
        self._ask_key(file)

    def sign(self, key: bytes) -> None:
        """Check the edition and sign it with a methodologist's private key, in the background."""
        work = self._work
        if work is None:
            return
        folder = work.folder
        self._tell(None)
        self._set_busy(True)
        self._tasks.run(
            lambda: edition_keys.sign_with(folder, key),
            done=self._signed,
            failed=self._failed,
            name=self._language.t("Checking and signing the edition"),
            owner=self,
        )

    def _signed(self, fingerprint: str) -> None:
        self._set_busy(False)
        work = self._work
        if work is not None:
            self._tell(
                Text(N_("✓ The edition holds and is signed with the key {fingerprint}. Hand over the folder {path}."),
                     {"fingerprint": fingerprint, "path": str(work.folder)})
            )  # fmt: skip
            self._read(work.folder)

    # --- inside -----------------------------------------------------------------------------------------------
    def _set_busy(self, busy: bool) -> None:
        changeable = self._work is not None and self._work.changeable
        self.check_button.setEnabled(not busy)
        self.sign_button.setEnabled(not busy and changeable)

    def _failed(self, error: BaseException) -> None:
        self._set_busy(False)
        if isinstance(error, edition_keys.HasGaps):
            self._checked(error.findings)
            failed = sum(not finding.ok for finding in error.findings)
            self._tell(Text(N_("The edition was not signed: {n} of its checks fail. They stand first in the list."),
                            {"n": failed}), failed=True)  # fmt: skip
        elif isinstance(error, Told) and (error.where or "").startswith(("by", "on", "place_")):
            self.record.refuse(error)
        elif isinstance(error, Told):
            self._tell(error.text, failed=True)
        else:
            self._tasks.failed.emit(error)

    def _tell(self, text: Text | None, *, failed: bool = False) -> None:
        """A line above the buttons that stays until the next action."""
        if text is None:
            self._words.forget(self.said)
        else:
            self._words(self.said, "text", text)
        self.said.setProperty("role", "error" if failed else "")
        restyle(self.said)
        self.said.setVisible(text is not None)


def _state(record: RecordState) -> tuple[str, str]:
    if record.moved:
        return _SIGNS["lapsed"], _STATES["moved"]
    if record.sign_off is not None:
        return _SIGNS["verified"], _STATES["verified"]
    if record.lapsed is not None:
        return _SIGNS["lapsed"], _STATES["lapsed"]
    return _SIGNS["open"], _STATES[record.citation.status.value]


def _begun(text: str) -> str:
    """The beginning of a long text, for a line of a list: the whole stands beside it."""
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + "…"


def _short(text: str) -> str:
    """The subject of a topic: its text up to the first colon, semicolon or bracket."""
    for mark in (":", ";", "("):
        text = text.partition(mark)[0]
    return text.strip()


def _said(record: RecordState, language: Language) -> str:
    t = language.t
    return "; ".join(f"{t.show(field.label)}: {', '.join(t.show(line) for line in field.lines)}"
                     for field in record.fields if field.key not in ("cite", "in_force"))  # fmt: skip

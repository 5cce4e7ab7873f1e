"""Which edition to work on: a new one made from one at hand, or one in a folder."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain import dates
from app.domain.clock import SystemClock
from app.domain.errors import Told
from app.domain.text import N_, Text
from app.services import editions
from app.services.desk import Desk
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.labelled import Labelled
from ui.widgets.output import choose_folder
from ui.widgets.parts import button, column, label, panel, row, rule
from ui.widgets.whole_list import WholeList
from ui.widgets.words import Words

AtHand = tuple[tuple[str, Mapping[str, bytes]], ...]


class StartPage(QWidget):
    """`opened(folder)` once there is an edition to work on; `closed` to go back."""

    opened = Signal(object)
    closed = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        self._files: dict[str, Mapping[str, bytes]] = {}
        words = self._words = Words(language, self)
        title, about = label("heading", wrap=True), label("hint", wrap=True)
        words(title, "text", N_("Prepare a new edition of the criteria"))
        words(
            about, "text",
            N_("An edition is prepared in a folder of its own and decides about nobody until a desk has accepted it."),
        )  # fmt: skip
        self.choose_button, self.make_button = button("", "search"), button("primary", "plus")
        self.source = WholeList()
        self.version, self.day, self.place = QLineEdit(), QLineEdit(), QLineEdit()
        self._fields = {
            "source": Labelled(words, N_("Edition to start from"), self.source),
            "version": Labelled(words, N_("Version of the new edition"), self.version),
            "valid_from": Labelled(words, N_("First day on which it holds"), self.day),
            "folder": Labelled(words, N_("New folder"), self.place, beside=self.choose_button),
        }
        words(self.day, "placeholderText", N_("dd.mm.yyyy"))
        self.open_button, self.back_button = button("", "file-text"), button("", "chevron-left")
        for each, text in (
            (self.choose_button, N_("Choose where…")),
            (self.make_button, N_("Make the edition")),
            (self.open_button, N_("Open a folder in work…")),
            (self.back_button, N_("Back to the settings")),
        ):
            words(each, "text", text)
        self.said = label("error", wrap=True)
        self.said.hide()
        self._lay(title, about)
        self.choose_button.clicked.connect(self._on_choose)
        self.make_button.clicked.connect(self.make)
        self.open_button.clicked.connect(self._on_open)
        self.back_button.clicked.connect(self.closed)
        for line in (self.version, self.day, self.place):
            line.returnPressed.connect(self.make)
        self.source.currentIndexChanged.connect(lambda _: self._suggest())
        tasks.run(self._at_hand, done=self._show, owner=self)

    def _lay(self, title: QWidget, about: QWidget) -> None:
        sheet = panel()
        lines = column(sheet, margin=24, gap=16)
        lines.addWidget(title)
        lines.addWidget(about)
        first = row(gap=16)
        for name in ("source", "version", "valid_from"):
            # An error below one leaves the others where they are.
            first.addWidget(self._fields[name], 1, Qt.AlignmentFlag.AlignTop)
        lines.addLayout(first)
        lines.addWidget(self._fields["folder"])
        buttons = row()
        buttons.addWidget(self.make_button)
        buttons.addStretch(1)
        lines.addLayout(buttons)
        lines.addWidget(self.said)
        lines.addWidget(rule())
        others = row()
        others.addWidget(self.open_button)
        others.addStretch(1)
        others.addWidget(self.back_button)
        lines.addLayout(others)
        whole = column(self)
        whole.addWidget(sheet)
        whole.addStretch(1)

    def first_field(self) -> QWidget:
        return self.source

    def make(self) -> None:
        """Make the edition that was described."""
        for field in self._fields.values():
            field.set_error(None)
        self.said.hide()
        source = self._files.get(str(self.source.currentData()))
        day, target = self._read_day(), self._read_folder()
        if source is None or day is None or target is None or not self.make_button.isEnabled():
            return
        version = self.version.text().strip()
        self.set_busy(True)
        self._tasks.run(
            lambda: editions.new_edition(source, target, version=version, valid_from=day),
            done=self.opened.emit,
            failed=self._failed,
            name=self._language.t("Making the edition"),
            owner=self,
        )

    def set_busy(self, busy: bool) -> None:
        """Whether an edition is being made or read."""
        for each in (self.make_button, self.open_button):
            each.setEnabled(not busy)

    def refuse(self, error: object) -> None:
        """Say what the edition in the folder has against being opened; it stays to be read."""
        if not isinstance(error, Told):
            self._tasks.failed.emit(error)
            return
        self._words(self.said, "text", error.text)
        self.said.show()

    def _read_folder(self) -> Path | None:
        """The whole path: what is typed in part would be made wherever the program happens to run."""
        place = self.place.text().strip()
        target = Path(place).expanduser()
        if place and target.is_absolute():
            return target
        self._fields["folder"].set_error(
            Text(N_("“{text}” is no whole path of a folder. Choose where the folder is to be made."), {"text": place})
            if place
            else Text(N_("Name the folder that is to be made."))
        )
        return None

    def _read_day(self) -> date | None:
        if not self.day.text().strip():
            self._fields["valid_from"].set_error(Text(N_("Type the first day on which the edition holds.")))
            return None
        try:
            return dates.parse_typed(self.day.text(), SystemClock().today())
        except Told as told:
            self._fields["valid_from"].set_error(told.text)
            return None

    def _failed(self, error: BaseException) -> None:
        self.set_busy(False)
        field = self._fields.get(getattr(error, "where", None) or "")
        if isinstance(error, Told) and field is not None:
            field.set_error(error.text)
            field.input.setFocus()
        else:
            self.refuse(error)

    # --- what is at hand --------------------------------------------------------------------------------------
    def _at_hand(self) -> AtHand:
        return tuple((edition.version, edition.files()) for edition in self._desk.packs.at_hand())

    def _show(self, at_hand: AtHand) -> None:
        self._files = dict(at_hand)
        self.source.clear()
        for version in self._files:
            self.source.addItem(f"{editions.PACK_ID} {version}", version)
        self._suggest()

    def _suggest(self) -> None:
        version = self.source.currentData()
        if version:
            self.version.setText(editions.next_version(str(version)))

    def _on_choose(self) -> None:
        parent = choose_folder(self._language.t, self, self._language.t("Where the new folder is to be made"))
        if parent is not None:
            self.place.setText(str(parent / f"{editions.PACK_ID}-{self.version.text().strip()}"))
            self._fields["folder"].set_error(None)

    def _on_open(self) -> None:
        folder = choose_folder(self._language.t, self, self._language.t("The folder of an edition in work"))
        if folder is not None:
            self.said.hide()
            self.set_busy(True)
            self.opened.emit(folder)

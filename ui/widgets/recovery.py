"""The recovery code: shown once, in groups, to be printed or saved, and confirmed as kept."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.domain.text import N_
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.output import ask_file, ask_printer, print_pdf, write_file
from ui.widgets.parts import button, column, label, panel, row
from ui.widgets.words import Words

_GROUPS_A_LINE = 3


def file_name(login: str) -> str:
    """How the sheet of this user is called: each has a file of its own."""
    plain = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in login)
    return f"saraptama-recovery-{plain}.pdf" if plain else "saraptama-recovery.pdf"


class RecoverySheet(QWidget):
    """Shows `code`; `sheet()` makes its PDF on the worker. `kept` tells when the box is ticked or cleared."""

    kept = Signal(bool)
    failed = Signal(object)

    def __init__(self, words: Words, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._tasks, self._language = tasks, language
        self._sheet: Callable[[], bytes] | None = None
        self._expected = False
        self._login = ""
        why = label(wrap=True)
        words(
            why,
            "text",
            N_(
                "If the passphrase is forgotten, this code is the only way back to the cases. "
                "It is shown now and never again. Print the sheet and keep it in the safe, away from the laptop."
            ),
        )
        box = panel()
        self.code = label("code", wrap=True)
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        words(self.code, "accessibleName", N_("Recovery code"))
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inner = column(box, margin=16)
        inner.addWidget(self.code)
        self.print_button = button("", "printer")
        words(self.print_button, "text", N_("Print the sheet"))
        self.print_button.clicked.connect(lambda: self._render(self._print))
        self.save_button = button("", "save")
        words(self.save_button, "text", N_("Save as PDF"))
        self.save_button.clicked.connect(lambda: self._render(self._save))
        self.said = label("hint", wrap=True)
        self.check = QCheckBox()
        words(self.check, "text", N_("I have kept the recovery code"))
        self.check.toggled.connect(self.kept)
        buttons = row()
        buttons.addWidget(self.print_button)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.said, 1)
        lines = column(self, gap=16)
        for part in (why, box):
            lines.addWidget(part)
        lines.addLayout(buttons)
        lines.addWidget(self.check)
        lines.addStretch(1)
        self._words = words

    @property
    def at_stake(self) -> bool:
        """Whether a code is being made, or is shown and not confirmed as kept: whoever leaves now loses it."""
        return self._expected or (bool(self.code.text()) and not self.check.isChecked())

    def expect(self) -> None:
        """A code is being made; `show_code` or `forget` follows."""
        self._expected = True

    def show_code(self, code: str, sheet: Callable[[], bytes] | None, login: str) -> None:
        """Take a fresh code of the user `login`; `sheet` is called on the worker and returns the PDF in the window's
        language.

        None: the sheet can't be made yet; `set_sheet` gives it later.
        """
        self._expected, self._login = False, login
        groups = code.split("-")
        lines = [groups[at : at + _GROUPS_A_LINE] for at in range(0, len(groups), _GROUPS_A_LINE)]
        self.code.setText("\n".join("   ".join(line) for line in lines))
        self.set_sheet(sheet)
        self._words.forget(self.said)
        self.said.clear()
        self.check.setChecked(False)

    def set_sheet(self, sheet: Callable[[], bytes] | None) -> None:
        """How the PDF is made; without it the code can only be written down."""
        self._sheet = sheet
        for part in (self.print_button, self.save_button):
            part.setEnabled(sheet is not None)

    def forget(self) -> None:
        """Don't keep the code in a hidden widget."""
        self._expected = False
        self.code.clear()
        self._sheet = None

    def _render(self, then: Callable[[bytes], None]) -> None:
        if self._sheet is not None:
            self._tasks.run(
                self._sheet, done=then, failed=self.failed.emit, name=self._language.t("Writing the sheet"), owner=self
            )

    def _print(self, pdf: bytes) -> None:
        try:
            printer = ask_printer(self._language.t, self)
            if printer is not None:
                print_pdf(pdf, printer, self)
                self._words(self.said, "text", N_("Sent to the printer."))
        except Exception as error:
            self.failed.emit(error)

    def _save(self, pdf: bytes) -> None:
        path = ask_file(self._language.t, self, file_name(self._login))
        if path is None:
            return
        try:
            write_file(path, pdf)
        except Exception as error:
            self.failed.emit(error)
            return
        self._words(self.said, "text", N_("Saved as {name}."), name=path.name)

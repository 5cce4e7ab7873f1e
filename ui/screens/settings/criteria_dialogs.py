"""Admitting a key asks whose it is, revoking one asks why: both stay in the record."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.text import N_, Text
from app.services.edition_list import KeyInfo
from ui.language import Language
from ui.widgets.labelled import Labelled
from ui.widgets.parts import Snug, button, column, label, row
from ui.widgets.words import Words


class _Asking(Snug):
    """A title, what it means, one line to be typed, and two buttons. `confirmed(line)`."""

    confirmed = Signal(str)

    def __init__(
        self,
        language: Language,
        title: Text,
        lines: Sequence[tuple[str, Text]],
        question: str,
        empty: str,
        keep: str,
        act: str,
        *,
        danger: bool,
        parent: QWidget,
    ) -> None:
        """`lines`: role and text of each line; `question`, `empty`, `keep`, `act` are messages of the catalogue."""
        super().__init__(parent)
        self._empty = empty
        words = Words(language, self)
        words(self, "windowTitle", title)
        self.setMinimumWidth(520)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        body = column(self, margin=24, gap=16)
        for role, text in (("section", title), *lines):
            line = label(role, wrap=True)
            words(line, "text", text)
            body.addWidget(line)
        self.line = QLineEdit()
        self._line = Labelled(words, question, self.line)
        body.addWidget(self._line)
        self.keep_button, self.act_button = button(), button("danger" if danger else "primary")
        words(self.keep_button, "text", keep)
        words(self.act_button, "text", act)
        self.keep_button.clicked.connect(self.reject)
        self.act_button.clicked.connect(self._confirm)
        self.line.returnPressed.connect(self._confirm)
        buttons = row()
        buttons.addStretch(1)
        for each in (self.keep_button, self.act_button):
            each.setAutoDefault(False)
            buttons.addWidget(each)
        body.addLayout(buttons)
        self.line.setFocus()

    def _confirm(self) -> None:
        typed = " ".join(self.line.text().split())
        if not typed:
            self._line.set_error(Text(self._empty))
            self.line.setFocus()
            return
        self.confirmed.emit(typed)
        self.accept()


class AdmitDialog(_Asking):
    """`confirmed(name)`: whose key it is, once its fingerprint was compared."""

    def __init__(self, language: Language, fingerprint: str, parent: QWidget) -> None:
        super().__init__(
            language,
            Text(N_("Admit the key {fingerprint}?"), {"fingerprint": fingerprint}),
            (
                ("", Text(N_("This desk will then take editions of the criteria that are signed with it."))),
                (
                    "hint",
                    Text(
                        N_(
                            "Compare the sixteen letters and digits with those that the methodologist reads out, by"
                            " telephone or in person. One that differs makes it another key."
                        )
                    ),
                ),
            ),
            N_("Whose key it is"),
            N_("Type whose key it is."),
            N_("Don't admit it"),
            N_("They agree, admit the key"),
            danger=False,
            parent=parent,
        )


class RevokeDialog(_Asking):
    """`confirmed(reason)`."""

    def __init__(
        self, language: Language, key: KeyInfo, versions: Sequence[str], staying: Sequence[str], parent: QWidget
    ) -> None:
        """Of the editions that are signed with the key and decide now: `versions` of those that were accepted here,
        and `staying`, of those that came with the program."""
        told = {"fingerprint": key.fingerprint, "name": key.name}
        loses = (
            Text(
                N_("These editions decide no new case any more: {versions}. Older criteria hold again on their days."),
                {"versions": ", ".join(versions)},
            )
            if versions
            else Text(N_("No accepted edition that decides now is signed with it."))
        )
        stays = Text(
            N_("The editions {versions} came with the program and stay in force, although they are signed with it."),
            {"versions": ", ".join(staying)},
        )
        own = Text(N_("This is the key of the program itself. Later editions that are signed with it are refused."))
        super().__init__(
            language,
            Text(N_("Revoke the key {fingerprint}, {name}?"), told),
            (
                ("", Text(N_("This desk takes nothing that is signed with it any more, and never admits it again."))),
                *((("warning", own),) if key.shipped else ()),
                ("", loses),
                *((("", stays),) if staying else ()),
                ("hint", Text(N_("Signed conclusions stay as they are."))),
            ),
            N_("Why the key is revoked"),
            N_("Type why the key is revoked."),
            N_("Keep the key"),
            N_("Revoke the key"),
            danger=True,
            parent=parent,
        )

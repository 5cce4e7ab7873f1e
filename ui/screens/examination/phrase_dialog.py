"""Looking after phrases: keep selected words as one, rename, change, remove."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from app.domain.errors import UserError
from app.domain.observations import NAMES, Section, Specialist
from app.domain.text import LANGUAGES, N_, Text
from app.services.desk import Desk
from app.services.snippets import Snippet
from ui.language import NAMES as LANGUAGE_NAMES
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.choice import Combo
from ui.widgets.labelled import Labelled
from ui.widgets.paper_text import paper_font
from ui.widgets.parts import Lines, button, clearable, column, label, row
from ui.widgets.words import Words

T = TypeVar("T")


class PhraseDialog(QDialog):
    """All phrases on the left, the chosen one on the right. `changed(phrases)` after each save and removal."""

    changed = Signal(object)

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        language: Language,
        phrases: tuple[Snippet, ...],
        draft: Snippet | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        self._phrases, self._shown = phrases, draft or Snippet("", "", "", language.code)
        self._words = words = Words(language, self)
        words(self, "windowTitle", N_("Phrases"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumSize(820, 520)
        self.search = QLineEdit()
        clearable(self.search, words)
        words(self.search, "placeholderText", N_("Search"))
        words(self.search, "accessibleName", N_("Search the phrases"))
        self.search.textChanged.connect(lambda _text: self._fill())
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        words(self.list, "accessibleName", N_("Phrases"))
        self.list.currentItemChanged.connect(lambda item, _before: self._on_chosen(item))
        self.empty = label("hint", wrap=True)
        words(self.empty, "text", N_("There are no phrases yet. Write one at the right and keep it."))
        self.new_button = button("", "plus")
        words(self.new_button, "text", N_("New phrase"))
        self.new_button.clicked.connect(self.begin)
        self.name = QLineEdit()
        self._name = Labelled(words, N_("Short name"), self.name, N_("what is typed after “/”"))
        self.text = Lines(8)
        self.text.setFont(paper_font())
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._text = Labelled(words, N_("Words"), self.text)
        self.language_of, self.specialist, self.section = Combo(), Combo(), Combo()
        self.shared = QCheckBox()
        words(self.shared, "text", N_("for everybody in the department"))
        self.remove_button = button("danger", "trash-2")
        words(self.remove_button, "text", N_("Remove"))
        self.remove_button.clicked.connect(self._remove)
        self.close_button = button()
        words(self.close_button, "text", N_("Close"))
        self.close_button.clicked.connect(self.accept)
        self.save_button = button("primary", "save")
        words(self.save_button, "text", N_("Keep the phrase"))
        self.save_button.clicked.connect(self._save)
        for each in (self.remove_button, self.close_button, self.new_button, self.save_button):
            each.setAutoDefault(False)
        self._lay_out()
        language.changed.connect(self._fill_combos)
        self._fill_combos()
        self._fill()
        self._show()
        (self.name if draft is not None or not phrases else self.search).setFocus()

    def _lay_out(self) -> None:
        words = self._words
        left = column(gap=8)
        for part in (self.search, self.list, self.empty, self.new_button):
            left.addWidget(part)
        right = column(gap=12)
        right.addWidget(self._name)
        right.addWidget(self._text, 1)
        choices = row(gap=12)
        for words_of, combo in (
            (N_("Language"), self.language_of), (N_("Specialist"), self.specialist), (N_("Section"), self.section),
        ):  # fmt: skip
            choices.addWidget(Labelled(words, words_of, combo), 1)
        right.addLayout(choices)
        right.addWidget(self.shared)
        buttons = row()
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.save_button)
        both = row(gap=24)
        both.addLayout(left, 2)
        both.addLayout(right, 3)
        whole = column(self, margin=24, gap=16)
        whole.addLayout(both, 1)
        whole.addLayout(buttons)

    # --- what is shown ---------------------------------------------------------------------------------------
    def begin(self) -> None:
        """An empty phrase at the right."""
        self.list.setCurrentRow(-1)
        self._shown = Snippet("", "", "", self._language.code)
        self._show()
        self.name.setFocus()

    def _fill_combos(self) -> None:
        t = self._language.t
        kept = (self.language_of.currentData(), self.specialist.currentData(), self.section.currentData())
        for combo, items in (
            (self.language_of, [(LANGUAGE_NAMES[code], code) for code in LANGUAGES]),
            (self.specialist, [(t("every specialist"), ""), *((t(NAMES[who]), who.value) for who in Specialist)]),
            (self.section, [(t("every section"), ""), *((t(NAMES[part]), part.value) for part in Section)]),
        ):
            combo.clear()
            for words, value in items:
                combo.addItem(words, value)
        for combo, value in zip((self.language_of, self.specialist, self.section), kept, strict=True):
            combo.setCurrentIndex(max(0, combo.findData(value)))

    def _fill(self) -> None:
        typed = self.search.text().casefold().split()
        self.list.blockSignals(True)
        self.list.clear()
        for phrase in self._phrases:
            if all(word in f"{phrase.name} {phrase.text}".casefold() for word in typed):
                item = QListWidgetItem(f"{phrase.name} — {' '.join(phrase.text.split())}")
                item.setData(Qt.ItemDataRole.UserRole, phrase.id)
                item.setToolTip(phrase.text)
                self.list.addItem(item)
                if phrase.id == self._shown.id:
                    self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self.empty.setVisible(not self._phrases)

    def _show(self) -> None:
        phrase = self._shown
        self.name.setText(phrase.name)
        self.text.setPlainText(phrase.text)
        for combo, value in (
            (self.language_of, phrase.language), (self.specialist, phrase.specialist), (self.section, phrase.section),
        ):  # fmt: skip
            combo.setCurrentIndex(max(0, combo.findData(value)))
        self.shared.setChecked(bool(phrase.id) and phrase.owner is None)
        self.remove_button.setVisible(bool(phrase.id))
        self._name.set_error(None)
        self._text.set_error(None)

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        identity = item.data(Qt.ItemDataRole.UserRole) if item is not None else ""
        phrase = next((p for p in self._phrases if p.id == identity), None)
        if phrase is not None:
            self._shown = phrase
            self._show()

    # --- what is done ----------------------------------------------------------------------------------------
    def _save(self) -> None:
        desk, identity = self._desk, self._shown.id or None
        name, text, shared = self.name.text(), self.text.toPlainText(), self.shared.isChecked()
        told = {
            "language": str(self.language_of.currentData()),
            "specialist": str(self.specialist.currentData()),
            "section": str(self.section.currentData()),
        }

        def work() -> tuple[Snippet, tuple[Snippet, ...]]:
            kept = desk.snippets.keep(name, text, shared=shared, identity=identity, **told)
            return kept, desk.snippets.all()

        self._run(work, lambda done: self._take(done[1], done[0]))

    def _remove(self) -> None:
        desk, identity = self._desk, self._shown.id

        def work() -> tuple[Snippet, ...]:
            desk.snippets.remove(identity)
            return desk.snippets.all()

        self._run(work, lambda left: self._take(left, None))

    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._tasks.run(work, done=done, failed=self._refused, owner=self)

    def _take(self, phrases: tuple[Snippet, ...], kept: Snippet | None) -> None:
        self._phrases = phrases
        self._shown = kept or Snippet("", "", "", self._language.code)
        self._fill()
        self._show()
        self.changed.emit(phrases)
        (self.list if kept is not None else self.name).setFocus()

    def _refused(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            self._tasks.failed.emit(error)
            return
        part = self._name if error.where == "name" else self._text
        sentence = Text(error.text.msgid.removeprefix("{path}: "), error.text.params)
        part.set_error(sentence)
        part.input.setFocus()

"""To whom, in the language of the paper: the declined name, proposed and never taken over by itself (adr/0034)."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.domain.case_file import check_field
from app.domain.declension import KEY, LANGUAGES, full_name, is_stale
from app.domain.text import N_, Text
from app.i18n import Translator
from app.services.declension import proposed
from ui import shortcuts
from ui.screens.examination.form import Form
from ui.tasks import Task, TaskRunner
from ui.widgets.field import Words, labelled
from ui.widgets.parts import button, set_shown
from ui.widgets.text_field import TextField

_PAUSE_MS: Final = 150
_LABELS: Final = {"kk": N_("To whom, on papers in Kazakh"), "ru": N_("To whom, on papers in Russian")}


class NameFormField(TextField):
    """The name as a paper says to whom it is given. What is typed or taken over here counts as confirmed, for the name
    that the case has then; `wanted` when the proposal is to be taken over."""

    wanted = Signal(str)

    def __init__(self, path: str, label: Words, *, name_of: Callable[[], str]) -> None:
        super().__init__(path, label, hint=N_("empty: papers have the name as it is"), check=partial(check_field, path))
        self._name_of = name_of
        self._proposal: str | None = None
        self._confirmed_for = ""
        self._is_stale = self._read_only = False
        self.take_button = button("", "check")
        self.take_button.setAutoDefault(False)
        self.take_button.clicked.connect(self.take)
        self.set_control(labelled(self.edit, self.take_button))
        self.watch(self.take_button)
        shortcuts.bind(self, "name_form", self.take)
        self.edit.returnPressed.connect(self._on_enter)

    def parse(self, text: str) -> object:
        words = text.strip()
        return {"text": words, "of": self._name_of()} if words else None

    def written(self, value: Any) -> str:
        return str(value.get("text") or "") if isinstance(value, dict) else ""

    def show_value(self, value: Any, text: str | None = None) -> None:
        self._confirmed_for = str(value.get("of") or "") if isinstance(value, dict) else ""
        super().show_value(value, text)

    def words_of(self, t: Translator, value: Any) -> str:
        return super().words_of(t, self.written(value) or None)

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self._read_only = read_only
        self._tell()

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.take_button.setText(t("Take this form"))
        self.take_button.setToolTip(t("Take over the proposed form ({key})", key=shortcuts.native("name_form")))
        self._tell()

    @property
    def offered(self) -> str | None:
        """The proposal, where it may be taken over and says something else than what stands there confirmed."""
        same = self._proposal == self.text().strip() and not self._is_stale
        return None if self._read_only or same else self._proposal

    def take(self) -> None:
        """Take over what is proposed."""
        if self.offered:
            self.wanted.emit(self.path)
            self.edit.setFocus()

    def show_state(self, proposal: str | None, *, stale: bool) -> None:
        """`stale`: what stands there was confirmed for another name, and papers leave it out."""
        self._proposal, self._is_stale = proposal, stale
        self._tell()

    def _on_enter(self) -> None:
        if self._is_stale and not self._read_only and self.text().strip():
            self.offer(self.parse(self.text()))

    def _tell(self) -> None:
        form = self.offered
        self.take_button.setVisible(form is not None)
        if form is not None and self.t is not None:
            self.take_button.setAccessibleName(self.t("Take over the proposed form: {form}", form=form))
        told = {"name": self._confirmed_for, "form": form}
        if self._is_stale and form is not None:
            sentence = N_(
                "⚠ Confirmed for “{name}”: papers leave it out. Enter confirms it for the name as it is now."
                " Proposed: {form}"
            )
            self.set_remark(Text(sentence, told))
        elif self._is_stale:
            sentence = N_("⚠ Confirmed for “{name}”: papers leave it out. Enter confirms it for the name as it is now.")
            self.set_remark(Text(sentence, told))
        else:
            self.set_remark(Text(N_("Proposed, not confirmed: {form}"), told) if form is not None else None)


class NameForms(QObject):
    """The two fields of a case, and what is proposed there: asked for on the worker once the name rests."""

    def __init__(self, form: Form, tasks: TaskRunner, place: QWidget) -> None:
        """`place` is what holds them: in sight while one of them is."""
        super().__init__(place)
        self._form, self._tasks, self._place = form, tasks, place
        self._asked: Task | None = None
        self._asked_for: tuple[object, ...] = ()
        self._found: dict[str, str | None] = {}
        self.fields = {
            language: form.add(NameFormField(f"{KEY}.{language}", _LABELS[language], name_of=self._name))
            for language in LANGUAGES
        }
        for field in self.fields.values():
            field.wanted.connect(self._take)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)

    def refresh(self) -> None:
        """The record changed. A proposal for another name is gone at once; the one for this name follows."""
        record = self._form.record
        person = record.get("person") or {}
        about = tuple(person.get(key) for key in ("surname", "given_name", "patronymic", "sex"))
        if about != self._asked_for:
            self._asked_for, self._found = about, {}
            self._pause.start()
        self._show()

    def _ask(self) -> None:
        person = dict(self._form.record.get("person") or {})
        if self._asked is not None:
            self._asked.cancel()
        self._asked = self._tasks.run(
            lambda: {language: proposed(person, language) for language in LANGUAGES}, done=self._take_found, owner=self
        )

    def _take_found(self, found: dict[str, str | None]) -> None:
        self._asked, self._found = None, found
        self._show()

    def _show(self) -> None:
        record = self._form.record
        named = bool(record.get("person.surname")) and bool(record.get("person.given_name"))
        shown = {language: named or not field.is_empty() for language, field in self.fields.items()}
        set_shown(self._place, any(shown.values()))
        for language, field in self.fields.items():
            field.setVisible(shown[language])
            proposal = self._found.get(language) if named else None
            field.show_state(proposal, stale=is_stale(record.document, language))

    def _take(self, path: str) -> None:
        form = self._found.get(path.rpartition(".")[2])
        if form:
            self._form.record.put(path, {"text": form, "of": self._name()})
            self._show()

    def _name(self) -> str:
        return full_name(self._form.record.get("person"))

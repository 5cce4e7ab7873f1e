"""A dialogue of a few questions for one act: what it does, the fields, what is wrong, the act's button."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.domain.errors import Told
from app.domain.text import Text
from ui.language import Language
from ui.widgets.field import Field
from ui.widgets.parts import button, column, fit, label, row, scrolled
from ui.widgets.words import Words


class FieldsDialog(QDialog):
    """`confirmed(values)` carries what was answered, by the last part of each field's path.

    The dialogue stays until the act has succeeded (`accept`); what it refuses is shown by `refuse` at its field.
    """

    confirmed = Signal(object)

    def __init__(
        self,
        language: Language,
        title: str,
        about: Text,
        fields: Sequence[Field],
        act: str,
        parent: QWidget,
        *,
        kind: str = "primary",
        stay: str,
    ) -> None:
        """`title`, `act` and `stay` are messages of the catalogue; `stay` closes without acting."""
        super().__init__(parent)
        self._language, self.fields = language, list(fields)
        self.values: dict[str, Any] = {}
        self.shows: dict[str, Callable[[dict[str, Any]], bool]] = {}
        """By the last part of a path: whether the answers so far ask for that field."""
        words = self._words = Words(language, self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 78)
        words(self, "windowTitle", title)
        head, what = label("section", wrap=True), label(wrap=True)
        words(head, "text", title)
        words(what, "text", about)
        self.said = label("error", wrap=True)
        self.said.hide()
        self.stay_button, self.act_button = button(), button(kind)
        words(self.stay_button, "text", stay)
        words(self.act_button, "text", act)
        self.stay_button.clicked.connect(self.reject)
        self.act_button.clicked.connect(self.confirm)
        self.stay_button.setAutoDefault(False)
        self.act_button.setAutoDefault(False)
        lines = column(self, margin=24, gap=12)
        lines.addWidget(head)
        lines.addWidget(what)
        body = QWidget()
        self._body = column(body, gap=12)
        for field in self.fields:
            field.retranslate(language.t)
            field.committed.connect(self._take)
            field.unfinished.connect(self._drop)
            self._body.addWidget(field)
        self._body.addStretch(1)
        self._area = scrolled(body)
        lines.addWidget(self._area, 1)
        lines.addWidget(self.said)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.stay_button)
        buttons.addWidget(self.act_button)
        lines.addLayout(buttons)
        language.changed.connect(self.retranslate)

    def ask(self, values: dict[str, Any] | None = None) -> None:
        """Show it with these answers given, the keyboard in the first question."""
        for field in self.fields:
            value = (values or {}).get(_key(field.path))
            if value is not None:
                self.values[_key(field.path)] = value
                field.show_value(value)
        self._sort_out()
        self.open()
        self.fields[0].focus_widget().setFocus()

    def confirm(self) -> None:
        """Take in what is being typed and ask for the act."""
        self.said.hide()
        for field in self.fields:
            field.settle()
        wrong = next((field for field in self.fields if field.isVisibleTo(self) and field.error_text), None)
        if wrong is not None and _key(wrong.path) not in self.values:
            wrong.focus_widget().setFocus()
            return
        asked = {_key(field.path) for field in self.fields if field.isVisibleTo(self)}
        self.confirmed.emit({key: value for key, value in self.values.items() if key in asked})

    def refuse(self, error: BaseException) -> None:
        """Say what the act was refused for; what is no refusal is a defect and is raised."""
        if not isinstance(error, Told):
            raise error
        field = next((field for field in self.fields if error.where in (field.path, _key(field.path))), None)
        if field is not None and field.isVisibleTo(self):
            field.set_error(error.text)
            field.focus_widget().setFocus()
            self._area.ensureWidgetVisible(field)
        else:
            self.said.setText("⚠ " + self._language.t.show(error.text))
            self.said.show()
        self._fit()

    def retranslate(self) -> None:
        """Every word again."""
        for field in self.fields:
            field.retranslate(self._language.t)

    def _take(self, path: str, value: object) -> None:
        self.values[_key(path)] = value
        self._sort_out()

    def _drop(self, path: str, _text: str) -> None:
        self.values.pop(_key(path), None)

    def _sort_out(self) -> None:
        for field in self.fields:
            shows = self.shows.get(_key(field.path))
            field.setVisible(shows is None or shows(self.values))
        self._fit()

    def _fit(self) -> None:
        self._body.activate()
        wanted = self._body.totalHeightForWidth(max(self.minimumWidth(), self.width()) - 64)
        screen = self.screen()
        most = round(screen.availableGeometry().height() * 0.62) if screen is not None else wanted
        self._area.setMinimumHeight(min(wanted, most))
        fit(self)


def _key(path: str) -> str:
    return path.rpartition(".")[2]

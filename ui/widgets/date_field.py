"""A date that is typed as one writes it, or picked from a calendar."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QFrame, QToolButton, QVBoxLayout

from app.domain import dates
from app.i18n import Translator
from ui.widgets.field import Words, accept, labelled
from ui.widgets.text_field import TextField


class DateField(TextField):
    """Takes `18112026`, `18.11.26`, `-3d`, `today`; shows dd.MM.yyyy; stores YYYY-MM-DD. F4 opens the calendar."""

    def __init__(
        self,
        path: str,
        label: Words,
        *,
        today: Callable[[], date],
        hint: Words = "",
        check: Callable[[object], object] = accept,
    ) -> None:
        self._today = today
        super().__init__(path, label, hint=hint, check=check)
        self.edit.setMaximumWidth(self.edit.fontMetrics().horizontalAdvance("00.00.0000") * 2)
        self.edit.setMinimumWidth(self.edit.fontMetrics().horizontalAdvance("00.00.0000") + 32)
        self.button = QToolButton()
        self.button.setText("▾")
        self.button.setObjectName("calendarButton")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has F4
        self.button.clicked.connect(self.open_calendar)
        self._popup: QFrame | None = None
        self.column.removeWidget(self.edit)
        line = labelled(self.edit, self.button)
        layout = line.layout()
        if layout is not None:
            layout.setSpacing(2)
        self.column.insertWidget(1, line)

    def parse(self, text: str) -> object:
        return dates.parse_typed(text, self._today()).isoformat() if text.strip() else None

    def written(self, value: Any) -> str:
        if not isinstance(value, str) or not value:
            return ""
        try:
            return date.fromisoformat(value).strftime("%d.%m.%Y")
        except ValueError:
            return value

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self.button.setEnabled(not read_only)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.edit.setPlaceholderText(t("dd.mm.yyyy"))
        tip = t("18112026, 18.11.26, -3d and today are understood. F4 opens the calendar.")
        self.edit.setToolTip(tip)
        self.button.setToolTip(t("Open the calendar (F4)"))
        self.button.setAccessibleName(t("{question}: open the calendar", question=self.label.text()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
            if (event.key() == Qt.Key.Key_F4 or down) and not self.edit.isReadOnly():
                self.open_calendar()
                return True
        return super().eventFilter(watched, event)

    def open_calendar(self) -> None:
        """Show the month of the date that stands there, else of today."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setObjectName("calendarPopup")
        box = QVBoxLayout(popup)
        box.setContentsMargins(1, 1, 1, 1)
        calendar = QCalendarWidget()
        calendar.setAccessibleName(self.label.text())
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        if self.t is not None:
            calendar.setLocale(QLocale({"kk": "kk_KZ", "ru": "ru_KZ", "en": "en_GB"}[self.t.language]))
        shown = QDate.fromString(self.edit.text(), "dd.MM.yyyy")
        today = self._today()
        calendar.setSelectedDate(shown if shown.isValid() else QDate(today.year, today.month, today.day))
        calendar.activated.connect(self._on_picked)
        calendar.clicked.connect(self._on_picked)
        box.addWidget(calendar)
        self._popup = popup
        popup.destroyed.connect(self._on_popup_gone)
        popup.adjustSize()
        popup.move(self.edit.mapToGlobal(QPoint(0, self.edit.height() + 2)))
        popup.show()
        calendar.setFocus()

    def _on_popup_gone(self) -> None:
        self._popup = None

    def _on_picked(self, picked: QDate) -> None:
        if self._popup is None:
            return
        popup, self._popup = self._popup, None
        popup.close()
        self.edit.setText(picked.toString("dd.MM.yyyy"))
        self.edit.setFocus()
        self.on_typed()
        self.settle()

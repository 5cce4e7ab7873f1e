"""Deadlines in words, and all of a case with what they rest on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from app.domain.proposal import Citation
from app.domain.text import N_, Text
from app.i18n import Translator
from app.services.deadlines import RIGHTS, Basis, Deadline
from ui.language import Language
from ui.screens.proposal import words as law
from ui.widgets.parts import button, column, fit, label, panel, row, scrolled
from ui.widgets.words import Words


def left(t: Translator, deadline: Deadline) -> str:
    """`9 more days`, `today`, `overdue by 2 days`; that the day isn't known."""
    if deadline.left is None:
        return t("not known")
    if deadline.left == 0:
        return t("today")
    if deadline.left > 0:
        return t.plural("{n} more day", "{n} more days", deadline.left)
    if deadline.id in RIGHTS:
        return t.plural("ran out {n} day ago", "ran out {n} days ago", -deadline.left)
    return t.plural("overdue by {n} day", "overdue by {n} days", -deadline.left)


def line(t: Translator, deadline: Deadline) -> str:
    """`decision: today`, as it stands above a case."""
    name = t.show(deadline.name)
    return t("{deadline}: {left}", deadline=name[:1].upper() + name[1:], left=left(t, deadline))


def rests_on(t: Translator, deadline: Deadline) -> str:
    """The source of the term, and how sure it is."""
    if isinstance(deadline.source, Citation):
        return law.citation(t, deadline.source)
    source = t.show(deadline.source)
    # What the commission itself has set needs no text of the law.
    return (
        source
        if isinstance(deadline.source, Text) and not deadline.entered
        else (f"{source} · {law.status(t, deadline.status)}")
    )


class DeadlinesDialog(QDialog):
    """Every deadline of a case: how much is left, which day, and on demand the source."""

    def __init__(self, language: Language, found: tuple[Deadline, ...], basis: Basis, parent: QWidget) -> None:
        super().__init__(parent)
        t, words = language.t, Words(language, self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 84)
        words(self, "windowTitle", N_("Deadlines"))
        head = label("section")
        words(head, "text", N_("Deadlines"))
        lines = column(self, margin=24, gap=12)
        lines.addWidget(head)
        if basis.doubt is not None:
            banner = panel("banner")
            banner.setProperty("tone", "danger")
            said = label(wrap=True)
            said.setText("⚠ " + t("These days can't be trusted. {why}", why=basis.doubt))
            column(banner, margin=8).addWidget(said)
            lines.addWidget(banner)
        body = self._body = QWidget()
        inside = column(body, gap=8)
        self.rows = [_Row(t, deadline) for deadline in found]
        for made in self.rows:
            inside.addWidget(made)
        if not found:
            nothing = label(wrap=True)
            words(nothing, "text", N_("This case has no deadline."))
            inside.addWidget(nothing)
        inside.addStretch(1)
        self._area = scrolled(body)
        lines.addWidget(self._area, 1)
        self.sources_button, self.close_button = button("link", checkable=True), button("primary")
        words(self.sources_button, "text", N_("What they rest on"))
        words(self.close_button, "text", N_("Close"))
        self.sources_button.toggled.connect(self._show_sources)
        self.close_button.clicked.connect(self.accept)
        buttons = row()
        buttons.addWidget(self.sources_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        lines.addLayout(buttons)
        self._fit()
        self.close_button.setFocus()

    def _show_sources(self, shown: bool) -> None:
        for made in self.rows:
            made.source.setVisible(shown)
        self._fit()

    def _fit(self) -> None:
        layout = self._body.layout()
        if layout is not None:
            layout.activate()
            wanted = layout.totalHeightForWidth(self.minimumWidth() - 64)
            self._area.setMinimumHeight(min(wanted, 480))
        fit(self)


class _Row(QWidget):
    """One deadline."""

    def __init__(self, t: Translator, deadline: Deadline) -> None:
        super().__init__()
        name, state = label("label", wrap=True), label("warning" if (deadline.left or 0) < 0 else "", wrap=True)
        self.source = label("hint", wrap=True)
        title = t.show(deadline.name)
        name.setText(title[:1].upper() + title[1:])
        if deadline.due is not None:
            state.setText(t("{left}, {date}", left=left(t, deadline), date=deadline.due))
        else:
            state.setText(t.show(deadline.why) if deadline.why is not None else left(t, deadline))
        self.source.setText(rests_on(t, deadline))
        self.source.hide()
        inside = column(self, gap=2)
        for part in (name, state, self.source):
            inside.addWidget(part)

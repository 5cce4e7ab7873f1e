"""The rooms of the window that the header leads to. Each is a package of `ui.screens` with a function `make`.

`make(desk, tasks, language, parent)` gives the screen. It is made when it is first opened and kept until sign-out;
each time it is opened its `refresh()` is called. Its signal `opened(case_id)`, if it has one, opens a case.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtWidgets import QWidget

from app.domain.text import N_
from ui.language import Language
from ui.tasks import TaskRunner

if TYPE_CHECKING:
    from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Section:
    """`name` is that of its package and its key in `ui.shortcuts`."""

    name: str
    words: str
    icon: str

    def load(self) -> None:
        """Import it before anybody opens it; on any thread."""
        import_module(f"ui.screens.{self.name}")

    def make(self, desk: "Desk", tasks: TaskRunner, language: Language, parent: QWidget) -> QWidget:
        """The section's screen, imported now. With its parent: Qt styles anew what is put into another widget later."""
        return cast(QWidget, import_module(f"ui.screens.{self.name}").make(desk, tasks, language, parent))


SECTIONS: Final = (
    Section("cases", N_("Cases"), "file-text"),
    Section("trips", N_("Trips"), "route"),
    Section("people", N_("People"), "users"),
    Section("journals", N_("Journals"), "book-open"),
    Section("link", N_("Link"), "link-2"),
)

"""The slip of an exchange on the screen: the real PDF in each language, printed, saved. It goes with the stick."""

from collections.abc import Callable

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.views import Rendered
from ui.delivery import ToPrinter
from ui.language import Language
from ui.screens.conclusion.paper_dialog import PaperDialog
from ui.tasks import TaskRunner
from ui.widgets.output import ask_file, printer_for, write_file
from ui.widgets.parts import label


class SlipDialog(PaperDialog):
    """Of one exchange, by its id."""

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, exchange: str, parent: QWidget) -> None:
        self._exchange = exchange
        head = label(wrap=True)
        super().__init__(desk, tasks, language, parent, title=N_("Slip of the exchange"), head=head, wide=860)
        self._words(
            head, "text",
            N_("What this laptop sent or wrote to the stick, in numbers, without names. It goes with the stick, or is"
               " read out by telephone, and the centre compares it with what it holds."),
        )  # fmt: skip
        self.close_button.setFocus()
        self.refresh()

    def render_paper(self, code: str) -> Rendered:
        return self._desk.link.slip(self._exchange, code)

    def print(self) -> None:
        paper = self.preview.rendered
        if paper is None or not self.print_button.isEnabled():
            return

        def onto(printer: QPrinter) -> None:
            way = ToPrinter(printer)

            def out() -> None:
                try:
                    way.put("", self.code, paper)
                finally:
                    way.close()

            self._do(out, Text(N_("Sent to the printer.")), self._language.t("Printing"))

        printer_for(self._language.t, self, onto, self.fail)

    def save(self) -> None:
        paper = self.preview.rendered
        if paper is None or not self.save_button.isEnabled():
            return
        target = ask_file(self._language.t, self, paper.file_name)
        if target is not None:
            said = Text(N_("Saved as {name}."), {"name": target.name})
            self._do(lambda: write_file(target, paper.pdf), said, self._language.t("Saving"))

    def _do(self, work: Callable[[], object], said: Text, name: str) -> None:
        self._tasks.run(work, done=lambda _: self.say(said), failed=self.fail, name=name, owner=self)

"""Serves the list of copies of a case: reads files, asks what they are, stores them, shows them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services.attachments import Added, Copy
from app.services.desk import Desk
from app.services.views import CaseView
from ui import copies
from ui.language import Language
from ui.screens.examination.copy_dialogs import CopyDialog, CopyViewer
from ui.screens.examination.record import CaseRecord
from ui.tasks import TaskRunner
from ui.widgets.copy_list import CopiesField
from ui.widgets.output import choose_files
from ui.widgets.question import Question


class CopyDesk(QObject):
    """One file after the other: several that were dropped together are asked about in turn."""

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        language: Language,
        record: CaseRecord,
        field: CopiesField,
        say: Callable[[Text], object],
    ) -> None:
        super().__init__(field)
        self._desk, self._tasks, self._language = desk, tasks, language
        self._record, self._field, self._say = record, field, say
        self._waiting: list[Callable[[], copies.Ready]] = []
        self._titles: list[str] = []
        field.choose_wanted.connect(self.choose)
        field.files_given.connect(self.take_files)
        field.picture_given.connect(self.take_picture)
        field.open_wanted.connect(self.look_at)
        field.change_wanted.connect(self.change)
        field.remove_wanted.connect(self.remove)
        field.pictures_wanted.connect(self._fetch)

    # --- add -------------------------------------------------------------------------------------------------
    def choose(self) -> None:
        """Let the person choose files."""
        t = self._language.t
        words = t("Pictures and PDF")
        kinds = f"{words} (*.png *.jpg *.jpeg *.pdf *.PNG *.JPG *.JPEG *.PDF)"
        files = choose_files(t, self._field.window(), t("Add copies of papers"), kinds)
        if files:
            self.take_files(files)

    def take_files(self, files: list[Path]) -> None:
        """Files from the dialogue, a drop or the clipboard."""
        if not files:
            self._refuse(UserError(Text(N_("There is no picture and no file to paste. Copy one first."))))
            return
        for file in files:
            self._waiting.append(partial(self._read, file))
            self._titles.append(file.stem)
        if len(self._waiting) == len(files):
            self._field.set_error(None)
            self._next()

    def take_picture(self, image: QImage) -> None:
        """A picture from the clipboard."""
        name = self._language.t("picture from the clipboard")
        self._waiting.append(lambda: copies.make_ready(copies.encoded(image, "PNG"), name))
        self._titles.append("")
        if len(self._waiting) == 1:
            self._next()

    def _read(self, file: Path) -> copies.Ready:
        return copies.make_ready(self._desk.attachments.read(file), file.name)

    def _next(self) -> None:
        if not self._waiting:
            return
        self._tasks.run(
            self._waiting[0],
            done=partial(self._ask, self._titles[0]),
            failed=self._skip,
            owner=self,
            name=self._language.t("Reading a paper"),
        )

    def _ask(self, title: str, ready: copies.Ready) -> None:
        dialog = CopyDialog(self._language, self._field.window(), title=title, ready=ready)
        dialog.confirmed.connect(partial(self._add, dialog, ready))
        dialog.finished.connect(lambda _code: self._went_on())
        dialog.open()

    def _went_on(self) -> None:
        del self._waiting[:1], self._titles[:1]
        self._next()

    def _skip(self, error: BaseException) -> None:
        self._refuse(error)
        del self._waiting[:1], self._titles[:1]
        if self._waiting:
            self._tasks.run(self._waiting[0], done=partial(self._ask, self._titles[0]), failed=self._skip, owner=self)

    def _add(self, dialog: CopyDialog, ready: copies.Ready, title: str, of: str, smaller: bool) -> None:
        data = ready.smaller if smaller and ready.smaller is not None else ready.data
        copy = Copy(data, ready.thumbnail, ready.pages)
        desk, case_id, screen = self._desk, self._record.case_id, self._record.step

        def done(added: Added) -> None:
            self._take(added.view)
            known = N_("Added: {title}. The same file was stored already, and is kept once.")
            self._say(Text(known if added.known else N_("Added: {title}"), {"title": title}))
            dialog.accept()

        self._tasks.run(
            lambda: desk.attachments.add(case_id, copy, title=title, of=of, screen=screen),
            done=done,
            failed=partial(self._refuse, dialog=dialog),
            owner=dialog,
        )

    # --- what is there ---------------------------------------------------------------------------------------
    def look_at(self, entry: dict[str, Any]) -> None:
        """Show the copy in the window."""
        desk, digest, kind = self._desk, entry["digest"], entry["kind"]

        def work() -> tuple[bytes, QImage]:
            data = desk.attachments.content(digest)
            return data, QImage() if kind == "pdf" else copies.picture(data)

        def show(found: tuple[bytes, QImage]) -> None:
            title = str(entry.get("title") or "")
            CopyViewer(self._language, title, kind, *found, self._field.window()).open()

        self._tasks.run(work, done=show, failed=self._refuse, owner=self)

    def change(self, entry: dict[str, Any]) -> None:
        """Another title or kind."""
        dialog = CopyDialog(
            self._language, self._field.window(), title=str(entry.get("title") or ""), of=str(entry.get("of") or ""),
        )  # fmt: skip
        desk, case_id, screen = self._desk, self._record.case_id, self._record.step

        def rename(title: str, of: str, _smaller: bool) -> None:
            def done(view: CaseView) -> None:
                self._take(view)
                dialog.accept()

            self._tasks.run(
                lambda: desk.attachments.rename(case_id, entry["digest"], title=title, of=of, screen=screen),
                done=done,
                failed=partial(self._refuse, dialog=dialog),
                owner=dialog,
            )

        dialog.confirmed.connect(rename)
        dialog.open()

    def remove(self, entry: dict[str, Any]) -> None:
        """Ask, then take the copy out of the case."""
        asked = Question(
            self._language,
            N_("Take the copy out?"),
            Text(
                N_("“{title}” leaves the case. Where no other case names it, its content is deleted."),
                {"title": str(entry.get("title") or "")},
            ),
            N_("Leave it in"),
            N_("Take the copy out"),
            self._field.window(),
        )
        desk, case_id, screen = self._desk, self._record.case_id, self._record.step
        asked.confirmed.connect(
            lambda: self._tasks.run(
                lambda: desk.attachments.remove(case_id, entry["digest"], screen=screen),
                done=self._take,
                failed=self._refuse,
                owner=self,
            )
        )
        asked.open()

    # --- inside ----------------------------------------------------------------------------------------------
    def _fetch(self, digests: list[str]) -> None:
        self._tasks.run(
            lambda: self._desk.attachments.thumbnails(digests), done=self._field.take_pictures, owner=self._field
        )

    def _take(self, view: CaseView) -> None:
        self._record.adopt(self._field.path, view)

    def _refuse(self, error: BaseException, dialog: CopyDialog | None = None) -> None:
        if not isinstance(error, UserError):
            self._tasks.failed.emit(error)
            if dialog is not None:
                dialog.reject()
        elif dialog is not None:
            dialog.refuse(error.text)
        else:
            self._field.set_error(error.text)

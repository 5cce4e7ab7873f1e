"""Every dialogue of the program, opened where a person opens it: for the tests that look at all of them.

`sites()` reads from the code where dialogues are made; `Stage` stands before each of them over a furnished desk. As a
program (`python -m tests.dialogues FOLDER LANGUAGE`) it does what it is told on its input, for a reader outside.
"""

import ast
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.domain import voting
from app.domain.vocabulary import PaperKind
from app.services.desk import Desk
from app.services.votes import Ballot
from tests import editions, factories, trips
from tests.ui.conftest import stands
from ui import copies
from ui.__main__ import start

ROOT: Final = Path(__file__).resolve().parents[1]
_QT: Final = ("QDialog", "QFileDialog", "QPrintDialog", "QMessageBox", "QInputDialog", "QProgressDialog",
              "QColorDialog", "QFontDialog", "QErrorMessage", "QWizard")  # fmt: skip
Name = tuple[str, str]
Before = tuple[QWidget | None, Callable[[], object]]


# --- what the code has ---------------------------------------------------------------------------------------
@cache
def sites() -> dict[str, str]:
    """Where the code makes dialogues: the function, and the class of the dialogue. Those that Qt itself has count."""
    trees = {_module(path): ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "ui").rglob("*.py"))}
    known: set[Name] = {("PySide6", name) for name in _QT}
    while True:
        more = {
            (module, node.name)
            for module, tree in trees.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and any(_resolved(base, tree, module) in known for base in node.bases)
        }
        if more <= known:
            break
        known |= more
    found: dict[str, str] = {}
    for module, tree in trees.items():
        for where, call in _calls(tree, ()):
            made = _resolved(call.func, tree, module)
            if made in known:
                place = f"{module}.{'.'.join(where)}"
                assert place not in found, f"{place} makes two dialogues: give each a function of its own"
                found[place] = made[1]
    return found


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _calls(node: ast.AST, where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], ast.Call]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield where, child
        inner = (*where, child.name) if isinstance(child, ast.FunctionDef | ast.ClassDef) else where
        yield from _calls(child, inner)


def _resolved(used: ast.expr, tree: ast.Module, module: str) -> Name:
    """The module and name behind a name of the code, also behind one reached through its module."""
    if isinstance(used, ast.Attribute):
        return ("PySide6" if used.attr.startswith("Q") else _origin(tree, module, used.value)), used.attr
    return _names(tree, module).get(used.id, ("", "")) if isinstance(used, ast.Name) else ("", "")


def _origin(tree: ast.Module, module: str, used: ast.expr) -> str:
    home, name = _names(tree, module).get(used.id, ("", "")) if isinstance(used, ast.Name) else ("", "")
    return f"{home}.{name}"


@cache
def _names(tree: ast.Module, module: str) -> dict[str, Name]:
    found: dict[str, Name] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            home = node.module or ""
            for name in node.names:
                found[name.asname or name.name] = ("PySide6" if home.startswith("PySide6") else home, name.name)
        elif isinstance(node, ast.ClassDef):
            found[node.name] = (module, node.name)
    return found


# --- the desk ------------------------------------------------------------------------------------------------
def furnish(desk: Desk) -> dict[str, str]:
    """A desk where every dialogue has something to ask; the ids of its cases, persons and trips by name."""
    factories.with_commission(desk)
    aims = {"referral.purpose": ["disability", "rehabilitation"], "facts.anatomical_defects": ["arms_both_stumps"]}
    desk.papers.add_range(PaperKind.DISABILITY_CERTIFICATE.value, "АА", "0001", "0009")
    desk.papers.add_range(PaperKind.GENERAL_CAPACITY.value, "ББ", "0001", "0009")  # stays unused
    signed = factories.signed_case(desk)
    draft = desk.examinations.import_case(factories.case_document(aims))
    ended = desk.examinations.import_case(factories.case_document())
    desk.endings.end(ended.id, {"kind": "absence", "on": "2026-11-18", "head": factories.NAMES[factories.HEAD]})
    guest = [{"name": "Жаңа Мүше Қызы", "role": "member"}]
    members = factories.case_document()["examination"]["commission"]
    stranger = factories.decided_case(desk, {"examination.commission": [*members[:2], *guest]})
    voted = desk.examinations.import_case(factories.case_document())
    desk.preferences.set("blind_vote", "offered")
    desk.examinations.set_field(voted.id, voting.CLOSED, True)
    desk.votes.cast(voted.id, Ballot(0, "group_2", {"kind": "years", "value": 2}, "", factories.HEAD, ""))
    other = desk.examinations.import_case(factories.case_document({"person.surname": "Омаров"}))
    joined = desk.examinations.import_case(factories.case_document({"person.surname": "Омарова"}))
    desk.people.merge(other.person_id, joined.person_id, "бір куәлік")
    trip, people = trips.full_trip(desk, 2)
    desk.trips.create({"settlement": "Алға"})
    return {"signed": signed.id, "draft": draft.id, "ended": ended.id, "voted": voted.id, "stranger": stranger.id,
            "kept": other.person_id, "joined": joined.person_id, "trip": trip.id, "first": people[0]}  # fmt: skip


# --- standing before each of them ----------------------------------------------------------------------------
class Stage:
    """The real window over a furnished desk. `before(place)` goes to where a dialogue is asked for, and returns the
    widget that has the keyboard then, and what opens it."""

    def __init__(self, folder: Path, language: str) -> None:
        factories.make_desk(folder / "desk")
        access = factories.make_access(folder / "desk")
        self.folder = folder
        self._then: Callable[[], object] = lambda: None
        self.back: QWidget | None = None
        """Where the keyboard is to be after the dialogue, if not where it was before."""
        self.window = start(folder / "desk", language, access)
        self.window.resize(1366, 768)
        desk = access.sign_in(factories.HEAD, factories.PASSPHRASE)
        self.ids = furnish(desk)
        self.window.take_desk(desk)
        self.settle()

    def settle(self) -> None:
        """Until the worker has answered and the page stands."""
        until = time.monotonic() + 240
        calm = 0
        while calm < 3:
            QApplication.processEvents()
            calm = calm + 1 if not self.window.tasks.busy and stands(self.window) else 0
            assert time.monotonic() < until, "the window never came to rest"
            time.sleep(0.001)

    @property
    def screen(self) -> Any:
        return self.window.screens.currentWidget()

    def room(self, name: str) -> Any:
        self.window.show_section(name)
        self.settle()
        return self.screen

    def case(self, name: str, step: str) -> Any:
        self.window.open_case(self.ids[name])
        self.settle()
        self.screen.go(step)
        self.settle()
        return self.screen

    def page(self, name: str) -> Any:
        self.window.show_settings()
        self.settle()
        found = getattr(self.screen, name)
        self.screen.sections.setCurrentRow(self.screen.pages.index(found))
        self.settle()
        return found

    def trip(self) -> Any:
        screen = self.room("trips")
        screen.open_trip(self.ids["trip"])
        self.settle()
        screen.page.table.go(0)
        return screen.page

    def before(self, place: str) -> Before:
        """`place` is one of `sites()`."""
        left = self.shown()
        if left is not None:  # whoever looked at it has found a fault
            left.done(0)
            self.settle()
        self.back = None
        widget, act = _BEFORE[place](self)
        self.window.activateWindow()
        if widget is not None:
            widget.setFocus()
            QApplication.processEvents()
        return widget, act

    def after(self) -> None:
        """Take back what would stand in the way of the next dialogue."""
        self._then()
        self._then = lambda: None
        self.settle()

    def shown(self) -> QDialog | None:
        """The dialogue in front."""
        modal = QApplication.activeModalWidget()
        if isinstance(modal, QDialog):
            return modal
        return next((top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()),
                    None)  # fmt: skip

    # --- one method a dialogue (or two) ----------------------------------------------------------------------
    def _defect(self) -> Before:
        return self.room("cases").first_field(), lambda: self.window.failures.take(ValueError())

    def _crash(self) -> Before:
        return self.room("cases").first_field(), lambda: self.window.failures.take_crash("Fatal Python error")

    def _code_at_stake(self) -> Before:
        page = self.page("users")
        page.name.setText("Үшінші Адам")
        page.login.setText("third")
        for line in (page.passphrase.first, page.passphrase.second):
            line.edit.setText(factories.PASSPHRASE)
        page.add()
        self.settle()
        self._then = lambda: page._kept(True)
        return page.sheet.check, self.window.show_cases

    def _help(self) -> Before:
        return self.case("draft", "functions").pages["functions"].first(), self.window.show_help

    def _discard(self) -> Before:
        screen = self.room("cases")
        return screen.first_field(), screen.discard

    def _issue(self) -> Before:
        button = self._papers().issue_buttons[0]
        return button, button.click

    def _spoil(self) -> Before:
        bar = self._papers()
        if not bar.spoil_buttons:
            bar._issue(bar._papers.offers[0])
            self.settle()
        return bar.spoil_buttons[0], bar.spoil_buttons[0].click

    def _papers(self) -> Any:
        from ui.screens.conclusion.papers import CasePapersBar

        return self.case("signed", "conclusion").findChild(CasePapersBar)

    def _sign(self) -> Before:
        self.page("criteria").edition_wanted.emit()
        self.settle()
        start_page = self.screen.start
        start_page.day.setText("01012027")
        start_page.place.setText(str(self.folder / f"edition-{time.monotonic_ns()}"))
        start_page.make()
        self.settle()
        self.settle()
        return self.screen.work.sign_button, self.screen.work.sign_button.click

    def _key(self) -> Before:
        button, _ = self._sign()
        return button, self.screen.work._on_key

    def _act(self, case: str, step: str, name: str) -> Before:
        screen = self.case(case, step)
        widget = screen.pages[step].first() if case == "draft" else screen.header.back_button
        return widget, lambda: screen.acts.do(name)

    def _late(self) -> Before:
        button = self.case("voted", "functions").notice.button
        return button, button.click

    def _unsaved(self) -> Before:
        screen = self.case("draft", "person")
        record = screen.record
        save = record.save_all

        def none_saved(then: Callable[[tuple[str, ...]], None]) -> None:
            record.save_all = save
            then(("person.surname",))

        record.save_all = none_saved
        return screen.form.fields["person.surname"].focus_widget(), self.window.show_cases

    def _history(self) -> Before:
        screen = self.case("draft", "person")
        return screen.form.fields["person.sex"].focus_widget(), screen.show_history

    def _copy(self) -> Before:
        screen = self.case("draft", "referral")
        paper = self._paper()
        return screen.referral.copies.add_button, lambda: screen.copy_desk.take_files([paper])

    def _paper(self) -> Path:
        image = QImage(800, 600, QImage.Format.Format_RGB32)
        image.fill(0xFFCCDDEE)
        path = self.folder / "ЭКГ.jpg"
        path.write_bytes(copies.encoded(image))
        return path

    def _copies(self) -> Any:
        screen = self.case("draft", "referral")
        field = screen.referral.copies
        if not field.entries:
            ready = copies.make_ready(self._paper().read_bytes(), "ЭКГ.jpg")
            from app.services.attachments import Copy

            view = screen._desk.attachments.add(
                screen.case_id, Copy(ready.data, ready.thumbnail, ready.pages), title="ЭКГ", of="result",
                screen="referral",
            ).view  # fmt: skip
            screen.record.adopt(field.path, view)
            self.settle()
        return field

    def _rename(self) -> Before:
        button = self._copies().change_button
        return button, button.click

    def _look(self) -> Before:
        button = self._copies().open_button
        return button, button.click

    def _take_out(self) -> Before:
        button = self._copies().remove_button
        return button, button.click

    def _browse(self) -> Before:
        screen = self.case("draft", "diagnosis")
        field = screen.form.fields["diagnosis.main.icd10"]
        return field.focus_widget(), lambda: screen.form.browse(field, "I69.3", lambda _code: None)

    def _phrases(self) -> Before:
        screen = self.case("draft", "observations")
        field = screen.form.fields["dossier.observations.therapist.complaints"]
        return field.focus_widget(), lambda: screen.show_phrases(None)

    def _row(self) -> Before:
        page = self.case("draft", "programme").programme
        if not page.rows.count():
            page.take_over()
            self.settle()
        page.rows.setCurrentRow(0)
        return page.rows, lambda: page.edit(0)

    def _measure(self) -> Before:
        page = self._row_page()
        return page.rows, page.ask_for_one

    def _row_page(self) -> Any:
        self._row()
        return self.screen.programme

    def _against(self) -> Before:
        from app.domain.vocabulary import MeasureState

        against = self._row_page().offers[MeasureState.CONTRAINDICATED]
        return against.button, against.button.click

    def _account(self) -> Before:
        screen = self.case("stranger", "decision")
        made = next(row for row in screen.signing.rows if not row.users)
        self.back = screen.signing.rows[0].passphrase.edit  # on to who signs next
        return made.make_button, made.make_button.click

    def _ballot(self) -> Before:
        button = self.case("voted", "vote").vote.vote_buttons[1]
        return button, button.click

    def _vote_again(self) -> Before:
        button = self.case("voted", "vote").vote.again_button
        return button, button.click

    def _due(self) -> Any:
        from datetime import date

        screen = self.room("journals")
        screen.tabs.setCurrentIndex(3)
        self.settle()
        page = screen.page(3)
        page.calendar.show_month(date(2028, 12, 1))
        self.settle()
        return page

    def _due_export(self) -> Before:
        page = self._due()
        return page.export_button, page.export_button.click

    def _list_export(self) -> Before:
        screen = self.room("journals")
        screen.tabs.setCurrentIndex(0)
        self.settle()
        page = screen.page(0)
        return page.export_button, page.export_button.click

    def _trip_of_due(self) -> Before:
        page = self._due()
        page.table.selectAll()
        return page.trip_button, page.trip_button.click

    def _person(self) -> Any:
        screen = self.room("people")
        screen.show_person(self.ids["kept"])
        self.settle()
        return screen

    def _merge(self) -> Before:
        button = self._person().card.merge_button
        return button, button.click

    def _separate(self) -> Before:
        screen = self._person()
        return screen.card.merge_button, lambda: screen._ask_to_separate(screen.card.card, self.ids["joined"])

    def _import(self) -> Before:
        page = self.page("classifiers")
        path = self.folder / "table.csv"
        from tests.unit.test_classifier_table import ICD10

        path.write_text(ICD10, encoding="utf-8")
        return page.import_button, lambda: page.read(path)

    def _admit(self) -> Before:
        page = self.page("criteria")
        key = editions.public_file(self.folder / "key.pub")
        return page.admit_button, lambda: page.admit(key)

    def _revoke(self) -> Before:
        page = self.page("criteria")
        page.keys.setCurrentRow(0)
        return page.revoke_button, page.revoke_button.click

    def _stop_checks(self) -> Before:
        import threading

        page = self.page("criteria")
        page._stop = threading.Event()  # as while an edition is checked; the checks would end meanwhile
        page.at_work.show()
        self._then = page._ended
        return page.stop_button, self.window.show_cases

    def _range(self) -> Before:
        page = self.page("papers")
        page.list.setCurrentCell(1, 0)
        return page.remove_button, page.remove_button.click

    def _absent(self) -> Before:
        page = self.trip()
        return page.table, lambda: QTest.keyClick(page.table, Qt.Key.Key_5)

    def _move(self) -> Before:
        page = self.trip()
        return page.acts.move_button, page.acts.move_button.click

    def _protocol(self) -> Before:
        page = self.trip()
        return page.protocol_button, page.protocol_button.click

    def _session(self) -> Before:
        page = self.trip()
        return page.papers_button, page.papers_button.click

    def _into_a_folder(self) -> Before:
        page = self.trip()
        page.papers_button.setFocus()
        page.papers_button.click()
        self.settle()
        dialog: Any = self.shown()
        self.back = page.papers_button

        def ask() -> None:
            dialog.ask_where()
            asking = self.shown()
            assert asking is not None
            asking.rejected.connect(dialog.reject)  # one Escape leaves both

        return dialog.close_button, ask

    def _close_trip(self) -> Before:
        page = self.trip()
        return page.close_button, page.close_button.click

    def _offer(self) -> Before:
        page = self.trip()
        return page.offer_button, page.offer_button.click

    def _begin_anew(self) -> Before:
        return self.room("cases").first_field(), self.window.training.ask_to_begin_anew

    def _file(self) -> Before:
        page = self.page("classifiers")
        return page.import_button, page.import_button.click

    def _printer(self) -> Before:
        from ui.screens.conclusion import ConclusionPanel

        panel = self.case("signed", "conclusion").findChild(ConclusionPanel)
        return panel.print_button, panel.print_button.click

    def _esign(self) -> Before:
        from ui.screens.conclusion import ConclusionPanel

        panel = self.case("signed", "conclusion").findChild(ConclusionPanel)
        return panel.sign_button, panel.sign_button.click

    def _linked(self) -> Any:
        from tests.link.fake_centre import FakeCentre

        window = self.window
        desk = window.desk
        assert desk is not None
        if desk.link.status().centre is None:
            desk.link.enrol(FakeCentre().invitation())
        screen = self.room("link")
        self.settle()
        self.settle()
        return screen

    def _to_stick(self) -> Before:
        button = self._linked().body.buttons["write"]
        return button, button.click

    def _slip(self) -> Before:
        body = self._linked().body
        assert self.window.desk is not None
        if not self.window.desk.link.exchanges():
            self.window.desk.link.export_bundle(self.folder)
        body.show_tab("exchanges")
        self.settle()
        self.settle()
        button = body.page("exchanges").slip_button
        return button, button.click

    def _enrol(self) -> Before:
        screen = self._linked()
        return screen.body.buttons["write"], screen.ask_to_link

    def _log_anew(self) -> Before:
        screen = self._linked()
        return screen.body.buttons["write"], screen.ask_to_begin_anew


_EXAMINATION: Final = "ui.screens.examination."
_BEFORE: Final[dict[str, Callable[[Stage], Before]]] = {
    "ui.errors.Failures.take": Stage._defect,
    "ui.errors.Failures.take_crash": Stage._crash,
    "ui.main_window.MainWindow._leave.ask": Stage._code_at_stake,
    "ui.main_window.MainWindow.show_help": Stage._help,
    "ui.screens.cases.screen.CasesScreen.discard": Stage._discard,
    "ui.screens.conclusion.papers.CasePapersBar.issue": Stage._issue,
    "ui.screens.conclusion.papers.CasePapersBar.write_off": Stage._spoil,
    "ui.screens.conclusion.panel.ConclusionPanel.sign_paper": Stage._esign,
    "ui.screens.criteria.work.WorkPage._ask_key": Stage._sign,
    "ui.screens.criteria.work.WorkPage._on_key": Stage._key,
    _EXAMINATION + "act_dialogs.correction_dialog": lambda stage: stage._act("signed", "conclusion", "correct"),
    _EXAMINATION + "act_dialogs.ending_dialog": lambda stage: stage._act("draft", "functions", "end_case"),
    _EXAMINATION + "act_dialogs.postponing_dialog": lambda stage: stage._act("draft", "functions", "postpone"),
    _EXAMINATION + "act_dialogs.reason_dialog": lambda stage: stage._act("ended", "decision", "resume"),
    _EXAMINATION + "case_acts.CaseActs._deadlines": lambda stage: stage._act("draft", "functions", "deadlines"),
    _EXAMINATION + "case_screen.CaseScreen.ask_why": Stage._late,
    _EXAMINATION + "case_screen.CaseScreen.leave.saved": Stage._unsaved,
    _EXAMINATION + "case_screen.CaseScreen.show_history.show": Stage._history,
    _EXAMINATION + "copy_desk.CopyDesk._ask": Stage._copy,
    _EXAMINATION + "copy_desk.CopyDesk.change": Stage._rename,
    _EXAMINATION + "copy_desk.CopyDesk.look_at.show": Stage._look,
    _EXAMINATION + "copy_desk.CopyDesk.remove": Stage._take_out,
    _EXAMINATION + "form.Form.browse": Stage._browse,
    _EXAMINATION + "paged_case.PagedCase.show_phrases": Stage._phrases,
    _EXAMINATION + "programme_page.ProgrammePage._ask_row": Stage._row,
    _EXAMINATION + "programme_page.ProgrammePage.ask_for_one": Stage._measure,
    _EXAMINATION + "programme_page.ProgrammePage.include": Stage._against,
    _EXAMINATION + "signing.ask_account": Stage._account,
    _EXAMINATION + "vote_page.VotePage.ask": Stage._ballot,
    _EXAMINATION + "vote_page.VotePage.ask_why": Stage._vote_again,
    "ui.screens.journals.due_page.DuePage.export": Stage._due_export,
    "ui.screens.journals.list_page.ListPage.export": Stage._list_export,
    "ui.screens.journals.trip_making.TripMaking._ask": Stage._trip_of_due,
    "ui.screens.link.acts.Acts.do": Stage._to_stick,
    "ui.screens.link.body.Body.show_slip": Stage._slip,
    "ui.screens.link.screen.LinkScreen.ask_to_begin_anew": Stage._log_anew,
    "ui.screens.link.screen.LinkScreen.ask_to_link": Stage._enrol,
    "ui.screens.people.screen.PeopleScreen._ask_to_separate": Stage._separate,
    "ui.screens.people.screen.PeopleScreen._ask_whom": Stage._merge,
    "ui.screens.settings.classifiers.ClassifiersPage._ask": Stage._import,
    "ui.screens.settings.criteria.CriteriaPage._ask_name": Stage._admit,
    "ui.screens.settings.criteria.CriteriaPage._on_revoke": Stage._revoke,
    "ui.screens.settings.criteria.CriteriaPage.leave": Stage._stop_checks,
    "ui.screens.settings.papers.PapersPage.remove": Stage._range,
    "ui.screens.trips.order.Order._ask": Stage._absent,
    "ui.screens.trips.trip_page.TripPage._ask_where": Stage._move,
    "ui.screens.trips.trip_page.TripPage.close_or_reopen": Stage._close_trip,
    "ui.screens.trips.session_papers.SessionPapers.ask_where": Stage._into_a_folder,
    "ui.screens.trips.trip_page.TripPage.offer": Stage._offer,
    "ui.screens.trips.trip_page.TripPage.show_papers": Stage._session,
    "ui.screens.trips.trip_page.TripPage.show_protocol": Stage._protocol,
    "ui.training.TrainingMode.ask_to_begin_anew": Stage._begin_anew,
    "ui.widgets.output._file_dialog": Stage._file,
    "ui.widgets.output.ask_printer": Stage._printer,
}
WALKED: Final = frozenset(_BEFORE)


# --- as a program --------------------------------------------------------------------------------------------
class Told(QObject):
    """Does what stands on the input, line by line, each with an answer of one line: `before PLACE`, `open`, `closed`.

    It gives the keyboard to what comes to the front, as the window manager does that isn't there.
    """

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.window)
        self._stage = stage
        self._widget: QWidget | None = None
        self._act: Callable[[], object] = lambda: None
        self._until: Callable[[], str] | None = None
        self._late = 0.0
        self._line = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._line.activated.connect(self._on_line)
        self._look = QTimer(self)
        self._look.timeout.connect(self._on_look)
        self._look.start(20)

    def _on_line(self) -> None:
        words = sys.stdin.readline().split()
        if not words:
            QApplication.exit()
        elif words[0] == "before":
            self._widget, self._act = self._stage.before(words[1])
            focused = QApplication.focusWidget()
            self._answer("ready" if focused is self._widget else f"the keyboard is elsewhere: {focused}")
        elif words[0] == "open":
            self._until, self._late = self._opened, time.monotonic() + 20
            QTimer.singleShot(0, self, self._act)
        else:
            self._until, self._late = self._closed, time.monotonic() + 20

    def _on_look(self) -> None:
        answer = self._until() if self._until is not None else ""
        if answer:
            self._until = None
            self._answer(answer)

    def _opened(self) -> str:
        dialog = self._stage.shown()
        if dialog is None or self._stage.window.tasks.busy:
            return "nothing" if time.monotonic() > self._late else ""
        if not dialog.isActiveWindow():
            dialog.activateWindow()
            return ""
        return type(dialog).__name__

    def _closed(self) -> str:
        dialog = self._stage.shown()
        if dialog is not None:
            if time.monotonic() > self._late:
                dialog.done(0)
                return "Escape does not close it"
            return ""
        if not self._stage.window.isActiveWindow():
            self._stage.window.activateWindow()
            return ""
        self._until = None
        self._stage.settle()
        focused, wanted = QApplication.focusWidget(), self._stage.back or self._widget
        back = "back" if focused is wanted else f"{focused} instead of {wanted}"
        self._stage.after()
        return back

    def _answer(self, words: str) -> None:
        print(" ".join(words.split()), flush=True)


def _end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Nobody waits for an answer that doesn't come any more."""
    sys.__excepthook__(kind, error, trace)
    os._exit(1)


if __name__ == "__main__":
    sys.excepthook = _end
    shown = Stage(Path(sys.argv[1]), sys.argv[2])
    Told(shown)
    QApplication.exec()

"""Scales on the page of functions: forms that unfold, filled by keyboard, their result beside the degree."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLineEdit

from app.domain.scales import FORMS
from tests import factories
from tests.ui.conftest import Type
from tests.ui.test_case import open_case, press, reopen, states, stored  # noqa: F401 - open_case is a fixture
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.examination.scale_form import ScaleFold
from ui.widgets.options import ChoiceField

Idle = Callable[[MainWindow], None]
Open = Callable[..., CaseScreen]
KEY = Qt.Key


def case(scales: dict[str, Any] | None = None) -> dict[str, Any]:
    return {**factories.case_document(), **({} if scales is None else {"scales": scales})}


def fold_of(screen: CaseScreen, scale: str) -> ScaleFold:
    fold = screen.form.fields[f"scales.{scale}"]
    assert isinstance(fold, ScaleFold)
    return fold


def focused(screen: CaseScreen) -> str:
    """The path of the innermost field that has the keyboard."""
    focus = QApplication.focusWidget()
    inside = [path for path, field in screen.form.fields.items() if focus is not None and field.isAncestorOf(focus)]
    return max(inside, key=len)


def unfold(screen: CaseScreen, scale: str) -> ScaleFold:
    """As a person does it: show the scales, go to the line, press the space bar."""
    screen.go("functions")
    screen.functions.scale_group.open()
    fold = fold_of(screen, scale)
    fold.button.setFocus()
    press(KEY.Key_Space)
    return fold


def test_a_scale_is_filled_by_digits_and_enter_and_its_total_stands_beside_the_degree(
    open_case: Open,  # noqa: F811
    idle: Idle,
    type_text: Type,
) -> None:
    screen = open_case(case())
    fold = unfold(screen, "barthel")
    assert focused(screen) == "scales.barthel.feeding", "unfolding leads to the first entry"
    for points in (10, 5, 5, 5, 10, 10, 10, 15, 15, 10):
        focus = QApplication.focusWidget()
        assert isinstance(focus, QLineEdit)
        type_text(focus, str(points))
        press(KEY.Key_Return)
    assert focused(screen) == "scales.barthel.total"
    assert fold.button.words.text() == "▾ Barthel index: 95 of 100, slight dependence"
    assert screen.functions.degrees["limitations.self_care"].remark.text() == (
        "Barthel index: 95 of 100, slight dependence"
    )
    kept = stored(screen, idle).document["scales"]["barthel"]
    assert kept["dressing"] == 5
    assert FORMS["barthel"].score(kept) == 95


def test_what_the_form_does_not_have_is_told_below_its_entry_and_kept(
    open_case: Open,  # noqa: F811
    idle: Idle,
    type_text: Type,
) -> None:
    screen = open_case(case())
    unfold(screen, "barthel")
    type_text(QApplication.focusWidget(), "7")  # type: ignore[arg-type]
    press(KEY.Key_Tab)
    entry = screen.form.fields["scales.barthel.feeding"]
    assert "7 is not one of 0, 5, 10" in entry.error.text()
    view = stored(screen, idle)
    assert view.unfinished == {"scales.barthel.feeding": "7"}
    window = screen.window()
    assert isinstance(window, MainWindow)
    again = reopen(window, view.id, idle)
    again.go("functions")
    assert fold_of(again, "barthel").is_open, "what is wrong is in sight"
    shown = again.form.fields["scales.barthel.feeding"]
    assert shown.focus_widget().text() == "7"  # type: ignore[attr-defined]
    assert "7 is not one of" in shown.error.text()


def test_decimals_are_typed_and_shown_as_each_language_writes_them(
    open_case: Open,  # noqa: F811
    idle: Idle,
    type_text: Type,
) -> None:
    screen = open_case(case(), language="ru")
    fold = unfold(screen, "visual_acuity")
    type_text(QApplication.focusWidget(), "0,3")  # type: ignore[arg-type]
    press(KEY.Key_Return)
    assert stored(screen, idle).document["scales"] == {"visual_acuity": {"better_eye": 0.3}}
    assert fold.button.words.text().endswith("0,3, легкое нарушение зрения")
    screen._language.set("en")
    entry = screen.form.fields["scales.visual_acuity.better_eye"]
    assert entry.focus_widget().text() == "0.3"  # type: ignore[attr-defined]
    assert stored(screen, idle).unfinished == {}


def test_the_row_of_digits_of_the_kazakh_layout_writes_digits(open_case: Open, idle: Idle, type_text: Type) -> None:  # noqa: F811
    screen = open_case(case(), language="kk")
    unfold(screen, "visual_field")
    type_text(QApplication.focusWidget(), '"ғ')  # type: ignore[arg-type]
    press(KEY.Key_Return)
    assert stored(screen, idle).document["scales"] == {"visual_field": {"better_eye": 15}}


def test_levels_are_chosen_by_their_number_each_in_words(open_case: Open, idle: Idle) -> None:  # noqa: F811
    screen = open_case(case())
    fold = unfold(screen, "nyha")
    entry = screen.form.fields["scales.nyha.class"]
    assert isinstance(entry, ChoiceField)
    assert [button.text()[:9] for button in entry.row.buttons] == ["class I: ", "class II:", "class III", "class IV:"]
    press(KEY.Key_4)
    assert fold.button.accessibleName().endswith("class IV: symptoms at rest too")
    assert stored(screen, idle).document["scales"] == {"nyha": {"class": 4}}
    press(KEY.Key_Backspace)
    assert stored(screen, idle).document["scales"] == {"nyha": {"class": None}}
    assert fold.is_empty()


def test_a_scale_far_from_the_degree_is_told_at_the_degree_and_answered_before_signing(
    open_case: Open,  # noqa: F811
    idle: Idle,
) -> None:
    screen = open_case(case({"barthel": {"total": 100}}))
    screen.go("functions")
    row = screen.functions.degrees["limitations.self_care"]
    assert "Barthel index: 100 of 100, independent – self-care: degree 2" in row.error.text()
    proposal = screen.record.draft.proposal
    assert proposal is not None
    assert [conflict.code for conflict in proposal.conflicts] == ["scale_differs"]
    assert proposal.outcome == "group_2", "a scale decides nothing"
    screen.open_conflict("scale_differs")
    assert screen.step == "decision"
    assert "scale_differs" in screen.decision.answers.answers


def test_scales_stay_out_of_sight_until_somebody_wants_them(open_case: Open) -> None:  # noqa: F811
    screen = open_case(case())
    screen.go("functions")
    assert not screen.functions.scale_group.is_open
    assert not any(path.startswith("scales.") and path.count(".") == 2 for path in screen.form.fields), (
        "made when unfolded"
    )


def test_a_scale_that_is_filled_in_is_in_sight_until_somebody_hides_it(open_case: Open) -> None:  # noqa: F811
    given = open_case(case({"nyha": {"class": 1}}))
    given.go("functions")
    assert given.functions.scale_group.is_open
    given.functions.scale_group.open(False)
    given.record.commit("facts.functions.mental", 2)
    assert not given.functions.scale_group.is_open, "who hides them has seen them"


def test_only_scales_for_the_age_are_offered_and_one_given_nevertheless_says_so(open_case: Open) -> None:  # noqa: F811
    child = case({"barthel": {"total": 100}})
    child["person"] |= {"iin": None, "birth_date": "2015-01-01"}
    child["facts"]["limitations"] |= {"learning": 0, "work": None}
    screen = open_case(child)
    screen.go("functions")
    shown = {scale for scale, fold in screen.functions.scales.items() if fold.isVisible()}
    assert shown == {"barthel", "gmfcs", "nyha", "visual_acuity", "visual_field", "hearing"}
    assert fold_of(screen, "barthel").remark.text() == "Not meant for this age: it is not compared."


def test_jumping_to_an_entry_unfolds_its_scale(open_case: Open) -> None:  # noqa: F811
    screen = open_case(case())
    screen.record.commit("scales.barthel", {"feeding": 10, "total": 5})
    assert states(screen)["functions"] == "contradictory"
    screen.jump("scales.barthel.total")
    assert fold_of(screen, "barthel").is_open
    assert "5 is not what the entries of this scale come to" in screen.form.fields["scales.barthel.total"].error.text()


def test_what_is_decided_shows_scales_without_letting_change_them(open_case: Open, idle: Idle) -> None:  # noqa: F811
    screen = open_case(case({"barthel": {"total": 40}}))
    found: list[object] = []
    screen._tasks.run(lambda: screen._desk.conclusions.decide(screen.case_id, factories.DECISION), done=found.append)
    window = screen.window()
    assert isinstance(window, MainWindow)
    idle(window)
    again = reopen(window, screen.case_id, idle)
    fold = unfold(again, "barthel")
    assert fold.is_open
    edit = again.form.fields["scales.barthel.total"].focus_widget()
    assert isinstance(edit, QLineEdit)
    assert edit.isReadOnly()
    assert edit.text() == "40"


def test_source_and_licence_stand_beside_each_scale_and_every_entry_has_a_name(open_case: Open) -> None:  # noqa: F811
    screen = open_case(case())
    for scale in ("barthel", "mmse", "nyha", "visual_acuity", "visual_field", "hearing", "whodas_12"):
        fold = unfold(screen, scale)
        assert fold._source.text().startswith("Source: "), scale
        assert fold._licence.text().startswith("Licence: "), scale
        for edit in fold.body.findChildren(QLineEdit):
            interface = QAccessible.queryAccessibleInterface(edit)
            assert interface is not None
            assert interface.text(QAccessible.Text.Name)

"""No sentence reaches a person past the catalogue."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {
    room: sorted(path for path in (ROOT / room).rglob("*.py")) for room in ("ui", "app/commands", "app/services", "app")
}

# What shows its words to a person: widgets made with words, and methods that set them.
SHOWING = {
    *("QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "QToolButton", "QMessageBox"),
    *("setText", "setWindowTitle", "setTitle", "setToolTip", "setStatusTip", "setWhatsThis", "setPlaceholderText"),
    *("setAccessibleName", "setAccessibleDescription", "setInformativeText", "setDetailedText", "setLabelText"),
    *("setHtml", "setPlainText", "setHeaderLabels", "setHorizontalHeaderLabels", "setVerticalHeaderLabels"),
    *("setPrefix", "setSuffix", "setSpecialValueText", "setTabText", "addTab", "addItem", "addItems", "addMenu"),
    *("insertItem", "insertTab", "showMessage", "setButtonText", "setCancelButtonText", "print"),
}
TRANSLATING = {"t", "plural", "N_", "show"}


def name_of(call: ast.Call) -> str:
    """`t` of `t(…)`, `self.t(…)` and `language.t(…)`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def words_in(node: ast.expr) -> list[str]:
    """The literal words that this expression shows; words given to a translator don't count."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return [text for part in parts for text in words_in(part)]
        case ast.IfExp(body=one, orelse=other):
            return [*words_in(one), *words_in(other)]
        case ast.BoolOp(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [text for part in parts for text in words_in(part)]
        case ast.BinOp(left=left, right=right):
            return [*words_in(left), *words_in(right)]
        case ast.Call(func=ast.Attribute(value=base, attr="format" | "join")):
            return words_in(base)
    return []


def marked_in(node: ast.JoinedStr) -> list[ast.Call]:
    """Sentences for the catalogue within an f-string, where its tool doesn't look (Python before 3.12)."""
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call) and name_of(part) in {"t", "plural", "N_"}]
    return [call for call in calls if call.args and isinstance(call.args[0], ast.Constant)]


def is_word(text: str) -> bool:
    # One letter, a code such as "kk" or a style needs no translation; a word does.
    return sum(character.isalpha() for character in text) > 2


def literals(source: str) -> list[str]:
    """`line: words` for each literal shown to a person without a translator."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            found += [f"{node.lineno}: a sentence inside an f-string is not collected" for _ in marked_in(node)]
        if not isinstance(node, ast.Call):
            continue
        called = name_of(node)
        if called in SHOWING:
            found += [f"{node.lineno}: {text!r}" for arg in node.args for text in words_in(arg) if is_word(text)]
        elif called == "Text" and node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
            found.append(f"{node.lineno}: Text without N_")
        elif called in TRANSLATING and node.args and isinstance(node.args[0], ast.JoinedStr):
            found.append(f"{node.lineno}: an f-string can't be found in a catalogue")
    return found


@pytest.mark.parametrize("path", sorted({*ROOMS["ui"], *ROOMS["app"]}), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sentence_goes_through_the_catalogue(path: Path) -> None:
    assert literals(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'QLabel("Save the case")',
        'button.setText("Save" if new else t("Open"))',
        'label.setText(f"{n} cases")',
        'label.setText("{n} cases".format(n=n))',
        'field.setAccessibleName("surname")',
        'UserError(Text("It does not fit."))',
        't(f"{n} cases")',
        "label.setText(f'{at}: {t(\"Save\")}')",
        'print("done")',
    ],
)
def test_the_check_sees_a_literal(source: str) -> None:
    assert literals(source)


@pytest.mark.parametrize(
    "source",
    ['QLabel(t("Save"))', 'label.setText(f"{a} · {b}")', 'x.setText(names["save"])', 'UserError(Text(N_("No.")))'],
)
def test_the_check_leaves_translated_words_alone(source: str) -> None:
    assert literals(source) == []


def test_members_of_two_lists_with_one_value_have_one_label() -> None:
    # A StrEnum member equals its text: two of one value are one key of LABELS, and the later label wins for both.
    from enum import StrEnum

    from app.domain import vocabulary

    lists = [kind for kind in vars(vocabulary).values() if isinstance(kind, type) and issubclass(kind, StrEnum)]
    values = [member.value for kind in lists for member in kind]
    shared = {value for value in values if values.count(value) > 1}
    # “proposed” has no label in either of its lists.
    assert shared <= {"other", "general_capacity", "professional_capacity", "extra_help", "proposed"}

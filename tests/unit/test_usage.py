"""The command line speaks the user's language: help and complaints alike, with none of argparse's own English."""

import re
from collections.abc import Sequence

import pytest

from app import cli, pack_actions
from app.domain.text import LANGUAGES
from app.i18n import translator
from app.usage import complaint

# Words of argparse's own that stood on the screen before; none of ours is written so in Kazakh or Russian.
ENGLISH = re.compile(
    r"usage|options|optional|positional|arguments|show|exit|expected|invalid|choose|required|unrecognized|ignored"
    r"|ambiguous|could match"
)
COMMANDS = ((), *((name,) for name in cli._MODULES), *(("pack", name) for name in pack_actions.MODULES))
WRONG = (
    (("nothing-known",), "nothing-known"),
    (("propose", "--lang", "xx"), "xx"),
    (("propose", "one", "two"), "two"),
    (("pack",), "pack --help"),
    (("import-cases",), "import-cases --help"),
    (("propose", "--json=3"), "3"),
    (("--user",), "--user"),
    (("propose", "--pa", "a"), "--pa"),
    (("--data=", "list"), "--data"),
    (("print", "a", "--out", ""), "--out"),
    (("init", "--name", "A\x1b[2K"), "--name"),
    (("init", "--department", "2\n3"), "--department"),
)


def run(argv: Sequence[str], language: str) -> int:
    try:
        return cli.main(["--lang", language, *argv])
    except SystemExit as ended:  # argparse ends the program after its help, as everybody expects
        return int(ended.code or 0)


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0] if command else "saraptama")
def test_help_is_in_the_language_asked_for(
    command: Sequence[str], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run((*command, "--help"), language) == cli.DONE
    told = capsys.readouterr().out
    assert translator(language)("options") in told
    # `show` is what has to be typed, in any language.
    assert not ENGLISH.search(told.replace(" show ", " "))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("argv", "named"), WRONG, ids=lambda value: " ".join(value) if type(value) is tuple else "")
def test_a_wrong_line_is_told_in_the_language_with_the_word_it_is_about(
    argv: Sequence[str], named: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(argv, language) == cli.BAD_INPUT
    told = capsys.readouterr()
    assert told.out == ""
    assert named in told.err
    assert "--help" in told.err
    assert translator(language)("The command line was not understood. See: {hint}", hint="")[:25] not in told.err
    if language != "en":
        assert not ENGLISH.search(told.err)


def test_what_is_meant_by_a_wrong_line_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    for argv, said in (
        (("pack", "sign-off", "x", "--by", "Сейітова", "Әлия"), "Put a text with spaces in quotes"),
        (("pack", "sign-off", "x", "--topic", "мерзім"), "such as 3."),
    ):
        assert run(argv, "en") == cli.BAD_INPUT
        assert said in capsys.readouterr().err


def test_a_complaint_that_is_not_known_is_told_without_its_english() -> None:
    said = translator("ru").show(complaint("something new in a later Python", "saraptama --help"))
    assert "something" not in said
    assert "saraptama --help" in said

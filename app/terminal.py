"""What every command line of ours shares: its streams, its language, how it ends, how it asks for a secret."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from app.domain.errors import Cancelled, KnownError, Told, UserError
from app.domain.system import refusal
from app.domain.text import LANGUAGES, N_, Text, for_terminal
from app.i18n import Translator

# What was stopped is never called done. The numbers are those that shells use for SIGINT and SIGPIPE.
INTERRUPTED: Final = 130
CUT_OFF: Final = 141
_LIMIT: Final = 10_000


def language(argv: Sequence[str]) -> str:
    """The language wanted, found before parsing so that the parser's own words are in it."""
    for position, word in enumerate(argv):
        if word == "--lang" and position + 1 < len(argv) and argv[position + 1] in LANGUAGES:
            return argv[position + 1]
        if word.startswith("--lang=") and word[7:] in LANGUAGES:
            return word[7:]
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name][:2] if os.environ[name][:2] in LANGUAGES else "en"
    return "ru" if sys.platform == "win32" else "en"


def ending(t: Translator, work: Callable[[], int]) -> int:
    """Do the work of a command; failures become a sentence and an exit code.

    0 done, 1 a failed check, 2 bad input, 3 environment; 130 interrupted and 141 output cut off, as shells have it.
    """
    try:
        return work()
    except Told as told:
        _say(t.show(told.text))
        return told.exit_code
    except (Cancelled, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return CUT_OFF
    except OSError as error:
        _drop_output()
        refused = N_(
            "The system refused: {reason} ({path}). Check the disk, the folder and its rights, then try again."
        )
        _say(t(refused, reason=refusal(error), path=error.filename or "–"))
        return KnownError.exit_code
    except Exception as error:
        if os.environ.get("SARAPTAMA_TRACEBACK"):
            raise
        # Where and what kind, never the values: they may be somebody's diagnosis.
        import traceback  # costs 10 ms at start-up otherwise

        frame = traceback.extract_tb(error.__traceback__)[-1]
        defect = N_(
            "The program made a mistake: {kind} at {place}. Nothing was changed by this command. "
            "Report these words to whoever looks after the program."
        )
        _say(t(defect, kind=type(error).__name__, place=f"{Path(frame.filename).name}:{frame.lineno}"))
        return KnownError.exit_code


def words() -> list[str]:
    """The words of the command line, as UTF-8 whatever the locale says: under `LC_ALL=C` letters would be lost."""
    if sys.getfilesystemencoding() == "utf-8":
        return sys.argv[1:]
    return [os.fsencode(word).decode("utf-8", "surrogateescape") for word in sys.argv[1:]]


def streams() -> bool:
    """Put something behind each of the three streams, speak UTF-8; returns whether there is an output.

    A stream that was closed leaves its number free for the next file that is opened, which may be the database.
    """
    output = sys.stdout is not None
    if None in (sys.stdin, sys.stdout, sys.stderr):
        taken = os.open(os.devnull, os.O_RDWR)
        while taken < 2:
            taken = os.dup(taken)
        if taken > 2:
            os.close(taken)
        sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - for the whole run
        sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.getfilesystemencoding() != "utf-8" and hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    return output


def _say(sentence: str) -> None:
    print(for_terminal(sentence), file=sys.stderr)


def _drop_output() -> None:
    """Send what is still waiting for the output nowhere, else Python complains of it at its end."""
    try:
        sys.stdout.flush()
        return
    except (OSError, ValueError):
        number = sys.stdout.fileno()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def ask_secret(question: str, again: str | None = None) -> str:
    """A secret from the terminal, without echo; asked twice where `again` is given. UserError where the two differ."""
    import getpass

    given = asked(lambda: getpass.getpass(question))
    if again is not None and asked(lambda: getpass.getpass(again)) != given:
        raise UserError(Text(N_("The two passphrases differ. Nothing was made; start again.")))
    return given


def asked(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except EOFError:
        raise UserError(Text(N_("The input ended before the answer. Nothing was done; start again."))) from None
    except UnicodeError:
        raise UserError(Text(N_("The answer is not UTF-8. Set the terminal to UTF-8, then start again."))) from None


def first_line(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LIMIT).decode("utf-8-sig").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        sentence = N_("The passphrase file can't be read: {path} ({reason}). Check the path and your rights.")
        raise UserError(Text(sentence, {"path": str(path), "reason": refusal(error)})) from error


def require_terminal(sentence: str) -> None:
    if not sys.stdin.isatty():
        raise UserError(Text(sentence))

"""A batch of cases: one case file a line (JSON Lines), of any length, read line by line."""

from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG
from typing import Final

from app.domain.case_file import not_a_file
from app.domain.errors import UserError
from app.domain.system import refusal
from app.domain.text import N_, Text

LINE_LIMIT: Final = 5 * 1024 * 1024


def lines(path: Path) -> Iterator[tuple[int, bytes | Text]]:
    """The lines that are not blank, numbered from 1, without their ends; of a line that is too long, what to say.

    UserError where the file is missing, a folder, a pipe, or can't be read.
    """
    if path.is_dir():
        raise UserError(Text(N_("{path} is a folder. Name a file in it."), {"path": path}))
    try:
        if not S_ISREG(path.stat().st_mode):
            raise not_a_file(path)
        file = path.open("rb")
    except FileNotFoundError:
        raise UserError(Text(N_("There is no file {path}. Check the name and the folder."), {"path": path})) from None
    except (OSError, ValueError) as error:
        raise UserError(
            Text(
                N_("{path} can't be read: {reason}. Check the file and its rights."),
                {"path": path, "reason": refusal(error)},
            )
        ) from None
    with file:
        number = 0
        while line := file.readline(LINE_LIMIT + 1):
            number += 1
            if len(line) > LINE_LIMIT:
                while line and not line.endswith(b"\n"):
                    line = file.readline(LINE_LIMIT)
                sentence = N_("The line has more than {limit} MB, so it is no case.")
                yield number, Text(sentence, {"limit": LINE_LIMIT // 1048576})
            elif line.strip():
                yield number, line.rstrip(b"\r\n")

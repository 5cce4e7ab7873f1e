"""Files that leave the program: papers and whatever else a person saves. All of one act are there, or none is new."""

from collections.abc import Mapping
from pathlib import Path

from app.domain.errors import KnownError
from app.domain.system import refusal
from app.domain.text import N_, Text
from app.storage import files


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write files whole, readable for their owner alone; KnownError where one can't be written, and none is then."""
    try:
        files.write_together(contents)
    except OSError as error:
        raise unwritable(next(iter(contents)).parent, error) from None


def unwritable(folder: Path, error: OSError) -> KnownError:
    """The sentence for a folder that takes no documents."""
    return KnownError(
        Text(
            N_("Documents can't be written to {path}: {reason}. Name another folder, or check its rights."),
            {"path": folder, "reason": refusal(error)},
        )
    )

"""The checks of an edition in a process of its own: seconds of computing would make the window jerk (adr/0015)."""

from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Final

from app.domain.errors import Cancelled, KnownError
from app.domain.text import N_, Text
from app.services import apart

if TYPE_CHECKING:
    from app.rules.coverage import Finding

STEPS: Final = (
    N_("Proving its rules over every combination of facts"),
    N_("Running its own cases"),
    N_("Looking whether its cases cover every rule and every boundary"),
    N_("Looking whether its cases cover every measure"),
)
"""A sentence for each of `app.rules.proof.CHECKS`."""
_LOOK: Final = 0.1  # seconds between two looks at whether anybody still wants the answer


def failing(
    files: Mapping[str, bytes], progress: Callable[[Text], object], stopped: Callable[[], bool]
) -> "tuple[Finding, ...]":
    """All that an edition's own checks and cases say no to, as `pack check` does; `files` were checked before.

    `progress` is told each of `STEPS` as it begins. Cancelled once `stopped`; KnownError where the process is killed.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_check, args=(theirs, dict(files)), daemon=True)
    try:
        with apart.uninterrupted():
            process.start()
        theirs.close()
        while True:
            while not ours.poll(_LOOK):
                if stopped():
                    raise Cancelled
            told = ours.recv()
            if not isinstance(told, int):
                found: tuple[Finding, ...] = told
                return found
            progress(Text(STEPS[told]))
    except EOFError as error:
        sentence = N_("The system ended the checks of the edition, perhaps for want of memory. Nothing was changed.")
        raise KnownError(Text(sentence)) from error
    finally:
        ours.close()
        if process.pid is not None:
            process.kill()
            process.join()


def _check(answers: Connection, files: Mapping[str, bytes]) -> None:
    """In the further process: the number of each step, then what failed."""
    apart.begin()
    from app.rules import proof
    from app.rules.loader import load_stored

    pack = load_stored(files, verify=None, with_cases=True)
    failed: list[Finding] = []
    for number, check in enumerate(proof.CHECKS):
        answers.send(number)
        failed += [finding for finding in check(pack) if not finding.ok]
    answers.send(tuple(failed))
    answers.close()

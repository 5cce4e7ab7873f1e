"""A rehearsal of another edition of the criteria, over the desk's own cases or over a file. It changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services.editions import Source, folder_of
from app.services.packs import Edition, PackService
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.domain.rehearsal import Rehearsal
    from app.rules.model import Pack
    from app.services.trial import Line, Trial

_PAGE: Final = 1_000


class RehearsalService:
    """For the worker thread; reads cases a thousand at a time, so that nobody waits long for the database."""

    def __init__(self, place: Workplace, packs: PackService) -> None:
        self._place = place
        self._packs = packs

    def rehearse(
        self,
        folder: Source,
        *,
        against: Source | None = None,
        law_of: date | None = None,
        own_day: bool = False,
        progress: Callable[[int], object] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
        guard: Callable[[], None] | None = None,
    ) -> "tuple[Rehearsal, tuple[Pack, ...]]":
        """Every case of this desk that is neither discarded nor replaced by a correction, and the editions met.

        The audit trail tells that it was done, over how many cases, by which edition; nothing else is written.
        Options as in `trial` and `rehearse`.
        """
        from app.services.rehearsing import rehearse

        found, in_work = trial(folder, self._packs.at_hand(), against=against, law_of=law_of, own_day=own_day)
        told = rehearse(found, self._lines(), in_work=in_work, progress=progress, cancelled=cancelled, guard=guard)
        cases = told.part.counts.total.cases + len(told.part.refused)
        with self._place.begin() as work:
            work.audit(
                "cases.rehearsed", new={"pack": told.new.id, "version": told.new.version, "digest": told.new.digest,
                                        "cases": cases},
            )  # fmt: skip
            work.commit()
        return told, (found.new, *found.others)

    def _lines(self) -> "Iterator[Line]":
        from app.storage import cases

        after = (0, 0)
        while True:
            with self._place.database.reading() as connection:
                page = cases.page(connection, after, _PAGE)
            if not page:
                return
            after = page[-1][:2]
            for _, _, number, document in page:
                yield number, document


def rehearse_file(
    folder: Source,
    batch: Path,
    at_hand: Iterable[Edition] = (),
    *,
    against: Source | None = None,
    law_of: date | None = None,
    own_day: bool = False,
    progress: Callable[[int], object] = lambda _: None,
) -> "tuple[Rehearsal, tuple[Pack, ...]]":
    """As `RehearsalService.rehearse`, over the lines of a file, against the editions `at_hand`, else those that came
    with the program."""
    from app.domain.case_lines import lines
    from app.services.rehearsing import rehearse

    found, in_work = trial(folder, at_hand or PackService().at_hand(), against=against, law_of=law_of, own_day=own_day)
    cases = ((str(number), line) for number, line in lines(batch))
    told = rehearse(found, cases, in_work=in_work, progress=progress)
    return told, (found.new, *found.others)


def trial(
    folder: Source, at_hand: Iterable[Edition], *, against: Source | None, law_of: date | None, own_day: bool
) -> "tuple[Trial, bool]":
    """Both sides of a rehearsal, and whether the new edition is still in work (not signed, or changed since).

    Without `against` the other side is the newest at hand that holds on the day. `law_of`, `own_day`: as in `Trial`.
    UserError where an edition is refused, doesn't hold on the day, or where the two are one.
    """
    from app.services.trial import Trial, does_not_hold

    if law_of is not None and own_day:
        raise UserError(Text(N_("Name either a day or each case's own day, not both.")))
    new, in_work = read(folder)
    if law_of is not None and not (new.valid_from <= law_of <= (new.valid_to or law_of)):
        raise does_not_hold(new, law_of)
    named = [edition.pack() for edition in at_hand] if against is None else [read(against)[0]]
    others = tuple(pack for pack in named if pack.digest != new.digest)
    if not others:
        sentence = N_(
            "Both sides of the rehearsal are the same edition, {id} {version}. Change the new one, or name another with"
            " --against."
        )
        raise UserError(Text(sentence, {"id": new.id, "version": new.version}))
    return Trial(new, others, against is not None, law_of, own_day), in_work


def read(where: Source) -> "tuple[Pack, bool]":
    """An edition as its files stand, and whether it is in work: not signed, or changed since."""
    from app.rules.files import SIGNATURE
    from app.rules.loader import load_draft, load_pack, load_stored

    if isinstance(where, Mapping):
        return load_stored(where, verify=None), False
    folder = folder_of(where)
    if (folder / SIGNATURE).is_file():
        try:
            return load_pack(folder, verify=None), False
        except UserError:
            pass  # changed since it was signed: the files as they stand say whether they are criteria at all
    return load_draft(folder), True

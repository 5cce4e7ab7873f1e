"""A link that stands as a test wants it: for states that take a centre, a second laptop or weeks to come about."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.errors import KnownError, UserError
from app.domain.text import N_, LocalText, Text
from app.services.link_views import (
    BundleView,
    CaseOnItsWay,
    CentreView,
    Exchange,
    LinkStatus,
    Place,
    Progress,
    ReceiptView,
    ReferenceView,
    Report,
)

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
CENTRE = CentreView(
    "c" * 32, LocalText(kk="Республикалық орталық", ru="Республиканский центр", en="Centre of the republic"),
    "9f3ac04417be52d8a1c6e7f09b3d2a58", ("https://centre.example.kz",), certified=True,
)  # fmt: skip
RECEIPT = ReceiptView("a1" * 16, 1204, "5e" * 32, 1190, 2, 1, NOW - timedelta(days=9), NOW - timedelta(days=9), "stick")
PACK = ReferenceView("pack", LocalText(kk="Өлшемшарттар kz-mse", ru="Критерии kz-mse", en="Criteria kz-mse"), "1.1.0",
                     NOW - timedelta(days=3), in_use=False,
                     remark=Text(N_("Only {name} ({login}), who set this desk up, changes these."),
                                 {"name": "Ахметова Жанар Болатқызы", "login": "head"}))  # fmt: skip
LIST = ReferenceView("revocations", LocalText(kk="Қайтарып алулар", ru="Отзывы", en="Revocations"), "17",
                     NOW - timedelta(days=3), in_use=True)  # fmt: skip
WORK = ReferenceView("assignments", LocalText(kk="Тапсырмалар", ru="Задания", en="Assignments"), "4",
                     NOW - timedelta(days=3), in_use=True)  # fmt: skip
COUNTS = {Place.WAITING: 12, Place.CARRIED: 5, Place.RECEIVED: 3, Place.APPLIED: 1180, Place.INCOMPLETE: 2,
          Place.QUARANTINED: 1, Place.ASIDE: 0}  # fmt: skip


def linked(**changes: Any) -> LinkStatus:
    """A laptop that was linked, and has something to send."""
    status = LinkStatus(CENTRE, 1221, "7c" * 32, COUNTS, 2, 3_400_000, RECEIPT, reference=(PACK, LIST, WORK),
                        laptop="4eeee37f", waiting_cases=4)  # fmt: skip
    return replace(status, **changes)


UNLINKED = LinkStatus(None, 14, "7c" * 32, {Place.WAITING: 14}, 0, 5000, None)


@dataclass
class FakeLink:
    """As `LinkService`. `step` runs between two batches of an exchange."""

    state: LinkStatus = field(default_factory=linked)
    found: tuple[CaseOnItsWay, ...] = ()
    due: bool = False
    changes: int = 0
    files: dict[str, BundleView] = field(default_factory=dict)
    done: list[tuple[str, Any]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    refuses: Exception | None = None
    batches: int = 3
    step: Callable[[int], None] = lambda _at: None

    def status(self) -> LinkStatus:
        return self.state

    def cases(self, place: Place | None = None, limit: int = 200, offset: int = 0) -> tuple[CaseOnItsWay, ...]:
        return tuple(case for case in self.found if place in (None, case.place))[offset : offset + limit]

    def is_linked(self) -> bool:
        return self.state.centre is not None

    def case(self, case_id: str) -> CaseOnItsWay | None:
        return next((case for case in self.found if case.case_id == case_id), None)

    def read_invitation(self, data: bytes) -> tuple[CentreView, bytes]:
        if not data.startswith(b"{"):
            raise UserError(Text(N_("This is no invitation of a centre.")))
        return CENTRE, data

    def enrol(self, invitation: bytes) -> LinkStatus:
        self.done.append(("enrol", invitation))
        self.state = linked()
        return self.state

    def is_due(self) -> bool:
        return self.due

    def exchange(self, report: Report) -> Exchange:
        return self._run("network", report, None)

    def export_bundle(self, path: Path, report: Report) -> Exchange:
        return self._run("stick-out", report, path)

    def import_bundle(self, path: Path, report: Report) -> Exchange:
        return self._run("stick-in", report, path)

    def _run(self, by: str, report: Report, path: Path | None) -> Exchange:
        self.done.append((by, path))
        if self.refuses is not None:
            raise self.refuses
        for at in range(self.batches):
            self.step(at)
            report(Progress(Text(N_("The exchange begins …")), at, self.batches))
        self.due = False
        theirs: dict[str, str | int] = {"events": 12, "cases": 5, "attachments": 1, "head_seq": 1221,
                                        "head_hash": "7c" * 32, "server_time": NOW.isoformat()}  # fmt: skip
        if by != "stick-out":
            theirs["heard"] = 1
        told = ("events", "attachments", "head_seq", "head_hash")
        ours: dict[str, str | int] = {
            **{name: theirs[name] for name in told},
            "cases": 6,
            "attachments": 2,
            "sent_events": 12,
            "sent_attachments": 2,
        }
        self.state = replace(self.state, counts={Place.APPLIED: 1203})
        came = () if by == "stick-out" else (PACK, WORK)
        return Exchange("x1", by, NOW, NOW, ours, theirs, came, path)

    def look(self, path: Path) -> BundleView:
        return self.files[path.stem]

    def receipts(self) -> tuple[ReceiptView, ...]:
        return (RECEIPT,)

    def exchanges(self) -> tuple[Exchange, ...]:
        return (Exchange("x0", "stick-out", NOW, NOW, {"events": 5}, {}),)

    def slip(self, exchange_id: str, language: str) -> Any:
        raise KnownError(Text(N_("There was no exchange yet.")))

    def set_switches(self, *, automatic: bool, metered: bool, kilobytes_a_second: int | None) -> None:
        self.state = replace(self.state, automatic=automatic, metered=metered, kilobytes_a_second=kilobytes_a_second)
        self.done.append(("switches", (automatic, metered, kilobytes_a_second)))

    def set_addresses(self, typed: str) -> None:
        self.done.append(("addresses", typed))

    def begin_anew(self, reason: str) -> None:
        self.done.append(("anew", reason))
        self.state = replace(self.state, begin_anew=False, problems=())

"""The record of a case is its facts: whatever the order of the work and whatever broke it off, the same is signed."""

import copy
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.domain import voting
from app.domain.case_file import get
from app.domain.errors import UserError
from app.services.attachments import Copy
from app.services.desk import Desk
from app.services.views import CaseView
from app.services.votes import Ballot
from tests import factories, once
from tests.factories import DECISION, HEAD, PASSPHRASE, case_document, make_access, signatures

# `SARAPTAMA_EXAMPLES=200 python3 dev.py test tests/journeys/test_any_order.py` tries more orders.
EXAMPLES: Final = int(os.environ.get("SARAPTAMA_EXAMPLES", "8"))
PNG: Final = b"\x89PNG\r\n\x1a\n" + b"picture " * 9


def leaves(document: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Each field of a case with its path; lists as a whole, as forms save them."""
    for key, value in document.items():
        at = f"{path}.{key}" if path else key
        if isinstance(value, dict) and value:
            yield from leaves(value, at)
        elif value is not None:
            yield at, value


FIELDS: Final[dict[str, Any]] = {
    **{path: value for path, value in leaves(case_document()) if path != "format"},
    "dossier.observations.therapist.complaints": "Бас ауруы, әлсіздік",
    "dossier.observations.neurologist.objective": "Оң жақ гемипарез.\nАяқ серпінді",
    "dossier.observations.surgeon.conclusion": "Ерекшеліксіз",
    "dossier.guardianship": False,
}
ACTS: Final = (*FIELDS, "attach", "vote 0", "vote 1", "vote 2")
BREAKS: Final = ("closed", "locked", "unfinished", "mistyped", "left for another case")
# Ids and times of a copy or a vote, and whose turn to sign it was, are not its facts.
_OF_THE_MOMENT: Final = ("at", "added_at", "opened")


def do(desk: Desk, case_id: str, act: str) -> None:
    if act == "attach":
        desk.attachments.add(case_id, Copy(PNG, b"\xff\xd8\xffsmall"), title="ЭКГ", of="result")
    elif act.startswith("vote"):
        member = int(act[-1])
        desk.votes.cast(case_id, Ballot(member, "group_2", {"kind": "years", "value": 2}, f"негіз {member}"))
    else:
        desk.examinations.set_field(case_id, act, copy.deepcopy(FIELDS[act]))


def without_moments(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_moments(kept) for key, kept in value.items() if key not in _OF_THE_MOMENT}
    return [without_moments(kept) for kept in value] if isinstance(value, list) else value


def record(view: CaseView) -> str:
    """What was signed, but for ids, times and the signatures themselves; keys in any order are one document."""
    assert view.signed is not None
    told = {
        "document": without_moments(view.signed.document),
        "proposal": dict(view.signed.proposal),
        "who": [(one.name, one.role, one.login) for one in view.signed.signatures],
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


class Office:
    """One desk on which case after case is worked on, closed and opened between."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, factories.FakeClock()
        self.desk = factories.with_commission(factories.make_desk(folder, self.clock).sign_in(HEAD, PASSPHRASE))
        self.desk.preferences.set("blind_vote", "required")
        self.other = self.desk.examinations.create().id
        self._plain: str | None = None

    def plain(self) -> str:
        """The record of the plain order, from the person to the vote."""
        if self._plain is None:
            self._plain = record(self.signed(list(ACTS), {}))
        return self._plain

    def interrupt(self, how: str, case_id: str, act: str) -> None:
        """What may come between two steps."""
        match how:
            case "closed":
                self.desk.close()
                self.desk = make_access(self.folder, self.clock).sign_in(HEAD, PASSPHRASE)
            case "locked":
                with pytest.raises(UserError):
                    self.desk.unlock("қате сөз")
                self.desk.unlock(PASSPHRASE)
            case "unfinished" if act in FIELDS:
                self.desk.examinations.keep_unfinished(case_id, act, "жарты")
            case "mistyped":
                with pytest.raises(UserError):
                    self.desk.examinations.set_field(case_id, "examination.place", "айда")
            case _:
                self.desk.examinations.set_field(self.other, "person.given_name", f"Басқа {act}")

    def signed(self, order: list[str], breaks: dict[int, str]) -> CaseView:
        """A case made in that order, broken off before the acts with these numbers."""
        case_id = self.desk.examinations.create().id
        # Votes need a commission and end what may be changed without saying why: they come last.
        facts = [act for act in order if not act.startswith("vote")]
        for at, act in enumerate([*facts, *(act for act in order if act.startswith("vote"))]):
            if at in breaks:
                self.interrupt(breaks[at], case_id, act)
            do(self.desk, case_id, act)
        assert not self.desk.examinations.open(case_id).unfinished
        self.desk.conclusions.decide(case_id, copy.deepcopy(DECISION))
        return self.desk.conclusions.sign(case_id, signatures())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with once.reading_once():
        made = Office(tmp_path_factory.mktemp("office") / "desk")
        yield made
        told = made.desk.integrity.verify()
        made.desk.close()
        assert told.ok, told.problem


# Not made smaller when one fails: each step of that is a whole case, and the order is told as it is.
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(
    order=st.permutations(ACTS),
    breaks=st.dictionaries(st.integers(0, len(ACTS) - 1), st.sampled_from(BREAKS), max_size=4),
)
def test_any_order_of_the_work_with_any_interruption_signs_the_same_record(
    office: Office, order: list[str], breaks: dict[int, str]
) -> None:
    view = office.signed(order, breaks)
    assert voting.is_opened(view.document)
    assert get(view.document, "dossier.distance.decision.differs") is False
    assert record(view) == office.plain()

"""`saraptama demo`: a sample case goes through the real services, from an empty folder to the signed conclusion.

Nothing is staged: the encrypted desk is made in a temporary folder, three members are its users, the case is
imported, proposed on, decided, signed and printed as the window would do it, and the pictures are of the window.
"""

import argparse
import secrets
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from app import bootstrap, paths
from app.commands.propose import in_words
from app.domain.case_file import Document, put, read_case_path
from app.domain.errors import CheckFailed, KnownError
from app.domain.proposal import Band, Period, Proposal
from app.domain.system import refusal
from app.domain.text import LANGUAGES, N_, Text
from app.i18n import Translator
from app.services import setup
from app.services.access import Access
from app.services.desk import Desk
from app.services.output import write_files
from app.services.views import Department, DraftProposal, MemberSignature

SAMPLE = "01-stroke-at-home.case.json"
REGION = "710000000"
DOCUMENT = "conclusion"
NOT_ENOUGH = Text(N_("The sample case is not enough for a proposal."))

T = TypeVar("T")


def run(args: argparse.Namespace, t: Translator) -> int:
    """Print the proposal with its reasons, what was done and how long it took; name the files written."""
    out: Path = args.out
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sentence = N_("The folder can't be made: {path} ({reason}). Name another one with --out.")
        raise KnownError(Text(sentence, {"path": out, "reason": refusal(error)})) from error
    document = put(read_case_path(paths.resource("samples", SAMPLE)), "decision", None)
    with tempfile.TemporaryDirectory(prefix="saraptama-demo-", ignore_cleanup_errors=True) as place:
        _Demo(Path(place), document, out, t).play()
    return 0


class _Demo:
    """One run: the desk in its folder, and what was measured on the way."""

    def __init__(self, folder: Path, document: Document, out: Path, t: Translator) -> None:
        self.access = Access(folder / "desk")
        self.document, self.out, self.t = document, out, t
        self.members: list[str] = [member["name"] for member in document["examination"]["commission"]]
        self.logins = [f"member{number}" for number in range(1, len(self.members) + 1)]
        self.passphrases = {login: secrets.token_urlsafe(18) for login in self.logins}

    def play(self) -> None:
        t = self.t
        self._timed(t("An encrypted desk was made, with its first user"), self._found)
        desk = self._timed(t("Signed in"), self._sign_in)
        try:
            self._timed(t("The other members became users of the desk"), lambda: self._admit(desk))
            case = self._timed(t("The sample case was taken in"), lambda: desk.examinations.import_case(self.document))
            draft = self._timed(t("The criteria gave their proposal"), lambda: desk.conclusions.draft(case.document))
            lines = self._lines(desk, draft)
        finally:
            desk.close()
        print("", *lines, "", sep="\n")
        pictures = self._timed(t("The proposal was pictured on the screen"), lambda: self._pictures(case.id))
        desk = self._timed(t("Signed in"), self._sign_in)
        try:
            self._timed(
                t("The commission agreed"), lambda: desk.conclusions.decide(case.id, decision(draft, case.document))
            )
            self._timed(t("Every member signed"), lambda: self._sign(desk, case.id))
            papers = self._timed(t("The conclusion was printed in three languages"), lambda: self._print(desk, case.id))
            checked = self._timed(t("The log was checked"), desk.integrity.verify)
        finally:
            desk.close()
        if checked.problem is not None:
            raise CheckFailed(checked.problem)
        print()
        print(t("Written:"))
        for path in (*papers, *pictures):
            print(f"  {path}")

    def _timed(self, what: str, work: Callable[[], T]) -> T:
        start = time.perf_counter()
        result = work()
        print(self.t("{what}: {ms} ms", what=what, ms=round((time.perf_counter() - start) * 1000)), flush=True)
        return result

    def _found(self) -> None:
        names = setup.department_names("2", REGION, bootstrap.clock().today())
        self.access.create(
            department=Department("2", REGION, names),
            login=self.logins[0],
            name=self.members[0],
            passphrase=self.passphrases[self.logins[0]],
            language=self.t.language,
        )

    def _sign_in(self) -> Desk:
        return self.access.sign_in(self.logins[0], self.passphrases[self.logins[0]])

    def _admit(self, desk: Desk) -> None:
        for login, name in list(zip(self.logins, self.members, strict=True))[1:]:
            desk.users.add(login, name, self.passphrases[login])

    def _lines(self, desk: Desk, draft: DraftProposal) -> list[str]:
        if draft.proposal is None:
            raise CheckFailed(NOT_ENOUGH)
        return list(in_words(desk.packs.for_date(draft.proposal.on), draft.proposal, self.t, self.document))

    def _pictures(self, case_id: str) -> list[Path]:
        # Qt is imported for the window alone, and by name: nothing in app/ knows of it.
        picture = import_module("ui.pictures").proposal_pictures
        login = self.logins[0]
        taken: list[Path] = picture(self.access, login, self.passphrases[login], case_id, self.out)
        return taken

    def _sign(self, desk: Desk, case_id: str) -> None:
        desk.conclusions.sign(
            case_id,
            [MemberSignature(at, login, self.passphrases[login]) for at, login in enumerate(self.logins)],
        )

    def _print(self, desk: Desk, case_id: str) -> list[Path]:
        papers: dict[Path, bytes] = {}
        for language in LANGUAGES:
            paper = desk.conclusions.render(case_id, DOCUMENT, language)
            papers[self.out / paper.file_name] = paper.pdf
            desk.conclusions.record_output(case_id, DOCUMENT, language, paper.digest, "saved")
        write_files(papers)
        return list(papers)


def decision(draft: DraftProposal, document: Document) -> dict[str, Any]:
    """A commission that agrees: the proposal in the form of `decision` in a case file.

    Where a band of per cent is due the commission chooses; this one takes the lower end.
    """
    proposal: Proposal | None = draft.proposal
    if proposal is None:
        raise CheckFailed(NOT_ENOUGH)
    agreed: dict[str, Any] = {"outcome": proposal.outcome.value}
    if isinstance(proposal.period, Period):
        agreed["period"] = {"kind": proposal.period.proposed.kind.value, "value": proposal.period.proposed.value}
    cause = proposal.cause_proposed or (document.get("cause") or {}).get("code")
    if cause:
        agreed["cause"] = cause
    for name in ("general_capacity", "professional_capacity"):
        band = getattr(proposal, name)
        if isinstance(band, Band):
            agreed[name] = band.first
    return agreed

"""Which forms there are, for which cases and whom; which papers belong to which outcome. No ReportLab here."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from app import paths
from app.domain.text import N_
from app.domain.vocabulary import PaperKind, Status

OPINIONS: Final = ("conclusion", "act")
"""Forms that tell the whole examination, in one language a sheet; all others word the decision."""
BOTH: Final = "kk+ru"
"""Kazakh and Russian on one sheet."""


@dataclass(frozen=True, slots=True)
class Form:
    """`needs`: the tag of a decision that has such a paper (`Decision.tags`), and `lacks` says what is missing where it
    doesn't hold. `strict`: it stands on a numbered blank. `marked`: bears the draft mark until the case is signed.
    `template`: the folder of its words. `large`: in large type. `reserved`: nothing of the person's health, in its code
    neither."""

    id: str
    needs: str
    lacks: str
    audience: Literal["person", "department", "payer", "organisation", "employer"]
    size: Literal["A4", "A5"] = "A4"
    strict: PaperKind | None = None
    marked: bool = True
    template: str = ""
    large: bool = False
    reserved: bool = False

    @property
    def words(self) -> str:
        """The folder of its templates."""
        return self.template or self.id


_ESTABLISHED: Final = N_("It is printed where a disability was established.")
_DECIDED: Final = N_("It is printed once something was decided.")
_ALWAYS: Final = N_("It is printed of every case.")

FORMS: Final[Mapping[str, Form]] = MappingProxyType({form.id: form for form in (
    Form("conclusion", "any", _ALWAYS, "department"),
    Form("act", "decided", _DECIDED, "department"),
    Form("certificate", "established", _ESTABLISHED, "person", "A5", PaperKind.DISABILITY_CERTIFICATE),
    Form("extract", "established", _ESTABLISHED, "payer", strict=PaperKind.CERTIFICATE_EXTRACT),
    Form("general-capacity", "general", N_("It is printed where a loss of general working capacity was determined."),
         "person", "A5", PaperKind.GENERAL_CAPACITY),
    Form("professional-capacity", "professional",
         N_("It is printed where a loss of professional working capacity was determined."), "person", "A5",
         PaperKind.PROFESSIONAL_CAPACITY),
    Form("extra-help", "extra_help", N_("It is printed where the need of additional help was asked for."), "person",
         strict=PaperKind.EXTRA_HELP),
    Form("programme", "programme", N_("It is printed where a programme was made."), "person"),
    Form("plain", "decided", _DECIDED, "person"),
    Form("plain-large", "decided", _DECIDED, "person", template="plain", large=True),
    Form("notice", "decided", _DECIDED, "organisation"),
    Form("notice-employer", "decided", _DECIDED, "employer", reserved=True),
    Form("refusal", "refused", N_("It is printed of a case that ended with a refusal."), "person", marked=False),
    Form("application", "any", _ALWAYS, "department", marked=False),
    Form("receipt", "decided", _DECIDED, "department"),
)})  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperSet:
    """Which papers belong to which decision: form ids by tag, and how sure that is. `signed`: those that members may
    sign electronically. `handed`: those that the person gets too, though they are made for the department, by tag."""

    status: Status
    forms: Mapping[str, tuple[str, ...]]
    signed: tuple[str, ...]
    handed: Mapping[str, tuple[str, ...]]

    def audience(self, form: Form, tags: Collection[str]) -> str:
        """For whom a paper of a decision with these tags is; `both`: for the department and the person."""
        also = any(form.id in forms for tag, forms in self.handed.items() if tag in tags)
        return "both" if also and form.audience == "department" else form.audience

    def of(self, tags: Collection[str]) -> tuple[str, ...]:
        """The papers of a decision with these tags, in the order of the table."""
        wanted = {form for tag, forms in self.forms.items() if tag in tags for form in forms}
        return tuple(form for form in FORMS if form in wanted and FORMS[form].needs in tags)


@cache
def paper_set() -> PaperSet:
    """As `resources/templates/set.toml` has it."""
    told = tomllib.loads(paths.resource("templates", "set.toml").read_text("utf-8"))
    forms, handed = ({tag: tuple(forms) for tag, forms in told[key].items()} for key in ("papers", "handed"))
    return PaperSet(Status(told["status"]), forms, tuple(told["signed"]), handed)

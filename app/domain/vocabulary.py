"""The closed lists of the case file (`mse-case/1`) and the words for them.

Each list is an enumeration whose values are those of the interchange format; `LABELS` gives the catalogue's
English message for each member, so that screen and command line name things alike. Legal names of causes,
facts, degrees and defects are not here: they are law and live in the rule pack.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.domain.text import N_


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class IdentityKind(StrEnum):
    """Kinds of identity document (жеке басын куәландыратын құжат, документ, удостоверяющий личность)."""

    ID_CARD = "id_card"
    PASSPORT = "passport"
    BIRTH_CERTIFICATE = "birth_certificate"
    RESIDENCE_PERMIT = "residence_permit"
    STATELESS_CERTIFICATE = "stateless_certificate"
    KANDAS_CERTIFICATE = "kandas_certificate"
    REFUGEE_CERTIFICATE = "refugee_certificate"
    OTHER = "other"


class NoIin(StrEnum):
    """Why a person has no ИИН (ЖСН)."""

    NEWBORN = "newborn"
    FOREIGNER = "foreigner"
    REFUGEE = "refugee"
    STATELESS = "stateless"
    OTHER = "other"


class RepresentativeKind(StrEnum):
    """Who may act for the person (заңды өкіл, законный представитель)."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    TRUSTEE = "trustee"
    PROXY = "proxy"


class Purpose(StrEnum):
    """What the referral 031/у asks the commission to decide."""

    DISABILITY = "disability"
    GENERAL_CAPACITY = "general_capacity"
    PROFESSIONAL_CAPACITY = "professional_capacity"
    REHABILITATION = "rehabilitation"
    EXTRA_HELP = "extra_help"


class FurtherPurpose(StrEnum):
    """What else a commission may be asked for, beside the purposes of the interchange format (adr/0026)."""

    CAUSE_CHANGE = "cause_change"
    DUPLICATE = "duplicate"
    COURT_OPINION = "court_opinion"


class ReferralException(StrEnum):
    """Why a referral may come before four months have passed."""

    ANATOMICAL_DEFECT = "anatomical_defect"
    INCURABLE = "incurable"


class Place(StrEnum):
    """Where and in which form the examination is held."""

    DEPARTMENT = "department"
    VISITING_SESSION = "visiting_session"
    HOME = "home"
    INPATIENT = "inpatient"
    PENITENTIARY = "penitentiary"
    IN_ABSENTIA = "in_absentia"
    IN_ABSENTIA_PROACTIVE = "in_absentia_proactive"


class Occasion(StrEnum):
    FIRST = "first"
    REPEAT = "repeat"
    CONTROL = "control"
    APPEAL = "appeal"


class Role(StrEnum):
    """A member's place in the commission."""

    HEAD = "head"
    MEMBER = "member"


class Prognosis(StrEnum):
    """Rehabilitation prognosis (оңалту болжамы, реабилитационный прогноз)."""

    FAVOURABLE = "favourable"
    DOUBTFUL = "doubtful"
    UNFAVOURABLE = "unfavourable"


class InjuryCapacity(StrEnum):
    """What an injured worker (зардап шеккен қызметкер, пострадавший работник) can still do."""

    FULL_LOSS = "full_loss"
    SPECIAL_CONDITIONS = "special_conditions"
    LOWER_QUALIFICATION = "lower_qualification"
    REDUCED = "reduced"
    NONE = "none"


class Outcome(StrEnum):
    GROUP_1 = "group_1"
    GROUP_2 = "group_2"
    GROUP_3 = "group_3"
    CHILD_GROUP_1 = "child_group_1"
    CHILD_GROUP_2 = "child_group_2"
    CHILD_GROUP_3 = "child_group_3"
    CHILD = "child"
    NOT_ESTABLISHED = "not_established"
    UNDETERMINED = "undetermined"


class PeriodKind(StrEnum):
    MONTHS = "months"
    YEARS = "years"
    UNTIL_7 = "until_7"
    UNTIL_18 = "until_18"
    NO_TERM = "no_term"


class Status(StrEnum):
    """How sure a record of the pack is, weakest first (`memory`, `seen`, `verified`)."""

    MEMORY = "memory"
    SEEN = "seen"
    VERIFIED = "verified"


class MeasureState(StrEnum):
    """How a rehabilitation measure stands for a person (оңалту іс-шарасы, реабилитационное мероприятие)."""

    PROPOSED = "proposed"
    TO_CONFIRM = "to_confirm"
    OPEN = "open"
    CONTRAINDICATED = "contraindicated"
    NOT_INDICATED = "not_indicated"


class EndingKind(StrEnum):
    """How a case ends without a decision. `served`: what was asked for needed none, and was handed out."""

    REFUSED = "refused"
    NOT_COME = "not_come"
    DIED = "died"
    WITHDRAWN = "withdrawn"
    SERVED = "served"


class CorrectionKind(StrEnum):
    """Why a signed case is corrected."""

    SLIP = "slip"
    NEW_FACTS = "new_facts"
    BY_COURT = "by_court"
    BY_CONTROL = "by_control"


class CaseState(StrEnum):
    """The life of a case. Signed is frozen: a correction is a new case that supersedes it. Ended: closed without a
    decision (refused, not come, died)."""

    DRAFT = "draft"
    DECIDED = "decided"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    DISCARDED = "discarded"


class PaperKind(StrEnum):
    """Papers on numbered blanks (қатаң есептегі бланкілер, бланки строгой отчетности)."""

    DISABILITY_CERTIFICATE = "disability_certificate"
    CERTIFICATE_EXTRACT = "certificate_extract"
    GENERAL_CAPACITY = "general_capacity"
    PROFESSIONAL_CAPACITY = "professional_capacity"
    PROGRAMME_EXTRACT = "programme_extract"
    EXTRA_HELP = "extra_help"


class PaperState(StrEnum):
    """What became of a numbered blank that was used."""

    ISSUED = "issued"
    SPOILED = "spoiled"


class QueueState(StrEnum):
    """How a person stands in the order of a trip (кезек, очередь). Examined and closed follow from the case."""

    WAITING = "waiting"
    CALLED = "called"
    IN_EXAMINATION = "in_examination"
    REFUSED = "refused"
    NOT_COME = "not_come"
    POSTPONED = "postponed"
    EXAMINED = "examined"
    CLOSED = "closed"


LABELS: Mapping[StrEnum, str] = MappingProxyType(
    {
        Sex.MALE: N_("male"),
        Sex.FEMALE: N_("female"),
        IdentityKind.ID_CARD: N_("identity card"),
        IdentityKind.PASSPORT: N_("passport"),
        IdentityKind.BIRTH_CERTIFICATE: N_("birth certificate"),
        IdentityKind.RESIDENCE_PERMIT: N_("residence permit of a foreigner"),
        IdentityKind.STATELESS_CERTIFICATE: N_("certificate of a stateless person"),
        IdentityKind.KANDAS_CERTIFICATE: N_("certificate of a kandas"),
        IdentityKind.REFUGEE_CERTIFICATE: N_("certificate of a refugee"),
        IdentityKind.OTHER: N_("another document"),
        NoIin.NEWBORN: N_("newborn, not registered yet"),
        NoIin.FOREIGNER: N_("foreign citizen without an ИИН"),
        NoIin.REFUGEE: N_("refugee or asylum seeker"),
        NoIin.STATELESS: N_("stateless person"),
        NoIin.OTHER: N_("another reason"),
        RepresentativeKind.PARENT: N_("parent"),
        RepresentativeKind.GUARDIAN: N_("guardian"),
        RepresentativeKind.TRUSTEE: N_("trustee"),
        RepresentativeKind.PROXY: N_("proxy"),
        Purpose.DISABILITY: N_("disability"),
        Purpose.GENERAL_CAPACITY: N_("loss of general working capacity"),
        Purpose.PROFESSIONAL_CAPACITY: N_("loss of professional working capacity"),
        Purpose.REHABILITATION: N_("rehabilitation programme"),
        Purpose.EXTRA_HELP: N_("need of additional help and care"),
        FurtherPurpose.CAUSE_CHANGE: N_("change of the cause"),
        FurtherPurpose.DUPLICATE: N_("duplicate of a lost document"),
        FurtherPurpose.COURT_OPINION: N_("opinion for a court"),
        ReferralException.ANATOMICAL_DEFECT: N_("anatomical defect"),
        ReferralException.INCURABLE: N_("incurable, no rehabilitation potential"),
        Place.DEPARTMENT: N_("at the department"),
        Place.VISITING_SESSION: N_("on-site sitting"),
        Place.HOME: N_("at home"),
        Place.INPATIENT: N_("in hospital"),
        Place.PENITENTIARY: N_("penitentiary institution"),
        Place.IN_ABSENTIA: N_("in absentia"),
        Place.IN_ABSENTIA_PROACTIVE: N_("in absentia, proactive"),
        Occasion.FIRST: N_("first examination"),
        Occasion.REPEAT: N_("re-examination"),
        Occasion.CONTROL: N_("control examination"),
        Occasion.APPEAL: N_("on appeal"),
        Role.HEAD: N_("head of the commission"),
        Role.MEMBER: N_("member of the commission"),
        Prognosis.FAVOURABLE: N_("favourable"),
        Prognosis.DOUBTFUL: N_("doubtful"),
        Prognosis.UNFAVOURABLE: N_("unfavourable"),
        InjuryCapacity.FULL_LOSS: N_("full loss: work is contra-indicated in any conditions"),
        InjuryCapacity.SPECIAL_CONDITIONS: N_("work in specially created conditions only"),
        InjuryCapacity.LOWER_QUALIFICATION: N_("own profession impossible: lower qualification or volume"),
        InjuryCapacity.REDUCED: N_("own profession with reduced volume"),
        InjuryCapacity.NONE: N_("no loss of professional capacity"),
        Outcome.GROUP_1: N_("group I disability"),
        Outcome.GROUP_2: N_("group II disability"),
        Outcome.GROUP_3: N_("group III disability"),
        Outcome.CHILD_GROUP_1: N_("child with group I disability"),
        Outcome.CHILD_GROUP_2: N_("child with group II disability"),
        Outcome.CHILD_GROUP_3: N_("child with group III disability"),
        Outcome.CHILD: N_("child with disability"),
        Outcome.NOT_ESTABLISHED: N_("disability is not established"),
        Outcome.UNDETERMINED: N_("not enough data"),
        PeriodKind.MONTHS: N_("months"),
        PeriodKind.YEARS: N_("years"),
        PeriodKind.UNTIL_7: N_("until the age of 7"),
        PeriodKind.UNTIL_18: N_("until the age of 18"),
        PeriodKind.NO_TERM: N_("without a re-examination term"),
        Status.MEMORY: N_("from memory, not checked against the official text"),
        Status.SEEN: N_("seen in a source, not signed off"),
        Status.VERIFIED: N_("verified against the official text"),
        EndingKind.REFUSED: N_("examination refused"),
        EndingKind.NOT_COME: N_("the person did not come"),
        EndingKind.DIED: N_("the person has died"),
        EndingKind.WITHDRAWN: N_("withdrawn by the person"),
        EndingKind.SERVED: N_("served without a decision"),
        CorrectionKind.SLIP: N_("a slip of the pen"),
        CorrectionKind.NEW_FACTS: N_("new facts"),
        CorrectionKind.BY_COURT: N_("a decision of a court"),
        CorrectionKind.BY_CONTROL: N_("a control of the methodology department"),
        CaseState.DRAFT: N_("draft"),
        CaseState.DECIDED: N_("decided"),
        CaseState.SIGNED: N_("signed"),
        CaseState.SUPERSEDED: N_("superseded"),
        CaseState.ENDED: N_("ended without a decision"),
        CaseState.DISCARDED: N_("discarded"),
        PaperKind.DISABILITY_CERTIFICATE: N_("disability certificate"),
        PaperKind.CERTIFICATE_EXTRACT: N_("extract from the disability certificate"),
        PaperKind.GENERAL_CAPACITY: N_("certificate of loss of general capacity"),
        PaperKind.PROFESSIONAL_CAPACITY: N_("certificate of loss of professional capacity"),
        PaperKind.PROGRAMME_EXTRACT: N_("extract from the rehabilitation programme"),
        PaperKind.EXTRA_HELP: N_("conclusion on the need of additional help and care"),
        PaperState.ISSUED: N_("issued"),
        PaperState.SPOILED: N_("written off"),
        QueueState.WAITING: N_("waiting"),
        QueueState.CALLED: N_("called in"),
        QueueState.IN_EXAMINATION: N_("in examination"),
        QueueState.REFUSED: N_("refused"),
        QueueState.NOT_COME: N_("not come"),
        QueueState.POSTPONED: N_("postponed"),
        QueueState.EXAMINED: N_("examined"),
        QueueState.CLOSED: N_("case closed"),
    }
)

"""What the desk keeps of a case beyond the interchange format: the dossier (іс, дело), under the key `dossier`.

It lies in the stored document, so that each of its fields is saved, audited, undone, frozen and signed like every
other; a case file from outside can't hold it. One declaration, `DOSSIER`; each part is described where it is declared.
"""

from typing import Final

from app.domain.brought import ATTACHMENT_LIST, CHECKLIST_FIELDS, REFERRAL_FIELDS
from app.domain.case_fields import Day, Object
from app.domain.observations import OBSERVATIONS, ORIGINS

KEY: Final = "dossier"

DOSSIER: Final = Object(
    {
        # The first day after the decided period (adr/0020); absent without a term. Written when it is decided.
        "until": Day(),
        # What each specialist sees, and where those texts came from (adr/0023).
        "observations": OBSERVATIONS,
        "origins": ORIGINS,
        # The rest of the referral 031/у, copies of papers, and which documents were brought.
        "referral": REFERRAL_FIELDS,
        "attachments": ATTACHMENT_LIST,
        "checklist": CHECKLIST_FIELDS,
    }
)

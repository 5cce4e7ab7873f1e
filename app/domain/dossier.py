"""What the desk keeps of a case beyond the interchange format: the dossier (іс, дело), under the key `dossier`.

It lies in the stored document, so that each of its fields is saved, audited, undone, frozen and signed like every
other; a case file from outside can't hold it. One declaration, `DOSSIER`; each part is described where it is declared.
"""

from typing import Final

from app.domain.case_fields import Day, ListOf, Object, OneOf, Words
from app.domain.programme import PROGRAMME
from app.domain.vocabulary import NoIin

KEY: Final = "dossier"

DOSSIER: Final = Object(
    {
        # The first day after the decided period (adr/0020); absent without a term. Written when it is decided.
        "until": Day(),
        # Why the person has no ИИН: the paper says it in its place.
        "no_iin": Object({"reason": OneOf(tuple(reason.value for reason in NoIin)), "words": Words()}),
        # Persons (ids) of whom somebody said that they are others, however much they look like this one.
        "others": ListOf(Words(), distinct=True),
        # The programme of rehabilitation measures (adr/0027).
        "programme": PROGRAMME,
    }
)

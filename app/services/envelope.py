"""Papers on their way to another computer: under a passphrase that is typed for them and never kept (adr/0037)."""

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services.views import Rendered


def checked(passphrase: str) -> str:
    """The passphrase, if it may guard papers; UserError where it is too easy to guess. Said before anything is written.
    The same measure as that of the desk: who has such a file can try as long as they like."""
    from app.services.setup import good_enough

    if not good_enough(passphrase):
        sentence = N_("The passphrase for the papers is too easy to guess. Make it longer: several words are best.")
        raise UserError(Text(sentence), where="passphrase")
    return passphrase


def enclosed(paper: Rendered, passphrase: str) -> bytes:
    """The paper as an encrypted PDF that holds the sealed one, byte for byte."""
    from app.documents.envelope import enclose

    return enclose(paper.pdf, paper.file_name, passphrase)

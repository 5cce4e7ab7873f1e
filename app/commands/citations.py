"""A citation in one line, as the commands print it."""

from app.domain.proposal import Citation
from app.i18n import Translator
from app.rules.model import Pack


def cited(pack: Pack, citation: Citation, t: Translator) -> str:
    """Act, place where it is known, edition, and whether it was checked."""
    status = pack.word("status", citation.status)
    parts = [t.show(citation.act), t.show(citation.place), citation.edition, t.show(status)]
    return ", ".join(part for part in parts if part)

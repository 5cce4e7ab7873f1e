"""The electronic signatures that a paper bears: who signed, when, by which certificate, and what is not known."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from app.domain.text import N_, Text
from app.services.electronic import Signature
from app.services.signature_words import local
from app.services.signers import NAMES as WAYS
from ui.language import Language
from ui.widgets.parts import column, label, panel

_DOUBTS: Final = {
    "name": N_("The name on the certificate is another one; whoever signed said that it is this member's."),
    "iin": N_("The ИИН is another one than before; whoever signed said that the certificate is this member's."),
}


class SignatureList(QWidget):
    """A box a signature, in the order in which they were given."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        self._boxes = column(self, gap=8)

    def show_signatures(self, signatures: Sequence[Signature]) -> None:
        """These instead of those that were shown."""
        while self._boxes.count():
            item = self._boxes.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for one in signatures:
            box = panel()
            lines = column(box, margin=12, gap=4)
            for role, text in _lines(one):
                line = label(role, wrap=True)
                line.setText(self._language.t.show(text))
                lines.addWidget(line)
            self._boxes.addWidget(box)
        if signatures:
            hint = label("hint", wrap=True)
            hint.setText(self._language.t("No timestamp: the time is that of this laptop. Revocation was not checked."))
            self._boxes.addWidget(hint)
        self.setVisible(bool(signatures))


def _lines(one: Signature) -> list[tuple[str, Text]]:
    certificate, day = one.certificate, "%d.%m.%Y"
    told = {
        "name": one.name,
        "at": local(one.at),
        "way": Text(WAYS[one.via]),
        "owner": certificate.name,
        "iin": certificate.iin[-4:],
        "organisation": certificate.organisation,
        "issuer": certificate.issuer,
        "since": certificate.not_before.strftime(day),
        "until": certificate.not_after.strftime(day),
    }
    found = [
        ("label", Text(N_("✓ {name}: {at}, {way}"), told)),
        ("", Text(N_("Certificate of {owner}, ИИН …{iin}; issued by “{issuer}”, holds from {since} to {until}"), told)),
    ]  # fmt: skip
    if certificate.organisation:
        found.append(("", Text(N_("for the organisation {organisation}"), told)))
    if one.doubt is not None:
        found.append(("warning", Text(_DOUBTS[one.doubt])))
    return found

"""A paper under a passphrase: an encrypted PDF (AES-256, PDF 2.0) that any reader opens and prints, with the paper as
the desk sealed it inside, byte for byte (adr/0037).

Encrypting a PDF writes it anew, so the seal over its bytes would not hold for what is decrypted: the sealed file lies
in it as an attachment. Two envelopes of one paper differ: salt and nonces are drawn anew.
"""

import io
from typing import Final

_METHOD: Final = "AES-256"


def enclose(pdf: bytes, name: str, passphrase: str) -> bytes:
    """The encrypted PDF; `name`: what the attached file is called."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.pdf_header = "%PDF-2.0"
    writer.add_attachment(name, pdf)
    writer.encrypt(passphrase, algorithm=_METHOD)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def is_enclosed(pdf: bytes) -> bool:
    """Whether a PDF is encrypted, so that its seal can't be seen from outside."""
    return b"/Encrypt " in pdf[-4096:] and b"SRP1:" not in pdf[-4096:]

"""A passphrase of a key file is told from a key of another kind, for every hash that such files are made with."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

from app.crypto import pkcs12_mac
from tests import esign


@pytest.mark.parametrize("kind", [hashes.SHA1(), hashes.SHA256(), hashes.SHA512()])  # noqa: S303
@pytest.mark.parametrize("passphrase", ["a", "Құпия-сөз 2026", "ұзын " * 40])
def test_the_passphrase_fits_its_file_alone(kind: hashes.HashAlgorithm, passphrase: str) -> None:
    holder = esign.holder()
    locked = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2_000)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(kind)
        .build(passphrase.encode())
    )
    data = pkcs12.serialize_key_and_certificates(b"key", holder.key, holder.certificate, None, locked)
    assert pkcs12_mac.fits(data, passphrase) is True
    assert pkcs12_mac.fits(data, passphrase + "x") is False


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x30\x03\x02\x01\x03", b"\x30\x80" * 500])
def test_of_what_is_no_key_file_nothing_is_said(junk: bytes) -> None:
    assert pkcs12_mac.fits(junk, "a") is None

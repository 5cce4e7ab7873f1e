"""Enrolments, certificates, answers and what the centre publishes are read as they were given, or refused."""

import pytest

from app.crypto import signing
from app.crypto.sealing import Unsealable
from app.sync import admission, answers, envelope, pieces, reference, told
from tests.link.test_wire import DEVICE, LIFE, NOW, OTHER, PUBLIC, SEAL, SEED

DEPARTMENT = {"number": "2", "region": "150000000", "names": {"kk": "Бөлім", "ru": "Отдел", "en": "Department"}}


def test_an_enrolment_says_whose_keys_it_brings_and_only_the_centre_reads_it() -> None:
    sent = admission.enrolment(SEED, LIFE, DEPARTMENT, "K7")
    sealed = admission.sealed(sent, envelope.public_half(SEAL))
    read = admission.opened(sealed, SEAL)
    seal_key = envelope.public_half(envelope.sealing_key(SEED))
    assert read == admission.Enrolment(DEVICE, PUBLIC, seal_key, LIFE, DEPARTMENT, "K7")
    with pytest.raises(Unsealable):
        admission.opened(sealed, OTHER)
    with pytest.raises(ValueError):
        admission.read_enrolment(sent.replace(b"K7", b"K8"))
    with pytest.raises(ValueError):
        admission.read_enrolment(admission.enrolment(SEED, LIFE, {"number": "2"}, "K7"))


def test_a_certificate_is_of_the_key_that_names_the_laptop() -> None:
    given = admission.Certificate("cd" * 16, DEVICE, PUBLIC, DEPARTMENT, NOW)
    data = admission.certificate(OTHER, given)
    assert admission.read_certificate(data, signing.public_key(OTHER)) == given
    for wrong in (admission.Certificate("cd" * 16, "ab" * 16, PUBLIC, DEPARTMENT, NOW),):
        with pytest.raises(ValueError):
            admission.read_certificate(admission.certificate(OTHER, wrong), signing.public_key(OTHER))


def test_an_answer_is_of_the_centre_and_to_this_request() -> None:
    data = answers.made(SEED, "r1", {"answer": "stored"})
    assert answers.read(data, PUBLIC, "r1")["answer"] == "stored"
    for asked, key, said in (("r2", PUBLIC, data), ("r1", signing.public_key(OTHER), data),
                             ("r1", PUBLIC, b"<html>Welcome</html>"), ("r1", PUBLIC, b"{}")):  # fmt: skip
        with pytest.raises(ValueError):
            answers.read(said, key, asked)


def test_what_the_centre_publishes_is_read_as_it_was_given() -> None:
    pack = reference.Item("pack", "kz-mse", "2026.9", "ab" * 32, 9)
    items = (pack, reference.Item("assignments", "a", "3", "cd" * 32, 7, DEVICE))
    given = reference.Reference("cd" * 16, 4, NOW, items)
    assert reference.read_reference(reference.reference(SEED, given), PUBLIC) == given
    with pytest.raises(ValueError):
        reference.read_reference(told.receipt(SEED, told.Receipt("cd" * 16, LIFE, 3, "0", {}, NOW, 4, "1")), PUBLIC)
    seal = envelope.sealing_key(SEED)
    assert reference.open_item(seal, reference.seal_item(envelope.public_half(seal), b"x")) == b"x"
    with pytest.raises(ValueError):
        reference.open_item(SEAL, reference.seal_item(envelope.public_half(seal), b"x"))


def test_the_files_of_an_edition_never_lead_out_of_their_folder() -> None:
    files = {"manifest.json": b"{}", "cases/001.json": b"1"}
    assert reference.pack_files(reference.pack_item(files)) == files
    for name in ("../x", "/x", "a/../../x", "C:x", "a\\x", "", "a//b"):
        with pytest.raises(ValueError):
            reference.pack_files(reference.pack_item({name: b""}))


def test_a_piece_of_an_attachment_arrives_under_its_name() -> None:
    sealed = pieces.sealed(envelope.public_half(SEAL), b"scan")
    assert pieces.opened(sealed, SEAL) == b"scan"
    assert pieces.read_section(pieces.section("ab" * 32, 1 << 20, 3 << 20)) == ("ab" * 32, 1 << 20, 3 << 20)
    for wrong in (sealed[:-1], bytes(pieces.MOST + 1)):
        with pytest.raises(ValueError):
            pieces.opened(wrong, SEAL)
    for name in ("ab/0/1", "x", f"{'ab' * 32}/2/1"):
        with pytest.raises(ValueError):
            pieces.read_section(name)


def test_what_the_centre_holds_of_the_copies_is_its_own_word_alone() -> None:
    given = told.Holding("cd" * 16, DEVICE, frozenset(("ab" * 32, "cd" * 32)), NOW)
    data = told.holding(SEED, given)
    assert told.read_holding(data, PUBLIC) == given
    receipt = told.receipt(SEED, told.Receipt("cd" * 16, LIFE, 3, "0", {}, NOW, 4, "1"))
    for said, key in (
        (data, signing.public_key(OTHER)),
        (data.replace(b"abab", b"abac", 1), PUBLIC),
        (receipt, PUBLIC),
    ):
        with pytest.raises(ValueError):
            told.read_holding(said, key)

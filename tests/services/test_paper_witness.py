"""Checking papers: genuine, altered, superseded, revoked, unknown key, each with a sentence that says what to do."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import cbor2
import pytest

from app.cli import main
from app.crypto import base45, cose, digests, signing
from app.crypto.cose import key_id
from app.documents import witness
from app.documents.witness import Witness
from app.domain.errors import KnownError, UserError
from app.domain.text import Text
from app.domain.vocabulary import CorrectionKind, PaperKind
from app.i18n import translator
from app.services import paper_keys
from app.services.desk import Desk
from app.services.paper_check import Answer, Verdict, check
from app.services.paper_keys import PaperKeys
from tests import factories
from tests.documents.test_forms import printed
from tests.documents.test_witness import FACTS
from tests.factories import DECISION, case_document, signatures, signed_case

CERTIFICATE = PaperKind.DISABILITY_CERTIFICATE


def exported(desk: Desk) -> PaperKeys:
    return paper_keys.read(desk.paper_witness.export(), "desk.paper-keys.json")


def said(answer: Answer) -> dict[str, Any]:
    return {label.msgid: value for label, value in answer.said}


def test_papers_of_a_signed_case_are_genuine_by_the_keys_that_the_desk_wrote(full_desk: Desk) -> None:
    case = signed_case(full_desk)
    full_desk.papers.add_range(CERTIFICATE, "АА", "0000007", "0000100")
    full_desk.papers.issue(case.id, CERTIFICATE)
    keys = exported(full_desk)
    for form in ("conclusion", "certificate", "plain", "receipt"):
        pdf = full_desk.documents.render(case.id, form, "ru").pdf
        for answer in (check(pdf, keys), full_desk.paper_witness.check(pdf)):
            assert answer.verdict is Verdict.GENUINE
            assert said(answer)["Case"] == case.number
            assert said(answer)["ИИН ends with"] == case.document["person"]["iin"][-4:]
        code = witness.read(witness.sealed(pdf)[0])  # type: ignore[index]
        assert code.facts is not None
        assert code.facts.blank == ("АА № 0000007" if form == "certificate" else "")
    # The conclusion is one paper, whichever service makes it.
    assert full_desk.conclusions.render(case.id, "conclusion", "ru").pdf == full_desk.documents.render(
        case.id, "conclusion", "ru"
    ).pdf  # fmt: skip
    assert full_desk.integrity.verify().problem is None


def test_a_correction_a_spoiled_blank_and_a_resumed_case_void_the_papers_before(full_desk: Desk) -> None:
    old = signed_case(full_desk)
    full_desk.papers.add_range(CERTIFICATE, "АА", "1", "9")
    full_desk.papers.issue(old.id, CERTIFICATE)
    paper = full_desk.documents.render(old.id, "certificate", "kk").pdf
    plain = full_desk.documents.render(old.id, "plain", "kk").pdf
    full_desk.papers.spoil(CERTIFICATE, "АА", "1", "мыжылған")
    for keys in (exported(full_desk), full_desk.paper_witness.keys()):
        assert check(paper, keys).verdict is Verdict.REVOKED
        assert "АА № 1" in str(check(paper, keys).sentences[0].params)
        assert check(plain, keys).verdict is Verdict.GENUINE

    new = full_desk.examinations.correct(old.id, CorrectionKind.SLIP, "typed wrong")
    full_desk.conclusions.decide(new.id, DECISION)
    full_desk.conclusions.sign(new.id, signatures())
    keys = exported(full_desk)
    answer = check(plain, keys)
    assert answer.verdict is Verdict.SUPERSEDED
    assert answer.sentences[0].params["by"] == new.number
    assert check(full_desk.documents.render(new.id, "plain", "kk").pdf, keys).verdict is Verdict.GENUINE
    # A key file of before does not know it, and says up to when it knows.
    assert "18.11.2026" in answer.sentences[-1].params["day"].strftime("%d.%m.%Y")

    ended = full_desk.examinations.import_case(case_document())
    ending = {"kind": "refusal", "ground": "expired_documents", "on": "2026-11-18", "head": factories.NAMES["head"]}
    full_desk.endings.end(ended.id, ending)
    refusal = full_desk.documents.render(ended.id, "refusal", "ru").pdf
    assert check(refusal, exported(full_desk)).verdict is Verdict.GENUINE
    full_desk.endings.resume(ended.id, "принесли документы")
    assert check(refusal, exported(full_desk)).verdict is Verdict.REVOKED
    full_desk.endings.end(ended.id, ending)
    again = full_desk.documents.render(ended.id, "refusal", "ru").pdf
    assert check(refusal, exported(full_desk)).verdict is Verdict.REVOKED
    assert check(again, exported(full_desk)).verdict is Verdict.GENUINE
    assert b"dossier" not in full_desk.paper_witness.export()


SEED = bytes(range(32))
PUBLIC = signing.public_key(SEED)
DEPARTMENT = {"number": "2", "region": "710000000", "names": {"kk": "№ 2", "ru": "№ 2", "en": "No. 2"}}


def told(seed: bytes = SEED, **more: Any) -> bytes:
    return paper_keys.told_by(
        seed, {"department": DEPARTMENT, "told_at": "2026-11-30T10:00:00Z", "void": [], **more}
    )  # fmt: skip


def test_each_answer_has_its_word_and_its_sentence() -> None:
    code = Witness(SEED, FACTS).code()
    keys = paper_keys.read(told(), "k")
    assert check(code.encode(), keys).verdict is Verdict.GENUINE
    assert check(f"\ufeff{code}\r\n".encode(), keys).verdict is Verdict.GENUINE
    assert check(code.encode(), PaperKeys()).verdict is Verdict.UNKNOWN_KEY
    for wrong in (code[:-1], code[:60], code.lower().replace("srp1", "SRP1"), "SRP1:", "SRP2:ABC", code + code):
        answer = check(wrong.encode(), keys)
        assert answer.verdict is Verdict.ALTERED, wrong
        assert answer.sentences
    sample = Witness(SEED, replace(FACTS, sample=True)).code()
    assert check(sample.encode(), keys).verdict is Verdict.SAMPLE
    for text, verdict in (
        ("SARAPTAMA/1 CONCLUSION 2/2026/000017 " + "AB" * 32 + " DRAFT", Verdict.UNSIGNED),
        ("%PDF-1.4 nothing %%EOF", Verdict.UNSIGNED), ("%PDF-1.4 nothing", Verdict.DAMAGED),
        ("just words", Verdict.UNREAD), ("", Verdict.UNREAD),
    ):  # fmt: skip
        answer = check(text.encode(), keys)
        assert answer.verdict is verdict
        assert answer.sentences


def test_a_revoked_key_counts_no_more_and_only_the_centre_revokes_another(tmp_path: Path) -> None:
    code = Witness(SEED, FACTS).code().encode()
    centre = bytes(reversed(range(32)))
    revoked = told(centre, desks=[{"key": PUBLIC.hex(), "department": DEPARTMENT,
                                   "revoked": {"on": "2026-11-29", "reason": "stolen"}}])  # fmt: skip
    keys = paper_keys.read(told(), "k")
    certified = paper_keys.read(revoked, "c", centre=[signing.public_key(centre)])
    assert check(code, keys + certified).verdict is Verdict.REVOKED
    assert check(code, certified + keys).verdict is Verdict.REVOKED
    # Without the centre's key the file speaks for its own signer alone.
    other = paper_keys.read(revoked, "c")
    assert key_id(PUBLIC) not in other.desks
    assert check(code, keys + other).verdict is Verdict.GENUINE
    # Neither can one desk void the papers of another.
    void = {"reason": "superseded", "head": FACTS.head[1].hex(), "by": "9/2026/1", "key": PUBLIC.hex()}
    assert check(code, keys + paper_keys.read(told(centre, void=[void]), "c")).verdict is Verdict.GENUINE
    assert check(code, keys + paper_keys.read(told(void=[void]), "c")).verdict is Verdict.SUPERSEDED


@pytest.mark.parametrize("data", [
    b"", b"{}", b"[]", b"null", b"\xff", b'{"told": 1, "key": "", "signature": ""}', b"[" * 100_000,
    told().replace(b"saraptama-paper-keys/1", b"saraptama-paper-keys/2"),
])  # fmt: skip
def test_a_file_that_is_none_of_keys_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(UserError):
        paper_keys.read(data, "x")


def test_a_changed_file_of_keys_is_refused(tmp_path: Path) -> None:
    data = told()
    for at in range(0, len(data), 7):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            read = paper_keys.read(changed, "x")
        except UserError:
            continue
        assert read == paper_keys.read(data, "x")  # white space, or a hexadecimal digit in the other case
    with pytest.raises(KnownError):
        paper_keys.from_file(tmp_path / "missing")
    other = digests.canonical({"format": paper_keys.FORMAT, "department": DEPARTMENT, "told_at": "2026", "void": []})
    forged = {
        "told": other.decode(),
        "key": PUBLIC.hex(),
        "signature": signing.sign(bytes(32), "paper-keys", other).hex(),
    }
    with pytest.raises(UserError):
        paper_keys.read(json.dumps(forged).encode(), "x")


def test_the_commands_say_it_in_words(
    full_desk: Desk, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = signed_case(full_desk)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(full_desk.documents.render(case.id, "certificate", "kk+ru").pdf)
    full_desk.close()
    (tmp_path / "pass").write_text(factories.PASSPHRASE, encoding="utf-8")
    signed_in = ["--data", str(data_dir), "--user", factories.HEAD, "--passphrase-file", str(tmp_path / "pass")]
    away = ["--data", str(tmp_path / "nothing"), "--lang", "en"]
    assert main(["verify", *away, str(paper)]) == 1
    assert "Unknown key" in capsys.readouterr().out
    assert main(["verify", *signed_in, str(paper)]) == 0
    assert main(["paper-keys", *signed_in, "--out", str(tmp_path), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    keys = next(tmp_path.glob("*.paper-keys.json"))
    assert str(keys) in printed
    for language, word in (("kk", "Түпнұсқа"), ("ru", "Подлинный"), ("en", "Genuine")):
        words = ["verify", *away[:2], "--lang", language, str(paper), "--keys", str(keys)]
        assert main(words) == 0
        shown = capsys.readouterr().out
        assert word in shown
        assert case.number in shown
    taken = tmp_path / "nothing" / "paper-keys"
    taken.mkdir(parents=True)
    keys.rename(taken / keys.name)
    assert main(["verify", *away, str(paper)]) == 0
    damaged = bytearray(paper.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    paper.write_bytes(damaged)
    assert main(["verify", *away, str(paper), "SRP1:NONSENSE"]) == 1
    assert capsys.readouterr().out.count("Altered") == 2
    assert main(["verify", *away, str(tmp_path / "missing.pdf")]) == 3
    assert main(["verify", *away, "--keys", str(taken / keys.name)]) == 2
    assert main(["verify", *away, str(tmp_path)]) == 3
    assert main(["verify", *signed_in]) == 0


def test_whatever_a_stranger_signs_is_answered_in_words() -> None:
    """A code of somebody else may say anything: it never stops the program, nor is it taken for genuine."""
    chance = random.Random(35)
    odd: list[Any] = [
        *(None, True, -1, 0, 10**30, 2**15_000, 99_999_999, 20261399, 1.5, "", "x" * 300, "\x1b[2J\u202e", b""),
        *(b"a" * 40, [], [1], [2, 2], [1, b"x" * 16], ["a", "b"], [[]], {}, {1: 2}, "2026-11-30"),
    ]
    good = cose.read(base45.decode(Witness(SEED, FACTS).code().removeprefix("SRP1:"))).payload
    known = paper_keys.read(told(), "k")
    for _ in range(600):
        payload = dict(good)
        for key in chance.sample(range(19), chance.randint(1, 3)):
            payload[key] = chance.choice(odd)
        try:
            text = witness.PREFIX + base45.encode(cose.sign(SEED, payload, witness.PURPOSE))
        except cbor2.CBOREncodeError:
            continue
        for keys in (PaperKeys(), known):
            answer = check(text.encode(), keys)
            for language in ("kk", "ru", "en"):
                t = translator(language)
                assert all(t.show(sentence) for sentence in answer.sentences)
                for _, value in answer.said:
                    assert isinstance(t.show(value), str)
            if keys is not known:
                assert answer.verdict in (Verdict.UNKNOWN_KEY, Verdict.ALTERED)


def test_no_sentence_of_an_answer_is_empty_in_a_language() -> None:
    answer = check(Witness(SEED, FACTS).code().encode(), PaperKeys())
    for language in ("kk", "ru", "en"):
        for label, value in answer.said:
            assert translator(language).show(label)
            assert value if isinstance(value, str) else translator(language).show(value)
        assert all(isinstance(sentence, Text) for sentence in answer.sentences)


def test_a_file_that_was_cut_off_is_not_whole_and_not_called_unsigned(tmp_path: Path, capsys: Any) -> None:
    pdf = printed("certificate", "kk")
    for end in (len(pdf) // 2, len(pdf) // 10, pdf.rindex(b"startxref"), len(pdf) - 7):
        answer = check(pdf[:end], paper_keys.read(told(), "k"))
        assert answer.verdict is Verdict.DAMAGED, end
        assert answer.said == ()
    unsealed = pdf[: pdf.rindex(b"%SRP1:")] + pdf[pdf.rindex(b"startxref") :]
    assert check(unsealed, PaperKeys()).verdict is Verdict.UNSIGNED, "whole, and without a seal"
    assert check(pdf + b"% more", PaperKeys()).verdict is Verdict.ALTERED
    half = tmp_path / "half.pdf"
    half.write_bytes(pdf[: len(pdf) // 2])
    for language, said in (("en", "Not whole"), ("ru", "Файл не целый"), ("kk", "Файл толық емес")):
        assert main(["verify", "--lang", language, "--data", str(tmp_path), str(half)]) == 1
        assert f": {said}\n" in capsys.readouterr().out

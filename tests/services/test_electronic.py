"""Electronic signatures of members: given by key file and NCALayer, kept, told; every refusal in words."""

import base64
import hashlib
import json
import socket
import threading
from pathlib import Path

import pytest

from app.cli import main
from app.documents import pades, witness
from app.domain.errors import KnownError, Told, UserError
from app.domain.vocabulary import CorrectionKind, PaperKind
from app.i18n import translator
from app.services.attachments import Copy
from app.services.desk import Desk
from app.services.electronic import Order, PaperSignatures
from app.services.ncalayer import NcaLayer
from app.services.paper_check import Verdict
from app.services.signature_rules import DOUBT
from app.services.signers import ByNcaLayer, open_key_file
from app.storage import attachments
from tests import esign, factories
from tests.factories import DECISION, NAMES, signatures, signed_case

CERTIFICATE = PaperKind.DISABILITY_CERTIFICATE


def sign(
    desk: Desk, case_id: str, file: Path, member: int = 0, document: str = "conclusion", **more: bool
) -> PaperSignatures:
    return desk.electronic.sign(Order(case_id, document, "kk", member, **more), file, esign.PASSPHRASE)


def test_three_members_sign_one_paper_the_last_one_days_later(full_desk: Desk, tmp_path: Path) -> None:
    case = signed_case(full_desk)
    plain = full_desk.documents.render(case.id, "conclusion", "kk").pdf
    kinds = {"head": "rsa", "first": "ec", "second": "rsa"}
    files = {who: esign.holder(who, kind=kind).file(tmp_path / f"{who}.p12") for who, kind in kinds.items()}
    assert full_desk.electronic.of_paper(case.id, "conclusion", "kk").missing == (0, 1, 2)
    sizes = []
    for member, who in enumerate(files):
        told = sign(full_desk, case.id, files[who], member)
        assert told.missing == tuple(range(member + 1, 3))
        assert told.signatures[-1].certificate.iin == esign.IINS[who]
        sizes.append(told.size)
        full_desk._place.clock.jump(days=2)  # type: ignore[attr-defined]
    kept = full_desk.electronic.file(case.id, "conclusion", "kk")
    assert kept.pdf.startswith(plain)
    assert kept.pdf == full_desk.electronic.file(case.id, "conclusion", "kk").pdf
    assert kept.pdf == full_desk.documents.render(case.id, "conclusion", "kk").pdf
    assert full_desk.documents.render(case.id, "conclusion", "ru").pdf != kept.pdf
    found = pades.signatures(kept.pdf)
    assert [one.whole for one in found] == [True] * 3
    assert witness.signed_times(kept.pdf) == 3
    # The earlier versions are its beginning, and are kept in it alone.
    with full_desk._place.database.reading() as connection:
        rows = [row.digest for row in attachments.every(connection)]
    assert rows == [hashlib.sha256(kept.pdf).hexdigest()]
    assert full_desk.integrity.verify().problem is None
    papers = {paper.id: paper for paper in full_desk.documents.of_case(case.id)}
    assert papers["conclusion"].signatures == {"kk": 3}
    assert papers["conclusion"].signable
    assert not papers["receipt"].signable


def refused(
    desk: Desk, case_id: str, file: Path, member: int = 0, *, document: str = "conclusion"
) -> tuple[str | None, str]:
    """Where and what was said; nothing was changed by it."""

    def stands() -> object:
        with desk._place.database.reading() as connection:
            return connection.exec_driver_sql(
                "SELECT (SELECT count(*) FROM audit), (SELECT count(*) FROM events), (SELECT count(*) FROM attachments)"
            ).first()

    before = stands()
    with pytest.raises(Told) as told:
        sign(desk, case_id, file, member, document)
    assert stands() == before
    sentences = [translator(code).show(told.value.text) for code in ("kk", "ru", "en")]
    assert all("{" not in sentence for sentence in sentences)
    return told.value.where, sentences[2]


def test_what_can_not_sign_is_refused_in_words_and_nothing_is_kept(full_desk: Desk, tmp_path: Path) -> None:
    case = signed_case(full_desk)
    draft = full_desk.examinations.import_case(factories.case_document({"person.iin": None}))
    clock = full_desk._place.clock
    good = esign.holder()
    file = good.file(tmp_path / "key.p12")
    assert "once the commission has signed" in refused(full_desk, draft.id, file)[1]
    assert "not one of those" in refused(full_desk, case.id, file, document="receipt")[1]
    assert "numbered blank first" in refused(full_desk, case.id, file, document="certificate")[1]
    assert "no such member" in refused(full_desk, case.id, file, 7)[1]

    wrong = esign.holder().file(tmp_path / "wrong.p12", "басқа")
    assert refused(full_desk, case.id, wrong)[0] == "passphrase"
    where, said = refused(full_desk, case.id, tmp_path / "gone.p12")
    assert (where, "gone.p12" in said) == ("file", True)
    for name, data in {"junk": b"junk", "cut": file.read_bytes()[:-9], "empty": b"", "long": b"\0" * 1_000_001}.items():
        (tmp_path / name).write_bytes(data)
        assert refused(full_desk, case.id, tmp_path / name)[0] == "file", name
    # A key of ГОСТ: told apart from a wrong passphrase, which the library does not do.
    gost = tmp_path / "gost.p12"
    gost.write_bytes(esign.of_other_kind(good, esign.PASSPHRASE))
    where, said = refused(full_desk, case.id, gost)
    assert (where, "ГОСТ" in said) == ("file", True)
    gost.write_bytes(esign.of_other_kind(good, "басқа"))
    assert refused(full_desk, case.id, gost)[0] == "passphrase"
    alone = tmp_path / "alone.p12"
    alone.write_bytes(esign.without_key(good))
    assert "no private key" in refused(full_desk, case.id, alone)[1]

    def of(name: str = "case.p12", **more: object) -> tuple[str | None, str]:
        return refused(full_desk, case.id, esign.holder(**more).file(tmp_path / name))  # type: ignore[arg-type]

    assert "signing in" in of(signs=False)[1]
    assert "organisation or an information system" in of(iin="", organisation="ТОО «Өрнек»")[1]
    assert "ended on 02.02.2026" in of(since=esign.FROM.replace(year=2025, month=2, day=1), days=366)[1]
    assert "Check the clock" in of(since=esign.FROM.replace(month=12))[1]
    assert "ГОСТ" in of(kind="other")[1]
    assert "ГОСТ" in of(kind="short")[1]
    # Somebody else's: by name, and by an ИИН other than that of before; whoever is sure may overrule it.
    where, said = of(who="first")
    assert where == DOUBT
    assert NAMES["head"] in said
    told = sign(full_desk, case.id, esign.holder(name="Сеитова Алия").file(tmp_path / "spelt.p12"), sure=True)
    assert told.signatures[0].doubt == "name"
    assert "signed this paper already" in refused(full_desk, case.id, file)[1]
    # The same key as another member.
    same = esign.holder("first", iin=esign.IINS["head"]).file(tmp_path / "same.p12")
    assert "as Сейітова" in refused(full_desk, case.id, same, 1)[1]
    clock.jump(days=-3)  # type: ignore[attr-defined]
    assert "before the commission signed" in refused(full_desk, case.id, file, 1)[1]
    clock.jump(days=3)  # type: ignore[attr-defined]
    sign(full_desk, case.id, file, document="act")
    clock.jump(days=1)  # type: ignore[attr-defined]
    other = esign.holder(iin="900909300044").file(tmp_path / "other.p12")
    assert refused(full_desk, case.id, other, document="programme")[0] in (DOUBT, None)
    assert full_desk.integrity.verify().problem is None


def test_the_certificate_on_its_blank_is_signed_as_the_original_and_a_new_blank_begins_anew(
    full_desk: Desk, tmp_path: Path
) -> None:
    case = signed_case(full_desk)
    file = esign.holder(organisation="МСЭ бөлімі").file(tmp_path / "key.p12")
    full_desk.papers.add_range(CERTIFICATE, "АА", "1", "9")
    full_desk.papers.issue(case.id, CERTIFICATE)
    paper = full_desk.documents.render(case.id, "certificate", "kk")
    full_desk.documents.record(case.id, "certificate", "kk", paper.digest, "printed")
    told = sign(full_desk, case.id, file, document="certificate")
    assert told.signatures[0].certificate.bin == "990140000014"
    kept = full_desk.electronic.file(case.id, "certificate", "kk").pdf
    assert kept.startswith(paper.pdf)
    # Printed once more onto the blank it is a duplicate, which nobody signed; the signed file stays what it is.
    assert not full_desk.documents.render(case.id, "certificate", "kk").drawn
    assert full_desk.electronic.file(case.id, "certificate", "kk").pdf == kept
    full_desk.papers.spoil(CERTIFICATE, "АА", "1", "мыжылған")
    assert full_desk.paper_witness.check(kept).verdict is Verdict.REVOKED
    full_desk.papers.issue(case.id, CERTIFICATE)
    assert full_desk.electronic.of_paper(case.id, "certificate", "kk").missing == (0, 1, 2)
    sign(full_desk, case.id, file, document="certificate")
    assert (
        full_desk.paper_witness.check(full_desk.electronic.file(case.id, "certificate", "kk").pdf).verdict
        is Verdict.GENUINE
    )

    new = full_desk.examinations.correct(case.id, CorrectionKind.SLIP, "typed wrong")
    full_desk.conclusions.decide(new.id, DECISION)
    full_desk.conclusions.sign(new.id, signatures())
    assert "newer case" in refused(full_desk, case.id, file, document="act")[1]
    assert full_desk.integrity.verify().problem is None


def test_a_signed_paper_that_was_attached_and_taken_out_again_stays(full_desk: Desk, tmp_path: Path) -> None:
    case = signed_case(full_desk)
    sign(full_desk, case.id, esign.holder().file(tmp_path / "key.p12"))
    kept = full_desk.electronic.file(case.id, "conclusion", "kk").pdf
    draft = full_desk.examinations.import_case(factories.case_document({"person.iin": None}))
    added = full_desk.attachments.add(draft.id, Copy(kept, b"\x89PNG"), title="қорытынды", of="other")
    full_desk.attachments.remove(draft.id, added.digest)
    assert full_desk.electronic.file(case.id, "conclusion", "kk").pdf == kept
    assert full_desk.integrity.verify().problem is None


def by_ncalayer(desk: Desk, order: Order, answer: object, **more: float) -> PaperSignatures:
    with esign.ncalayer(answer) as layer:  # type: ignore[arg-type]
        signer = ByNcaLayer(NcaLayer(layer.address, **more))
        begun = desk.electronic.begin(order, signer)
        cms = signer.cms(begun.prepared, "kk", threading.Event())
        assert cms is not None
        [asked] = layer.asked
        assert asked["module"] == "kz.gov.pki.knca.basics"
        assert set(asked["args"]) == {"format", "data", "signingParams", "signerParams", "locale"}
        return desk.electronic.complete(begun, cms)


def test_ncalayer_signs_beside_a_key_file_on_one_paper(full_desk: Desk, tmp_path: Path) -> None:
    case = signed_case(full_desk)
    sign(full_desk, case.id, esign.holder().file(tmp_path / "key.p12"))
    told = by_ncalayer(
        full_desk, Order(case.id, "conclusion", "kk", 1), esign.signing(esign.holder("first", kind="ec"))
    )
    assert [one.via for one in told.signatures] == ["pkcs12", "ncalayer"]
    pdf = full_desk.electronic.file(case.id, "conclusion", "kk").pdf
    assert [one.whole for one in pades.signatures(pdf)] == [True, True]
    assert full_desk.paper_witness.check(pdf).verdict is Verdict.GENUINE
    assert full_desk.integrity.verify().problem is None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": True, "body": {}}, "cancelled"),
        ({"code": "500", "message": "action.canceled"}, "cancelled"),
        ({"status": False, "code": "500", "message": "Хранилище не\nнайдено"}, "500 Хранилище не найдено"),
        ({"status": False, "code": "SIGNING_FAILURE", "message": "x" * 9000}, "refused to sign"),
        ({"success": False, "errorCode": "MODULE_NOT_FOUND"}, "too old"),
        ("not json at all", "can't be understood"),
        ("[1, 2]", "can't be understood"),
        ("[" * 100_000, "can't be understood"),
        ({"status": True, "body": {"result": ["*** not base64 ***"]}}, "can't be understood"),
        ({"status": True, "body": {"result": ["AA==", "AA=="]}}, "can't be understood"),
        ({"status": True, "body": {"result": [{"deep": 1}]}}, "can't be understood"),
        ({"surprise": 1}, "can't be understood"),
        ("x" * 1_200_000, "can't be understood"),
        (None, "broke the connection off"),
        ({"status": True, "body": {"result": ["AAAA"]}}, "no electronic signature"),
        ({"status": True, "body": {"result": "MAA="}}, "no electronic signature"),
        ({"status": True, "body": {"result": {"signatures": ["MAA="]}}}, "no electronic signature"),
    ],
)
def test_whatever_ncalayer_answers_is_said_in_words(full_desk: Desk, answer: object, said: str) -> None:
    case = signed_case(full_desk)
    with pytest.raises(Told) as told:
        by_ncalayer(full_desk, Order(case.id, "conclusion", "kk", 0), lambda _: answer)
    sentences = [translator(code).show(told.value.text) for code in ("kk", "ru", "en")]
    assert said in sentences[2]
    assert all("{" not in sentence and "\n" not in sentence and len(sentence) < 400 for sentence in sentences)
    assert full_desk.electronic.of_paper(case.id, "conclusion", "kk").size == 0


def test_signatures_of_something_else_are_refused(full_desk: Desk) -> None:
    case = signed_case(full_desk)
    order, good = Order(case.id, "conclusion", "kk", 0), esign.holder()

    def refusal(answer: object) -> tuple[str | None, str]:
        with pytest.raises(UserError) as told:
            by_ncalayer(full_desk, order, answer)
        return told.value.where, translator("en").show(told.value.text)

    def given(cms: bytes) -> object:
        return lambda _: {"status": True, "body": {"result": [esign.armoured(cms)]}}

    assert "something else" in refusal(given(esign.cms_of(good, hashlib.sha256(b"another").digest())))[1]

    def damaged(asked: dict[str, object]) -> object:
        made = bytearray(esign.cms_of(good, base64.b64decode(asked["args"]["data"])))  # type: ignore[index]
        made[-5] ^= 1
        return {"status": True, "body": {"result": [esign.armoured(bytes(made))]}}

    assert "does not fit its own certificate" in refusal(damaged)[1]
    assert "signing in" in refusal(esign.signing(esign.holder(signs=False)))[1]
    assert "ended on" in refusal(esign.signing(esign.holder(days=30)))[1]
    assert refusal(esign.signing(esign.holder("second")))[0] == DOUBT

    def of_the_other_algorithm(asked: dict[str, object]) -> object:
        made = esign.cms_of(good, base64.b64decode(asked["args"]["data"]))  # type: ignore[index]
        # The identifiers of ГОСТ 34.311 and ГОСТ 34.310, as they would stand in place of SHA-256.
        gost = made.replace(bytes.fromhex("0609608648016503040201"), bytes.fromhex("06092a830e030a01030101"))
        return {"status": True, "body": {"result": [esign.armoured(gost)]}}

    assert "ГОСТ" in refusal(of_the_other_algorithm)[1]
    assert full_desk.electronic.of_paper(case.id, "conclusion", "kk").size == 0
    assert full_desk.integrity.verify().problem is None


def test_ncalayer_that_is_absent_silent_or_no_longer_wanted(full_desk: Desk) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(KnownError) as absent:
        NcaLayer(f"wss://127.0.0.1:{port}").sign(b"\0" * 32, "kk", threading.Event())
    assert "does not answer" in absent.value.text.msgid
    # Something that takes the connection and never says a word of TLS; something that isn't a WebSocket.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(KnownError) as told:
            NcaLayer(f"wss://127.0.0.1:{silent.getsockname()[1]}", opening=0.3).sign(
                b"\0" * 32, "kk", threading.Event()
            )
        assert "does not answer" in told.value.text.msgid
    with esign.ncalayer(lambda _: ...) as waiting:
        with pytest.raises(KnownError) as late:
            NcaLayer(waiting.address, waiting=0.4).sign(b"\0" * 32, "kk", threading.Event())
        assert "ten minutes" in late.value.text.msgid
        stop = threading.Event()
        waiting.reached.clear()
        answers: list[object] = []
        thread = threading.Thread(
            target=lambda: answers.append(NcaLayer(waiting.address).sign(b"\0" * 32, "kk", stop)), daemon=True
        )
        thread.start()
        assert waiting.reached.wait(10)
        stop.set()
        thread.join(10)
        assert answers == [None]


def test_two_signatures_begun_at_once_the_second_is_asked_again(full_desk: Desk, tmp_path: Path) -> None:
    case = signed_case(full_desk)
    holder = esign.holder("first")
    with esign.ncalayer(esign.signing(holder)) as layer:
        signer = ByNcaLayer(NcaLayer(layer.address))
        begun = full_desk.electronic.begin(Order(case.id, "conclusion", "kk", 1), signer)
        cms = signer.cms(begun.prepared, "kk", threading.Event())
        sign(full_desk, case.id, esign.holder().file(tmp_path / "key.p12"))
        with pytest.raises(UserError) as told:
            full_desk.electronic.complete(begun, cms or b"")
    assert "meanwhile" in told.value.text.msgid
    assert full_desk.electronic.of_paper(case.id, "conclusion", "kk").missing == (1, 2)


def test_a_passphrase_is_in_no_repr_and_no_record(full_desk: Desk, tmp_path: Path) -> None:
    case = signed_case(full_desk)
    file = esign.holder().file(tmp_path / "key.p12")
    sign(full_desk, case.id, file)
    assert "key=" not in repr(open_key_file(file, esign.PASSPHRASE))
    rows: list[bytes] = []
    with full_desk._place.database.reading() as connection:
        for table in ("audit", "events"):
            rows += [bytes(row[0]) for row in connection.exec_driver_sql(f"SELECT record FROM {table}")]  # noqa: S608
    told = b"".join(rows)
    assert esign.PASSPHRASE.encode() not in told
    # What travels names the certificate by its hash alone.
    events = [row for row in rows if b'"type":"document.signed"' in row]
    assert len(events) == 1
    assert esign.IINS["head"].encode() not in events[0]
    assert hashlib.sha256(esign.holder().der).hexdigest().encode() in events[0]


def test_the_command_tells_of_the_signatures_and_the_files_of_roots(
    full_desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = signed_case(full_desk)
    sign(full_desk, case.id, esign.holder().file(tmp_path / "key.p12"))
    paper, keys = tmp_path / "paper.pdf", tmp_path / "desk.paper-keys.json"
    paper.write_bytes(full_desk.electronic.file(case.id, "conclusion", "kk").pdf)
    full_desk.paper_witness.export_to(keys)
    data = tmp_path / "elsewhere"
    (data / "roots").mkdir(parents=True)
    words = ["verify", str(paper), "--keys", str(keys), "--data", str(data), "--lang", "en"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "Genuine" in said
    assert "ИИН …0011" in said
    assert "No root certificate of the НУЦ lies here" in said
    (data / "roots" / "nca.cer").write_bytes(esign.root().der)
    assert main(words) == 0
    assert "leads to the root certificate" in capsys.readouterr().out
    paper.write_bytes(paper.read_bytes() + b"\n")
    assert main(words) == 1
    assert "changed after the desk signed it" in capsys.readouterr().out


class Line:
    """A line to NCALayer that breaks at a place of its own: `opening`, `send`, `recv` or `leaving`."""

    def __init__(self, breaks: str) -> None:
        self._breaks = breaks

    def _at(self, place: str) -> None:
        if self._breaks == place:
            raise ConnectionResetError

    def __enter__(self) -> "Line":
        self._at("opening")
        return self

    def __exit__(self, *_: object) -> None:
        self._at("leaving")

    def send(self, _message: str) -> None:
        self._at("send")

    def recv(self, timeout: float) -> str:
        assert timeout
        self._at("recv")
        return json.dumps({"status": True, "body": {"result": ["MAA="]}})


@pytest.mark.parametrize(
    ("breaks", "said"),
    [("opening", "does not answer"), ("send", "broke the connection"), ("recv", "broke the connection")],
)
def test_a_line_that_stood_and_broke_is_not_called_absent(
    breaks: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("websockets.sync.client.connect", lambda *_, **__: Line(breaks))
    with pytest.raises(KnownError) as told:
        NcaLayer().sign(b"\0" * 32, "kk", threading.Event())
    assert said in translator("en").show(told.value.text)


def test_a_signature_that_is_here_is_not_lost_by_how_the_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, float] = {}
    monkeypatch.setattr("websockets.sync.client.connect", lambda *_, **more: asked.update(more) or Line("leaving"))
    assert NcaLayer().sign(b"\0" * 32, "kk", threading.Event()) == b"0\0"
    assert asked["open_timeout"] >= 20, "a laptop under load is not one without NCALayer"

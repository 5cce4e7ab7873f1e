"""A stick that fails leaves a sentence and nothing half-written; the command line says all of it, too."""

import errno
import io
import json
import os
import resource
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from app import cli
from app.domain.errors import KnownError, UserError
from app.domain.text import Text
from app.i18n import translator
from app.services import link_bundles
from app.services.attachments import Copy
from app.services.desk import Desk
from app.services.link_log import Pace
from app.services.link_policy import FIRST, PAUSES, USUAL, Policy
from app.services.link_views import Place, Progress
from app.sync import bundle, wire
from tests import factories
from tests.link.fake_centre import FakeCentre, serving


@pytest.fixture
def linked(full_desk: Desk) -> Desk:
    """With a signed case that names a copy of 3 MB."""
    view = factories.decided_case(full_desk)
    full_desk.conclusions.reopen(view.id)
    big = b"%PDF-1.7\n" + os.urandom(3 << 20)
    full_desk.attachments.add(view.id, Copy(big, b"\xff\xd8\xff"), title="Қағаз", of="consultation")
    full_desk.conclusions.decide(view.id, dict(factories.DECISION))
    full_desk.conclusions.sign(view.id, factories.signatures())
    full_desk.link.enrol(FakeCentre().invitation())
    return full_desk


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    path = tmp_path / "флешка"
    path.mkdir()
    return path


def require_as_before(desk: Desk, stick: Path) -> None:
    assert list(stick.iterdir()) == []
    status = desk.link.status()
    assert status.counts[Place.WAITING] == status.head_seq
    assert status.last_exchange is None
    assert desk.integrity.verify().ok


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "no rights"),
        (errno.EIO, "pulled out"),
        (errno.ENODEV, "pulled out"),
        (errno.ETIMEDOUT, "can't be written"),
    ],
)
def test_a_stick_that_refuses_is_told_and_nothing_is_left(
    linked: Desk, stick: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def refuse(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("app.sync.bundle.os.fsync", refuse)
    with pytest.raises(KnownError) as refused:
        linked.link.export_bundle(stick)
    monkeypatch.undo()
    assert words in refused.value.text.msgid
    if code == errno.ENOSPC:  # a copy of 3 MB and the records
        assert translator("ru").show(refused.value.text.params["size"]) == "4 МБ"
        small = link_bundles.refusal(OSError(code, ""), stick / "x", 55_400).text
        assert translator("en").show(small.params["size"]) == "55 KB"
    require_as_before(linked, stick)


def test_a_stick_that_takes_no_large_file_is_told(linked: Desk, stick: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, before[1]))
    try:
        with pytest.raises(KnownError) as refused:
            linked.link.export_bundle(stick)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "no file as large" in refused.value.text.msgid
    require_as_before(linked, stick)


def test_a_stick_that_gives_other_bytes_back_is_never_called_safe(
    linked: Desk, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = os.fsync

    def spoil(number: int) -> None:
        flush(number)
        [path] = stick.iterdir()
        with path.open("r+b") as file:
            file.seek(5000)
            byte = file.read(1)
            file.seek(5000)
            file.write(bytes([byte[0] ^ 1]))

    monkeypatch.setattr("app.sync.bundle.os.fsync", spoil)
    with pytest.raises(UserError):
        linked.link.export_bundle(stick)
    monkeypatch.undo()
    require_as_before(linked, stick)


def test_a_folder_that_is_not_there_and_a_writing_that_somebody_stops(linked: Desk, stick: Path) -> None:
    from app.domain.errors import Cancelled

    with pytest.raises(UserError):
        linked.link.export_bundle(stick / "nowhere")

    def stop(progress: Progress) -> None:
        if progress.text.msgid.startswith("Writing the copies"):
            raise Cancelled

    with pytest.raises(Cancelled):
        linked.link.export_bundle(stick, stop)
    require_as_before(linked, stick)
    assert linked.link.status().attachments_waiting == 1
    done = linked.link.export_bundle(stick)
    status = linked.link.status()
    assert (status.counts[Place.WAITING], status.attachments_waiting, status.attachments_carried) == (0, 0, 1)
    assert status.is_carried  # the copy lies on the stick as the records do
    assert status.has_something_to_write
    assert linked.integrity.verify().ok
    assert any("safe to remove" in text.msgid for text in done.remarks)
    assert done.path is not None
    with bundle.Reader(done.path) as reader:
        assert sum(1 for section in reader.manifest.sections if section.kind == bundle.ATTACHMENT) == 4
    slip = linked.link.slip(done.id, "kk")
    assert slip.pdf == linked.link.slip(done.id, "kk").pdf
    assert linked.paper_witness.check(slip.pdf).verdict == "genuine"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(linked.link.slip(done.id, "en").pdf)).pages)
    assert "Records written into the bundle" in text
    lines = PdfReader(io.BytesIO(linked.link.slip(done.id, "ru").pdf)).pages[0].extract_text().splitlines()
    assert status.laptop in text  # as the centre lists it
    assert len(status.laptop) == 8
    assert done.path.name in "".join(text.split())
    head = str(done.ours["head_hash"])
    # A line has two whole groups; how the table's cells are told apart is the reader's.
    assert all(
        any(f"{head[at : at + 8]} {head[at + 8 : at + 16]}" in line for line in lines) for at in range(0, 64, 16)
    )
    assert any("Копии документов" in line for line in lines)
    assert "Records sent" not in text  # it lies on a stick
    assert text.count("(UTC+5)") == 2  # began and ended, in the time of the country


def test_the_automatic_exchange_waits_longer_after_each_failure() -> None:
    now = [0.0]
    policy = Policy(lambda: now[0])
    assert not policy.is_due()
    now[0] += FIRST
    assert policy.is_due()
    waits = []
    for _ in range(len(PAUSES) + 2):
        policy.failed()
        waits.append(policy.wait())
    for wait, pause in zip(waits, (*PAUSES, PAUSES[-1], PAUSES[-1]), strict=True):
        assert 0.8 * pause <= wait <= 1.2 * pause
    policy.succeeded()
    assert 0.8 * USUAL <= policy.wait() <= 1.2 * USUAL


def test_a_network_that_opens_connections_is_gone_through_and_said(full_desk: Desk, tmp_path: Path) -> None:
    centre = FakeCentre()
    with serving_tls(centre, tmp_path) as url:
        full_desk.link.enrol(centre.invitation(url))
        done = full_desk.link.exchange()
    assert done.stopped is None
    assert any("inspects connections" in text.msgid for text in done.remarks)
    assert len(centre.log) == full_desk.link.status().head_seq


def test_on_a_slow_line_less_goes_at_once() -> None:
    pace = Pace()
    pace.went(1)
    pace.went(1)
    assert pace.size == wire.FULL
    for _ in range(20):
        pace.went(100)
    assert pace.size == 16 << 10
    pace.went(1)
    assert pace.refused(40)
    pace.went(1)
    pace.went(1)
    assert (pace.size, pace.events) == (16 << 10, 20)  # what was refused once is not tried again
    assert not pace.refused(1)


def test_the_limit_on_what_is_sent_is_kept() -> None:
    from app.sync.client import Client

    slept: list[float] = []
    client = Client(("http://127.0.0.1:1",), bytes(32), "ab" * 16, bytes(32), limit=100_000, sleep=slept.append)
    assert b"".join(client._slowed(bytes(160_000))) == bytes(160_000)
    # Nothing really sleeps here, so that each pause makes up for all before it.
    assert 1.3 < max(slept) < 1.7


class serving_tls:  # noqa: N801 - a context
    """The centre behind a certificate that nobody trusts."""

    def __init__(self, centre: FakeCentre, folder: Path) -> None:
        self._centre, self._folder = centre, folder

    def __enter__(self) -> str:
        centre = self._centre

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                status, data = centre.answer(self.command, self.path, self.headers, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_PUT = do_GET  # noqa: N815 - names of the library

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                pass

        self._server = Quiet(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(self._folder / "gateway.pem"))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return f"https://localhost:{self._server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def certificate(path: Path) -> Path:
    """A certificate of a gateway with its key."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM
    private = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(form))
    return path


@pytest.fixture
def words(data_dir: Path, tmp_path: Path, full_desk: Desk) -> list[str]:
    full_desk.close()
    secret = tmp_path / "passphrase"
    secret.write_text(factories.PASSPHRASE, encoding="utf-8")
    return ["--data", str(data_dir), "--user", factories.HEAD, "--passphrase-file", str(secret), "--lang", "en"]


def test_the_command_line_links_exchanges_and_says_what_a_person_has_to_settle(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    centre = FakeCentre()
    with serving(centre.answer) as url:
        file = tmp_path / "invitation"
        file.write_bytes(centre.invitation(url))
        assert cli.main(["link", "push", *words]) == 2
        assert cli.main(["link", "enrol", str(file), "--fingerprint", "0000 0000 0000 0000", *words]) == 2
        from app.crypto.signing import fingerprint

        assert cli.main(["link", "enrol", str(file), "--fingerprint", fingerprint(centre.public), *words]) == 0
        capsys.readouterr()
        assert cli.main(["link", "export-bundle", "--out", str(tmp_path / "1.mselink"), *words]) == 0
        said = capsys.readouterr().out
        assert "they wait for the centre's receipt" in said
        assert "Sent" not in said
        assert cli.main(["link", "push", *words]) == 0
        assert capsys.readouterr().out.startswith("Sent: ")
        assert cli.main(["link", "pull", *words]) == 0
        assert cli.main(["link", "export-bundle", "--out", str(tmp_path), *words]) == 0
        assert cli.main(["link", "export-bundle", "--out", str(tmp_path / "nowhere"), *words]) == 2
        assert cli.main(["link", "import-bundle", str(file), *words]) == 2
        assert cli.main(["link", "import-bundle", str(tmp_path / "none.mselink"), *words]) == 3
        capsys.readouterr()
        assert cli.main(["link", "status", "--json", *words]) == 0
        status = json.loads(capsys.readouterr().out)
        assert (status["centre"]["certified"], status["counts"]["received"]) == (True, status["head_seq"])
        assert cli.main(["link", "receipts", "--json", *words]) == 0
        assert json.loads(capsys.readouterr().out)[0]["upto_seq"] == status["head_seq"]
        assert cli.main(["link", "status", *words]) == 0
        assert cli.main(["link", "receipts", *words]) == 0
        centre.revoked = True
        assert cli.main(["link", "push", *words]) == 1
        assert "revoked" in capsys.readouterr().err
        assert cli.main(["link", *words]) == 2
    centre.revoked = False
    assert cli.main(["link", "pull", *words]) in (1, 3)


def test_every_place_of_a_case_has_words() -> None:
    from app.i18n import translator
    from app.services.link_words import WORDS

    for language in ("kk", "ru", "en"):
        assert len({translator(language).show(Text(WORDS[place])) for place in Place}) == len(Place)

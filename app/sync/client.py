"""The network's side of a laptop: signed requests to the centre, and only what the centre signed counts as an answer.

Whatever else comes back (the page of a portal that answers 200 to everything, the error of a proxy, nothing at all) is
one of a few failures with a sentence. Proxies are those of the system, certificates those that the system trusts.
"""

import secrets
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import KnownError
from app.domain.text import N_, Text
from app.sync import answers, requests
from app.sync.told import REFUSED

if TYPE_CHECKING:
    import httpx

CONNECT: Final = 10.0
"""seconds until somebody has to answer at all"""
SILENCE: Final = 45.0
"""seconds without a byte, either way"""
WHOLE: Final = 300.0
"""seconds for a whole answer: nobody keeps a laptop busy by single bytes"""
_RENEWED: Final = 240.0
"""seconds after which another challenge is asked for; the centre takes one for ten minutes"""
_AGAIN: Final = 6
"""times that a busy centre is asked again within one exchange; later the next exchange does"""
_LONGEST: Final = 5
"""seconds that an exchange waits for a busy centre, about; whoever stops it shall not wait longer. After more the next
exchange asks"""
_PART: Final = 16 << 10
_TOO_MUCH, _BUSY = 413, frozenset({408, 425, 429, 500, 502, 503, 504, 507, 509})
_PROXY: Final = 407


class Unreachable(KnownError):
    """Nobody answered: no network, a wrong address, a connection that broke. Trying again later helps."""


class Busy(KnownError):
    """Somebody on the way answers in the centre's place that it can't now (502, 503, 429)."""


class Elsewhere(KnownError):
    """An answer that isn't the centre's word: the page of a captive portal, another server."""


class TooMuch(KnownError):
    """Something on the way takes no request as large as this (413)."""


_UNREACHABLE: Final = N_(
    "The centre does not answer: {reason}. Check the connection, then try again, or take the stick. Nothing is lost."
)
_BROKEN: Final = N_(
    "The connection broke off. What was confirmed until then counts; the next exchange goes on from there."
)
_BUSY_NOW: Final = N_(
    "Somebody on the way to the centre answers that it can't be reached now ({status}). It is tried again later."
)
_ELSEWHERE: Final = N_(
    "Not the centre answers, but somebody else, as where a network asks for a sign-in first. Open a browser, sign in to"
    " the network, then exchange again. Nothing was taken as delivered."
)
_PROXY_ASKS: Final = N_(
    "The proxy of this network asks for a sign-in. Whoever looks after the network sets it up in the system, then"
    " exchange again; or take the stick."
)
_TOO_MUCH_NOW: Final = N_("Something on the way to the centre takes no message of this size.")


class Client:
    """One exchange with one centre.

        with Client(urls, sign_key, device, seed) as client:
            told = client.ask("GET", "/v1/incarnations/…")

    `limit`: bytes a second that are sent, None for any. `inspected`: whether the way there was opened by somebody
    whose certificate the system doesn't trust.
    """

    def __init__(
        self, urls: tuple[str, ...], centre: bytes, device: str, seed: bytes, *, limit: int | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._urls, self._centre, self._device, self._seed = urls, centre, device, seed
        self._limit, self._sleep = limit, sleep
        self._challenge: tuple[str, float] | None = None
        self._at = ""
        self.inspected = False

    def __enter__(self) -> "Client":
        self._http = self._open(trusting=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def ask(self, method: str, target: str, body: bytes = b"") -> Mapping[str, Any]:
        """What the centre answers to a request, by its signature. Unreachable, Busy, Elsewhere, TooMuch.

        Where the centre is busy and says for how many seconds, it is asked again after about as many, a few times.
        """
        told = self._ask(method, target, body)
        for _ in range(_AGAIN):
            wait = told.get("retry_after")
            if told.get("reason") != "busy" or type(wait) is not int or not 0 < wait <= _LONGEST:
                break
            # Not all laptops that were sent away at once come again at once.
            self._sleep(wait * (0.5 + secrets.randbelow(1001) / 1000))
            told = self._ask(method, target, body)
        if told.get("answer") == REFUSED and told.get("reason") == "challenge":
            # A laptop that slept in between.
            self._challenge = None
            told = self._ask(method, target, body)
        return told

    def fetch(self, target: str, most: int) -> bytes:
        """The bytes of an item, at most so many; whoever asked checks their hash."""
        return self._send("GET", target, b"", self._signed("GET", target, b"").header(), most)[1]

    def _ask(self, method: str, target: str, body: bytes) -> Mapping[str, Any]:
        signed = self._signed(method, target, body)
        status, data = self._send(method, target, body, signed.header(), answers.MOST)
        return self._read(status, data, requests.reference_of(signed))

    def _signed(self, method: str, target: str, body: bytes) -> requests.Signed:
        if self._challenge is None or time.monotonic() - self._challenge[1] > _RENEWED:
            self._challenge = self._new_challenge(), time.monotonic()
        return requests.sign(self._seed, self._device, self._challenge[0], method, target, body)

    def _new_challenge(self) -> str:
        """From the first of the centre's addresses that answers with its signature; the exchange stays with it."""
        failures: list[KnownError] = []
        for url in (self._at,) if self._at else self._urls:
            self._at = url.rstrip("/")
            nonce = secrets.token_hex(16)
            try:
                status, data = self._send("GET", f"/v1/challenge?nonce={nonce}", b"", "", answers.MOST)
                told = self._read(status, data, nonce)
                return str(told["challenge"])
            except KnownError as error:
                failures.append(error)
            except KeyError:
                failures.append(Elsewhere(Text(_ELSEWHERE)))
            self._at = ""
        # What says most of what to do comes first.
        failures.sort(key=lambda error: (Elsewhere, Busy, TooMuch, Unreachable).index(type(error)))
        raise failures[0] if failures else Unreachable(Text(_UNREACHABLE, {"reason": "–"}))

    def _read(self, status: int, data: bytes, request: str) -> Mapping[str, Any]:
        """The centre's answer, whatever the status says: proxies may write another one."""
        try:
            return answers.read(data, self._centre, request)
        except ValueError:
            raise _failure(status) from None

    def _send(self, method: str, target: str, body: bytes, authorization: str, most: int) -> tuple[int, bytes]:
        import httpx

        try:
            return self._once(method, target, body, authorization, most)
        except httpx.ConnectError as error:
            if self.inspected or not _is_of_certificates(error):
                raise _unreachable(error) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            raise _unreachable(error) from error
        # The certificate is not one that the system trusts. What counts is signed and what is secret is sealed.
        self.inspected = True
        self._http.close()
        self._http = self._open(trusting=True)
        try:
            return self._once(method, target, body, authorization, most)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            raise _unreachable(error) from error

    def _once(self, method: str, target: str, body: bytes, authorization: str, most: int) -> tuple[int, bytes]:
        headers = {"Accept-Encoding": "identity", "User-Agent": "saraptama"}
        if authorization:
            headers["Authorization"] = authorization
        if body:
            headers |= {"Content-Type": "application/octet-stream", "Content-Length": str(len(body))}
        content = self._slowed(body) if body else None
        until = time.monotonic() + WHOLE
        found = bytearray()
        with self._http.stream(method, self._at + target, headers=headers, content=content) as response:
            # Raw: nothing that is packed is unpacked here, whatever the other side says of it.
            for part in response.iter_raw():
                found += part
                if len(found) > most or time.monotonic() > until:
                    raise _failure(response.status_code)
            return response.status_code, bytes(found)

    def _slowed(self, body: bytes) -> Iterator[bytes]:
        began, sent = time.monotonic(), 0
        for start in range(0, len(body), _PART):
            part = body[start : start + _PART]
            yield part
            sent += len(part)
            if self._limit:
                ahead = sent / self._limit - (time.monotonic() - began)
                if ahead > 0:
                    self._sleep(min(ahead, SILENCE / 2))

    def _open(self, *, trusting: bool) -> "httpx.Client":
        import httpx

        context = ssl.create_default_context()
        if trusting:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        timeout = httpx.Timeout(SILENCE, connect=CONNECT)
        return httpx.Client(verify=context, timeout=timeout, follow_redirects=False, trust_env=True)


def _failure(status: int) -> KnownError:
    if status == _TOO_MUCH:
        return TooMuch(Text(_TOO_MUCH_NOW))
    if status == _PROXY:
        return Elsewhere(Text(_PROXY_ASKS))
    if status in _BUSY:
        return Busy(Text(_BUSY_NOW, {"status": status}))
    return Elsewhere(Text(_ELSEWHERE))


def _unreachable(error: Exception) -> Unreachable:
    import httpx

    if isinstance(error, httpx.ReadError | httpx.WriteError | httpx.RemoteProtocolError):
        return Unreachable(Text(_BROKEN))
    reason: object = Text(N_("no answer in time")) if isinstance(error, httpx.TimeoutException) else None
    return Unreachable(Text(_UNREACHABLE, {"reason": reason or Text(N_("nobody answers at this address"))}))


def _is_of_certificates(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(seen):
            return True
        seen = seen.__cause__ or seen.__context__
    return False

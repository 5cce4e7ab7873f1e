"""An application served inside the test's process, without a socket: requests go straight to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
from anyio.from_thread import start_blocking_portal
from starlette.applications import Starlette

HOST = "10.0.0.9"
"""the caller's address"""


class Served:
    """Sends requests and waits for their answers, from a thread of its own."""

    def __init__(self, client: httpx.AsyncClient, portal: Any) -> None:
        self._client, self._portal = client, portal

    def request(self, method: str, target: str, *, content: Any = None, headers: Any = None) -> httpx.Response:
        """As `httpx.Client.request`."""
        call = partial(self._client.request, method, target, content=content, headers=headers)
        response: httpx.Response = self._portal.call(call)
        return response

    def get(self, target: str) -> httpx.Response:
        """Without a signature."""
        return self.request("GET", target)


@contextmanager
def served(application: Starlette, host: str = HOST) -> Iterator[Served]:
    """The application from its start to its end."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(application.router.lifespan_context(application)),
    ):
        transport = httpx.ASGITransport(application, client=(host, 1))
        with portal.wrap_async_context_manager(
            httpx.AsyncClient(transport=transport, base_url="http://centre")
        ) as client:
            yield Served(client, portal)

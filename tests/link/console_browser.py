"""A real browser before a real server of the console, for tests and pictures."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from app.centre.console import application
from tests.link.consoles import Stand
from tests.verify_page.browser import ELEMENT, Browser

TAB, ENTER, SPACE = "\ue004", "\ue007", " "


class Visiting(Browser):
    """The browser of the page for papers, led by addresses and keys."""

    def visit(self, url: str) -> None:
        """Load an address; it is there when this returns."""
        self._ask("POST", f"{self._session}/url", {"url": url})

    def size(self, width: int, height: int) -> None:
        """The page's own size, whatever frame the window has; as a device of that size would see it."""
        words = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._ask(
            "POST", f"{self._session}/goog/cdp/execute",
            {"cmd": "Emulation.setDeviceMetricsOverride", "params": words},
        )  # fmt: skip

    def press(self, *keys: str) -> None:
        """Press and release keys, one after another, wherever the focus is."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._ask(
            "POST", f"{self._session}/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}
        )

    def fill(self, selector: str, text: str) -> None:
        """Write into a field."""
        found = self._ask("POST", f"{self._session}/element", {"using": "css selector", "value": selector})
        self._ask("POST", f"{self._session}/element/{found[ELEMENT]}/value", {"text": text})

    def click(self, selector: str) -> None:
        """Click on something; the page it leads to is loaded when this returns."""
        found = self._ask("POST", f"{self._session}/element", {"using": "css selector", "value": selector})
        self._ask("POST", f"{self._session}/element/{found[ELEMENT]}/click", {})

    def focused(self) -> str:
        """What has the focus: its name, action or words."""
        return str(self.run(
            "const e = document.activeElement; return e.name || e.getAttribute('href') || e.innerText || e.tagName"
        ))  # fmt: skip

    def told(self) -> list[str]:
        """What the browser wrote into its console: errors, violations of the policy."""
        return [one["message"] for one in self._ask("POST", f"{self._session}/se/log", {"type": "browser"})]

    def asked_for(self) -> set[str]:
        """Every address that was asked for."""
        found = set()
        for one in self._ask("POST", f"{self._session}/se/log", {"type": "performance"}):
            message = json.loads(one["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.add(message["params"]["request"]["url"])
        return found

    def whole_picture(self, path: Path, width: int) -> None:
        """A picture of the whole page, as long as it is."""
        height = int(self.run("return document.documentElement.scrollHeight"))
        self.size(width, min(max(height, 768), 4000))
        self.picture(path)
        self.size(width, 768)


@contextmanager
def served(stand: Stand) -> Iterator[str]:
    """The console mounted as at the centre, on a port of this machine; its address."""
    console: Any = replace(stand.console, base="/console")
    inner = application.application(console)
    whole = Starlette(routes=[Mount("/console", app=inner)])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(whole, host="127.0.0.1", port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            threading.Event().wait(0.02)
        yield f"http://127.0.0.1:{port}/console"
    finally:
        server.should_exit = True
        thread.join(timeout=20)

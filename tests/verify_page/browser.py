"""Chromium without a window, driven by the WebDriver protocol: the standard library is enough for what pages need."""

import json
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any, Final

ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One browser with one page. `camera`: a film (Y4M or MJPEG) that its camera shows."""

    def __init__(self, folder: Path, camera: Path | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._base = f"http://127.0.0.1:{port}"
        log = (folder / "chromedriver.log").open("wb")
        self._driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=log, stderr=log)
        log.close()
        arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en",
            f"--user-data-dir={folder / 'profile'}", "--window-size=500,1200",
        ]  # fmt: skip
        if camera is not None:
            arguments += ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                          f"--use-file-for-fake-video-capture={camera}"]  # fmt: skip
        asked = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": {"args": arguments},
                                 "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}  # fmt: skip
        self._session = ""
        try:
            self._wait(lambda: self._ask("GET", "/status")["ready"])
            self._session = "/session/" + self._ask("POST", "/session", {"capabilities": asked})["sessionId"]
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the browser and its driver."""
        try:
            if self._session:
                self._ask("DELETE", self._session)
        finally:
            self._driver.terminate()
            self._driver.wait(timeout=20)

    def open(self, page: Path) -> None:
        """Load a page from the disk and wait until it says that it is ready."""
        self._ask("POST", f"{self._session}/url", {"url": page.as_uri()})
        self.until("return document.body.dataset.ready === 'yes'")

    def run(self, script: str) -> Any:
        """What a script on the page returns."""
        return self._ask("POST", f"{self._session}/execute/sync", {"script": script, "args": []})

    def until(self, script: str) -> Any:
        """The first true value that a script on the page returns."""
        return self._wait(lambda: self.run(script))

    def give(self, selector: str, *paths: Path) -> None:
        """Choose files, as a person does in the dialogue."""
        found = self._ask("POST", f"{self._session}/element", {"using": "css selector", "value": selector})
        text = "\n".join(map(str, paths))
        self._ask("POST", f"{self._session}/element/{found[ELEMENT]}/value", {"text": text})

    def complaints(self) -> list[str]:
        """What the browser wrote into its console, and every address beyond the disk that was asked for."""
        told = [one["message"] for one in self._ask("POST", f"{self._session}/se/log", {"type": "browser"})]
        for one in self._ask("POST", f"{self._session}/se/log", {"type": "performance"}):
            message = json.loads(one["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                address = message["params"]["request"]["url"]
                if address.startswith(("http:", "https:", "ws:", "wss:", "ftp:")):
                    told.append(address)
        return told

    def picture(self, path: Path) -> None:
        """A picture of the page."""
        import base64

        path.write_bytes(base64.b64decode(self._ask("GET", f"{self._session}/screenshot")))

    def _ask(self, how: str, path: str, content: object = None) -> Any:
        data = json.dumps(content).encode() if content is not None else None
        request = urllib.request.Request(self._base + path, data, {"Content-Type": "application/json"}, method=how)  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)["value"]

    def _wait(self, asked: Any) -> Any:
        limit = time.monotonic() + 60
        while True:
            try:
                value = asked()
                if value:
                    return value
            except OSError:
                if self._driver.poll() is not None:
                    raise
            if time.monotonic() > limit:
                raise TimeoutError("the browser did not answer in a minute")
            time.sleep(0.05)

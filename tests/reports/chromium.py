"""A page in a real Chromium, spoken to over a pipe: no driver, no network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")

_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-extensions", "--disable-background-networking", "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip


class Page:
    """A tab; what it logs, and what goes wrong in it, is kept in `said`."""

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read = write, read
        self._number = 0
        self._held = b""
        self._session = ""
        self.said: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """Ask the browser for something and return its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": given}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        number = self._number
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, path: Path) -> float:
        """Load a file; return the seconds until its script was done."""
        begun = time.monotonic()
        self.call("Page.navigate", url=path.resolve().as_uri())
        for _ in range(500):
            if self.run("document.documentElement?.dataset.ready === 'yes'"):
                return time.monotonic() - begun
            time.sleep(0.02)
        raise AssertionError(f"the page does not get ready: {self.said}")

    def run(self, script: str) -> Any:
        """Return the value of an expression."""
        given = {"returnByValue": True, "awaitPromise": True, "userGesture": True}
        answer = self.call("Runtime.evaluate", expression=script, **given)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        text = {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._held:
            data = os.read(self._read, 1 << 20)
            assert data, "the browser is gone"
            self._held += data
        one, _, self._held = self._held.partition(b"\0")
        answer = json.loads(one)
        method, given = answer.get("method"), answer.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.said.append(f"exception: {given['exceptionDetails']}")
        elif method == "Runtime.consoleAPICalled":
            self.said.append(f"console: {given['args']}")
        elif method == "Log.entryAdded":
            self.said.append(f"log: {given['entry']['text']}")
        elif method == "Network.requestWillBeSent":
            url = given["request"]["url"]
            if not url.startswith(("file:", "blob:", "data:", "about:")):
                self.said.append(f"request: {url}")
        return answer


@contextmanager
def browser() -> Iterator[Page]:
    """Give a new tab of a new browser, which ends with the block."""
    assert BROWSER is not None
    ours_in, theirs_out = os.pipe()
    theirs_in, ours_out = os.pipe()
    # The browser reads commands from 3 and answers on 4.
    shell = 'read_fd=$1; write_fd=$2; shift 2; exec "$@" 3<&$read_fd 4>&$write_fd'
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            ["bash", "-c", shell, "-", str(theirs_in), str(theirs_out), BROWSER, *_FLAGS,
             f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            yield Page(ours_out, ours_in)
        finally:
            process.terminate()
            process.wait(20)
            os.close(ours_in)
            os.close(ours_out)

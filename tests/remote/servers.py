"""Servers on this machine that misbehave when they are told to: of S3 (moto), and of the web."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

BUCKET = "corpus"


@dataclass
class Faults:
    """What goes wrong with the next requests, and which there were.

    `busy`: so many are answered by `status`. `cut`: so many answers end after half of them.
    `pause`: seconds before each answer. Only what `concerns` says is hit.
    """

    busy: int = 0
    status: int = 503
    cut: int = 0
    pause: float = 0.0
    concerns: Callable[[str, str], bool] = lambda method, path: True
    seen: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Behave from now on."""
        self.busy = self.cut = 0
        self.pause = 0.0
        self.status = 503
        self.concerns = lambda method, path: True
        self.seen.clear()

    def answer(self, method: str, path: str) -> str:
        """Return what to do with a request: "busy", "cut" or ""."""
        self.seen.append(f"{method} {path}")
        if not self.concerns(method, path):
            return ""
        time.sleep(self.pause)
        if self.busy:
            self.busy -= 1
            return "busy"
        if self.cut and method == "GET":
            self.cut -= 1
            return "cut"
        return ""


class FaultyApp:
    """A WSGI application in front of another, which misbehaves as `faults` say."""

    def __init__(self, app: Any, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        fault = self._faults.answer(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if fault == "busy":
            start(f"{self._faults.status} Fault", [("Content-Length", "0")])
            return [b""]
        answer: Iterable[bytes] = self._app(environ, start)
        return self._half(answer) if fault == "cut" else answer

    def _half(self, answer: Iterable[bytes]) -> Iterator[bytes]:
        for piece in answer:
            yield piece[: len(piece) // 2]
            raise ConnectionAbortedError("this answer is cut off")


@contextmanager
def s3_server() -> Iterator[tuple[str, Faults]]:
    """Serve S3 with an empty bucket; give its address."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, *_: Any) -> None:
            """Say nothing."""

    faults = Faults()
    app = FaultyApp(DomainDispatcherApplication(create_backend_app), faults)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    with _served(server):
        yield f"http://127.0.0.1:{server.server_port}", faults


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder; pages of `private` want the name and password "me" and "word"."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *given: Any, faults: Faults, **named: Any) -> None:
        self._faults = faults
        super().__init__(*given, **named)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer, or misbehave."""
        self._answer(super().do_GET)

    def do_HEAD(self) -> None:
        """Answer, or misbehave."""
        self._answer(super().do_HEAD)

    def _answer(self, answer: Callable[[], None]) -> None:
        fault = self._faults.answer(self.command, self.path)
        allowed = "Basic bWU6d29yZA=="
        if "/private/" in self.path and self.headers.get("Authorization") != allowed:
            self.send_error(401)
        elif fault == "busy":
            self.send_error(self._faults.status)
        elif fault == "cut":
            data = Path(self.translate_path(self.path)).read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
        else:
            answer()

    def end_headers(self) -> None:
        """Add what tells one state of a file from another."""
        place = Path(self.translate_path(self.path))
        if place.is_file():
            self.send_header("ETag", f'"{hashlib.sha256(place.read_bytes()).hexdigest()}"')
        super().end_headers()


@contextmanager
def web_server(folder: Path) -> Iterator[tuple[str, Faults]]:
    """Serve a folder, which has pages of its files; give its address."""
    faults = Faults()
    handler = partial(_Handler, faults=faults, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with _served(server):
        yield f"http://127.0.0.1:{server.server_port}", faults


@contextmanager
def _served(server: Any) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

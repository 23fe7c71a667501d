"""One place elsewhere that holds files, reached by fsspec: every call is tried again, and bounded.

Files are moved whole, a few megabytes at a time, so memory does not grow with them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote

from cleaner.core.errors import InputError, UsageError
from cleaner.core.urls import redacted, scheme_of
from cleaner.storage.remote.trouble import trouble_of

T = TypeVar("T")
R = TypeVar("R")

# What is waited before another try, in seconds.
WAITS = (0.5, 1.0, 2.0, 4.0)
# So many files are moved at a time; a store may hold thousands of small ones.
_AT_ONCE = 4
# What a server is asked for, or given, at a time.
_BLOCK = 8 << 20
# Seconds until a server that says nothing is given up; a whole file may take any time.
_PATIENCE = 60.0

# So long is waited for what is being moved when nobody wants it any more.
_MOMENT = 2.0

# Folders of a web server are pages with links, which may lead anywhere.
_DEEPEST = 16

# What tells one state of a file from another, by whatever name a store has for it.
_MARKS = (
    "ETag",
    "etag",
    "Content-MD5",
    "md5Hash",
    "content_md5",
    "sha256",
    "Digest",
    "generation",
    "VersionId",
    "version_id",
    "blob_id",
    "Last-Modified",
    "LastModified",
    "last_modified",
    "last_commit",
    "updated",
    "mtime",
)

# What brings the file systems that come with nothing else; others are named by their module.
_EXTRA = "corpus-cleaner[remote]"
_IN_EXTRA = ("fsspec", "s3fs", "aiohttp", "aiobotocore", "botocore")


class State(NamedTuple):
    """A file as it is now: its size, where that is told, and what tells it from other states."""

    size: int | None
    marks: tuple[tuple[str, str], ...]


class Entry(NamedTuple):
    """A file of a store, by the path that the store knows and its URL."""

    path: str
    url: str


class Store:
    """Where the files below a URL are; only this class touches fsspec.

    Raises InputError where something cannot be reached, and UsageError where the kind of storage is
    not known or its library missing.
    """

    def __init__(self, url: str) -> None:
        self.scheme = scheme_of(url)
        self._fs: Any = _file_system(url)
        self.is_web = self.scheme in ("http", "https")

    def path_of(self, url: str) -> str:
        """Return the path that the store has for a URL."""
        return str(self._fs._strip_protocol(url))

    def entry(self, path: str) -> Entry:
        """Return a file by its path."""
        return Entry(path, str(self._fs.unstrip_protocol(path)))

    def inside(self, entry: Entry, base: str) -> str:
        """Return the name of a file as seen from a folder that it stands in, by its URL."""
        if self.is_web:
            return unquote(entry.path.removeprefix(base)).strip("/")
        return entry.path.removeprefix(f"{self.path_of(base).rstrip('/')}/").strip("/")

    def is_folder(self, url: str) -> bool:
        """Whether a URL names a folder. Of a web server it does where it ends with a slash."""
        if self.is_web or url.endswith("/"):
            return url.endswith("/")
        info = self._tried(url, lambda: self._fs.info(self.path_of(url)))
        return bool(info["type"] == "directory")

    def files_below(self, url: str) -> list[Entry]:
        """Return all files of a folder, in the order of their paths; none where there is none."""
        path = url if self.is_web else self.path_of(url)
        deepest = _DEEPEST if self.is_web else None

        def find() -> list[str]:
            try:
                return [str(one) for one in self._fs.find(path, maxdepth=deepest)]
            except FileNotFoundError as error:
                if trouble_of(error).what != "not found":
                    raise
                return []

        found = self._entries(self._tried(url, find))
        if self.is_web and not found:
            self.state(Entry(url, url))  # tells of a page that is not there
        return found

    def matching(self, url: str) -> list[Entry]:
        """Return the files whose paths a pattern fits, in the order of their paths."""

        def glob() -> list[str]:
            found = self._fs.glob(url if self.is_web else self.path_of(url), detail=True)
            return [str(name) for name, info in found.items() if info["type"] == "file"]

        return self._entries(self._tried(url, glob))

    def _entries(self, paths: Iterable[str]) -> list[Entry]:
        # Of a page: links that sort it anew, or lead into one. Of a store: marks of empty folders.
        strange = "?#" if self.is_web else ""
        return [
            self.entry(path)
            for path in sorted(set(paths))
            if not path.endswith("/") and set(strange).isdisjoint(path)
        ]

    def state(self, entry: Entry) -> State:
        """Return what a file is now."""
        info = self._tried(entry.url, lambda: self._fs.info(entry.path))
        if info["type"] == "directory":
            raise InputError("is a folder", where=redacted(entry.url))
        marks = tuple((key, str(info[key])) for key in _MARKS if info.get(key) is not None)
        return State(info.get("size"), marks)

    def fetch(self, entry: Entry, place: Path, advance: Callable[[int], None]) -> None:
        """Write a file to a place of this machine; `advance` hears of bytes, and may raise."""

        def get() -> None:
            self._fs.get_file(entry.path, str(place), callback=_told(advance), **self._sizes())

        self._tried(entry.url, get)

    def put(self, place: Path, url: str) -> None:
        """Write a file of this machine to a URL, where it stands whole or not at all."""
        path = self.path_of(url)

        def put() -> None:
            if _puts_whole(self.scheme):
                self._fs.put_file(str(place), path, **self._sizes())
            else:
                self._fs.makedirs(self._fs._parent(path), exist_ok=True)
                self._fs.put_file(str(place), f"{path}.part")
                self._fs.mv(f"{path}.part", path)
            written = self._fs.info(path)["size"]
            if written is not None and written != place.stat().st_size:
                raise EOFError(path)

        self._tried(url, put)

    def read(self, url: str) -> bytes | None:
        """Return what a small file holds; None where there is no such file."""
        data: bytes | None = self._unless_missing(url, self._fs.cat_file)
        return data

    def remove(self, url: str) -> None:
        """Remove a file, if there is one."""
        self._unless_missing(url, self._fs.rm_file)

    def _unless_missing(self, url: str, function: Callable[[str], Any]) -> Any:
        def call() -> Any:
            try:
                return function(self.path_of(url))
            except FileNotFoundError:
                return None

        return self._tried(url, call)

    def _sizes(self) -> dict[str, Any]:
        if self.scheme in ("s3", "s3a"):
            return {"chunksize": _BLOCK, "max_concurrency": 2}
        return {}

    def _tried(self, url: str, function: Callable[[], R]) -> R:
        """Return what the function does, which is tried again where what went wrong may pass."""
        for wait in (*WAITS, None):
            # What was listed before may not be so any more.
            self._fs.invalidate_cache()
            try:
                return function()
            except InputError:
                raise
            except Exception as error:  # whatever the store's library raises
                trouble = trouble_of(error)
            if wait is None or not trouble.passes:
                break
            time.sleep(wait)
        why = f"{trouble.why}, however often it was tried" if trouble.passes else trouble.why
        # The library's own error is not told: its text may hold what gives access.
        raise InputError(trouble.what, where=redacted(url), why=why, hint=trouble.hint) from None


def folder_url(url: str) -> str:
    """Return the URL of a folder with its slash, without a query.

    >>> folder_url("https://example.org/corpus?sig=1")
    'https://example.org/corpus/'
    """
    return f"{url.partition('?')[0].rstrip('/')}/"


class _StoppedError(Exception):
    """What is being moved is to be left."""


def move_all(
    function: Callable[[T, Callable[[int], None]], R],
    items: Iterable[T],
    advance: Callable[[int], None],
) -> Iterator[R | InputError]:
    """Yield ``function(item, count)`` of each item in order, or its InputError; a few at a time.

    What `count` hears, `advance` does, one call after the other, but in other threads.
    """
    stopped = threading.Event()
    lock = threading.Lock()

    def count(size: int) -> None:
        if stopped.is_set():
            raise _StoppedError
        with lock:
            advance(size)

    tasks = [(item, Future[R | InputError]()) for item in items]
    left = iter(tasks)

    def work() -> None:
        while not stopped.is_set():
            with lock:
                item, future = next(left, (None, None))
            if future is None:
                return
            try:
                future.set_result(function(item, count))  # type: ignore[arg-type]
            except InputError as error:
                future.set_result(error)
            except BaseException as error:
                future.set_exception(error)

    # None that waits for a server keeps a process from ending.
    threads = [threading.Thread(target=work, daemon=True) for _ in tasks[:_AT_ONCE]]
    for thread in threads:
        thread.start()
    try:
        for _, future in tasks:
            yield future.result()
    finally:
        stopped.set()
        for thread in threads:
            thread.join(_MOMENT)


def _told(advance: Callable[[int], None]) -> Any:
    from fsspec.callbacks import Callback

    class Told(Callback):  # type: ignore[misc]
        def relative_update(self, inc: int = 1) -> None:
            advance(inc)

    return Told()


def _puts_whole(scheme: str) -> bool:
    """Whether a file that is put there is seen only once it is whole, as objects are."""
    return scheme in ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "hf", "oss", "memory")


def _file_system(url: str) -> Any:
    scheme = scheme_of(url)
    try:
        import fsspec
    except ImportError:
        raise _missing(url, _EXTRA) from None
    try:
        return fsspec.core.url_to_fs(url, **_options(scheme))[0]
    except ImportError as error:
        raise _missing(url, _package(scheme, error)) from None
    except ValueError:
        raise UsageError(
            "names no kind of storage that is known",
            where=redacted(url),
            hint="there are s3, gs, hf, https and what else fsspec knows",
        ) from None
    except Exception as error:
        trouble = trouble_of(error)
        raise UsageError(
            trouble.what, where=redacted(url), why=trouble.why, hint=trouble.hint
        ) from None


def _missing(url: str, package: str) -> UsageError:
    return UsageError(
        "cannot be reached without a library that is not installed",
        where=redacted(url),
        hint=f"pip install '{package}'",
    )


def _package(scheme: str, error: ImportError) -> str:
    """Return what is to be installed for a kind of storage."""
    from fsspec.registry import known_implementations

    module = str(known_implementations.get(scheme, {}).get("class", "")).partition(".")[0]
    package = error.name or "" if module in ("", "fsspec") else module
    return _EXTRA if package.partition(".")[0] in ("", *_IN_EXTRA) else package


def _options(scheme: str) -> dict[str, Any]:
    """Return how a file system is to be made: nothing kept, nothing tried again but by `Store`."""
    options: dict[str, Any] = {"skip_instance_cache": True, "use_listings_cache": False}
    if scheme in ("http", "https"):
        import aiohttp

        # Or five minutes would be the most that a file may take.
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_PATIENCE, sock_read=_PATIENCE)
        headers = {"Accept-Encoding": "identity"}
        options["client_kwargs"] = {"timeout": timeout, "headers": headers, "trust_env": True}
    if scheme in ("s3", "s3a"):
        options["config_kwargs"] = {
            "retries": {"total_max_attempts": 1},
            "connect_timeout": _PATIENCE,
            "read_timeout": _PATIENCE,
        }
    return options

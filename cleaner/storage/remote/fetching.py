"""Inputs that are named by URLs, brought into a folder of this machine before they are read.

So every format reads them as it reads any file, a run that was killed finds them again, and one
that changes meanwhile is noticed. The folder takes as much room as they do, as they are packed.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from cleaner.core.errors import InputError
from cleaner.core.urls import redacted
from cleaner.storage.below import RUN_DIR, stays_below
from cleaner.storage.ignoring import EXCLUDED, HIDDEN, OUTPUT, Ignoring
from cleaner.storage.remote.store import Entry, Store, folder_url, move_all

_PATTERN = "*?["
_NAME_BYTES = 255


class Remote(NamedTuple):
    """A file elsewhere: the name that its output gets, and whether it was `named` outright."""

    entry: Entry
    store: Store
    name: str
    named: bool


class Fetched(NamedTuple):
    """A file that was brought here: its name, where it lies, the URL as people see it."""

    name: str
    path: Path
    shown: str
    named: bool


@dataclass
class Fetching:
    """What was fetched, why other things were not, what could not be, and what is to be said."""

    files: list[Fetched] = field(default_factory=list)
    passed_over: dict[str, str] = field(default_factory=dict)
    errors: list[InputError] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def find_remote(
    urls: Sequence[str],
    ignoring: Ignoring,
    why_not: Callable[[str], str],
    *,
    alone: bool,
    output: str = "",
) -> tuple[list[Remote], Fetching]:
    """Return the files that URLs name, by name: files, folders and patterns.

    `why_not` says of the name of a file that nobody named why it is not read, "" where it may be.
    With `alone`, a folder that is the only input has its files named as seen from it.
    What lies below the URL of the `output` is no input.
    """
    found = Fetching()
    files: dict[str, Remote] = {}
    distinct = sorted(set(urls))
    above = "" if alone and len(distinct) == 1 else _folder_of_all(distinct)
    for url in distinct:
        try:
            listed = list(_listed(url, above, alone=alone and len(distinct) == 1))
        except InputError as error:
            found.errors.append(error)
            continue
        for remote in listed:
            why = "" if remote.named else _ignored(remote, ignoring, why_not, output)
            if why:
                found.passed_over[remote.name] = why
            elif not stays_below(remote.name):
                where = redacted(remote.entry.url)
                found.errors.append(InputError("has a name that no output can get", where=where))
            elif files.setdefault(remote.name, remote).entry.url != remote.entry.url:
                found.errors.append(
                    InputError(
                        f"another input would be written as {remote.name}, too",
                        where=redacted(remote.entry.url),
                        hint="clean it in a run of its own",
                    )
                )
    return [files[name] for name in sorted(files)], found


def fetch(
    files: Sequence[Remote], found: Fetching, folder: Path, advance: Callable[[int], None]
) -> None:
    """Bring files into a folder, beside those that lie there already, and add them to `found`."""

    def one(remote: Remote, count: Callable[[int], None]) -> tuple[Fetched, bool]:
        return _fetched(remote, folder, count)

    for remote, done in zip(files, move_all(one, files, advance), strict=True):
        if isinstance(done, InputError):
            found.errors.append(done)
            continue
        fetched, changed = done
        found.files.append(fetched)
        if changed:
            where = redacted(remote.entry.url)
            found.remarks.append(f"{where}: has changed since it was fetched, and is read anew")


def fetch_folder(url: str, folder: Path, advance: Callable[[int], None]) -> None:
    """Bring all files of a folder elsewhere into one here; InputError where one cannot be read."""
    store = Store(url)
    base = folder_url(url)
    entries = store.files_below(base)
    if not entries:
        raise InputError("no files in this folder", where=redacted(url))

    def one(entry: Entry, count: Callable[[int], None]) -> None:
        name = store.inside(entry, base)
        if not all(map(_is_plain, name.split("/"))):
            raise InputError("has a name that leads elsewhere", where=redacted(entry.url))
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        store.fetch(entry, place, count)

    for done in move_all(one, entries, advance):
        if isinstance(done, InputError):
            raise done


def _is_plain(part: str) -> bool:
    return part not in ("", ".", "..") and "\0" not in part


def _listed(url: str, above: str, *, alone: bool) -> Iterator[Remote]:
    """Yield the files of one URL, named as seen from the folder of all, or from it alone."""
    store = Store(url)
    path = url if store.is_web else url.partition("://")[2]
    own = _place(url)
    prefix = "" if alone else own[len(above) :].strip("/")
    magic = "*" if store.is_web else _PATTERN
    if any(sign in path.partition("?" if store.is_web else "\0")[0] for sign in magic):
        start = min(url.index(sign) for sign in magic if sign in url)
        base = url[: url.rindex("/", 0, start) + 1]
        entries = store.matching(url)
        if not entries:
            raise InputError("no file fits this pattern", where=redacted(url))
        if not alone:
            prefix = _place(base)[len(above) :].strip("/")
    elif store.is_folder(url):
        base = folder_url(url)
        entries = store.files_below(base)
        if not entries:
            raise InputError("no files in this folder", where=redacted(url))
    else:
        name = prefix or posixpath.basename(own)
        if not name:
            raise InputError("names no file", where=redacted(url), hint="end a folder with a slash")
        yield Remote(store.entry(url if store.is_web else store.path_of(url)), store, name, True)
        return
    for entry in entries:
        name = "/".join(part for part in (prefix, store.inside(entry, base)) if part)
        yield Remote(entry, store, name, False)


def _place(url: str) -> str:
    """Return where something stands, without what gives access: the host or bucket, and the path.

    >>> _place("https://me:word@example.org/a%20b/c.jsonl?sig=1")
    'example.org/a b/c.jsonl'
    """
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in ("http", "https"):
        return rest.rpartition("@")[2].rstrip("/") if "@" in rest.partition("/")[0] else rest
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{unquote(parts.path)}".rstrip("/")


def _folder_of_all(urls: Sequence[str]) -> str:
    """Return the longest folder that all of these stand in, "" where there is none."""
    folders = [posixpath.dirname(_place(url).rstrip("/")).split("/") for url in urls]
    same = posixpath.commonprefix(folders)
    return "/".join(same)


def _ignored(remote: Remote, ignoring: Ignoring, why_not: Callable[[str], str], output: str) -> str:
    """Return why a file of a folder is passed over; "" where it is not."""
    if output and remote.entry.url.startswith(folder_url(output)):
        return OUTPUT
    parts = remote.name.split("/")
    if RUN_DIR in parts[:-1]:
        return "journal of a run"
    for end in range(1, len(parts) + 1):
        if ignoring.excludes("/".join(parts[:end]), folder=end < len(parts)):
            return EXCLUDED
    if not ignoring.hidden and any(part.startswith(".") for part in parts):
        return HIDDEN
    return why_not(remote.name)


def _fetched(remote: Remote, folder: Path, advance: Callable[[int], None]) -> tuple[Fetched, bool]:
    """Bring a file here, unless it lies here as it is now; tell whether another state of it did."""
    state = remote.store.state(remote.entry)
    where = redacted(remote.entry.url)
    own = folder / _digest(remote.entry.url)
    # Its suffixes tell what it is.
    base = posixpath.basename(remote.name)
    name = base if len(os.fsencode(base)) < _NAME_BYTES else f"x{posixpath.splitext(base)[1]}"
    place = own / _digest(repr(state)) / name
    earlier = [one.name for one in own.iterdir()] if own.is_dir() else []
    if place.is_file() and state.marks:
        return Fetched(remote.name, place, where, remote.named), False
    for other in earlier:
        shutil.rmtree(own / other, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{secrets.token_hex(8)}.part")
    try:
        remote.store.fetch(remote.entry, part, advance)
        size = part.stat().st_size
        if remote.store.state(remote.entry) != state or state.size not in (None, size):
            raise InputError("was changed while it was being fetched", where=where)
        os.replace(part, place)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    changed = bool(earlier) and bool(state.marks) and place.parent.name not in earlier
    return Fetched(remote.name, place, where, remote.named), changed


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]

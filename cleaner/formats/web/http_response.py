"""The page in an HTTP response, as web archives keep it."""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

_HEADER = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})[^\n]*+\n((?:[^\r\n][^\n]*+\n)*+)\r?\n")
_FIELD = re.compile(rb"^([^:\r\n]*+):([^\r\n]*+)", re.MULTILINE)
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*+(?:;[^\r\n]*+)?\r\n")
_CHARSET = re.compile(r"charset\s*+=\s*+[\"']?([^\s;\"']++)", re.IGNORECASE)
_PAGES = ("text/html", "application/xhtml+xml")


class Page(NamedTuple):
    """The bytes of a page, and the encoding that its header names, if any."""

    data: bytes
    charset: str


def page_of(response: bytes, most: int) -> Page | None:
    r"""Return the page of a response; None where it holds none, or one of more than `most` bytes.

    >>> page_of(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hi", 99)
    Page(data=b'<p>Hi', charset='utf-8')
    """
    header = _HEADER.match(response)
    if header is None or not header[1].startswith(b"2"):
        return None
    fields = {
        name.strip().lower(): value.strip().decode("latin-1")
        for name, value in _FIELD.findall(header[2])
    }
    content_type = fields.get(b"content-type", "")
    if content_type.partition(";")[0].strip().lower() not in _PAGES:
        return None
    data: bytes | None = response[header.end() :]
    if "chunked" in fields.get(b"transfer-encoding", "").lower():
        data = _unchunked(response, header.end()) or data
    data = _decompressed(data or b"", fields.get(b"content-encoding", "").strip().lower(), most)
    if data is None:
        return None
    charset = _CHARSET.search(content_type)
    return Page(data, "" if charset is None else charset[1])


def _unchunked(response: bytes, at: int) -> bytes | None:
    """Return a body that was sent in chunks; None where it was not, which some archives say."""
    chunks: list[bytes] = []
    while found := _CHUNK.match(response, at):
        size = int(found[1], 16)
        if not size:
            return b"".join(chunks)
        at = found.end() + size + 2
        if response[at - 2 : at] != b"\r\n":
            return None
        chunks.append(response[found.end() : at - 2])
    return None


def _decompressed(data: bytes, encoding: str, most: int) -> bytes | None:
    """Return decompressed data, and what is not compressed as it is; None where it is not known.

    Archives keep the field where they have decompressed what it speaks of.
    """
    if encoding in ("", "identity") or data.lstrip()[:1] == b"<":
        return data
    window = {"gzip": 31, "x-gzip": 31, "deflate": 47 if data[:1] == b"\x78" else -15}.get(encoding)
    if window is None:
        return None
    try:
        unpacking = zlib.decompressobj(window)
        page = unpacking.decompress(data, most)
    except zlib.error:
        return None
    return page if unpacking.eof else None

r"""The header of a WARC record: its fields, and the values that depend on the block.

A header stays byte for byte, but for three values. What stands in their place while the block may
change tells how they are written: digits of a length need nothing, those of a digest are as many as
before, which tells base 32 from base 16.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import re
import uuid
from collections.abc import Callable
from typing import Self

LENGTH = "Content-Length"
_BY_BLOCK = (b"content-length", b"content-type", b"warc-block-digest", b"warc-payload-digest")

# A field with the lines that continue it: name, value with the white space around it, line ends.
_FIELD = re.compile(rb"^([^:\r\n]*+):([^\r\n]*+)(\r?\n(?:[ \t][^\r\n]*+\r?\n)*+)", re.MULTILINE)
_DIGEST = re.compile(rb"(sha1|sha256|sha512|md5):([A-Za-z2-7=]+|[0-9a-fA-F]+)")
_CHARSET = re.compile(r"(;\s*+charset\s*+=\s*+)\"?([^\s;\"]++)\"?", re.IGNORECASE)
_BLANK = b"-"

# What is as true of a page's text as of the page.
_KEPT = ("WARC-Date", "WARC-Target-URI", "WARC-Identified-Content-Language")


class Header:
    r"""The bytes of a record's header, with the version line before and the blank line behind.

    >>> header = Header(b"WARC/1.0\r\nContent-Length: 4\r\nX: 1\r\n\r\n")
    >>> header.get("content-length"), header.frame()
    ('4', 'WARC/1.0\r\nContent-Length: \r\nX: 1\r\n\r\n')
    >>> Header.of_frame(header.frame()).filled(b"The tide.")
    b'WARC/1.0\r\nContent-Length: 9\r\nX: 1\r\n\r\n'
    """

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._start = raw.find(b"\n") + 1
        # Which field is meant where one stands twice with two values nobody can say.
        self._values: dict[str, set[bytes]] = {}
        for name, value, _ in _FIELD.findall(raw, self._start):
            own = self._values.setdefault(name.strip().lower().decode("latin-1"), set())
            own.add(value.strip())

    @classmethod
    def of_frame(cls, head: str) -> Self:
        """Return the header of a frame."""
        return cls(head.encode("utf-8", "surrogateescape"))

    def get(self, wanted: str) -> str:
        """Return the value of the field `wanted`, in lower case; "" of none, or of several."""
        values = self._values.get(wanted, ())
        return next(iter(values)).decode("utf-8", "surrogateescape") if len(values) == 1 else ""

    def length(self) -> int | None:
        """Return the length of the block; None where it is missing, or said in several ways."""
        value = self.get("content-length")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None

    def charset(self) -> str:
        """Return the name of the block's encoding as the header has it; "" where none is known."""
        found = _CHARSET.search(self.get("content-type"))
        return "" if found is None else _known(found[2])

    def frame(self) -> str:
        """Return the header without what the block decides, for one in UTF-8.

        A digest of which nobody knows how it is made is left out.
        """

        def blanked(name: bytes, value: bytes) -> bytes | None:
            if name == b"content-length":
                return b""
            if name == b"content-type":
                return _CHARSET.sub(_utf_8, value.decode("latin-1")).encode("latin-1")
            found = _DIGEST.fullmatch(value)
            if found is None or not _digits(found[1], len(found[2]), b""):
                return None
            return found[1] + b":" + _BLANK * len(found[2])

        return self._replaced(blanked).decode("utf-8", "surrogateescape")

    def converted(self, id: str) -> str:
        """Return the frame of a conversion record, made of the record `id` with this header.

        The same record gives the same one, and its date is that of the page.
        """
        own_id = uuid.uuid5(uuid.NAMESPACE_URL, id.encode("utf-8", "backslashreplace").decode())
        fields = {"WARC-Type": "conversion", "WARC-Record-ID": f"<urn:uuid:{own_id}>"}
        fields |= {name: value for name in _KEPT if (value := self.get(name.lower()))}
        if self.get("warc-record-id"):
            fields["WARC-Refers-To"] = id
        fields["WARC-Block-Digest"] = f"sha1:{_BLANK.decode() * 32}"
        fields |= {"Content-Type": "text/plain", LENGTH: ""}
        version = self._raw[: self._start].strip().decode("latin-1")
        lines = [version, *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        return "\r\n".join(lines)

    def filled(self, block: bytes) -> bytes:
        """Return the header with what the block decides."""

        def value_of(name: bytes, value: bytes) -> bytes:
            if name == b"content-length":
                return b"%d" % len(block)
            if name == b"content-type":
                return value
            kind, _, digits = value.partition(b":")
            return kind + b":" + _digits(kind, len(digits), block)

        return self._replaced(value_of)

    def _replaced(self, replace: Callable[[bytes, bytes], bytes | None]) -> bytes:
        """Return the header with other values of some fields; those that get None are left out."""

        def field(found: re.Match[bytes]) -> bytes:
            name = found[1].strip().lower()
            if name not in _BY_BLOCK:
                return found[0]
            value = replace(name, found[2].strip())
            if value is None:
                return b""
            lead = found[2][: len(found[2]) - len(found[2].lstrip())]
            return found[1] + b":" + lead + value + found[3]

        return self._raw[: self._start] + _FIELD.sub(field, self._raw[self._start :])


def media_type(content_type: str) -> str:
    """Return the type without its parameters.

    >>> media_type("Text/Plain; charset=utf-8")
    'text/plain'
    """
    return content_type.partition(";")[0].strip().lower()


def _known(charset: str) -> str:
    """Return the name by which Python knows an encoding of texts, or ""."""
    try:
        "".encode(charset)
        return codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""


def _utf_8(charset: re.Match[str]) -> str:
    return charset[0] if _known(charset[2]) == "utf-8" else f"{charset[1]}utf-8"


def _digits(kind: bytes, count: int, block: bytes) -> bytes:
    """Return the digest of `block` in base 16 or 32, whichever has so many digits; none if none."""
    digest = hashlib.new(kind.decode("ascii"), block, usedforsecurity=False)
    if count == 2 * digest.digest_size:
        return digest.hexdigest().encode("ascii")
    digits = base64.b32encode(digest.digest())
    if count == len(digits):
        return digits
    bare = digits.rstrip(b"=")
    return bare if count == len(bare) else b""

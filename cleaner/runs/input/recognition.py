"""What a file is: told by its name, its first bytes and the format asked for together.

A name says what is meant, first bytes what is there. Where both say something and it is not the
same, nothing is guessed: see `recognize`.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from cleaner.core.errors import InputError
from cleaner.core.openfile import open_file
from cleaner.core.settings.config import Input
from cleaner.formats.card import HEAD_BYTES as CARD_BYTES
from cleaner.formats.card import is_card
from cleaner.formats.json_array import begins_as_array
from cleaner.formats.refused import (
    HEAD_BYTES,
    format_of_content,
    refused_content,
    refused_data,
    refused_name,
)
from cleaner.formats.registry import CARD, format_of
from cleaner.formats.web.page_text import why_not_read
from cleaner.storage.archive_kinds import kind_of_archive
from cleaner.storage.compress import SUFFIXES, codec_of, reading

_PACKED_SUFFIXES = tuple(SUFFIXES)


class Recognized(NamedTuple):
    """A file that is read: the names of its format and its codec.

    `remark` says what people might not expect of how it is read.
    """

    format: str
    codec: str
    remark: str = ""


def recognize(path: Path, name: str, options: Input, *, outright: bool) -> Recognized | InputError:
    """Return what the file is, or why it is not read.

    How it is compressed is decided by its first bytes, then by its name. Its format is the one
    asked for; or else the one that its suffix names. Of another suffix, what is named `outright`
    is what its content tells, or text, unless suffix or content tell of a format that is not read;
    in a folder it is passed over. Content that belies a format that is asked for or named is an
    error once it is read.
    """
    head = _head(path)
    codec = codec_of(path, head)
    found = _format(path, name, options.format, codec, head, outright=outright)
    if isinstance(found, InputError):
        return found
    remark = "" if codec == codec_of(path) else f"{codec} data under another name"
    if found == CARD:
        remark = "the card of a data set, which goes as it stands"
    without = why_not_read(options) if found in ("html", "warc") else None
    if without is not None and found == "html":
        return without
    if without is not None and ".wet" not in name.lower():
        what = without.what.removeprefix("is ")
        remark = f"a web archive, in which pages pass through: {what}"
    return Recognized(found, codec, remark)


def why_not_by_name(name: str, options: Input) -> str:
    """Return why a file of a folder is not read, as far as its name tells; "" where it may be."""
    known = format_of(name, _PACKED_SUFFIXES) is not None or kind_of_archive(name, b"") is not None
    if options.format or known:
        return ""
    refused = refused_name(name, _PACKED_SUFFIXES)
    return refused.what.removeprefix("is ") if refused is not None else "no known suffix"


def _format(
    path: Path, name: str, asked_for: str, codec: str, head: bytes, *, outright: bool
) -> str | InputError:
    """Return the name of the file's format, or why it is not read."""
    if asked_for:
        content = b"" if outright else _content(path, codec, head)
        found = None if format_of_content(content) == asked_for else refused_content(content)
        return found or asked_for
    format = format_of(name, _PACKED_SUFFIXES)
    if head.startswith(b"---") and codec == "plain" and is_card(name, _head(path, CARD_BYTES)):
        return CARD
    if format is not None and (outright or format.name != "json"):
        return format.name
    if format is not None:
        # Settings and what tells of a data set are JSON too; in a folder they are no corpus.
        is_array = begins_as_array(_content(path, codec, head))
        return format.name if is_array else InputError("JSON, but no array of objects")
    refused = refused_name(name, _PACKED_SUFFIXES)
    if refused is None:
        content = _content(path, codec, head)
        if outright and (known := format_of_content(content)):
            return known
        refused = refused_content(content) or refused_data(content)
    if refused is not None:
        return refused
    if outright:
        return "txt"
    return InputError("no known suffix", hint="--as txt reads it as text")


def _head(path: Path, size: int = HEAD_BYTES) -> bytes:
    """Return the first bytes of a file; none where it cannot be read, which is told later."""
    try:
        with open_file(path, 0) as file:
            return file.read(size)
    except OSError:
        return b""


def _content(path: Path, codec: str, head: bytes) -> bytes:
    """Return the first bytes of what a file holds, decompressed; none of what is broken."""
    if codec == "plain":
        return head
    with suppress(OSError, InputError), open_file(path) as raw, reading(raw, codec) as stream:
        return stream.read(HEAD_BYTES)
    return b""

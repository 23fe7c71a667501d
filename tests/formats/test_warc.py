"""Web archives record by record: what is a document, and that every byte comes back."""

from __future__ import annotations

import base64
import hashlib
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import Parsed, PassedOn, Record
from cleaner.formats.registry import FORMATS

WARC = FORMATS["warc"]
TEXT = "The tide came in over the third step — again.\n"


def digest(kind: str, data: bytes, *, base: int = 32) -> str:
    made = hashlib.new(kind, data)
    return f"{kind}:{base64.b32encode(made.digest()).decode() if base == 32 else made.hexdigest()}"


def record(
    block: bytes, *fields: str, kind: str = "conversion", content: str = "text/plain"
) -> bytes:
    head = ["WARC/1.0", f"WARC-Type: {kind}", "WARC-Target-URI: http://example.org/a"]
    head += ["WARC-Record-ID: <urn:uuid:1>", f"Content-Type: {content}", *fields]
    lines = "".join(f"{line}\r\n" for line in [*head, f"Content-Length: {len(block)}", ""])
    return lines.encode() + block + b"\r\n\r\n"


def parsed(raw: bytes) -> Parsed:
    found = WARC.parse(Record(1, raw), "a.warc", Input())
    assert isinstance(found, Parsed)
    return found


def test_document() -> None:
    found = parsed(record(TEXT.encode()))
    assert found.document.text == TEXT
    assert found.document.id == "<urn:uuid:1>"
    assert found.document.metadata["warc-target-uri"] == "http://example.org/a"
    assert found.form == {}


@pytest.mark.parametrize(
    ("kind", "content"),
    [("warcinfo", "application/warc-fields"), ("request", "application/http"),
     ("conversion", "application/pdf"), ("metadata", "text/plain"), ("response", "text/dns")],
)  # fmt: skip
def test_other_records_pass_through(kind: str, content: str) -> None:
    raw = record(b"\0\xff", kind=kind, content=content)
    assert isinstance(WARC.parse(Record(1, raw), "a.warc", Input()), PassedOn)


@pytest.mark.parametrize(
    ("kind", "base"),
    [("sha1", 16), ("sha1", 32), ("sha256", 16), ("sha256", 32), ("sha512", 32), ("md5", 16)],
)
def test_length_and_digests_are_those_of_the_text(kind: str, base: int) -> None:
    block = TEXT.encode()
    own = digest(kind, block, base=base)
    raw = record(block, f"WARC-Block-Digest: {own}", f"warc-payload-digest:\t{own}")
    found = parsed(raw)
    assert found.form == {}
    assert WARC.source({}, found.frame, TEXT) == raw
    changed = WARC.written(found.frame, "Gone.\n").decode()
    other = digest(kind, b"Gone.\n", base=base)
    assert f"WARC-Block-Digest: {other}\r\n" in changed
    assert f"warc-payload-digest:\t{other}\r\n" in changed
    assert "Content-Length: 6\r\n" in changed
    assert WARC.opened(Record(1, changed.encode()), Input()) == (found.frame, "Gone.\n")


@pytest.mark.parametrize("field", ["crc32:9ae0daaf", "sha1:", "sha1:ABC", "sha1", "what it is"])
def test_digest_that_cannot_be_made_is_left_out(field: str) -> None:
    raw = record(TEXT.encode(), f"WARC-Block-Digest: {field}", "WARC-Date: 2020-01-01T00:00:00Z")
    found = parsed(raw)
    changed = WARC.written(found.frame, "Gone.\n")
    assert b"Digest" not in changed
    assert b"WARC-Date: 2020" in changed
    assert WARC.source(found.form, found.frame, TEXT) == raw


def test_encoding_in_the_header() -> None:
    block = "Zażółć gęślą jaźń.".encode("iso-8859-2")
    raw = record(block, content='text/plain; charset="ISO-8859-2"; x=1')
    found = parsed(raw)
    assert found.document.text == "Zażółć gęślą jaźń."
    changed = WARC.written(found.frame, found.document.text)
    assert b"Content-Type: text/plain; charset=utf-8; x=1\r\n" in changed
    assert parsed(changed).document.text == found.document.text
    assert parsed(changed).form == {}
    assert WARC.source(found.form, found.frame, found.document.text) == raw


ODD = {
    "line ends": record(b"The tide.").replace(b"\r\n", b"\n"),
    "folded": record(b"The tide.", "WARC-Filename: a\r\n b\r\n\tc"),
    "no space": record(b"The tide.").replace(b": ", b":"),
    "spaces": record(b"The tide.").replace(b"Content-Length: ", b"content-LENGTH : 0"),
    "wrong digest": record(b"The tide.", f"WARC-Block-Digest: {digest('sha1', b'')}"),
    "no field": record(b"The tide.", "whatever this is"),
    "not UTF-8": record(b"The tide, caf\xe9 au lait.", "X: caf\xe9"),
    "twice": record(b"The tide.", "Content-Length: 9"),
    "ends within": record(b"The tide.\r\n\r\nWARC/1.0\r\n\r\n"),
    "blank": record(b""),
}


@pytest.mark.parametrize("what", ODD)
def test_odd_records_come_back(what: str) -> None:
    raw = ODD[what]
    assert [one.raw for one in WARC.records(io.BytesIO(raw * 2), Input())] == [raw, raw]
    found = parsed(raw)
    text = found.document.text
    assert WARC.source(found.form, found.frame, text) == raw
    for other in (text, "", "Gone.\r\n\r\n"):
        changed = WARC.written(found.frame, other)
        assert WARC.opened(Record(1, changed), Input()) == (found.frame, other)
        assert [one.raw for one in WARC.records(io.BytesIO(changed), Input())] == [changed]


@given(
    st.binary(max_size=60),
    st.lists(st.text("aB:-_ \t\xe9", max_size=12), max_size=4),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
)
def test_any_record_comes_back(block: bytes, fields: list[str], other: str) -> None:
    raw = record(block.replace(b"\0", b""), *(f"X{field}" for field in fields))
    assert [one.raw for one in WARC.records(io.BytesIO(raw), Input())] == [raw]
    found = parsed(raw)
    assert WARC.source(found.form, found.frame, found.document.text) == raw
    changed = WARC.written(found.frame, other)
    assert WARC.opened(Record(1, changed), Input()) == (found.frame, other)
    assert parsed(changed).frame == found.frame


GOOD = record(TEXT.encode())
BROKEN = {
    "ends after 40 bytes": GOOD[:-12],
    "ends in its header": GOOD[:60],
    "no WARC version": b"The tide.\n",
    "does not end after": GOOD.replace(b"Length: 4", b"Length: 3"),
    "may be wrong": GOOD + b"\r\n" + GOOD,
    "no Content-Length": GOOD.replace(b"Content-Length", b"Length"),
    "that is a number": GOOD.replace(b"Content-Length: ", b"Content-Length: -"),
    "is too long": b"WARC/1.0\r\n" + b"X: 1\r\n" * 200_000,
    "larger than": GOOD.replace(b"Length: 4", b"Length: 400000000004"),
}


@pytest.mark.parametrize("why", BROKEN)
def test_broken_archive(why: str) -> None:
    with pytest.raises(InputError, match=re.escape(why)):
        list(WARC.records(io.BytesIO(BROKEN[why]), Input()))
    if "version" not in why:
        with pytest.raises(InputError, match=r"record [23]"):
            list(WARC.records(io.BytesIO(GOOD + BROKEN[why]), Input()))


@pytest.mark.parametrize(
    "line", [b"X" * 900_000, b"X:" + b" " * 900_000 + b"Y", b":" * 900_000, b" " * 900_000]
)
def test_long_headers_take_no_time(line: bytes) -> None:
    raw = GOOD.replace(b"WARC-Type", line + b"\r\nWARC-Type")
    assert [one.raw for one in WARC.records(io.BytesIO(raw), Input())] == [raw]
    found = parsed(raw)
    assert WARC.source(found.form, found.frame, TEXT) == raw

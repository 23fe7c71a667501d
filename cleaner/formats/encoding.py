"""The encoding of plain bytes: marks, UTF-8, what was declared, then detection."""

from __future__ import annotations

import base64
import codecs
import contextlib
import difflib
import encodings.aliases
from typing import NamedTuple

from cleaner.core.edits import Edit
from cleaner.core.errors import InputError, UsageError
from cleaner.core.rules import Example, Rule
from cleaner.core.settings.config import Input
from cleaner.formats.base import Form
from cleaner.formats.seven_bit import read_seven_bit

RULES = (
    Rule(
        code="ENC101",
        name="not-utf-8",
        summary="text is not in UTF-8",
        rationale=(
            "Tools downstream expect UTF-8. The encoding is taken from a byte-order mark or from "
            "--encoding, or found as the one in which the bytes read best as some language; what "
            "was decided stands in the finding and in the journal."
        ),
        examples=(
            Example("caf\udce9 au lait, cr\udce8me", "café au lait, crème"),
            Example("café au lait, crème", "café au lait, crème"),
        ),
    ),
    Rule(
        code="ENC104",
        name="encoding-in-doubt",
        summary="encoding in doubt",
        rationale=(
            "In a short text two encodings may read equally well, and bytes may read well in none. "
            "The likelier one is assumed, or, where none fits, Latin-1, which keeps every byte as "
            "the character of its number. The finding says so; --encoding NAME decides it."
        ),
        examples=(
            Example(
                "\udc86 sikre at",
                "å sikre at",
                "read as cp850, could be cp1252; --encoding NAME decides it",
            ),
            Example("café au lait", "café au lait"),
        ),
        notes=True,
    ),
)

# The longest mark first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Text in two or four bytes a character costs less than this (nats a byte), anything else more.
_MOST_A_BYTE = 4.0
_WIDE_SAMPLE = 1 << 13
# So few bytes that mean nothing are accidents, not an encoding: one, and one more in this many.
_ACCIDENTS = 200


class Decoded(NamedTuple):
    """A text, how its bytes were read, and the notes that say so where it was not UTF-8."""

    text: str
    encoding: str
    notes: tuple[Edit, ...]


def decode(data: bytes, declared: str = "") -> Decoded:
    r"""Return the text of `data`; without a byte-order mark, in the encoding `declared`, if any.

    Bytes that are invalid in it become lone surrogates (PEP 383) for a later step to judge.
    Raises InputError for binary data and for text that belies its byte-order mark.

    >>> decode(b"caf\xe9 au lait, cr\xe8me").encoding
    'cp1252'
    """
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    if marked is None and declared and not data.startswith(codecs.BOM_UTF8):
        return _declared(data, declared)
    found = _found(data) if marked is None else _marked(data, marked)
    if "\0" in found.text:
        # Written in UTF-8 without a mark, it could not be told from binary data any more.
        raise _binary(f"character {found.text.index(chr(0))} of what reads as {found.encoding}")
    return found


def _found(data: bytes) -> Decoded:
    """Return the text of bytes about which nothing is known."""
    if b"\0" in data:
        return _wide(data)
    if data.isascii():
        found = read_seven_bit(data)
        if found is not None:
            return Decoded(*found, (_note(f"read as {found[1]}"),))
    for errors in ("strict", "surrogatepass"):
        # The second lets halves of characters pass, which some write one by one (CESU-8).
        with contextlib.suppress(UnicodeDecodeError):
            data.decode("utf-8", errors)
            return Decoded(data.decode("utf-8", "surrogateescape"), "utf-8", ())
    return _legacy(data)


def encode(text: str, encoding: str) -> bytes:
    """Return `text` in an encoding; escaped bytes (PEP 383) as they were."""
    return text.encode(encoding, "surrogateescape")


def form_of(decoded: Decoded, data: bytes) -> Form:
    """Return what gives `data` back from its text: the encoding, and the bytes if they differ."""
    if decoded.encoding == "utf-8":
        return {}
    form: Form = {"encoding": decoded.encoding}
    try:
        exact = encode(decoded.text, decoded.encoding) == data
    except UnicodeError:
        exact = False
    if not exact:
        form["bytes"] = base64.b64encode(data).decode("ascii")
    return form


def source_of(form: Form, text: str) -> bytes:
    """Return the bytes that a source text was read from."""
    if "bytes" in form:
        return base64.b64decode(form["bytes"])
    return encode(text, form.get("encoding", "utf-8"))


def check_encoding(options: Input) -> None:
    """Raise UsageError where the encoding to read in is none that is known."""
    name = options.encoding
    if name and not _is_text(name):
        known = sorted(
            {one.replace("_", "-") for one in encodings.aliases.aliases if _is_text(one)}
        )
        near = difflib.get_close_matches(name.lower().replace("_", "-"), known, n=1)
        raise UsageError(
            f"no encoding is called {name!r}",
            hint=f"did you mean {near[0]!r}?" if near else "cp1252, koi8-r and the like are names",
        )


def _is_text(name: str) -> bool:
    """Whether Python knows an encoding of texts by that name."""
    try:
        return b"a".decode(name) + "a" + "a".encode(name).decode("latin-1") != ""
    except (LookupError, ValueError):
        return False


def _legacy(data: bytes) -> Decoded:
    """Return the likeliest reading of bytes that are not UTF-8."""
    from cleaner.language.detection import detect
    from cleaner.language.encodings import SINGLE_BYTE_AND_ASIAN, UTF_8, WIDE

    text = data.decode("utf-8", "surrogateescape")
    stray = sum("\udc80" <= c <= "\udcff" for c in text)
    foreign = sum(c > "\x7f" for c in text) - stray
    candidates = SINGLE_BYTE_AND_ASIAN
    if foreign:
        candidates = (UTF_8, *candidates)
    if len(data) % 2 == 0:
        candidates = (*candidates, *WIDE)
    found = detect(data, candidates)
    if found is None or not found.plausible:
        if stray <= 1 + len(data) // _ACCIDENTS:
            return Decoded(text, "utf-8", (_doubt("some bytes fit no encoding, read as utf-8"),))
        doubt = _doubt("no encoding fits, read as latin-1")
        return Decoded(data.decode("latin-1"), "latin-1", (_note("read as latin-1"), doubt))
    encoding = found.encoding
    if encoding == "utf-8":
        return Decoded(text, "utf-8", ())
    notes = [_note(f"read as {encoding}")]
    if not found.sure:
        notes.append(_doubt(f"read as {encoding}, could be {found.other}"))
    return Decoded(data.decode(encoding, "surrogateescape"), encoding, tuple(notes))


def _wide(data: bytes) -> Decoded:
    """Return text with NUL bytes: in UTF-16 or UTF-32 without a mark, or none at all."""
    from cleaner.language.encodings import WIDE, WIDEST
    from cleaner.language.reading import Readings

    for candidate in (*WIDEST, *WIDE):
        try:
            text = data.decode(candidate.name)
        except UnicodeDecodeError:
            continue
        sample = text[:_WIDE_SAMPLE]
        size = len(sample.encode(candidate.name))
        if "\0" not in text and Readings().rate(sample).cost < _MOST_A_BYTE * size:
            return Decoded(text, candidate.name, (_note(f"read as {candidate.name}"),))
    raise _binary(f"byte {data.index(0)}")


def _binary(place: str) -> InputError:
    return InputError(
        "holds a NUL byte",
        why=f"{place}; it looks like binary data",
        hint="convert it to text first",
    )


def _declared(data: bytes, encoding: str) -> Decoded:
    """Return the text in an encoding that somebody vouches for."""
    name = codecs.lookup(encoding).name
    try:
        text = data.decode(encoding, "surrogateescape")
    except UnicodeDecodeError:
        # Where the encoding is of two or four bytes a character, no single byte can be escaped.
        text = data.decode(encoding, "replace")
    return Decoded(text, name, () if name == "utf-8" else (_note(f"read as {name}, as declared"),))


def _marked(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"is not valid {encoding.upper()}",
            why=f"its byte-order mark says so, but byte {error.start} does not fit",
            hint="repair or convert it first",
        ) from error
    return Decoded(text, encoding, (_note(f"byte-order mark of {encoding}"),))


def _note(detail: str) -> Edit:
    return Edit(0, 0, "", "", "ENC101", detail)


def _doubt(assumed: str) -> Edit:
    return Edit(0, 0, "", "", "ENC104", f"{assumed}; --encoding NAME decides it")

"""The encoding of plain bytes: UTF-8 first, marks, then detection; always reversible."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from cleaner.core.edits import Edit
from cleaner.core.errors import InputError
from cleaner.core.rules import Example, Rule
from cleaner.formats.alphabets import likeliest_latin

RULES = (
    Rule(
        code="ENC101",
        name="not-utf-8",
        summary="text is not in UTF-8",
        rationale=(
            "Tools downstream expect UTF-8. The encoding is taken from a byte-order mark, or "
            "detected; what was decided stands in the finding and in the journal."
        ),
        examples=(
            Example("caf\udce9 au lait, cr\udce8me", "café au lait, crème"),
            Example("café au lait, crème", "café au lait, crème"),
        ),
    ),
)

# The longest mark first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Detection looks at no more than this many bytes.
_SAMPLE = 1 << 16

# One accented capital that stands alone is no word of another script.
_FEWEST_FOREIGN = 4
_FOREIGN = re.compile(r"[^\W\d_\x00-\u024f]")
_MIXED = re.compile(r"(?<=[A-Za-z])[^\W\d_\x00-\u024f]|[^\W\d_\x00-\u024f](?=[A-Za-z])")


class Decoded(NamedTuple):
    """A text, how its bytes were read, and the note that says so where it was not UTF-8."""

    text: str
    encoding: str
    notes: tuple[Edit, ...]


def decode(data: bytes) -> Decoded:
    r"""Return the text of `data`, in an encoding that gives the same bytes back.

    Bytes that are invalid in UTF-8 text become lone surrogates (PEP 383) for a later step to
    judge. Raises InputError for binary data and for text that belies its byte-order mark.

    >>> decode(b"caf\xe9 au lait, cr\xe8me").encoding
    'cp1252'
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data, encoding)
    nul = data.find(b"\0")
    if nul >= 0:
        raise InputError(
            "holds a NUL byte",
            why=f"byte {nul}; it looks like binary data",
            hint="convert it to text first",
        )
    try:
        return Decoded(data.decode("utf-8"), "utf-8", ())
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "surrogateescape")
    stray = sum("\udc80" <= c <= "\udcff" for c in text)
    foreign = sum(c > "\x7f" for c in text) - stray
    if foreign >= stray:
        return Decoded(text, "utf-8", ())
    encoding = detect(data)
    return Decoded(data.decode(encoding), encoding, (_note(f"read as {encoding}"),))


def encode(text: str, encoding: str) -> bytes:
    """Return the bytes that `decode` made `text` from."""
    return text.encode(encoding, "surrogateescape" if encoding == "utf-8" else "strict")


def detect(data: bytes) -> str:
    """Return the likeliest legacy encoding of `data` that decodes it without loss.

    charset-normalizer tells other scripts; Latin text it tells apart less surely than the letters
    of its languages do.
    """
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE]
    if len(data) > _SAMPLE:
        # White space is part of no longer character in any encoding, so none is cut in two.
        sample = sample[: max(map(sample.rfind, (b" ", b"\n", b"\r"))) + 1] or sample
    guess = from_bytes(sample, threshold=0.3).best()
    names = [guess.encoding] if guess is not None and _other_script(sample, guess.encoding) else []
    for name in (*names, likeliest_latin(sample), "cp1252"):
        if _reversible(data, name):
            return name
    return "latin-1"


def _other_script(sample: bytes, encoding: str) -> bool:
    """Whether most of what is not ASCII is, in that encoding, in words of another script.

    Accented letters of Latin words, read as another script, stand between ASCII letters.
    """
    text = sample.decode(encoding, "ignore")
    letters = sum(c > "\x7f" and c.isalpha() for c in text)
    foreign = len(_FOREIGN.findall(text))
    mixed = len(_MIXED.findall(text))
    return foreign >= _FEWEST_FOREIGN and 2 * foreign > letters and 4 * mixed < foreign


def _reversible(data: bytes, encoding: str) -> bool:
    try:
        return data.decode(encoding).encode(encoding) == data
    except (UnicodeError, LookupError):
        return False


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

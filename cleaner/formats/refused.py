"""Formats that are not read: told by a file's name, or by its first bytes, and what to do instead.

Read as plain text they would be damaged without a word.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from cleaner.core.errors import InputError

# How many of a file's first bytes tell its format.
HEAD_BYTES = 512


class Refused(NamedTuple):
    """A kind of file that is not read: what it is, what to do, its suffixes, its first bytes.

    What is read under a suffix of its own, and `read_as` a format, is refused under others.
    """

    what: str
    hint: str
    suffixes: str
    head: bytes | None = None
    read_as: str = ""


_EXTRACT = "extract its text, and clean that"
_FIELD = 'write its texts to a .jsonl file, as {"text": ...} on a line each, and clean that'
_UNPACK = "unpack it, and clean what is in it"
_REPACK = "decompress it, or compress it with gzip, zstd, bzip2 or xz, and clean that"
_TWICE = "it is compressed twice: decompress it once, and clean that"
_NAME = "give its name the suffix .%s, or say so with --as"
_NO_TEXT = "there is no text in it to clean"

_REFUSED = (
    Refused("JSON, but no array of records", _FIELD, ".geojson .ipynb"),
    Refused("a web page with all that it shows", _EXTRACT, ".mhtml .mht"),
    Refused("XML", _EXTRACT, ".xml .svg .rss .atom"),
    Refused("a web archive", _NAME % "warc", "", rb"WARC/\d\.\d+\r?\n", "warc"),
    Refused("data about a web archive", _NO_TEXT, ".wat .cdx"),
    Refused("a web archive of an old form", _FIELD, ".arc", rb"filedesc://"),
    Refused("a Parquet file", _NAME % "parquet", "", rb"PAR1[\x00-\x1f\x80-\xff]", "parquet"),
    Refused("an Arrow file", _NAME % "arrow", "", rb"ARROW1\0\0|FEA1\0", "arrow"),
    Refused("an Avro file", _FIELD, ".avro", rb"Obj\x01"),
    Refused("an ORC file", _FIELD, ".orc", rb"ORC[\x00-\x1f\x80-\xff]"),
    Refused("an SQLite database", _FIELD, ".sqlite .sqlite3", rb"SQLite format 3\0"),
    Refused("a DuckDB database", _FIELD, ".duckdb", rb".{8}DUCK"),
    Refused("a workbook", _FIELD, ".xls .xlsx .ods"),
    Refused("a PDF document", _EXTRACT, ".pdf", rb"%PDF-\d"),
    Refused("a PostScript document", _EXTRACT, "", rb"%!PS-Adobe"),
    Refused("an RTF document", _EXTRACT, ".rtf", rb"\{\\rtf\d"),
    Refused("an office document", _EXTRACT, ".docx .odt .ppt .pptx .odp"),
    Refused("an office document", _EXTRACT, "", rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    Refused("an e-book", _EXTRACT, ".epub .mobi .azw3 .djvu", rb"AT&TFORM"),
    Refused("gzip data", _TWICE, "", rb"\x1f\x8b\x08"),
    Refused("zstd data", _TWICE, "", rb"\x28\xb5\x2f\xfd"),
    Refused("bzip2 data", _TWICE, "", rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    Refused("xz data", _TWICE, "", rb"\xfd7zXZ\0"),
    Refused("LZMA data", _REPACK, ".lzma"),
    Refused("LZ4 data", _REPACK, ".lz4", rb"\x04\x22\x4d\x18"),
    Refused("compressed data", _REPACK, ".br .lzo .snappy", rb"\x1f[\x9d\xa0]"),
    Refused("a zip archive", _UNPACK, ".zip .jar", rb"PK(?:\x03\x04|\x05\x06)"),
    Refused("a tar archive", _UNPACK, ".tar .tgz .tbz .txz", rb".{257}ustar[\0 ]"),
    Refused("a 7z archive", _UNPACK, ".7z", rb"7z\xbc\xaf\x27\x1c"),
    Refused("a RAR archive", _UNPACK, ".rar", rb"Rar!\x1a\x07"),
    Refused("a PNG image", _NO_TEXT, ".png", rb"\x89PNG\r\n"),
    Refused("a JPEG image", _NO_TEXT, ".jpg .jpeg", rb"\xff\xd8\xff[\xe0\xe1\xdb\xee]"),
    Refused("an image", _NO_TEXT, ".gif .webp .tif .tiff .bmp .ico .heic", rb"GIF8[79]a.{3}\0"),
    Refused("sound or film", _NO_TEXT, ".mp3 .wav .flac .ogg .mp4 .mkv .avi .mov .webm"),
    Refused("a program", _NO_TEXT, ".exe .dll .so .pyc .class .wasm", rb"\x7fELF"),
    Refused("an array file", _NO_TEXT, ".npy .npz .pt .safetensors .h5", rb"\x93NUMPY"),
    Refused("a pickle", _FIELD, ".pickle .pkl"),
    Refused(
        "a model of cleaner", "name it with --model, or `fit --merge` it", "", rb"cleaner-model\n"
    ),
)
_PAGE = Refused("HTML", _NAME % "html", "")
_BY_SUFFIX = {suffix: one for one in _REFUSED for suffix in one.suffixes.split()}
_HEADS = [(re.compile(one.head, re.DOTALL), one) for one in _REFUSED if one.head is not None]
_DATA = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:(?P<html><!doctype\s+html|<html[\s>])|(?P<xml><\?xml\s)|"
    rb'(?:\[\s*+)?\{\s*+"[^"\\]*+"\s*+:)',
    re.IGNORECASE,
)


def refused_name(name: str, packed_suffixes: tuple[str, ...]) -> InputError | None:
    """Return why the file `name`, its compression's suffix aside, is not read; None where it is.

    >>> str(refused_name("a/b.PDF.gz", (".gz",))).partition(";")[0]
    'is a PDF document, which is not read'
    >>> refused_name("notes.md", (".gz",))
    """
    path = PurePosixPath(name.lower())
    if path.suffix in packed_suffixes:
        path = path.with_suffix("")
    found = _BY_SUFFIX.get(path.suffix)
    return None if found is None else _error(found)


def refuse_content(head: bytes) -> None:
    """Raise InputError where a file's first bytes are those of a format that is not read."""
    found = refused_content(head)
    if found is not None:
        raise found


def refused_content(head: bytes) -> InputError | None:
    """Return why a file that begins like this is not read, whatever its name; None where it is."""
    for pattern, one in _HEADS:
        if pattern.match(head, 0, HEAD_BYTES):
            return _error(one)
    return None


def format_of_content(head: bytes) -> str:
    """Return the name of the format that a file beginning like this is read as, or ""."""
    for pattern, one in _HEADS:
        if one.read_as and pattern.match(head, 0, HEAD_BYTES):
            return one.read_as
    return ""


def refused_data(head: bytes) -> InputError | None:
    """Return why a file of an unknown suffix is not read where it begins as markup or JSON does.

    A text that bears the suffix of text may be about such things.
    """
    found = _DATA.match(head)
    if found is None:
        return None
    if found["html"] or found["xml"]:
        return _error(_BY_SUFFIX[".xml"] if found["xml"] else _PAGE)
    hint = "give its name the suffix .jsonl if each line is an object"
    return InputError("is JSON, which is not read as text", hint=hint)


def _error(refused: Refused) -> InputError:
    return InputError(f"is {refused.what}, which is not read", hint=refused.hint)

"""The journal's form: JSON lines, compressed with zstd.

The first line describes the run. Then, for each source file in order: a ``file`` line, a ``record``
line for every record (its edits by step; for a record that is not in the output also what stood
around its text, or its bytes), and an ``end`` line with the digests of source and output.

Where nothing is repaired there are shorter lines: ``kept`` stands for so many records that are in
the output byte for byte, ``removed`` for one that is not and holds its bytes, ``marked`` for one to
which the output adds bytes at a place. A ``note`` says something of a record and changes nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cleaner.core.edits import Edit
from cleaner.storage.below import OWN_FOLDER

VERSION = 1

Line = dict[str, Any]


# Where the journal stands below an output folder.
JOURNAL = f"{OWN_FOLDER}/journal.jsonl.zst"


def journal_path(output: Path) -> Path:
    """Return where the journal of an output folder stands."""
    return output / JOURNAL


def container_name(name: str) -> str:
    """Return where, below an output, a compressed source is kept that cannot be made again."""
    return f"{OWN_FOLDER}/containers/{name}"


# Made once: `json.dumps` with separators makes an encoder for every call.
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


def packed(line: Mapping[str, Any]) -> bytes:
    """Return a journal line as bytes; lone surrogates survive as escapes."""
    return _ENCODE(line).encode("ascii") + b"\n"


def run_line(version: str, settings: Mapping[str, Any], model: str = "") -> Line:
    """Return the first line, with the digest of the `model` that the run went by, if any."""
    line: Line = {"type": "run", "journal": VERSION, "cleaner": version, "settings": settings}
    if model:
        line["model"] = model
    return line


def file_line(name: str, format: str, codec: str) -> Line:
    """Return the line that begins a file."""
    return {"type": "file", "name": name, "format": format, "codec": codec}


def record_line(
    number: int,
    form: Mapping[str, Any],
    steps: Sequence[Sequence[Edit]],
    notes: Sequence[Edit],
    dropped: tuple[str, str] | None,
) -> Line:
    """Return the line of a document; `dropped` is its frame where it is not in the output."""
    line: Line = {"type": "record", "number": number, "steps": steps}
    if form:
        line["form"] = form
    if notes:
        line["notes"] = notes
    if dropped is not None:
        line["dropped"] = dropped
    return line


def raw_line(number: int, raw: bytes, error: str | None) -> Line:
    """Return the line of a record that is no document: blank, or bad for the reason `error`."""
    line: Line = {"type": "raw", "number": number, "bytes": base64.b64encode(raw).decode("ascii")}
    if error is not None:
        line["error"] = error
    return line


def kept_line(count: int) -> Line:
    """Return the line of so many records that are in the output byte for byte."""
    return {"type": "kept", "count": count}


def marked_line(number: int, found: Mapping[str, Any], place: int, size: int) -> Line:
    """Return the line of a record to whose bytes `size` were added at `place`."""
    return {"type": "marked", "number": number, **found, "place": place, "size": size}


def note_line(number: int, found: Mapping[str, Any]) -> Line:
    """Return the line of something said of a record."""
    return {"type": "note", "number": number, **found}


def end_line(sha256: str, size: int, output_sha256: str | None, container_kept: bool) -> Line:
    """Return the line that ends a file; no output digest where nothing was written."""
    return {
        "type": "end",
        "sha256": sha256,
        "size": size,
        "output_sha256": output_sha256,
        "container_kept": container_kept,
    }


def raw_bytes(line: Line) -> bytes:
    """Return the bytes of a raw line."""
    return base64.b64decode(line["bytes"])


def steps_of(line: Line) -> list[list[Edit]]:
    """Return the edits of a record line, by step."""
    return [[Edit(*edit) for edit in edits] for edits in line["steps"]]

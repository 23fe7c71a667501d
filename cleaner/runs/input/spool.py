"""The work folder: what lies between passes, and what a killed run left to go on from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from cleaner.core.edits import Edit
from cleaner.core.inline_ignores import Comments, Use
from cleaner.formats.base import Frame
from cleaner.storage.compress import reading, writing
from cleaner.storage.replace import whole_file

# A part is read once or twice and thrown away, so it is packed in haste.
_LEVEL = 1

# The first byte of a spool part says how its staged documents are packed.
_PACKED, _ESCAPED = b"p", b"e"


class Folders(NamedTuple):
    """Where a run keeps what: its `work`, the `spool` of its passes, and files `staged` for output.

    What restoring needs of the inputs themselves is kept among the staged files, if any.
    """

    work: Path
    spool: Path
    staged: Path | None = None


class StagedDocument(msgspec.Struct, array_like=True):
    """A document between passes: its text so far, the edits that led to it, and its frame.

    ``site`` is where it comes from (a host, a folder); ``reading`` and ``notes`` are edits that
    change nothing, said in reading it and of its text as it stands. A record that is no document
    has ``raw`` bytes instead, with ``error`` where it is bad; one that is ``passed_on`` goes into
    the output all the same. ``of_field`` says that the text is part of a record, and no file,
    ``field`` and ``record`` where it is, in a record of several texts. ``comments`` is the form of
    those in which the text may say what to ignore, ``ignored`` has the codes that do not act in its
    file, ``ignores_used`` what gave way to its comments.
    ``mark`` is a member, as JSON, that the record gets. ``no_op_steps`` tells of the text what
    `chain.Normalized` does; ``survey`` is that of its blocks, packed, where it is known.
    """

    file: int
    number: int
    id: str = ""
    site: str = ""
    text: str = ""
    frame: Frame = Frame()
    form: dict[str, Any] = msgspec.field(default_factory=dict)
    steps: list[list[Edit]] = msgspec.field(default_factory=list)
    reading: list[Edit] = msgspec.field(default_factory=list)
    notes: list[Edit] = msgspec.field(default_factory=list)
    raw: bytes | None = None
    error: str | None = None
    mark: str = ""
    no_op_steps: int = 0
    survey: list[int] = msgspec.field(default_factory=list)
    passed_on: bool = False
    of_field: bool = False
    comments: Comments = ""
    ignored: list[str] = msgspec.field(default_factory=list)
    ignores_used: list[Use] = msgspec.field(default_factory=list)
    field: str = ""
    record: int = 0

    def change(self, text: str, edits: list[Edit]) -> None:
        """Go on to another text, to which `edits` led; nothing is known of it yet."""
        self.text = text
        self.steps.append(edits)
        self.no_op_steps = 0
        self.survey = []


def save_spool(path: Path, staged_documents: list[StagedDocument]) -> None:
    """Write a batch of staged documents, whole or not at all."""
    try:
        data = _PACKED + msgspec.msgpack.encode(staged_documents)
    except UnicodeEncodeError:
        # Bytes that could not be decoded are no Unicode, but JSON has escapes for them.
        data = _ESCAPED + json.dumps(msgspec.to_builtins(staged_documents)).encode("ascii")
    with whole_file(path.parent, path.name) as raw, writing(raw, "zstd", level=_LEVEL) as stream:
        stream.write(data)


def load_spool(path: Path) -> Iterator[StagedDocument]:
    """Yield the staged documents of a batch."""
    with path.open("rb") as raw, reading(raw, "zstd") as stream:
        packing, data = stream.read(1), stream.read()
    if packing == _PACKED:
        yield from msgspec.msgpack.decode(data, type=list[StagedDocument])
    else:
        yield from msgspec.convert(json.loads(data), list[StagedDocument])


def next_stage(spool_part: Path, stage: str) -> Path:
    """Return the path of a spool part after another stage.

    >>> next_stage(Path("1f.normal-2e.spool.zst"), "settled-3d").name
    '1f.settled-3d.spool.zst'
    """
    return spool_part.with_name(f"{spool_part.name.partition('.')[0]}.{stage}.spool.zst")

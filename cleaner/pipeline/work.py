"""The work folder: what lies between passes, and what a killed run left to go on from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cleaner.core.edits import Edit
from cleaner.formats.base import Frame
from cleaner.storage.compress import reading, writing
from cleaner.storage.replace import whole_file


class Draft:
    """A document between passes: its text so far, the edits that led to it, and its frame.

    ``site`` is where it comes from (a host, a folder); ``reading`` and ``notes`` are edits that
    change nothing, said in reading it and of its text as it stands. A record that is no document
    has ``raw`` bytes instead, with ``error`` where it is bad. ``mark`` is a member, as JSON, that
    the record gets. ``calm`` tells of the text what `normalize.chain.Normalized.calm` does; it is
    lost when the text changes.
    """

    __slots__ = (
        "_text",
        "calm",
        "error",
        "file",
        "form",
        "frame",
        "id",
        "mark",
        "notes",
        "number",
        "raw",
        "reading",
        "site",
        "steps",
    )

    def __init__(
        self,
        file: int,
        number: int,
        *,
        id: str = "",
        site: str = "",
        text: str = "",
        frame: Frame | None = None,
        form: dict[str, Any] | None = None,
        steps: list[list[Edit]] | None = None,
        reading: list[Edit] | None = None,
        notes: list[Edit] | None = None,
        raw: bytes | None = None,
        error: str | None = None,
        mark: str = "",
        calm: int = 0,
    ) -> None:
        self.file = file
        self.number = number
        self.id = id
        self.site = site
        self.text = text
        self.frame = frame or Frame()
        self.form = form or {}
        self.steps = steps or []
        self.reading = reading or []
        self.notes = notes or []
        self.raw = raw
        self.error = error
        self.mark = mark
        self.calm = calm

    @property
    def text(self) -> str:
        """The text so far."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self._text = text
        self.calm = 0

    def pack(self) -> list[Any]:
        """Return JSON values that `unpack` understands."""
        raw = None if self.raw is None else self.raw.decode("latin-1")
        return [
            self.file,
            self.number,
            self.id,
            self.site,
            self.text,
            self.frame,
            self.form,
            self.steps,
            self.reading,
            self.notes,
            raw,
            self.error,
            self.mark,
            self.calm,
        ]

    @classmethod
    def unpack(cls, values: list[Any]) -> Draft:
        """Return the draft that `pack` took apart."""
        file, number, id, site, text, frame, form, steps, reading, notes, raw, error, mark, calm = (
            values
        )
        return cls(
            file,
            number,
            id=id,
            site=site,
            text=text,
            frame=Frame(*frame),
            form=form,
            steps=[[Edit.of(edit) for edit in edits] for edits in steps],
            reading=[Edit.of(note) for note in reading],
            notes=[Edit.of(note) for note in notes],
            raw=None if raw is None else raw.encode("latin-1"),
            error=error,
            mark=mark,
            calm=calm,
        )


def save_drafts(path: Path, drafts: list[Draft]) -> None:
    """Write a batch of drafts, whole or not at all."""
    with whole_file(path.parent, path.name) as raw, writing(raw, "zstd") as stream:
        for draft in drafts:
            stream.write(json.dumps(draft.pack(), separators=(",", ":")).encode("ascii") + b"\n")


def load_drafts(path: Path) -> Iterator[Draft]:
    """Yield the drafts of a batch."""
    with path.open("rb") as raw, reading(raw, "zstd") as stream:
        for line in stream:
            yield Draft.unpack(json.loads(line))


def next_stage(shard: Path, stage: str) -> Path:
    """Return the path of a shard after another stage.

    >>> next_stage(Path("00000001-ab.normal.jsonl.zst"), "settled-0").name
    '00000001-ab.settled-0.jsonl.zst'
    """
    return shard.with_name(f"{shard.name.partition('.')[0]}.{stage}.jsonl.zst")

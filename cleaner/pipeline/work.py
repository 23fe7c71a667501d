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

    A record that is no document has ``raw`` bytes instead, with ``error`` where it is bad.
    """

    __slots__ = ("error", "file", "form", "frame", "id", "notes", "number", "raw", "steps", "text")

    def __init__(
        self,
        file: int,
        number: int,
        *,
        id: str = "",
        text: str = "",
        frame: Frame | None = None,
        form: dict[str, Any] | None = None,
        steps: list[list[Edit]] | None = None,
        notes: list[Edit] | None = None,
        raw: bytes | None = None,
        error: str | None = None,
    ) -> None:
        self.file = file
        self.number = number
        self.id = id
        self.text = text
        self.frame = frame or Frame()
        self.form = form or {}
        self.steps = steps or []
        self.notes = notes or []
        self.raw = raw
        self.error = error

    def pack(self) -> list[Any]:
        """Return JSON values that `unpack` understands."""
        raw = None if self.raw is None else self.raw.decode("latin-1")
        return [
            self.file,
            self.number,
            self.id,
            self.text,
            self.frame,
            self.form,
            self.steps,
            self.notes,
            raw,
            self.error,
        ]

    @classmethod
    def unpack(cls, values: list[Any]) -> Draft:
        """Return the draft that `pack` took apart."""
        file, number, id, text, frame, form, steps, notes, raw, error = values
        return cls(
            file,
            number,
            id=id,
            text=text,
            frame=Frame(*frame),
            form=form,
            steps=[[Edit(*edit) for edit in edits] for edits in steps],
            notes=[Edit(*edit) for edit in notes],
            raw=None if raw is None else raw.encode("latin-1"),
            error=error,
        )


def save_drafts(path: Path, drafts: list[Draft]) -> None:
    """Write a batch of drafts, whole or not at all."""
    with whole_file(path) as raw, writing(raw, "zstd") as stream:
        for draft in drafts:
            stream.write(json.dumps(draft.pack(), separators=(",", ":")).encode("ascii") + b"\n")


def load_drafts(path: Path) -> Iterator[Draft]:
    """Yield the drafts of a batch."""
    with path.open("rb") as raw, reading(raw, "zstd") as stream:
        for line in stream:
            yield Draft.unpack(json.loads(line))

"""The normalizing pass: each record parsed, repaired, and kept as a draft for the passes after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaner.core.config import Settings
from cleaner.core.errors import InputError
from cleaner.core.version import VERSION
from cleaner.formats.registry import FORMATS
from cleaner.pipeline.reading import Batch, Entry
from cleaner.pipeline.rulebook import context_for
from cleaner.pipeline.work import Draft, load_drafts, save_drafts


class Problem(NamedTuple):
    """A record that could not be read: its file, and the error as shown."""

    file: int
    message: str


class Shard(NamedTuple):
    """The drafts of a batch on disk, and what could not be read of it."""

    path: Path
    problems: list[Problem]


@dataclass(frozen=True)
class NormalizeBatch:
    """The pass as a picklable function of a batch."""

    settings: Settings
    folder: Path

    def __call__(self, batch: Batch) -> Shard:
        """Write the batch's drafts, or find them written by a run that was killed."""
        shard = self.folder / f"{batch.place:08d}-{self._digest(batch)}.jsonl.zst"
        if shard.exists():
            drafts = list(load_drafts(shard))
        else:
            drafts = list(self._drafts(batch))
            save_drafts(shard, drafts)
        return Shard(shard, [Problem(d.file, d.error) for d in drafts if d.error is not None])

    def _drafts(self, batch: Batch) -> Iterator[Draft]:
        for entry in batch.entries:
            name = batch.names[entry.file]
            yield draft_of(entry, name, batch.formats[entry.file], self.settings)

    def _digest(self, batch: Batch) -> str:
        """Return what names a shard: version, settings and the records themselves."""
        digest = hashlib.sha256(VERSION.encode())
        digest.update(msgspec.json.encode(self.settings))
        for entry in batch.entries:
            name = batch.names[entry.file].encode("utf-8", "surrogatepass")
            digest.update(
                b"%d %d %d %d\n"
                % (*entry[:1], entry.record.number, len(name), len(entry.record.raw))
            )
            digest.update(name)
            digest.update(entry.record.raw)
        return digest.hexdigest()[:24]


def draft_of(entry: Entry, name: str, format: str, settings: Settings) -> Draft:
    """Return the normalized draft of one record; a bad record keeps its bytes and its error."""
    number, raw = entry.record
    try:
        parsed = FORMATS[format].parse(entry.record, name, settings.input)
    except InputError as error:
        # A file that is one document fails as a whole, so its bytes need not be kept.
        alone = FORMATS[format].one_document
        message = str(error.at(name if alone else f"{name}:{number}"))
        return Draft(entry.file, number, raw=b"" if alone else raw, error=message)
    if parsed is None:
        return Draft(entry.file, number, raw=raw)
    from cleaner.normalize.chain import normalize

    context = context_for(settings)
    result = normalize(parsed.document.text, context)
    return Draft(
        entry.file,
        number,
        id=parsed.document.id,
        text=result.text,
        frame=parsed.frame,
        form=parsed.form,
        steps=[list(edits) for edits in result.steps],
        notes=[note for note in parsed.notes if context.rules.acts(note.code)] + list(result.notes),
    )


def drafts_in(shards: Iterable[Path], failed: frozenset[int]) -> Iterator[tuple[int, Draft]]:
    """Yield every draft of the files that did not fail, with its number in document order."""
    number = 0
    for shard in shards:
        for draft in load_drafts(shard):
            if draft.file not in failed:
                yield number, draft
            number += 1

"""The parsing pass: records become drafts whose characters are repaired."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from cleaner.core.config import Settings
from cleaner.core.errors import InputError
from cleaner.core.version import VERSION
from cleaner.formats.registry import FORMATS
from cleaner.normalize.chain import repair_characters
from cleaner.pipeline.reading import Batch, Entry
from cleaner.pipeline.rulebook import context_for
from cleaner.pipeline.work import Draft, load_drafts, save_drafts


class Problem(NamedTuple):
    """A record that could not be read: its file, and the error as shown."""

    file: int
    message: str


class Shard(NamedTuple):
    """The drafts of a batch on disk, how many are documents, the bytes read, the problems."""

    path: Path
    documents: int
    size: int
    problems: list[Problem]


@dataclass(frozen=True)
class ParseBatch:
    """The pass as a picklable function of a batch."""

    settings: Settings
    folder: Path

    def __call__(self, batch: Batch) -> Shard:
        """Write the batch's drafts, or find them written by a run that was killed."""
        path = self.folder / f"{batch.place:08d}-{self._digest(batch)}.jsonl.zst"
        if path.exists():
            drafts = list(load_drafts(path))
        else:
            drafts = [
                draft_of(entry, batch.names[entry.file], batch.formats[entry.file], self.settings)
                for entry in batch.entries
            ]
            save_drafts(path, drafts)
        problems = [Problem(d.file, d.error) for d in drafts if d.error is not None]
        size = sum(len(entry.record.raw) for entry in batch.entries)
        return Shard(path, sum(d.raw is None for d in drafts), size, problems)

    def _digest(self, batch: Batch) -> str:
        """Return what names a shard: version, settings and the records themselves."""
        digest = hashlib.sha256(VERSION.encode())
        digest.update(msgspec.json.encode(self.settings))
        for entry in batch.entries:
            name = batch.names[entry.file].encode("utf-8", "surrogatepass")
            number, raw = entry.record
            digest.update(b"%d %d %d %d\n" % (entry.file, number, len(name), len(raw)))
            digest.update(name)
            digest.update(raw)
        return digest.hexdigest()[:24]


def draft_of(entry: Entry, name: str, format: str, settings: Settings) -> Draft:
    """Return the draft of one record; a bad record keeps its bytes and its error."""
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
    context = context_for(settings)
    result = repair_characters(parsed.document.text, context)
    return Draft(
        entry.file,
        number,
        id=parsed.document.id,
        site=_site(name, parsed.document.metadata),
        text=result.text,
        frame=parsed.frame,
        form=parsed.form,
        steps=[list(edits) for edits in result.steps],
        reading=[note for note in parsed.notes if context.rules.acts(note.code)],
    )


def _site(name: str, metadata: Mapping[str, Any]) -> str:
    """Return where a document comes from: the host of its ``url`` field, or its folder.

    >>> _site("news/a.txt", {}), _site("a.jsonl", {"url": "https://example.org/x"})
    ('news', 'example.org')
    """
    url = metadata.get("url")
    if isinstance(url, str):
        try:
            return urlsplit(url).hostname or ""
        except ValueError:
            return ""
    return str(PurePosixPath(name).parent)

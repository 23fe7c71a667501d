"""The parsing pass: records become staged documents whose characters are repaired."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cleaner.core.document import place_in
from cleaner.core.errors import CleanerError, InputError
from cleaner.core.settings.config import Input, Settings
from cleaner.engines.base import Engine
from cleaner.formats.base import ADDRESSES, NESTED_ADDRESSES, PassedOn
from cleaner.formats.registry import FORMATS, fields_in
from cleaner.runs.input.containers import keep_container
from cleaner.runs.input.ignores import comments_of, context_of, ignored_in_page, note_use
from cleaner.runs.input.reading import (
    Batch,
    Entry,
    Failure,
    Inputs,
    SourceFile,
    read_batches,
)
from cleaner.runs.input.resume import AFTER_REPAIRS, depending
from cleaner.runs.input.spool import StagedDocument, load_spool, save_spool
from cleaner.runs.input.together import without_halves

# A byte that could not be decoded (PEP 383), or half of a character.
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


class Problem(NamedTuple):
    """A record that could not be read: its file, and the error as shown."""

    file: int
    message: str


class SpoolPart(NamedTuple):
    """A batch on disk: where, how many documents it has, the bytes read, the problems."""

    path: Path
    documents: int
    size: int
    problems: list[Problem]


@dataclass(frozen=True)
class ParseBatch:
    """The pass as a picklable function of a batch; `tolerant` as in `tolerated`."""

    settings: Settings
    folder: Path
    tolerant: bool = False

    def __call__(self, batch: Batch) -> SpoolPart:
        """Write the batch's staged documents, or find them written by a run that was killed."""
        path = self.folder / f"{self._digest(batch)}.spool.zst"
        if path.exists():
            staged_documents = list(load_spool(path))
        else:
            staged_documents = [self._staged(entry, batch) for entry in batch.entries]
            staged_documents = without_halves(
                staged_documents, batch.formats.__getitem__, self.settings.input
            )
            save_spool(path, staged_documents)
        problems = [Problem(d.file, d.error) for d in staged_documents if d.error is not None]
        size = sum(len(entry.record.raw) for entry in batch.entries)
        return SpoolPart(path, sum(d.raw is None for d in staged_documents), size, problems)

    def _staged(self, entry: Entry, batch: Batch) -> StagedDocument:
        name, format = batch.names[entry.file], batch.formats[entry.file]
        try:
            return stage(entry, name, format, self.settings, ignored=batch.ignored[entry.file])
        except Exception as error:
            if not self.tolerant:
                raise
            return failed_document(entry, name, format, self.settings.input, tolerated(error))

    @cached_property
    def _of_settings(self) -> str:
        return depending(self.settings, AFTER_REPAIRS)

    def _digest(self, batch: Batch) -> str:
        """Return what names a spool part: version, settings and the records themselves."""
        digest = hashlib.sha256(self._of_settings.encode())
        for file in self.settings.boilerplate.rules:
            digest.update(Path(file).read_bytes())
        known = None
        for entry in batch.entries:
            name = batch.names[entry.file].encode("utf-8", "surrogatepass")
            number, raw, layout = entry.record
            if layout != known:
                digest.update(repr(layout).encode("utf-8", "surrogatepass"))
                known = layout
            digest.update(b"%d %d %d %d\n" % (entry.file, number, len(name), len(raw)))
            digest.update(name)
            digest.update(",".join(batch.ignored[entry.file]).encode())
            digest.update(raw)
        return digest.hexdigest()[:24]


def parse_inputs(
    inputs: Inputs,
    parse: ParseBatch,
    engine: Engine,
    report: Callable[[CleanerError], None],
    advance: Callable[[int], None],
    staged: Path | None = None,
) -> list[SpoolPart]:
    """Parse all inputs; files that fail are marked, and reported with bad records in their order.

    Among the `staged` files of the run, where there are any, containers are kept that restoring
    needs.

    The order is that of reading in one process, whatever is read ahead for others.
    """
    failures: deque[Failure] = deque()
    read: list[int] = []
    keep = None if staged is None else partial(keep_own_container, staged=staged)
    options = parse.settings.input
    batches = read_batches(inputs, options, failures.append, read.append, keep)

    def parsed() -> Iterator[SpoolPart]:
        for spool_part in engine.map(parse, batches):
            # Told when it is parsed, which takes longer than to read it.
            advance(sum(read))
            read.clear()
            yield spool_part

    return told_in_order(inputs, parsed(), failures, report)


def told_in_order(
    inputs: Inputs,
    parsed: Iterable[SpoolPart],
    failures: deque[Failure],
    report: Callable[[CleanerError], None],
) -> list[SpoolPart]:
    """Return the spool parts, and report failures and bad records in the order of reading.

    Failures of a batch are known once its spool part is.
    """
    spool_parts: list[SpoolPart] = []
    for spool_part in parsed:
        while failures and failures[0].batch < len(spool_parts):
            report(failures.popleft().error)
        for problem in spool_part.problems:
            while failures and failures[0][:2] < (len(spool_parts), problem.file):
                report(failures.popleft().error)
            file = inputs.files[problem.file]
            if FORMATS[file.format].one_document:
                file.error = problem.message
            report(InputError(problem.message))
        spool_parts.append(spool_part)
    for failure in failures:
        report(failure.error)
    return spool_parts


def keep_own_container(file: SourceFile, staged: Path) -> None:
    """Keep the container of a file that is to be written, if restoring needs it."""
    if not (file.protected or file.archive):
        keep_container(file, staged)


def stage(
    entry: Entry,
    name: str,
    format: str,
    settings: Settings,
    *,
    ignored: tuple[str, ...] = (),
    repairs: bool = True,
) -> StagedDocument:
    """Return the staged document of one record; a bad record keeps its bytes and its error.

    Codes may be `ignored` in its file.
    """
    number, raw, _ = entry.record
    alone = FORMATS[format].one_document
    try:
        parsed = FORMATS[format].parse(entry.record, name, settings.input)
    except InputError as error:
        return failed_document(entry, name, format, settings.input, error)
    if parsed is None:
        return StagedDocument(entry.file, number, raw=raw)
    if isinstance(parsed, PassedOn):
        return StagedDocument(entry.file, number, raw=raw, passed_on=True)
    source = parsed.document.source
    staged = StagedDocument(
        entry.file,
        number,
        id=parsed.document.id,
        site=_site(name, parsed.document.metadata) if repairs else "",
        text=parsed.document.text,
        frame=parsed.frame,
        form=parsed.form,
        of_field=not alone,
        comments=comments_of(name, format),
        ignored=[*ignored, *(ignored_in_page(raw) if format == "html" else ())],
        field=source.field,
        record=(source.record or 0) if source.field else 0,
    )
    if repairs:
        from cleaner.blocks import pack_survey
        from cleaner.steps.chain import look_at_layout, repair_characters

        context = context_of(staged, settings)
        result = repair_characters(staged.text, context)
        unread = _unread_byte(staged.text, result.text) if alone else None
        if unread is not None:
            return StagedDocument(entry.file, number, raw=b"", error=str(unread.at(name)))
        staged.text = result.text
        # What blocks there are is asked by the passes after this one, of the text as it is now.
        staged.no_op_steps = look_at_layout(staged.text, context, result.no_op_steps)
        staged.survey = pack_survey(staged.text)
        staged.steps = [list(edits) for edits in result.steps]
        staged.reading = [note for note in parsed.notes if context.rules.acts(note.code)]
        staged.ignores_used = sorted(result.ignores_used)
        note_use(staged, {note.code for note in parsed.notes})
    return staged


def _unread_byte(text: str, repaired: str) -> InputError | None:
    """Return what is said of a file with bytes that fit no encoding, if they were not repaired.

    In which encoding bytes are is told by all of them, so that a change anywhere would let the
    next run read what is left as other letters.
    """
    if repaired.isascii() or not _ESCAPED_BYTE.search(repaired):
        return None
    found = _ESCAPED_BYTE.search(text)
    if found is None:
        return None
    line = text.count("\n", 0, found.start()) + 1
    return InputError(
        "holds bytes that fit no encoding",
        why=f"byte {ord(found[0]) - 0xDC00:#x} in line {line:,}",
        hint="let ENC103 repair them, or name the encoding with --encoding",
    )


def failed_document(
    entry: Entry, name: str, format: str, options: Input, error: CleanerError
) -> StagedDocument:
    """Return what stands for a record that could not be read or cleaned: its bytes, its error."""
    number, raw, _ = entry.record
    alone = FORMATS[format].one_document
    # A file that is one document fails as a whole, so its bytes need not be kept.
    place = name if alone else place_in(name, number, fields_in(format, options))
    return StagedDocument(entry.file, number, raw=b"" if alone else raw, error=str(error.at(place)))


def tolerated(error: Exception) -> InputError:
    """Return what is said of a document that a pass did not foresee.

    Where one of millions is to blame, a run is better gone on with: the document is left out and
    its error is told, as that of a bad record is.
    """
    return InputError("could not be cleaned", why=f"{type(error).__name__}: {error}")


def _site(name: str, metadata: Mapping[str, Any]) -> str:
    """Return where a document comes from: the host of its address, or its folder.

    >>> _site("news/a.txt", {}), _site("a.jsonl", {"url": "https://example.org/x"})
    ('news', 'example.org')
    >>> _site("a.jsonl", {"id": 7, "meta": {"warc-target-uri": "http://example.org/x"}})
    'example.org'
    """
    for members in (metadata, *map(metadata.get, NESTED_ADDRESSES)):
        if isinstance(members, Mapping):
            for host in filter(None, map(_host, map(members.get, ADDRESSES))):
                return host
    return str(PurePosixPath(name).parent)


def _host(address: object) -> str:
    """Return the host that `address` names, if it is an address."""
    if not isinstance(address, str) or "://" not in address:
        return ""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""

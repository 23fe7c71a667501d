"""Why something was changed: the journal's word on a place, and the texts that it speaks of."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from cleaner.core.document import Source, record_of
from cleaner.core.edits import Edit
from cleaner.core.errors import CleanerError
from cleaner.core.findings import Finding, Lines, findings_of
from cleaner.core.rules import Rule
from cleaner.core.settings.config import Settings
from cleaner.dedup.text.compare import Comparison, compare
from cleaner.dedup.verify.contained import SHARE
from cleaner.formats.base import Frame, Parsed
from cleaner.formats.registry import FORMATS, fields_in, format_of
from cleaner.journal.read import Entry, broken_journal, read_files, read_journal, read_settings
from cleaner.journal.restore import restore_one
from cleaner.journal.tables import REMOVED, EditRow, edit_of
from cleaner.runs.duplicates.config import dedup_config
from cleaner.runs.duplicates.survivor_text import best_unit
from cleaner.runs.duplicates.units.units import Unit, unit_spans
from cleaner.runs.input.source_names import source_name
from cleaner.runs.restore import check_finished
from cleaner.runs.rule_registry import all_rules
from cleaner.storage.compress import SUFFIXES, codec_of, reading


class Kept(NamedTuple):
    """The copy that stands for a duplicate, its place, and the text that `repeated` it."""

    name: str
    line: int
    similarity: float
    repeated: str
    text: str
    comparison: Comparison


@dataclass(frozen=True)
class Explanation:
    """A finding, its rule, the settings it was made under, and the copy kept of a duplicate."""

    finding: Finding
    rule: Rule
    settings: Settings
    kept: Kept | None

    @property
    def needed(self) -> float:
        """The similarity, or the share of a contained passage, that was needed."""
        return SHARE if self.finding.code == "DUP421" else self.settings.dedup.threshold


def explain_place(output: Path, file: Path, line: int) -> list[Explanation]:
    """Return what the journal of `output` says of a line of a source.

    Raises UsageError where it knows no such file or line.
    """
    check_finished(output)
    journal = RunJournal(output)
    name = journal.name_of(file)
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        sources = Sources(journal, output, Path(folder))
        rules = all_rules()
        found = list(_findings(journal, sources, name, line))
        return [
            Explanation(one, rules[one.code], journal.settings, kept_copy(journal, sources, one))
            for one in found
        ]


class RunJournal:
    """The journal of a run, read again for each question."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self.settings = read_settings(output, Settings)
        self.formats: dict[str, str] = {}
        self.codecs: dict[str, str] = {}
        self.fields: dict[str, int] = {}
        for file in read_files(output):
            if file.format not in FORMATS:
                raise broken_journal(output, f"unknown format {file.format!r}")
            self.formats[file.file] = file.format
            self.codecs[file.file] = file.codec
            self.fields[file.file] = file.fields

    def name_of(self, file: Path) -> str:
        """Return the name of a source that a path means."""
        return source_name(file, self.formats, self._output)

    def check_codes(self, codes: Iterable[str]) -> None:
        """Raise JournalError where one of the codes is that of no rule."""
        unknown = next((code for code in codes if code not in all_rules()), None)
        if unknown is not None:
            raise broken_journal(self._output, f"unknown rule {unknown!r}")

    def entries_of(self, name: str) -> Iterator[Entry]:
        """Yield what it says of the records of a file."""
        for file, entries in read_journal(self._output):
            if file.file == name:
                yield from entries
                return


class Sources:
    """The texts of sources, restored where a run wrote them and read where it only compared."""

    def __init__(self, journal: RunJournal, output: Path, folder: Path) -> None:
        self._journal = journal
        self._output = output
        self._folder = folder
        self._paths: dict[str, Path] = {}

    def text(self, name: str, record: int, field: str = "") -> str | None:
        """Return the text of a record, or None where it cannot be had.

        Of several, it is that of a field, or all of them.
        """
        format = FORMATS[self._journal.formats[name]] if name in self._journal.formats else None
        if format is None:
            format = format_of(name, tuple(SUFFIXES)) or FORMATS["txt"]
        path = self._path(name)
        if path is None:
            return None
        options = self._journal.settings.input
        with path.open("rb") as raw:
            codec = self._journal.codecs.get(name) or codec_of(path, raw.peek(16))
            with reading(raw, codec) as stream:
                first = (record - 1) * fields_in(format.name, options)
                own = islice(
                    format.records(stream, options),
                    0 if format.one_document else first,
                    1 if format.one_document else first + fields_in(format.name, options),
                )
                parsed = (format.parse(one, name, options) for one in own)
                documents = [one.document for one in parsed if isinstance(one, Parsed)]
                texts = [one.text for one in documents if not field or one.source.field == field]
        return "\n\n".join(texts) if texts else None

    def one_document(self, name: str) -> bool:
        """Whether the file is one document."""
        format = format_of(name, tuple(SUFFIXES)) or FORMATS["txt"]
        if name in self._journal.formats:
            format = FORMATS[self._journal.formats[name]]
        return format.one_document

    def _path(self, name: str) -> Path | None:
        if name not in self._journal.formats:
            return Path(name) if Path(name).is_file() else None
        if name not in self._paths:
            self._paths[name] = restore_one(self._output, name, self._folder, FORMATS, Frame)
        return self._paths[name]


def _findings(journal: RunJournal, sources: Sources, name: str, wanted: int) -> Iterator[Finding]:
    """Yield the findings at a line of a source."""
    alone = FORMATS[journal.formats[name]].one_document
    rules = all_rules()
    for entry in journal.entries_of(name):
        record = record_of(entry.number, journal.fields[name])
        if not entry.edits or (not alone and record != wanted):
            continue
        field = entry.edits[0].field or ""
        text = sources.text(name, record, field)
        if text is None:
            continue
        source = Source(name, None if alone else record, field)
        whole = [whole_edit(row, text) for row in entry.whole()]
        steps = [[*whole, *entry.notes()], *entry.steps()]
        journal.check_codes(edit.code for edits in steps for edit in edits)
        lines = Lines(text)
        for finding in findings_of(source, name, text, steps, rules):
            end = max(finding.start, finding.end - 1)
            stripped = text[finding.start : finding.end].rstrip()
            if stripped:
                end = finding.start + len(stripped) - 1
            if not alone or finding.line <= wanted <= lines.place(end)[0]:
                yield finding


def whole_edit(row: EditRow, text: str) -> Edit:
    """Return the edit that a row on a whole record stands for."""
    gone = row.kind == REMOVED
    edit = edit_of(row)
    return edit._replace(end=len(text) if gone else 0, before=text if gone else "")


def kept_copy(journal: RunJournal, sources: Sources, finding: Finding) -> Kept | None:
    """Return what stands for a duplicate, where it can be had."""
    if finding.survivor is None:
        return None
    name, line, similarity = finding.survivor
    if line is None:
        return None
    try:
        text = sources.text(name, line)
    except (CleanerError, OSError):
        text = None
    if text is None:
        return None
    settings = journal.settings.dedup
    removed = finding.before.strip() or _unit_at(sources, finding, settings.unit)
    at = line if sources.one_document(name) else None
    best = best_unit(removed, text, at, settings)
    config = dedup_config(settings)
    return Kept(name, line, similarity, removed, best, compare(removed, best, config))


def _unit_at(sources: Sources, finding: Finding, unit: Unit) -> str:
    """Return the unit that a note was placed at."""
    path, record, field = finding.source.path, finding.source.record or 1, finding.source.field
    text = sources.text(path, record, field) or ""
    for start, end in unit_spans(text, unit):
        if start <= finding.start < end:
            return text[start:end]
    return text

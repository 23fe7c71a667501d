"""Edits that are looked for by a text, or by the id of a record: what explains them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleaner.core.document import Source, record_of
from cleaner.core.edits import SourceMap
from cleaner.core.errors import CleanerError
from cleaner.core.findings import Finding, findings_of
from cleaner.formats.base import Frame, Parsed, Record
from cleaner.formats.registry import FORMATS
from cleaner.journal.arrays import to_numpy
from cleaner.journal.read import read_batches, read_files, read_records
from cleaner.journal.tables import EDITS, NOTE, EditRow, edit_of, escaped
from cleaner.runs.explain import Explanation, RunJournal, Sources, kept_copy, whole_edit
from cleaner.runs.report.rows import Rows, read_rows
from cleaner.runs.report.survey import Array, file_and_record, take_survey
from cleaner.runs.report.texts import ChosenDocuments, Document, Outputs, key_of
from cleaner.runs.rule_registry import all_rules

# So many edits of each rule are explained, in so many documents.
_MOST_OF_RULE = 10
_MOST_DOCUMENTS = 20

# So many documents are looked at whose outputs do not say that what is looked for stood there.
_MOST_SOURCES = 1000

# Words this long say something of the place they stand at.
_SAYS_SOMETHING = 4

Wanted = Callable[[Finding], bool]


@dataclass(frozen=True)
class Found:
    """Edits explained, those of a rule together, and how many there are of each rule."""

    explanations: Sequence[Explanation]
    totals: Counter[str]


def explain_text(output: Path, text: str) -> Found:
    """Explain the edits whose text before or after, or whose evidence, holds `text`.

    Where there are none, those inside of `text`, as it stands in sources and outputs.
    """
    search = _Search(output)
    rows, totals = search.rows_with(lambda column: pc.match_substring(column, text))
    if len(rows):
        return search.explained(search.found(rows), lambda _: partial(_holds, text), totals)
    words = [word for word in text.split() if len(word) >= _SAYS_SOMETHING]
    keys = search.documents_with(text)
    if words:
        pattern = "|".join(map(_literal, words))
        rows, _ = search.rows_with(lambda column: pc.match_substring_regex(column, pattern))
        keys = np.union1d(keys, search.documents_of(rows))
    keys = np.union1d(keys, search.first_documents())
    return search.explained(
        search.found(np.empty(0, np.int64), keys), lambda document: _inside(document, text)
    )


def explain_record(output: Path, id: str) -> Found:
    """Explain the edits of the records with this id."""
    search = _Search(output)
    keys = search.documents_named(id)
    if not len(keys):
        return Found((), Counter())
    return search.explained(search.found(np.empty(0, np.int64), keys), lambda _: _all)


class _Search:
    def __init__(self, output: Path) -> None:
        self._output = output
        self._journal = RunJournal(output)
        self._files = list(read_files(output))
        self._survey = take_survey(output, [escaped(file.file) for file in self._files])
        options = self._journal.settings.input
        self._outputs = Outputs(
            output, self._files, self._survey.files, self._survey.unwritten, options
        )

    def rows_with(self, matches: Callable[[pa.Array], pa.Array]) -> tuple[Array, Counter[str]]:
        """Return the first rows of each rule whose texts match, and how many of each do."""
        totals: Counter[str] = Counter()
        found = [np.empty(0, dtype=np.int64)]
        seen = 0
        for batch in read_batches(self._output, EDITS, ("before", "after", "detail")):
            mask = np.zeros(len(batch), dtype=bool)
            for column in batch.columns:
                mask |= to_numpy(matches(column))
            numbers = np.flatnonzero(mask) + seen
            for rule in np.unique(self._survey.rule_of_row[numbers]).tolist():
                own = numbers[self._survey.rule_of_row[numbers] == rule]
                code = self._survey.rules.names[rule]
                found.append(own[: max(0, _MOST_OF_RULE - totals[code])])
                totals[code] += len(own)
            seen += len(batch)
        return np.sort(np.concatenate(found)), totals

    def documents_of(self, rows: Array) -> Array:
        """Return the documents of some rows."""
        return np.unique(self._survey.documents.of_rows(rows))

    def documents_with(self, text: str) -> Array:
        """Return the first documents with a row in whose output the text stands."""
        found = []
        repaired = " ".join(text.split())
        for key, written in self._outputs.texts(self._survey.documents.keys):
            if text in written or repaired in written:
                found.append(key)
                if len(found) == _MOST_DOCUMENTS:
                    break
        return np.array(found, dtype=np.int64)

    def first_documents(self) -> Array:
        """Return the first documents with a row, whose sources are looked at too."""
        return self._survey.documents.keys[:_MOST_SOURCES]

    def documents_named(self, id: str) -> Array:
        """Return the documents with a row that have this id."""
        keys = self._survey.documents.keys
        found = [key for key, data in self._outputs.raw(keys) if self._id(key, data) == id]
        unwritten = np.intersect1d(keys, self._survey.unwritten)
        for row in read_records(self._output, ChosenDocuments(self._survey.files, unwritten)):
            key = key_of(self._survey.files, row)
            format = FORMATS[self._files[file_and_record(key)[0]].format]
            data = row.source
            if data is None:
                data = format.written(Frame(row.head or "", row.tail or ""), "")
            if self._id(key, data) == id:
                found.append(key)
        return np.array(sorted(found)[:_MOST_DOCUMENTS], dtype=np.int64)

    def _id(self, key: int, data: bytes) -> str | None:
        number, record = file_and_record(key)
        file = self._files[number]
        with suppress(CleanerError, ValueError, LookupError, TypeError):
            options = self._journal.settings.input
            parsed = FORMATS[file.format].parse(Record(record, data), file.file, options)
            return parsed.document.id if isinstance(parsed, Parsed) else None
        return None

    def found(self, rows: Array, keys: Array | None = None) -> Rows:
        """Read rows, and all of their documents' and of those `keys`."""
        more = np.empty(0, dtype=np.int64) if keys is None else keys
        return read_rows(self._output, self._survey, rows, more)

    def explained(
        self,
        found: Rows,
        wanted_in: Callable[[Document], Wanted],
        totals: Counter[str] | None = None,
    ) -> Found:
        """Return what explains the wanted findings of the documents, by rule."""
        documents = self._outputs.documents(found.documents, found.by_document)
        findings: list[Finding] = []
        counts: Counter[str] = Counter()
        for key, document in documents.items():
            wanted = wanted_in(document)
            for finding in self._findings(key, document, found.by_document.get(key, ())):
                if wanted(finding):
                    counts[finding.code] += 1
                    if counts[finding.code] <= _MOST_OF_RULE:
                        findings.append(finding)
        order = {
            code: number for number, code in enumerate(dict.fromkeys(f.code for f in findings))
        }
        findings.sort(key=lambda finding: order[finding.code])
        rules = all_rules()
        with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
            sources = Sources(self._journal, self._output, Path(folder))
            settings = self._journal.settings
            explanations = [
                Explanation(f, rules[f.code], settings, kept_copy(self._journal, sources, f))
                for f in findings
            ]
        return Found(explanations, totals or counts)

    def _findings(self, key: int, document: Document, rows: Sequence[EditRow]) -> Iterator[Finding]:
        number, record = file_and_record(key)
        file = self._files[number]
        alone = FORMATS[file.format].one_document
        field = rows[0].field or "" if rows else ""
        source = Source(file.file, None if alone else record_of(record, file.fields), field)
        whole = [whole_edit(row, document.source) for row in rows if row.start is None]
        notes = [edit_of(row) for row in rows if row.kind == NOTE and row.start is not None]
        steps = [[*whole, *notes], *document.steps]
        self._journal.check_codes(edit.code for edits in steps for edit in edits)
        yield from findings_of(source, file.file, document.source, steps, all_rules())


def _inside(document: Document, text: str) -> Wanted:
    """Return what says of a finding whether it lies in `text`, where that stands in a document."""
    spans = []
    at = document.source.find(text)
    if at >= 0:
        spans.append((at, at + len(text)))
    at = document.texts[-1].find(text)
    if at >= 0:
        source = SourceMap()
        for edits in document.steps:
            source.add(edits)
        spans.append(source.locate(at, at + len(text)))
    return lambda one: any(start <= one.end and one.start <= end for start, end in spans)


def _holds(text: str, one: Finding) -> bool:
    return any(text in part for part in (one.before, one.after, one.detail))


def _all(_: Finding) -> bool:
    return True


def _literal(word: str) -> str:
    return "".join(c if c.isalnum() else f"\\x{{{ord(c):X}}}" for c in word)

"""The edits that a person is asked about: alike ones together, the most uncertain first."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cleaner.core.left_texts import name_of, text_around
from cleaner.core.settings.config import Settings
from cleaner.formats.registry import FORMATS
from cleaner.journal.read import read_edits, read_files, read_settings
from cleaner.journal.tables import EDIT, NOTE, EditRow, escaped
from cleaner.reports.html.data import Sample
from cleaner.runs.report.rows import read_rows
from cleaner.runs.report.samples import Sampler, step_places
from cleaner.runs.report.survey import file_and_record, take_survey
from cleaner.runs.report.texts import Document, Outputs
from cleaner.runs.review.uncertainty import uncertainty
from cleaner.runs.rule_registry import all_rules

# What edits that are alike have in common: a digest.
Key = str


@dataclass(frozen=True)
class Item:
    """Edits of one rule that do the same to the same text: how many, and one of them in its place.

    `before` is all that they replace; `text` is what the rule is to leave if they are rejected,
    None where that cannot be told.
    """

    key: Key
    rule: str
    count: int
    uncertainty: float
    sample: Sample
    before: str
    text: str | None


def key_of_edit(row: EditRow) -> Key:
    """Return what edits have in common that are asked about together.

    Those that put white space in are all alike, and so are told apart by their places.
    """
    parts = [row.rule, row.kind, row.before or "", row.after or ""]
    if not any(map(str.isalnum, row.before or "")):
        parts += [row.file, str(row.record), str(row.step), str(row.start)]
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:32]


@dataclass
class _Alike:
    count: int
    row: int
    uncertainty: float
    size: int


def review_items(
    output: Path, prefixes: Sequence[str], known: Callable[[Key], bool], most: int
) -> list[Item]:
    """Return so many items of the run in `output`, by uncertainty, then size; not those `known`.

    Of rules whose codes begin with one of `prefixes`; without any, of all but those that only unify
    white space and characters.
    """
    settings = read_settings(output, Settings)
    rules = all_rules()
    alike: dict[Key, _Alike] = {}
    for number, row in enumerate(read_edits(output, lambda batch: np.ones(len(batch), dtype=bool))):
        if row.kind == NOTE or not _is_asked(row, prefixes):
            continue
        key = key_of_edit(row)
        found = alike.get(key)
        if found is None:
            if not known(key):
                size = len(row.before or "")
                alike[key] = _Alike(1, number, uncertainty(row, settings, rules), size)
        else:
            found.count += 1
            found.uncertainty = max(found.uncertainty, uncertainty(row, settings, rules))
    chosen = heapq.nsmallest(
        most, alike.items(), key=lambda one: (-one[1].uncertainty, -one[1].size, one[1].row)
    )
    return _placed(output, settings, chosen)


def items_of_rows(output: Path, numbers: Iterable[int]) -> list[Item]:
    """Return the items of some rows of the journal, by their number."""
    wanted = frozenset(numbers)
    settings = read_settings(output, Settings)
    chosen = []
    for number, row in enumerate(read_edits(output, lambda batch: np.ones(len(batch), dtype=bool))):
        if number in wanted and row.kind != NOTE:
            chosen.append((key_of_edit(row), _Alike(1, number, 0.0, 0)))
    return _placed(output, settings, chosen)


def _is_asked(row: EditRow, prefixes: Sequence[str]) -> bool:
    if prefixes:
        return row.rule.startswith(tuple(prefixes))
    return row.rule[:3] not in ("FMT", "ENC")


def _placed(output: Path, settings: Settings, chosen: Sequence[tuple[Key, _Alike]]) -> list[Item]:
    """Return items with the places of their first edits, and what stands around these."""
    files = list(read_files(output))
    survey = take_survey(output, [escaped(file.file) for file in files])
    outputs = Outputs(output, files, survey.files, survey.unwritten, settings.input)
    numbers = np.array(sorted(one.row for _, one in chosen), dtype=np.int64)
    found = read_rows(output, survey, numbers, np.empty(0, dtype=np.int64))
    documents = outputs.documents(found.documents, found.by_document)
    items = []
    for key, one in chosen:
        (document,) = survey.documents.of_rows(np.array([one.row])).tolist()
        file = files[file_and_record(document)[0]]
        opened = documents.get(document)
        steps = step_places(found.by_document.get(document, ()))
        row = found.by_number[one.row]
        sampler = Sampler(opened, alone=FORMATS[file.format].one_document)
        sample = sampler.sample(one.row, row, steps)
        text = left_text(row, opened, steps)
        items.append(
            Item(key, row.rule, one.count, one.uncertainty, sample, row.before or "", text)
        )
    return items


def left_text(row: EditRow, document: Document | None, steps: dict[int, int]) -> str | None:
    """Return what the rule of an edit is to leave so that this is not done again."""
    if row.rule.startswith("DUP"):
        whole = document.source if row.before is None and document is not None else row.before
        return None if whole is None else name_of(whole)
    if document is not None and row.kind == EDIT and row.start is not None:
        text = document.texts[steps[row.step or 0]]
        return name_of(text_around(text, row.start, row.end or row.start))
    has_words = any(map(str.isalnum, row.before or ""))
    return name_of(row.before or "") if has_words else None

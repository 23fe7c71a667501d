"""The deduplicating pass: which paragraphs go, and the copies that stand for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cleaner.core.config import Settings
from cleaner.core.edits import Edit, SourceMap
from cleaner.core.findings import Lines, undo_steps
from cleaner.core.paragraphs import paragraph_spans
from cleaner.dedup.engine import Duplicate, Unit, find_duplicates
from cleaner.dedup.removal import removal_edits
from cleaner.dedup.rules import RULES
from cleaner.formats.registry import FORMATS
from cleaner.pipeline.normalizing import drafts_in
from cleaner.pipeline.reading import SourceFile
from cleaner.pipeline.rulebook import context_for
from cleaner.pipeline.work import Draft

# Of each document that loses paragraphs: which, why, and what to say of it.
Removals = dict[int, dict[int, tuple[str, str]]]


def find_removals(
    shards: list[Path], failed: frozenset[int], files: list[SourceFile], settings: Settings
) -> Removals:
    """Return the paragraphs to remove, by document and paragraph number."""
    acts = context_for(settings).rules.acts
    if not removes_any(acts):
        return {}
    found = [
        duplicate
        for duplicate in find_duplicates(_units(drafts_in(shards, failed)), settings.dedup)
        if acts(duplicate.code)
    ]
    places = _places(drafts_in(shards, failed), files, found)
    removals: Removals = {}
    for duplicate in found:
        place = places[duplicate.survivor_document, duplicate.survivor_paragraph]
        removals.setdefault(duplicate.document, {})[duplicate.paragraph] = (
            duplicate.code,
            _detail(duplicate, place),
        )
    return removals


def removes_any(acts: Callable[[str], bool]) -> bool:
    """Whether any rule acts that removes paragraphs."""
    return any(acts(rule.code) for rule in RULES)


def remove_paragraphs(text: str, removed: dict[int, tuple[str, str]]) -> list[Edit]:
    """Return the edits that take the numbered paragraphs out of a document's text."""
    return removal_edits(text, paragraph_spans(text), removed)


def _units(drafts: Iterable[tuple[int, Draft]]) -> Iterator[Unit]:
    for number, draft in drafts:
        for paragraph, span in enumerate(paragraph_spans(draft.text)):
            yield Unit(number, paragraph, draft.file, draft.text[span.start : span.end])


def _places(
    drafts: Iterable[tuple[int, Draft]], files: list[SourceFile], found: list[Duplicate]
) -> dict[tuple[int, int], str]:
    """Return where in its source each survivor stands, as ``file:line``."""
    wanted: dict[int, set[int]] = {}
    for duplicate in found:
        wanted.setdefault(duplicate.survivor_document, set()).add(duplicate.survivor_paragraph)
    places = {}
    for number, draft in drafts:
        if number not in wanted:
            continue
        source = SourceMap()
        for edits in draft.steps:
            source.add(edits)
        lines = Lines(undo_steps(draft.text, draft.steps))
        spans = paragraph_spans(draft.text)
        for paragraph in wanted[number]:
            file = files[draft.file]
            line = lines.place(source.locate(*spans[paragraph])[0])[0]
            if not FORMATS[file.format].one_document:
                line = draft.number
            places[number, paragraph] = f"{file.name}:{line}"
    return places


def _detail(duplicate: Duplicate, place: str) -> str:
    if duplicate.code.startswith("DUP40"):
        return f"copy of {place}"
    return f"similarity {duplicate.similarity:.3f} with {place}"

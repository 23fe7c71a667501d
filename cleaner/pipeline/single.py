"""One text by itself: the same steps, without files."""

from __future__ import annotations

from cleaner.core.config import Settings
from cleaner.core.edits import Edit, apply_edits
from cleaner.core.paragraphs import paragraph_spans
from cleaner.dedup.engine import Duplicate, Unit, find_duplicates
from cleaner.normalize.chain import Normalized, normalize
from cleaner.pipeline.deduplicating import remove_paragraphs, removes_any
from cleaner.pipeline.rulebook import context_for


def clean_single(text: str, settings: Settings) -> Normalized:
    """Normalize `text` and remove its duplicated paragraphs, until nothing changes."""
    context = context_for(settings)
    result = normalize(text, context)
    steps, notes = list(result.steps), result.notes
    while removes_any(context.rules.acts):
        removed = {
            duplicate.paragraph: (duplicate.code, _detail(duplicate))
            for duplicate in _duplicates(result.text, settings)
            if context.rules.acts(duplicate.code)
        }
        if not removed:
            break
        edits: tuple[Edit, ...] = tuple(remove_paragraphs(result.text, removed))
        result = normalize(apply_edits(result.text, edits), context)
        steps += [edits, *result.steps]
    return Normalized(result.text, tuple(steps), notes)


def _duplicates(text: str, settings: Settings) -> list[Duplicate]:
    units = (
        Unit(0, number, 0, text[span.start : span.end])
        for number, span in enumerate(paragraph_spans(text))
    )
    return list(find_duplicates(units, settings.dedup))


def _detail(duplicate: Duplicate) -> str:
    paragraph = duplicate.survivor_paragraph + 1
    return f"similarity {duplicate.similarity:.3f} with paragraph {paragraph}"

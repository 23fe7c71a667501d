"""The steps in their order, run until the text is stable."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.core.edits import Edit
from cleaner.core.rules import Rule
from cleaner.normalize import (
    boilerplate,
    canonical,
    characters,
    entities,
    forms,
    layout,
    mojibake,
    spaces,
    undecodable,
)
from cleaner.normalize.context import Context, Step

# Characters first, since every later step reads them; whole lines before the layout that they
# would disturb; words after lines are joined; white space last.
STEPS: tuple[tuple[str, Step], ...] = (
    ("undecodable", undecodable.repair_undecodable),
    ("mojibake", mojibake.repair_mojibake),
    ("entities", entities.decode_entities),
    ("line-ends", spaces.unify_line_ends),
    ("controls", characters.remove_controls),
    ("invisible", characters.remove_invisible),
    ("directional", characters.remove_directional),
    ("nfc", forms.compose_nfc),
    ("forms", forms.replace_forms),
    ("spaces", spaces.unify_spaces),
    ("trailing", spaces.strip_line_ends),
    ("boilerplate", boilerplate.remove_boilerplate),
    ("layout", layout.lay_out),
    ("paragraphs", canonical.canonicalize_paragraphs),
    ("blank-lines", canonical.canonicalize_blank_lines),
)

RULES: tuple[Rule, ...] = (
    *undecodable.RULES,
    *mojibake.RULES,
    *entities.RULES,
    *characters.RULES,
    *forms.RULES,
    *spaces.RULES,
    *boilerplate.RULES,
    *canonical.RULES,
    *layout.RULES,
)

# Text that is not stable after so many rounds is left as it was: no repair beats a wandering one.
_MOST_ROUNDS = 8


class Normalized(NamedTuple):
    """A text after all steps; ``steps`` holds the edits of each step that changed something.

    ``notes`` are edits that change nothing: findings about the document as a whole.
    """

    text: str
    steps: tuple[tuple[Edit, ...], ...]
    notes: tuple[Edit, ...]


def normalize(text: str, context: Context) -> Normalized:
    r"""Run the steps over `text`, again and again, until they change nothing.

    So the result is stable by construction: normalizing it once more leaves it as it is.

    >>> normalize("salt &amp;amp;  pepper\r\n", Context()).text
    'salt & pepper\n'
    """
    source = text
    steps: list[tuple[Edit, ...]] = []
    notes: dict[Edit, None] = {}
    for _ in range(_MOST_ROUNDS):
        before = len(steps)
        for _name, step in STEPS:
            result = step(text, context)
            changes = tuple(edit for edit in result.edits if edit.before != edit.after)
            notes.update((edit, None) for edit in result.edits if edit.before == edit.after)
            if changes:
                steps.append(changes)
                text = result.text
        if len(steps) == before:
            return Normalized(text, tuple(steps), tuple(notes))
    return Normalized(source, (), ())

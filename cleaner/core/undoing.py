"""Taking back some edits of a text and leaving the others, which then stand elsewhere.

Where an edit is taken back, the text of each later step differs from what it was in a place, a
*patch*. Later edits beside it move; one that meets it was built on it, and then the first cannot be
taken back alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.core.edits import Edit, apply_edits

# Where an edit stands: its step, and its place in it, from 0.
Place = tuple[int, int]


class Undone(NamedTuple):
    """A text and the steps that lead to it from the same source, some edits taken back.

    ``kept`` has the places that the edits of each step had. ``refused`` are those that could not be
    taken back, each with one that was built on it, or in a few cases stands between two of them.
    """

    text: str
    steps: list[list[Edit]]
    kept: list[list[Place]]
    refused: dict[Place, Place]


def undo_some(source: str, steps: Sequence[Sequence[Edit]], chosen: Collection[Place]) -> Undone:
    """Take back the chosen edits, those that stand alone.

    >>> steps = [[Edit(3, 3, "", " ", "GLU203")], [Edit(7, 9, "  ", " ", "FMT508")]]
    >>> undo_some("thetwo  men", steps, {(0, 0)})[:2]
    ('thetwo men', [[], [Edit(start=6, end=8, before='  ', after=' ', code='FMT508', detail='', \
survivor=None)]])
    """
    wanted = set(chosen)
    refused: dict[Place, Place] = {}
    while True:
        undone, built_on = _undo(source, steps, wanted)
        if not built_on:
            return undone._replace(refused=refused)
        refused.update(built_on)
        wanted -= built_on.keys()


@dataclass
class _Patch:
    """A span of the text as it was, the text that stands there now, and why it differs."""

    start: int
    end: int
    text: str
    origins: set[Place]

    def meets(self, start: int, end: int) -> bool:
        """Whether an edit of this span has a part of the patch."""
        if self.start == self.end:
            return start < self.start < end or start == end == self.start
        if start == end:
            return self.start < start < self.end
        return start < self.end and self.start < end


def _undo(
    source: str, steps: Sequence[Sequence[Edit]], wanted: set[Place]
) -> tuple[Undone, dict[Place, Place]]:
    text = changed = source
    patches: list[_Patch] = []
    new_steps: list[list[Edit]] = []
    kept_places: list[list[Place]] = []
    built_on: dict[Place, Place] = {}
    for number, edits in enumerate(steps):
        own = [
            _Patch(edit.start, edit.end, edit.before, {(number, at)})
            for at, edit in enumerate(edits)
            if (number, at) in wanted
        ]
        patches = _joined(text, patches, own)
        kept, places = [], []
        first = shift = 0
        for at, edit in enumerate(edits):
            if (number, at) in wanted:
                continue
            while first < len(patches) and _is_before(patches[first], edit):
                shift += len(patches[first].text) - (patches[first].end - patches[first].start)
                first += 1
            near = first
            while near < len(patches) and patches[near].start <= edit.end:
                if patches[near].meets(edit.start, edit.end):
                    earlier = {place for place in patches[near].origins if place[0] < number}
                    blamed = earlier or patches[near].origins
                    built_on.update(dict.fromkeys(blamed, (number, at)))
                near += 1
            kept.append(edit._replace(start=edit.start + shift, end=edit.end + shift))
            places.append((number, at))
        if built_on:
            return Undone("", [], [], {}), built_on
        patches = _moved(patches, edits, [(number, at) in wanted for at in range(len(edits))])
        text = apply_edits(text, edits)
        changed = apply_edits(changed, kept)
        new_steps.append(kept)
        kept_places.append(places)
        patches = [p for p in patches if p.text != text[p.start : p.end]]
    return Undone(changed, new_steps, kept_places, {}), {}


def _is_before(patch: _Patch, edit: Edit) -> bool:
    """Whether a patch stands before an edit; an insertion at its start comes first."""
    if patch.start == patch.end:
        return patch.end <= edit.start and not edit.start == edit.end == patch.start
    return patch.end <= edit.start


def _joined(text: str, patches: Sequence[_Patch], own: Sequence[_Patch]) -> list[_Patch]:
    """Return patches and edits to take back in order, those that meet or touch made one.

    What is taken back leaves the text as it is: as it was, and as earlier patches made it.
    """
    marked = [(patch, True) for patch in patches] + [(patch, False) for patch in own]
    marked.sort(key=lambda one: (one[0].start, one[0].end))
    joined: list[_Patch] = []
    parts: list[list[_Patch]] = []
    for patch, is_earlier in marked:
        if joined and patch.start <= joined[-1].end:
            joined[-1].end = max(joined[-1].end, patch.end)
            joined[-1].origins |= patch.origins
        else:
            joined.append(_Patch(patch.start, patch.end, "", set(patch.origins)))
            parts.append([])
        if is_earlier:
            parts[-1].append(patch)
    for whole, inner in zip(joined, parts, strict=True):
        pieces = []
        at = whole.start
        for patch in inner:
            pieces += [text[at : patch.start], patch.text]
            at = patch.end
        whole.text = "".join([*pieces, text[at : whole.end]])
    return joined


def _moved(patches: Sequence[_Patch], edits: Sequence[Edit], taken: Sequence[bool]) -> list[_Patch]:
    """Return the patches where they stand after all edits, as they once were, were carried out.

    Those `taken` back are part of a patch; the others are not.
    """
    moved = []
    shift = at = 0
    for patch in patches:
        while at < len(edits) and not taken[at] and edits[at].end <= patch.start:
            shift += len(edits[at].after) - len(edits[at].before)
            at += 1
        start = patch.start + shift
        while at < len(edits) and taken[at] and edits[at].start <= patch.end:
            shift += len(edits[at].after) - len(edits[at].before)
            at += 1
        moved.append(_Patch(start, patch.end + shift, patch.text, patch.origins))
    return moved

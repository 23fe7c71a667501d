"""The step that puts lost spaces back."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from cleaner.core.edits import Edit, StepResult, unchanged
from cleaner.steps.context import Context
from cleaner.steps.lost_spaces.candidates.classifier import TokenClassifier, classifier_of
from cleaner.steps.lost_spaces.candidates.programs import in_programs, in_tables
from cleaner.steps.lost_spaces.candidates.seams import strip_clitic
from cleaner.steps.lost_spaces.corpus.tables import GlueTables
from cleaner.steps.lost_spaces.decision.accept import CandidateSplit, accepted_splits
from cleaner.steps.lost_spaces.decision.evidence import gaps_in_copies
from cleaner.steps.lost_spaces.languages.detect import detect_language
from cleaner.steps.lost_spaces.reading import Reading, read

_MAX_TOKEN_SHOWN = 60
# Words that no list has: more than such a share of a text of so many words, and so many for each
# token that may part, are words of another language.
_SHORT_TEXT, _STRANGE_SHARE, _STRANGE_TIMES = 600, 0.12, 1.5
_MAX_REACH = 100
# Most tokens end within so many characters each side.
_LIKELY_REACH = 32
_TEXTS_REMEMBERED = 4
_CODES = ("GLU201", "GLU202", "GLU203", "GLU204")
_NO_TABLES = GlueTables()


class Seam(NamedTuple):
    """A lost space: its place in the text, the code it was found by, the evidence."""

    place: int
    code: str
    detail: str


def repair_glue(text: str, context: Context, tables: GlueTables = _NO_TABLES) -> StepResult:
    """Put back the spaces that `text` has lost (GLU201 to GLU204).

    Each line is a paragraph. `tables` is what `learn_glue` learned from the corpus. The search is
    repeated until it finds nothing more, and what was found counts for what is looked at again, so
    a second run, which does not know of it, changes nothing.
    """
    codes, bar = _asked(context)
    copied = _has_copies(tables)
    seams: list[Seam] = []
    current = text
    while found := _find_seams(current, codes, bar, tables, _between_words(seams), copied=copied):
        seams = _merge(seams, found) if seams else list(found)
        current = _spaced(text, seams)
    return StepResult(current, tuple(_edits(text, seams))) if seams else unchanged(text)


def is_whole(text: str, context: Context, read_with: GlueTables) -> bool:
    """Whether `repair_glue` without tables leaves `text` as it is.

    It is soon told of a text in which that has just found nothing with the tables `read_with`.
    """
    codes, bar = _asked(context)
    return not _find_seams(text, codes, bar, _NO_TABLES, 0, copied=_has_copies(read_with))


def _asked(context: Context) -> tuple[tuple[str, ...], float]:
    """Return the rules that act, and how probable what they find must be."""
    codes = tuple(code for code in _CODES if context.rules.acts(code))
    return codes, context.settings.glue.confidence


def _has_copies(tables: GlueTables) -> bool:
    return len(tables.passages.keys) > 0


def _between_words(seams: Iterable[Seam]) -> int:
    """Return how many of the lost spaces stood between words that nothing else parts.

    Lost line ends say nothing of the other spaces, and lost spaces at marks little.
    """
    return sum(seam.code == "GLU203" for seam in seams)


# The steps run until the text is stable, so the last text is soon asked about again.
@lru_cache(maxsize=_TEXTS_REMEMBERED)
def _find_seams(
    text: str, codes: tuple[str, ...], bar: float, tables: GlueTables, known: int, *, copied: bool
) -> tuple[Seam, ...]:
    language = detect_language(text)
    if language is None:
        return ()
    classifier = classifier_of(language)
    with classifier.lock:
        reading = read(text, classifier, wraps="GLU201" in codes, dull=copied and "GLU204" in codes)
        return _seams_of(text, reading, classifier, codes, bar, tables, known)


def _seams_of(
    text: str,
    reading: Reading,
    classifier: TokenClassifier,
    codes: tuple[str, ...],
    bar: float,
    tables: GlueTables,
    known: int,
) -> tuple[Seam, ...]:
    """Return the lost spaces of a text that was read so."""
    words, breaks, candidates, spans = reading
    candidates = [one for one in candidates if one.finding.code in codes]
    accept = partial(
        accepted_splits,
        text,
        words=words,
        bar=bar,
        lexicon=classifier.lexicon,
        tables=tables,
        known=known,
    )
    accepted = list(accept(candidates))
    if any(one.finding.code == "GLU202" for one, _ in accepted):
        # What has no space behind its commas in a table is a list of options, written so.
        at_signs = {one.place for one in candidates if one.finding.code == "GLU202"}
        if tabled := in_tables(text, at_signs):
            candidates = [one for one in candidates if one.place not in tabled]
            accepted = list(accept(candidates))
    if accepted and (foreign := in_programs(text, [one.place for one in candidates])):
        accepted = list(accept([one for one in candidates if one.place not in foreign]))
    if accepted and _has_its_own_words(text, words, candidates, classifier):
        accepted = [one for one in accepted if one[0].finding.code != "GLU203"]
    judged = {
        candidate.place + place: Seam(candidate.place + place, candidate.finding.code, detail)
        for candidate, detail in accepted
        for place in candidate.finding.parting.places
    }
    if "GLU204" in codes and spans:
        damaged = bool(breaks.places or judged)
        gaps = gaps_in_copies(text, spans, classifier.lexicon, tables, damaged=damaged)
        foreign = in_programs(text, gaps)
        _overrule(judged, [place for place in gaps if place not in foreign], text)
    return tuple(sorted([*map(_wrap_seam, *breaks), *judged.values()]))


def _has_its_own_words(
    text: str, words: int, candidates: Sequence[CandidateSplit], classifier: TokenClassifier
) -> bool:
    """Whether a short text is full of words that no list has and that do not part either.

    It is in a dialect, an old or a made-up language, whose words look like glue to the list. Names
    begin with a capital and do not count.
    """
    if not candidates or words > _SHORT_TEXT:
        return False
    tokens = {strip_clitic(candidate.token).lower() for candidate in candidates}
    small = {strip_clitic(token) for token in text.split() if token[:1].islower()}
    strange = len((classifier.unlisted_words(text) & small) - tokens)
    return strange > max(_STRANGE_SHARE * words, _STRANGE_TIMES * len(tokens))


def _overrule(judged: dict[int, Seam], copied: Sequence[int], text: str) -> None:
    """Give way to the gaps in copies of the passage where they part a token otherwise."""
    for place in copied:
        if place in judged:
            continue
        for near in _token_places(text, place):
            judged.pop(near, None)
    for place in copied:
        judged.setdefault(place, Seam(place, "GLU204", "a copy of the passage has the space"))


def _token_places(text: str, place: int) -> range:
    """Return the places inside the token around `place`, at most a hundred each side."""
    start = end = place
    while start and not text[start - 1].isspace() and place - start < _MAX_REACH:
        start -= 1
    while end < len(text) and not text[end].isspace() and end - place < _MAX_REACH:
        end += 1
    return range(start, end)


def _wrap_seam(place: int, odds: float, width: int) -> Seam:
    """Return the seam of a lost line end."""
    detail = f"wrapped at {width} columns; odds of these words alone 10^{odds:.1f}"
    return Seam(place, "GLU201", detail)


def _merge(seams: Sequence[Seam], found: Sequence[Seam]) -> list[Seam]:
    """Return all seams by source place; `found` are placed as after `seams` were spaced."""
    spaced = [seam.place + number for number, seam in enumerate(seams)]
    moved = [Seam(s.place - bisect_left(spaced, s.place), s.code, s.detail) for s in found]
    return sorted([*seams, *moved])


def _spaced(text: str, seams: Sequence[Seam]) -> str:
    pieces = []
    at = 0
    for seam in seams:
        pieces.append(text[at : seam.place])
        at = seam.place
    pieces.append(text[at:])
    return " ".join(pieces)


def _edits(text: str, seams: Sequence[Seam]) -> Iterator[Edit]:
    """Yield the edits: a token as a whole where one rule parts it, else one space each."""
    number = 0
    while number < len(seams):
        place, code, detail = seams[number]
        start, end = _token_around(text, place)
        mine = seams[number : bisect_left(seams, (end,), number + 1)]
        number += len(mine)
        last = mine[-1].place
        # The punctuation at the edges of the token is not shown, as far as no seam stands there.
        while start < place - 1 and not text[start].isalnum():
            start += 1
        while end > last + 1 and not text[end - 1].isalnum():
            end -= 1
        if end - start > _MAX_TOKEN_SHOWN or any(seam.code != code for seam in mine):
            for seam in mine:
                yield Edit(seam.place, seam.place, "", " ", seam.code, seam.detail)
            continue
        parted = f"{text[start:place]} {text[place:end]}"
        if len(mine) > 1:
            places = [start, *(seam.place for seam in mine), end]
            parted = " ".join(text[at:to] for at, to in itertools.pairwise(places))
            detail = "; ".join(dict.fromkeys(seam.detail for seam in mine))
        yield Edit(start, end, text[start:end], parted, code, detail)


def _token_around(text: str, place: int) -> tuple[int, int]:
    """Return the span of the token that has `place` inside."""
    reach = _LIKELY_REACH
    while True:
        start = place - len(text[max(0, place - reach) : place].rsplit(None, 1)[-1])
        end = place + len(text[place : place + reach].split(None, 1)[0])
        if (place - start < reach or not start) and (end - place < reach or end == len(text)):
            return start, end
        reach *= 4

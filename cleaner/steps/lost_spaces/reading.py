"""What a text says of its lost spaces by itself, whatever a corpus teaches."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaner.steps.lost_spaces.candidates.classifier import Finding, TokenClassifier
from cleaner.steps.lost_spaces.candidates.code import stands_in_code
from cleaner.steps.lost_spaces.candidates.pairs import LANGUAGES as PAIRED
from cleaner.steps.lost_spaces.candidates.pairs import find_pairs
from cleaner.steps.lost_spaces.candidates.programs import in_programs
from cleaner.steps.lost_spaces.candidates.quotes import settle
from cleaner.steps.lost_spaces.decision.accept import CandidateSplit
from cleaner.steps.lost_spaces.survey import Surveyor
from cleaner.steps.lost_spaces.wrapping.wrap import Breaks, find_breaks

_MIN_COPIED = 4
_NO_BREAKS = Breaks([], [], [])
# What an entry is about, at the head of its line: "* client,server: Wait for both."
_LABEL = re.compile(r"[ \t]*(?:[-*+•o][ \t]+)?[a-z0-9_.-]{1,40}(?:,[a-z0-9_.-]{1,40}){1,4}:")


class Reading(NamedTuple):
    """The number of words of a text, its lost line ends, and the tokens of other lines.

    `candidates` may part by what is in them; a copy of the passage may have a space in what
    stands at `spans`, in order.
    """

    words: int
    breaks: Breaks = _NO_BREAKS
    candidates: Sequence[CandidateSplit] = ()
    spans: Sequence[tuple[int, int]] = ()


# A text is read when it has been repaired, when all other steps are through, and as learning will
# read it, one right after the other.
@lru_cache(maxsize=1)
def read(text: str, classifier: TokenClassifier, *, wraps: bool, dull: bool) -> Reading:
    """Read a text: for lost line ends if it `wraps`, with `dull` for copies too.

    Whoever asks holds the lock of the classifier.
    """
    try:
        return _read(text, classifier, wraps=wraps, dull=dull)
    finally:
        classifier.table.close()


def _read(text: str, classifier: TokenClassifier, *, wraps: bool, dull: bool) -> Reading:
    surveyor = Surveyor(text, classifier)
    words, may_part, lines, starts = surveyor.survey(dull=dull)
    paired = classifier.language in PAIRED
    pairs = list(find_pairs(text, classifier.language)) if paired else []
    if not may_part and not pairs:
        return Reading(words)
    breaks = _NO_BREAKS
    if wraps and any(suspicious := surveyor.suspicious()):
        breaks = _breaks(text, starts, suspicious, surveyor)
        if foreign := in_programs(text, breaks.places):
            for place in foreign:
                suspicious[bisect_right(starts, place) - 1] = 0
            breaks = _breaks(text, starts, suspicious, surveyor)
    wrapped = {bisect_right(starts, place) - 1 for place in breaks.places}
    odd, plain = surveyor.tokens(wrapped)
    candidates = [
        candidate._replace(place=starts[number] + candidate.place)
        for number, tokens in odd.items()
        for candidate in _candidates(lines[number], tokens, classifier)
    ]
    candidates += [one for one in pairs if bisect_right(starts, one.place) - 1 not in wrapped]
    spans = [
        (starts[number] + at, starts[number] + at + len(token))
        for number in (sorted(odd.keys() | plain.keys()) if dull else ())
        for at, token in sorted([*odd.get(number, ()), *plain.get(number, ())])
        if len(token) >= _MIN_COPIED
    ]
    return Reading(words, breaks, candidates, spans)


def _breaks(
    text: str, starts: Sequence[int], suspicious: Sequence[int], surveyor: Surveyor
) -> Breaks:
    """Return the lost line ends, each at its likeliest place."""
    breaks = find_breaks(text, starts, suspicious, surveyor.choose, surveyor.is_evidence)
    return surveyor.rescore_breaks(breaks)


def _candidates(
    line: str, odd: Sequence[tuple[int, str]], classifier: TokenClassifier
) -> Iterator[CandidateSplit]:
    alone = " " not in line.strip()
    for at, token in odd:
        if not classifier.is_examined(token) and stands_in_code(line, at, at + len(token)):
            continue
        finding = classifier.finding(token)
        if finding is None:
            continue
        if alone and finding.code == "GLU203":
            # A tag or a name; no word beside it says otherwise.
            continue
        if "," in token and _LABEL.fullmatch(line, 0, at + len(token)):
            continue
        if not stands_in_code(line, at, at + len(token)):
            if '"' in token or "'" in token:
                finding = _settled(line, at, finding)
            yield CandidateSplit(at, token, finding)


def _settled(line: str, at: int, finding: Finding) -> Finding:
    """Return `finding` with its seams on the right side of straight quotes."""
    places = sorted({settle(line, at + place) - at for place in finding.parting.places})
    return finding._replace(parting=finding.parting._replace(places=tuple(places)))

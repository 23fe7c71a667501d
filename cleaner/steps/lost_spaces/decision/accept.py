"""Accepts the candidate splits that are likely enough, by how the document is damaged otherwise.

What the document and the corpus have of the same words, parted and not, counts for each of them.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.steps.lost_spaces.candidates.classifier import Finding
from cleaner.steps.lost_spaces.candidates.code import is_about_code
from cleaner.steps.lost_spaces.candidates.seams import strip_clitic
from cleaner.steps.lost_spaces.corpus.tables import GlueTables
from cleaner.steps.lost_spaces.decision.caution import (
    AT_MARK,
    PLAIN,
    caution,
    company_of,
    loneliness,
    needed,
)
from cleaner.steps.lost_spaces.decision.evidence import IDENTIFIER, MOST, is_identifier, weigh
from cleaner.steps.lost_spaces.decision.posterior import (
    LITTLE,
    MIN_EVIDENCE,
    less,
    may_pass,
    passing,
    posteriors,
    probability,
)
from cleaner.steps.lost_spaces.words.lexicon import Lexicon

# As much text each side of a token (characters) is asked about it.
_NEAR = 100_000
# Log odds (natural) that a token loses in a text that holds much program text.
_ABOUT_CODE = 1.5


class CandidateSplit(NamedTuple):
    """A token that may have lost a space, where it stands, and what was found in it."""

    place: int
    token: str
    finding: Finding


def accepted_splits(
    text: str,
    candidates: Sequence[CandidateSplit],
    words: int,
    bar: float,
    lexicon: Lexicon,
    tables: GlueTables,
    known: int,
) -> Iterator[tuple[CandidateSplit, str]]:
    """Yield the candidates that have lost a space with a probability over `bar`, and what says so.

    `words` is the number of words of `text`, in which `known` lost spaces were found before.
    """
    if not candidates:
        return
    known = known if known > LITTLE * words else 0
    counts = Counter(strip_clitic(candidate.token) for candidate in candidates)
    kinds = {candidate.token: candidate.finding.parting for candidate in candidates}
    first = {candidate.token: candidate.place for candidate in reversed(candidates)}
    tokens = sorted(kinds)
    odds = [kinds[token].odds for token in tokens]

    def near(token: str) -> str:
        return text[max(0, first[token] - _NEAR) : first[token] + _NEAR]

    # Only what the best word for it would accept is worth weighing.
    best = [own + MOST for own in odds]
    hopes = passing(best, words, bar, range(len(best)), known)
    hopeful = list(itertools.compress(range(len(best)), hopes))
    for number in hopeful:
        token = tokens[number]
        places, glued = kinds[token].places, counts[strip_clitic(token)]
        odds[number] += weigh(token, places, glued, near(token), lexicon, tables)
    if not may_pass(odds, words, bar, known):
        return
    for number in hopeful:
        token = tokens[number]
        if is_identifier(token, kinds[token].places[0], near(token)):
            odds[number] = min(odds[number], kinds[token].odds + IDENTIFIER)
    needs = {number: needed(tokens[number], kinds[tokens[number]], lexicon) for number in hopeful}
    is_short = caution(words, 0.0, 0.0) > 0.0
    lexical = {candidate.token for candidate in candidates if candidate.finding.code == "GLU203"}
    plain = {
        number
        for number, need in needs.items()
        if is_short and need <= PLAIN and tokens[number] in lexical
    }
    chances = posteriors(odds, words, plain, known)
    if max(chances) > bar and is_about_code(text):
        chances = posteriors([own - _ABOUT_CODE for own in odds], words, plain, known)
    counted = [own >= MIN_EVIDENCE or number in plain for number, own in enumerate(odds)]
    evidence = known + math.fsum(itertools.compress(chances, counted))
    evident = known + math.fsum(chances[number] for number in sorted(plain))
    company = {
        number: chances[number] * weight
        for number in hopeful
        if (weight := company_of(tokens[number], kinds[tokens[number]], needs[number]))
    }
    together = known + math.fsum(company.values())
    for number in hopeful:
        if chances[number] > bar:
            mine = chances[number]
            if tokens[number] in lexical or needs[number] > AT_MARK:
                others = together - company.get(number, 0.0)
                chances[number] = less(mine, loneliness(words, others))
            care = caution(
                words, evidence - mine * counted[number], evident - mine * (number in plain)
            )
            if care:
                least = care * needs[number]
                chances[number] = min(chances[number], probability(odds[number] - least))
    by_token = dict(zip(tokens, chances, strict=True))
    for candidate in candidates:
        chance = by_token[candidate.token]
        if chance > bar:
            yield candidate, f"probability {chance:.3f}"

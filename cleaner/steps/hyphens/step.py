"""The step that settles hyphens at line ends and soft hyphens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.steps.context import Context
from cleaner.steps.hyphens.breaks import LINE_END_HYPHEN, SOFT, Break, find_breaks
from cleaner.steps.hyphens.evidence import Evidence
from cleaner.steps.hyphens.outcome import Outcome, Verdict
from cleaner.steps.hyphens.soft import SoftHyphens
from cleaner.steps.hyphens.verdicts import judge
from cleaner.steps.lost_spaces.candidates.classifier import classifier_of
from cleaner.steps.lost_spaces.corpus.tables import GlueTables
from cleaner.steps.lost_spaces.words.lexicon import Lexicon

_NO_TABLES = GlueTables()
# So many joined breaks, and so many more than kept ones, show that words were split.
_MANY, _OFTENER, _MARGIN_SPLIT = 3, 3, -0.5
# So many kept ones and no other show that none was.
_FEW, _MARGIN_WHOLE = 2, 2.0


def rejoin_hyphens(text: str, context: Context, tables: GlueTables = _NO_TABLES) -> StepResult:
    r"""Join words that line ends split at hyphens, and settle soft hyphens.

    Call it when the lines of wrapped paragraphs are joined, all but those behind a hyphen. `tables`
    is what `learn_glue` learned.

    >>> text = "The coast of the island has many har-\nbours for the boats."
    >>> rejoin_hyphens(text, Context()).text
    'The coast of the island has many harbours for the boats.'
    """
    soft = SOFT in text and context.rules.acts("HYP212")
    hard = LINE_END_HYPHEN.search(text) is not None
    if not soft and not hard:
        return unchanged(text)
    evidence = Evidence(text)
    breaks = list(find_breaks(text)) if hard else []
    edits = list(_break_edits(text, breaks, context, evidence, tables))
    if soft:
        taken = {place for one in breaks for place in range(one.hyphen, one.end)}
        edits = sorted(chain(edits, SoftHyphens(text, evidence, lexicon_at).edits(taken)))
    return edited(text, edits)


def _break_edits(
    text: str, breaks: Sequence[Break], context: Context, evidence: Evidence, tables: GlueTables
) -> Iterator[Edit]:
    breaks = [one for one in breaks if evidence.flows(one.hyphen, one.end)]
    evidence.read_words(breaks)
    verdicts = _verdicts(text, breaks, evidence, tables, 0.0)
    margin = _margin([verdict for _, verdict in verdicts])
    if margin:
        verdicts = _verdicts(text, breaks, evidence, tables, margin)
    for brk, (outcome, why, _) in verdicts:
        if outcome is not Outcome.LEFT and context.rules.acts(outcome.value):
            # HYP210 takes the hyphen with the line end, the others leave it.
            start = brk.hyphen if outcome is Outcome.JOINED else brk.hyphen + 1
            after = " " if outcome is Outcome.SUSPENDED else ""
            yield Edit(start, brk.end, text[start : brk.end], after, outcome.value, why)


def _verdicts(
    text: str, breaks: Sequence[Break], evidence: Evidence, tables: GlueTables, margin: float
) -> list[tuple[Break, Verdict]]:
    """Return the verdict on each break, those before it in the same word settled."""
    verdicts: list[tuple[Break, Verdict]] = []
    for brk in breaks:
        one = brk
        if verdicts:
            last, (outcome, _, _) = verdicts[-1]
            if last.end == brk.token and outcome in (Outcome.JOINED, Outcome.KEPT):
                one = brk.behind(last, joined=outcome is Outcome.JOINED)
        lexicon = lexicon_at(brk.hyphen, brk.whole, evidence)
        verdicts.append((one, judge(one, text, evidence, lexicon, tables, margin)))
    return verdicts


def _margin(verdicts: Sequence[Verdict]) -> float:
    """Return how much likelier than usual a doubtful word must be to be joined.

    Whether a text was set with words split at line ends shows in those that leave no doubt.
    """
    counts = Counter(verdict.outcome for verdict in verdicts if verdict.sure)
    joined, kept = counts[Outcome.JOINED], counts[Outcome.KEPT]
    if joined >= _MANY and joined > _OFTENER * kept:
        return _MARGIN_SPLIT
    return _MARGIN_WHOLE if kept >= _FEW and not joined else 0.0


def lexicon_at(place: int, word: str, evidence: Evidence) -> Lexicon | None:
    """Return the words of the language around `place`, for the script of `word`."""
    language = evidence.language(place, word)
    return classifier_of(language).lexicon if language is not None else None

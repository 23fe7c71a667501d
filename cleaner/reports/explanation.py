"""One finding explained: the rule, before and after, and a duplicate beside the copy kept."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from cleaner.core.findings import Finding, shown
from cleaner.core.rules import Rule

_MARKS = (("[-", "-]"), ("{+", "+}"))


def explanation_head(finding: Finding, rule: Rule) -> Iterator[str]:
    """Yield the lines that say what was found and by which rule."""
    source = finding.source
    place = f"{source.path}:{finding.line}:{finding.column}"
    yield f"{place}: {rule.code} {rule.name}"
    yield from textwrap.wrap(f"{rule.summary[0].upper()}{rule.summary[1:]}. {rule.rationale}", 96)


def edit_lines(finding: Finding) -> Iterator[str]:
    """Yield before, after and evidence of an edit."""
    yield ""
    if finding.before != finding.after:
        yield f"  before    {shown(finding.before, 400)}"
        yield f"  after     {shown(finding.after, 400) if finding.after else '(removed)'}"
    if finding.detail:
        yield f"  evidence  {finding.detail}"


def similarity_line(similarity: float, threshold: float, *, share: bool = False) -> str:
    """Return how far a similarity is from the threshold.

    >>> similarity_line(0.875, 0.8)
    '  similarity 0.875, threshold 0.800: 0.075 over it'
    """
    name = "share" if share else "similarity"
    distance = similarity - threshold
    side = "over" if distance >= 0 else "under"
    return f"  {name} {similarity:.3f}, threshold {threshold:.3f}: {abs(distance):.3f} {side} it"


def side_by_side(
    heads: tuple[str, str],
    texts: tuple[str, str],
    spans: tuple[Sequence[tuple[int, int]], Sequence[tuple[int, int]]],
    width: int = 100,
) -> Iterator[str]:
    """Yield two texts in columns, `spans` of each marked as ``[-gone-]`` and ``{+kept+}``.

    >>> for line in side_by_side(("a:1", "b:2"), ("red fox", "red dog"), ([(4, 7)], [(4, 7)]), 40):
    ...     print(line)
      a:1                  | b:2
      red [-fox-]          | red {+dog+}
    """
    column = max(20, (width - 5) // 2)
    columns = []
    for head, text, own, marks in zip(heads, texts, spans, _MARKS, strict=True):
        marked = _marked(text, own, marks)
        lines = [piece for line in marked.splitlines() for piece in _wrapped(line, column)]
        columns.append([head, *lines])
    for left, right in zip_longest(*columns, fillvalue=""):
        yield f"  {left:<{column}} | {right}".rstrip()


def _wrapped(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width) or [""]


def _marked(text: str, spans: Sequence[tuple[int, int]], marks: tuple[str, str]) -> str:
    pieces = []
    at = 0
    for start, end in _joined(text, spans):
        pieces += [text[at:start], marks[0], _visible(text[start:end]), marks[1]]
        at = end
    return "".join([*pieces, text[at:]])


def _visible(text: str) -> str:
    r"""Return a marked text with white space at its borders, and what cannot be seen, made visible.

    >>> _visible(" "), _visible("a b"), _visible("\u00ad")
    ('␣', 'a b', '\\u00ad')
    """
    inside = text.strip()
    start = text.find(inside) if inside else len(text)
    shown = "".join(
        one if one.isprintable() or one.isspace() else f"\\u{ord(one):04x}" for one in inside
    )
    return "␣" * start + shown + "␣" * (len(text) - start - len(inside))


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return `spans` with those joined that only white space parts."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined

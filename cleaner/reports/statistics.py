"""What a corpus is made of, counted: a table for people, and JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_MOST_LANGUAGES = 10
UNKNOWN = "unknown"


@dataclass
class Lengths:
    """How long things are, in code points; those that are longer than the limits are the last.

    ``up_to`` counts by the least power of two that a length does not exceed.
    """

    count: int = 0
    total: int = 0
    longest: int = 0
    up_to: Counter[int] = field(default_factory=Counter)

    def add(self, length: int) -> None:
        """Count one."""
        self.count += 1
        self.total += length
        self.longest = max(self.longest, length)
        self.up_to[1 << max(0, length - 1).bit_length()] += 1

    def merge(self, other: Lengths) -> None:
        """Count those of another part too."""
        self.count += other.count
        self.total += other.total
        self.longest = max(self.longest, other.longest)
        self.up_to.update(other.up_to)

    def median(self) -> int:
        """Return the power of two that half of them do not exceed.

        >>> lengths = Lengths()
        >>> for length in (3, 5, 9, 200):
        ...     lengths.add(length)
        >>> lengths.median(), lengths.longest
        (8, 200)
        """
        seen = 0
        for limit, count in sorted(self.up_to.items()):
            seen += count
            if 2 * seen >= self.count:
                return limit
        return 0


@dataclass
class Repeats:
    """How many there are, and how many are copies of an earlier one, by a share looked at.

    Those whose hash is below a limit are looked at: all of them in a corpus of some size.
    """

    count: int = 0
    looked_at: int = 0
    copies: int = 0

    def share(self) -> float:
        """Return the share of copies."""
        return self.copies / self.looked_at if self.looked_at else 0.0


@dataclass
class CorpusStatistics:
    """What `stats_files` counts.

    ``languages`` and ``kinds`` give documents by language and blocks by kind; ``formats`` files.
    """

    files: int = 0
    documents: int = 0
    empty: int = 0
    bytes: int = 0
    characters: int = 0
    words: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    lines: Lengths = field(default_factory=Lengths)
    paragraphs: Lengths = field(default_factory=Lengths)
    repeated_documents: Repeats = field(default_factory=Repeats)
    repeated_paragraphs: Repeats = field(default_factory=Repeats)
    skipped: Mapping[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def statistics_json(statistics: CorpusStatistics) -> str:
    """Return the statistics as JSON."""
    values: dict[str, Any] = dict(vars(statistics))
    for name, value in values.items():
        if isinstance(value, Counter):
            values[name] = dict(ranked(value))
        elif isinstance(value, Lengths):
            up_to = {str(limit): count for limit, count in sorted(value.up_to.items())}
            values[name] = {**vars(value), "up_to": up_to}
        elif isinstance(value, Repeats):
            values[name] = vars(value)
    return json.dumps(values, indent=2) + "\n"


def statistics_table(statistics: CorpusStatistics) -> Iterator[str]:
    """Yield the lines of the table."""
    one = statistics
    rows = [
        ("files", f"{one.files:,}", _shares(one.formats, one.files)),
        ("documents", f"{one.documents:,}", f"{one.empty:,} without text" if one.empty else ""),
        ("bytes", f"{one.bytes:,}", ""),
        ("characters", f"{one.characters:,}", ""),
        ("words", f"{one.words:,}", f"{one.words / max(1, one.documents):,.0f} a document"),
        ("languages", f"{len(one.languages):,}", _shares(one.languages, one.documents)),
        ("lines", f"{one.lines.count:,}", _lengths(one.lines)),
        ("paragraphs", f"{one.paragraphs.count:,}", _lengths(one.paragraphs)),
        ("blocks", f"{one.kinds.total():,}", _shares(one.kinds, one.kinds.total())),
        ("repeated documents", *_repeats(one.repeated_documents)),
        ("repeated paragraphs", *_repeats(one.repeated_paragraphs)),
    ]
    for name, number, more in rows:
        yield f"{name:<20}{number:>16}  {more}".rstrip() + "\n"
    for why, count in sorted(Counter(one.skipped.values()).items()):
        yield f"{count:,} passed over: {why}\n"


def ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return counts, the largest first, and of equal ones by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _shares(counts: Mapping[str, int], total: int) -> str:
    most = ranked(counts)
    shown = ", ".join(
        f"{name} {count / max(1, total):.1%}" for name, count in most[:_MOST_LANGUAGES]
    )
    more = len(most) - _MOST_LANGUAGES
    return f"{shown} and {more:,} more" if more > 0 else shown


def _lengths(lengths: Lengths) -> str:
    if not lengths.count:
        return ""
    mean = lengths.total / lengths.count
    return (
        f"{mean:,.0f} characters in the mean, half up to {lengths.median():,}, "
        f"the longest {lengths.longest:,}"
    )


def _repeats(repeats: Repeats) -> tuple[str, str]:
    if repeats.looked_at == repeats.count:
        return f"{repeats.copies:,}", f"{repeats.share():.1%}, exact copies alone"
    about = round(repeats.share() * repeats.count)
    return f"about {about:,}", f"{repeats.share():.1%} of {repeats.looked_at:,} looked at"

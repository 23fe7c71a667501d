"""Scores of put-back spaces: recall, precision, false splits per million words, with the errors."""

from __future__ import annotations

from dataclasses import dataclass, field

_SHOWN = 18


@dataclass
class Score:
    """Counts over documents; a place is a gap between two characters that are no white space."""

    missing: int = 0
    put: int = 0
    right: int = 0
    words: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, gold: str, damaged: str, repaired: str) -> None:
        """Count one document; the three texts differ in white space only, else ValueError."""
        bare, want = _gaps(gold)
        bare_damaged, had = _gaps(damaged)
        bare_repaired, has = _gaps(repaired)
        if not bare == bare_damaged == bare_repaired:
            raise ValueError("texts differ in more than white space")
        lost, put = want - had, has - had
        self.missing += len(lost)
        self.put += len(put)
        self.right += len(put & want)
        self.words += len(want) + 1
        self.wrong += [_around(bare, place) for place in sorted(put - want)]
        self.missed += [_around(bare, place) for place in sorted(lost - put)]

    @property
    def recall(self) -> float:
        return self.right / self.missing if self.missing else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.put if self.put else 1.0

    @property
    def false_per_million(self) -> float:
        return 1e6 * len(self.wrong) / max(1, self.words)


def _gaps(text: str) -> tuple[str, set[int]]:
    gaps = set()
    count = 0
    words = text.split()
    for word in words:
        gaps.add(count)
        count += len(word)
    gaps.discard(0)
    return "".join(words), gaps


def _around(bare: str, place: int) -> str:
    return f"{bare[max(0, place - _SHOWN) : place]}|{bare[place : place + _SHOWN]}"

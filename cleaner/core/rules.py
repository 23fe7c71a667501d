"""Rules: every defect has a code, a page, and examples that are its tests."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

FAMILIES = {
    "ENC": "encoding and characters",
    "GLU": "lost spaces",
    "HYP": "hyphen breaks",
    "BOI": "boilerplate",
    "DUP": "duplicates",
    "FMT": "canonical form",
}


# What rules are called that other packages bring.
OWN_FAMILY = "of other packages"


class Example(NamedTuple):
    """A text before and after a rule; equal texts say what the rule leaves alone.

    `note` is what the finding says where text is only told of. A line ``==> NAME <==`` begins a
    file where an example needs several, one of which may be the configuration ``cleaner.toml``.
    """

    before: str
    after: str
    note: str = ""


class Safety(enum.Enum):
    """When a rule acts: by default, with ``--unsafe-fixes``, or only selected by its full code."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    ON_REQUEST = "on request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A kind of defect: what it is, why it matters, what is done about it.

    One that `notes` tells of text that `clean` leaves as it is, unless it is asked for more.
    """

    code: str
    name: str
    summary: str
    rationale: str
    examples: tuple[Example, ...] = ()
    safety: Safety = Safety.SAFE
    notes: bool = False

    @property
    def family(self) -> str:
        """The words for the code's family.

        >>> Rule(code="GLU201", name="n", summary="s", rationale="r").family
        'lost spaces'
        """
        return FAMILIES.get(self.code[:3], OWN_FAMILY)


class Selection:
    """Which codes act: the longest prefix among `select` and `ignore` decides, as in ruff.

    What `never` names does not, however it was selected.

    >>> chosen = Selection(select=["GLU", "BOI3"], ignore=["GLU203"])
    >>> chosen.acts("GLU201"), chosen.acts("GLU203"), chosen.acts("ENC101")
    (True, False, False)
    """

    def __init__(
        self,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        *,
        unsafe_fixes: bool = False,
        rules: Iterable[Rule] = (),
        never: Sequence[str] = (),
    ) -> None:
        self._select = tuple(select)
        self._ignore = tuple(ignore)
        self._never = tuple(never)
        self._unsafe_fixes = unsafe_fixes
        self._safety = {rule.code: rule.safety for rule in rules}
        self._decided: dict[str, bool] = {}

    def acts(self, code: str) -> bool:
        """Whether the rule `code` may change text."""
        decided = self._decided.get(code)
        if decided is None:
            decided = self._decided[code] = self._decide(code)
        return decided

    def _decide(self, code: str) -> bool:
        if covers_any(self._never, code):
            return False
        safety = self._safety.get(code, Safety.SAFE)
        if safety is Safety.ON_REQUEST and code not in self._select:
            return False
        if safety is Safety.UNSAFE and not self._unsafe_fixes:
            return False
        chosen = max((_weight(p) for p in self._select if _covers(p, code)), default=-1)
        if not self._select:
            chosen = 0
        refused = max((_weight(p) for p in self._ignore if _covers(p, code)), default=-1)
        return chosen > refused


def covers_any(prefixes: Iterable[str], code: str) -> bool:
    """Whether one of some codes and prefixes covers `code`; ``ALL`` covers each.

    >>> covers_any(["BOI3", "FMT"], "FMT510"), covers_any([], "FMT510")
    (True, False)
    """
    return any(_covers(prefix, code) for prefix in prefixes)


def _covers(prefix: str, code: str) -> bool:
    return prefix == "ALL" or code.startswith(prefix)


def _weight(prefix: str) -> int:
    return 0 if prefix == "ALL" else len(prefix)

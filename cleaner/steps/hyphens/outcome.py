"""What may become of a break."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Outcome(Enum):
    """What becomes of a break, with the code of the rule that says so."""

    JOINED = "HYP210"
    KEPT = "HYP211"
    SUSPENDED = "HYP213"
    LEFT = ""


class Verdict(NamedTuple):
    """What becomes of a break, and why; whether it would be so in another text as well."""

    outcome: Outcome
    why: str
    sure: bool = True


def joined(why: str, *, sure: bool = True) -> Verdict:
    """Return the verdict that a typesetter put the hyphen into a word."""
    return Verdict(Outcome.JOINED, why, sure)


def kept(why: str) -> Verdict:
    """Return the verdict that the hyphen is the word's own."""
    return Verdict(Outcome.KEPT, why)


def left_alone(why: str) -> Verdict:
    """Return the verdict that it cannot be told."""
    return Verdict(Outcome.LEFT, why)

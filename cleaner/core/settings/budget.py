"""How much of the text may go: limits by family and rule, as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from cleaner.core.errors import UsageError

_LIMIT = re.compile(r"(?:([A-Za-z]+\d*)\s*=\s*)?(\d{1,3}(?:\.\d{1,9})?)\s*%")


class Limit(NamedTuple):
    """The largest share of the characters that rules whose code begins with `prefix` may take."""

    prefix: str
    share: float


def limits_of(texts: Iterable[str]) -> list[Limit]:
    """Return limits as they are written, ``5%`` for all rules or ``BOI=2%`` for some.

    Raises UsageError for what is none.

    >>> limits_of(["5%", "boi=2.5 %"])
    [Limit(prefix='', share=0.05), Limit(prefix='BOI', share=0.025)]
    """
    limits = []
    for text in (part for given in texts for part in given.split(",")):
        found = _LIMIT.fullmatch(text.strip())
        if found is None or float(found[2]) > 100:
            raise UsageError(
                f"no budget: {text!r}", hint="write 5% for all rules, BOI=2% for a family or a rule"
            )
        prefix = (found[1] or "").upper()
        limits.append(Limit("" if prefix == "ALL" else prefix, float(found[2]) / 100))
    return limits

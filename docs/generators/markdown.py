"""Plain text as Markdown."""

from __future__ import annotations

import re

_CODE = re.compile(r"(`[^`]+`)")
_MARKUP = re.compile(r"([\\*_<>\[\]#&|$~{}])")


def prose(text: str) -> str:
    r"""Return text in which only what stands in backticks is markup.

    >>> print(prose("a*b and `c*d`"))
    a\*b and `c*d`
    """
    parts = _CODE.split(text)
    return "".join(
        part if number % 2 else _MARKUP.sub(r"\\\1", part) for number, part in enumerate(parts)
    )


def visible(text: str) -> str:
    r"""Return text with everything that cannot be seen as its escape.

    >>> visible("a\u200bb\n")
    'a\\u200bb\n'
    """
    return "".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in text)


def block(text: str, language: str = "text") -> str:
    """Return text as a block of code, whatever stands in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip(chr(10))}\n{fence}\n"

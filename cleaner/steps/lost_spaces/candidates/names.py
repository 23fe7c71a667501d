"""Names that no word list has and no space was lost in: of commits and of files."""

from __future__ import annotations

import re

_LONGEST = 300
_SHORTEST_HASH = 7
# Letters and digits by turns; words run together with a number take one or two.
_TURN = re.compile(r"[0-9](?=[^\W\d_])|[^\W\d_](?=[0-9])")
_MOST_TURNS = 2
_HEX = re.compile(r"[^\w\s]{0,2}[0-9a-f]{7,64}[^\w\s]{0,3}")
# A path of two steps and more, or of one and a file with an ending.
_PATH = re.compile(
    r"[^\w\s]{0,2}[\w.+~-]+/(?:[\w.+~-]+/[\w./+~-]*"
    r"|[\w.+~-]+\.(?:[a-z]|patch|diff|tar|gz|xz|deb|rpm|conf|cfg|ini|rst|txt|css|cc|cpp|sh|rb|rs))"
    r"[,;:.)\"']{0,3}"
)


def is_hash(token: str) -> bool:
    """Whether letters and digits stand in `token` as they do in no words with a number.

    >>> is_hash("c4b14be48fe9b0f5"), is_hash("(9c9be399"), is_hash("in1887the")
    (True, True, False)
    """
    if len(token) < _SHORTEST_HASH or token.isalpha():
        return False
    turns = len(_TURN.findall(token, 0, _LONGEST))
    return turns > _MOST_TURNS or (turns == _MOST_TURNS and _HEX.fullmatch(token) is not None)


def is_path(token: str) -> bool:
    """Whether `token` is a path to a file.

    >>> is_path("d/p/Wait-for-the-tide.patch,"), is_path("src/tide.c"), is_path("he/she.The")
    (True, True, False)
    """
    return "/" in token and _PATH.fullmatch(token, 0, _LONGEST) is not None

"""The kinds of blocks."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a block of lines is."""

    PROSE = "prose"
    VERSE = "verse"
    DIALOGUE = "dialogue"
    LIST = "list"
    HEADING = "heading"
    TABLE = "table"
    CODE = "code"
    MARKUP = "markup"
    LOG = "log"
    SUBTITLES = "subtitles"
    FORM = "form"
    DIFF = "diff"
    BIBLIOGRAPHY = "bibliography"

    @property
    def flows(self) -> bool:
        """Whether line ends inside such a block may be accidents of its layout."""
        return self is Kind.PROSE


class Block(NamedTuple):
    """Adjacent lines of one kind, none of them blank.

    `first` and `last` are the numbers of its first and last line, from 0; `start` and `end` where
    it stands in the text, in code points, without the last line's end. A block of prose is one
    paragraph, as far as the text tells: lines that are paragraphs are blocks of their own.
    """

    first: int
    last: int
    start: int
    end: int
    kind: Kind

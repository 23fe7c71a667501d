"""Tells what the lines of a part are, by asking one kind after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from cleaner.blocks.kinds import Kind
from cleaner.blocks.lines import Line, ends_phrase, ends_sentence, starts_low
from cleaner.blocks.recognizers.code import is_code, is_markup
from cleaner.blocks.recognizers.records import (
    is_bibliography,
    is_chat,
    is_comment,
    is_dialogue,
    is_directive,
    is_form,
    is_list,
    is_log,
    is_quotation,
)
from cleaner.blocks.recognizers.tables import is_ruled, is_table
from cleaner.blocks.scripts import has_unspaced, parts_phrases_only
from cleaner.core.recent import Recent

# What is asked of the lines of a part and their text, in this order; the first that says yes
# decides. A new kind is a line here.
_RECOGNIZERS: tuple[tuple[Kind, Callable[[Sequence[Line], str], bool]], ...] = (
    (Kind.MARKUP, is_quotation),
    (Kind.MARKUP, is_directive),
    (Kind.CODE, is_comment),
    (Kind.DIALOGUE, is_chat),
    (Kind.LOG, is_log),
    (Kind.BIBLIOGRAPHY, is_bibliography),
    (Kind.TABLE, is_table),
    (Kind.LIST, is_list),
    (Kind.MARKUP, is_markup),
    (Kind.CODE, is_code),
    (Kind.DIALOGUE, is_dialogue),
    (Kind.FORM, is_form),
)

# Without any of these, and without a sign at the head of a line, only prose and verse are left.
SPOILER = re.compile(r"[|\t={}<>\\_$#@\d：]")
_CLOSE_COMMA = re.compile(r",[^\s\"'”’»)]")
_CALL = re.compile(r"\w\(")
_GAP = re.compile(r"[^\s.!?:;,]  ")
_COMMAND = re.compile(r"(?:import|return|cd|make|sudo|npm|pip|echo|export|else|try|pass|break)\b")

# What was said of the last lines of so many columns is kept.
_KEPT = 1 << 21

# No formatter that evens lines out leaves so much between words.
_WIDEST_GAP = " " * 6
_LONGEST_HEADING = 80
# Where no sign ends sentences, as in Thai.
_LONGEST_UNMARKED_HEADING = 24


def is_bare(lines: Sequence[Line], text: str) -> bool:
    """Whether the lines of `text`, without signs, have nothing of what the recognizers look for."""
    return (
        not SPOILER.search(text)
        and text.find(": ") < 0
        and text.find(":\n") < 0
        and text[-1] != ":"
        and text.find(";;") < 0
        and text.find("....") < 0
        and text.find("……") < 0
        and not (text.find("  ") >= 0 and _GAP.search(text))
        and not (text.find("(") >= 0 and _CALL.search(text))
        and not _CLOSE_COMMA.search(text)
        and not _COMMAND.match(lines[0].body)
        and (len(lines) == 1 or " " in lines[0].body)
    )


def recognize(lines: tuple[Line, ...]) -> Kind | None:
    """Return the kind of lines by what they hold and begin with, or None."""
    return _kept(lines)


def _recognize(lines: tuple[Line, ...]) -> Kind | None:
    if 1 < len(lines) <= 3 and lines[-1].sign == "drawn" and not is_ruled(lines):
        return Kind.HEADING
    text = "\n".join(line.body for line in lines)
    return next((kind for kind, fits in _RECOGNIZERS if fits(lines, text)), None)


def _columns(lines: tuple[Line, ...]) -> int:
    return sum(line.width for line in lines)


_kept = Recent(_recognize, size=_columns, most=_KEPT)


def has_words(lines: Sequence[Line]) -> bool:
    """Whether most lines hold words: several, not far apart, or of a script that parts none."""
    few = sum(
        (line.body.count(" ") < 2 and not has_unspaced(line.body)) or _WIDEST_GAP in line.body
        for line in lines[:-1]
    )
    return 3 * few < len(lines)


def kind_of_line(line: Line) -> Kind:
    """Return the kind of a line that no mark tells."""
    body = line.body
    if line.sign == "drawn":
        return Kind.MARKUP
    if body.startswith(("# ", "## ", "###", "= ", "== ")):
        return Kind.HEADING
    if line.width >= _LONGEST_UNMARKED_HEADING and parts_phrases_only(body[0]):
        return Kind.PROSE
    if line.width >= _LONGEST_HEADING or ends_sentence(body) or starts_low(body):
        return Kind.PROSE
    # What a longer line with a colon or comma at its end says goes on below.
    if body[-1] in ",;，、" or (body[-1] in ":：" and (body.count(" ") > 1 or body[-2:] == "::")):
        return Kind.PROSE
    return Kind.HEADING


def kind_of_broken(lines: Sequence[Line]) -> Kind:
    """Return the kind of lines that end where something ends."""
    words = sum(len(line.body.split()) for line in lines)
    ended = sum(ends_phrase(line.body) for line in lines)
    if words <= 4 * len(lines) and 2 * ended < len(lines):
        return Kind.LIST
    return Kind.VERSE

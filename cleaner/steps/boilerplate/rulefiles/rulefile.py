"""Rule files: TOML texts that say what boilerplate of one family looks like."""

from __future__ import annotations

import difflib
import re
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from cleaner.core.settings.smallfile import read_small_file
from cleaner.steps.boilerplate.rulefiles.patterns import (
    longest_match,
    pattern_problems,
    required_literals,
)
from cleaner.steps.boilerplate.rules import CODES

Patterns = tuple[Annotated[str, Meta(min_length=1)], ...]
_CUSTOM = "BOI340"
_PACKAGED = Path(__file__).parents[3] / "data" / "boilerplate"
_WITHOUT_RULES = frozenset(["BOI350", "BOI390", "BOI399"])
_WIDEST = 4000
_CHARACTERS_A_WORD = 10
_NEEDLE = 12
_PATTERN_KEYS = (
    "patterns",
    "weak",
    "common",
    "heading",
    "starts",
    "required",
    "about",
    "before",
    "after",
    "not_near",
)
_missing_field = re.compile("Object missing required field `(.+?)`")
_unknown_field = re.compile("Object contains unknown field `(.+)`")


class Bridge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Lines that may stand between those of a ``block``, as the entries of a menu do.

    At most ``max-gap`` of them that match ``patterns`` stand in a row, and never at an end: what
    lies beyond them is two lines of the rule and more. They go in a block of ``min-lines`` lines,
    of which at least ``min-strong`` and the share ``min-share`` are the rule's; in any other the
    rule takes its own lines alone.
    """

    patterns: Annotated[Patterns, Meta(min_length=1)]
    max_gap: Annotated[int, Meta(ge=1, le=400)] = 3
    min_lines: Annotated[int, Meta(ge=1)] = 8
    min_strong: Annotated[int, Meta(ge=1)] = 4
    min_share: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.2


class LineRule(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """What one kind of boilerplate looks like.

    ``scope`` says what is removed: ``line``, each line that one of ``patterns`` matches whole;
    ``block``, a run of adjacent lines of which each matches ``patterns`` or ``weak``, at least
    ``min-lines`` in all and ``min-strong`` of them ``patterns``, of which ``min-uncommon`` match
    none of ``common`` (what lists of a text hold, too), with at most ``max-loose`` lines of
    ``weak`` alone before the first and after the last of ``patterns``; ``paragraph``, a paragraph
    of at most ``max-words`` words in which ``min-evidence`` of ``patterns`` (searched, not matched
    whole) are found, in at least the share ``min-cover`` of its sentences, with a ``heading``
    line before it; ``tail``, everything from a matching line to the end of the document. Where
    one of ``not-near`` is found in one of three lines on either side, the rule does not act.
    ``place`` says where the rule acts: at the ``head`` or ``tail`` of a document, which are fifteen
    lines, or at its ``end``, where no sentence follows.

    ``alone = false`` makes a rule of labels that texts have, too: what it matches goes only with
    other furniture around it, in the same way for all such rules (`company`). Lines that match
    ``common`` are no such company. In a ``block``, strange lines may stand where ``bridge`` says so
    (`Bridge`). A ``paragraph`` holds one of ``required``; and where
    lines that the rule does not take speak of what ``about`` names, the document has it for its
    matter, and the rule does not act. A ``fixed`` rule knows texts word for word, which may be
    longer than the document they stand in: they do not count against its budget.
    """

    id: Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
    summary: Annotated[str, Meta(min_length=1)]
    languages: Annotated[tuple[str, ...], Meta(min_length=1)]
    scope: Literal["line", "block", "paragraph", "tail"]
    alone: bool = True
    fixed: bool = False
    patterns: Annotated[Patterns, Meta(min_length=1)]
    weak: Patterns = ()
    bridge: Bridge | None = None
    common: Patterns = ()
    heading: Patterns = ()
    starts: Patterns = ()
    required: Patterns = ()
    about: Patterns = ()
    before: Patterns = ()
    after: Patterns = ()
    not_near: Patterns = ()
    place: Literal["anywhere", "head", "tail", "end"] = "anywhere"
    max_words: Annotated[int, Meta(ge=1, le=400)] = 30
    min_lines: Annotated[int, Meta(ge=1)] = 1
    max_lines: Annotated[int, Meta(ge=1, le=400)] = 40
    min_strong: Annotated[int, Meta(ge=1)] = 1
    min_uncommon: Annotated[int, Meta(ge=0)] = 0
    max_matches: Annotated[int, Meta(ge=1)] = 1_000_000
    max_loose: Annotated[int, Meta(ge=0, le=400)] = 400
    min_share: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.0
    min_evidence: Annotated[int, Meta(ge=1)] = 2
    min_cover: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.5
    positive: Annotated[tuple[str, ...], Meta(min_length=3)]
    negative: Annotated[tuple[str, ...], Meta(min_length=3)]


def all_patterns(rule: LineRule) -> Iterator[tuple[str, str]]:
    """Yield the patterns of a rule, each with the key under which it stands."""
    for key in _PATTERN_KEYS:
        for pattern in getattr(rule, key):
            yield key, pattern
    for pattern in rule.bridge.patterns if rule.bridge else ():
        yield "bridge", pattern


class FiledRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule with its code.

    ``needs`` says of each pattern with which words (one of them is in every match; only their
    first characters, since few words more begin so and searching many words at once is dear) and
    how many characters a line that it matches may have. A ``custom`` rule is of a user's file.
    """

    code: str
    rule: LineRule
    needs: tuple[tuple[tuple[str, ...], int], ...]
    custom: bool = False


class RuleFileError(ValueError):
    """A rule file that cannot be used; the message lists every problem, one a line."""


def read_rule_file(path: Path | Any) -> tuple[list[FiledRule], list[str]]:
    """Return the rules of the TOML file `path` and its problems of form.

    A problem names file, rule and key. Examples and the danger of patterns are checked by
    `rulecheck.check_rule_file`, which also users' files go through when they are loaded.
    """
    name = str(path)
    try:
        text = read_small_file(path) if isinstance(path, Path) else path.read_text("utf-8-sig")
        content = tomllib.loads(text)
    except OSError as error:
        return [], [f"{name}: {error.strerror or error}"]
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return [], [f"{name}: {error}"]
    code = content.pop("code", _CUSTOM)
    entries = content.pop("rule", [])
    problems = [f"{name}: unknown key {key!r}" for key in sorted(content)]
    if code not in CODES - _WITHOUT_RULES:
        problems.append(f"{name}: code: {code!r} is not a code of boilerplate by rule")
    if not isinstance(entries, list) or not entries:
        return [], [*problems, f"{name}: no [[rule]] table"]
    rules = []
    seen: set[str] = set()
    custom = Path(name).parent != _PACKAGED
    for number, entry in enumerate(entries, 1):
        label = entry.get("id", f"number {number}") if isinstance(entry, dict) else number
        try:
            rule = msgspec.convert(entry, LineRule, strict=True)
        except msgspec.ValidationError as error:
            problems.append(f"{name}: rule {label}: {_key_first(str(error))}")
            continue
        if rule.id in seen:
            problems.append(f"{name}: rule {rule.id}: id: stands twice")
        seen.add(rule.id)
        rules.append(FiledRule(code, rule, tuple(_needs(rule)), custom))
    return rules, problems


def rule_problems(filed: FiledRule) -> list[str]:
    """Return what is wrong with a rule's patterns, each as ``key: message``."""
    problems = [
        f"{key}: {pattern!r}: {what}"
        for key, pattern in all_patterns(filed.rule)
        for what in pattern_problems(pattern)
    ]
    if problems:
        return problems
    for pattern in filed.rule.patterns:
        words = required_literals(pattern)
        if not words or min(len(word.encode()) for word in words) < 2:
            problems.append(f"patterns: {pattern!r}: every alternative needs a word of its own")
        if pattern != pattern.lower() and not set(pattern) & set("\\"):
            problems.append(f"patterns: {pattern!r}: lines are matched in lower case")
    return problems


def _needs(rule: LineRule) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the needs of each pattern."""
    for pattern in rule.patterns:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)
                words, width = required_literals(pattern), longest_match(pattern)
        except (re.error, OverflowError, RecursionError):
            words, width = frozenset(), 0
        if rule.scope == "paragraph":
            width = rule.max_words * _CHARACTERS_A_WORD
        yield tuple(sorted({word[:_NEEDLE] for word in words})), min(width, _WIDEST)


def _key_first(message: str) -> str:
    """Turn msgspec's ``what - at `$.key` `` into ``key: what``.

    >>> _key_first("Expected `str`, got `int` - at `$.scope`")
    'scope: Expected `str`, got `int`'
    >>> _key_first("Object contains unknown field `pattern`")
    'pattern: unknown key; did you mean `patterns`?'
    """
    unknown = _unknown_field.fullmatch(message)
    if unknown is not None:
        near = difflib.get_close_matches(unknown[1], LineRule.__struct_encode_fields__, 1)
        return f"{unknown[1]}: unknown key" + (f"; did you mean `{near[0]}`?" if near else "")
    missing = _missing_field.match(message)
    if missing is not None:
        return f"{missing[1]}: is missing"
    what, _, place = message.partition(" - at `$")
    place = place.rstrip("`").lstrip(".")
    return f"{place}: {what}" if place else what

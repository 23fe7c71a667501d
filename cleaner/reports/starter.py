"""A configuration to begin with: every setting explained, and what a first look has found."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

import msgspec

from cleaner.core.errors import one_line
from cleaner.core.rules import Rule
from cleaner.core.settings.config import Input, Section, Settings
from cleaner.core.settings.configfile import toml_value
from cleaner.reports.statistics import ranked

_WIDTH = 88
_MOST_RULES = 30
_MOST_NAMED = 8


@dataclass
class FirstLook:
    """What was found: files by format, those passed over by reason, and what cleaning would do.

    `whole` is not so where only a part was looked at. `taken` gives characters by rule, of so many.
    """

    formats: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    whole: bool = True
    documents: int = 0
    words: int = 0
    characters: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    fields: tuple[str, ...] = ()
    text_field: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def starter_config(look: FirstLook, rules: Mapping[str, Rule]) -> str:
    """Return the text of a ``cleaner.toml`` in which all but what was found out is a comment."""
    lines = [*_found(look), "", *_rules(look, rules), "", *_settings(look)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _comment(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        one_line(text),
        _WIDTH,
        initial_indent="# ",
        subsequent_indent=f"# {indent}",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _found(look: FirstLook) -> Iterator[str]:
    yield "# Settings of cleaner, in force in this folder and below. What begins with # is a"
    yield "# comment: take the sign away to change a setting; shown is what holds otherwise."
    yield "# `cleaner config` shows what is in force, `cleaner rule CODE` explains a rule."
    yield ""
    if not look.formats:
        yield "# There was nothing to read when this was written."
        yield from _passed_over(look)
        return
    files = look.formats.total()
    yield from _comment(f"Found: {files:,} files, {look.bytes:,} bytes: {_shares(look.formats)}.")
    yield from _passed_over(look)
    part = "All of it was" if look.whole else "A part of it was"
    yield from _comment(f"{part} looked at: {look.documents:,} documents, {look.words:,} words.")
    if look.languages:
        yield from _comment(f"Languages, by documents: {_shares(look.languages)}.")
    for problem in look.problems[:_MOST_NAMED]:
        yield from _comment(f"Could not be read: {problem}")
    if len(look.problems) > _MOST_NAMED:
        yield f"# … and {len(look.problems) - _MOST_NAMED:,} more could not."


def _passed_over(look: FirstLook) -> list[str]:
    if not look.skipped:
        return []
    reasons = ", ".join(f"{count:,} {why}" for why, count in ranked(look.skipped)[:_MOST_NAMED])
    return _comment(f"Passed over: {reasons}.")


def _shares(counts: Mapping[str, int]) -> str:
    shown = [f"{name} {count:,}" for name, count in ranked(counts)]
    more = len(shown) - _MOST_NAMED
    return ", ".join(shown[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _rules(look: FirstLook, rules: Mapping[str, Rule]) -> Iterator[str]:
    """Yield what the rules would do."""
    if not look.documents:
        return
    if not look.counts:
        yield "# No rule found anything there."
        return
    yield "# What the rules would do there (edits, share of the characters that would go, rule):"
    for code, count in ranked(look.counts)[:_MOST_RULES]:
        rule = rules[code]
        share = max(0, look.taken[code]) / max(1, look.characters)
        what = "a note, changes nothing" if rule.notes else rule.summary
        yield f"# {count:>9,} {share:>7.2%}  {code} {rule.name}: {what}"
    if (more := len(look.counts) - _MOST_RULES) > 0:
        yield f"# … and {more:,} more rules"
    yield "# See each of them with `cleaner check`, and all of it with `cleaner clean --dry-run`."


def _settings(look: FirstLook) -> Iterator[str]:
    set_here: dict[str, Any] = {}
    if look.text_field and look.text_field != Input().text_field:
        set_here["text-field"] = look.text_field
    tables = []
    for one in msgspec.structs.fields(Settings):
        default = one.default
        if isinstance(default, Section):
            tables.append((one.encode_name, default))
        elif one.name not in ("per_file_ignores", "ignore_texts"):
            yield from _setting(one, {})
    for name, table in tables:
        yield ""
        yield f"[{name}]"
        for one in msgspec.structs.fields(type(table)):
            if one.name == "text_field" and look.fields:
                fields = ", ".join(look.fields[:_MOST_NAMED])
                yield from _comment(f"The records have {fields}.")
            yield from _setting(one, set_here)
    yield ""
    yield from _comment(
        "Codes or prefixes that do not act in files that a pattern fits, as in .gitignore:"
    )
    yield "[per-file-ignores]"
    yield '# "*.md" = ["FMT"]'


def _setting(one: msgspec.structs.FieldInfo, set_here: Mapping[str, Any]) -> Iterator[str]:
    """Yield a setting with what it means, set or as it is by default."""
    value_type, *notes = get_args(one.type)
    choices = get_args(value_type) if get_origin(value_type) is Literal else ()
    described = [note.description for note in notes if isinstance(note, msgspec.Meta)][-1]
    yield from _comment(f"{described}{': ' * bool(choices)}{', '.join(map(toml_value, choices))}")
    name = one.encode_name
    if name in set_here:
        yield f"{name} = {toml_value(set_here[name])}"
    else:
        yield f"# {name} = {toml_value(one.default)}"

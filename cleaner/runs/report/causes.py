"""The rules that took most text away, each with an example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from cleaner.core.document import place_in
from cleaner.formats.registry import format_of
from cleaner.journal.read import read_batches, read_files
from cleaner.journal.tables import EDITS, escaped, unescaped
from cleaner.journal.tally import COLUMNS, RuleTally, Tally
from cleaner.reports.summary import Cause, Causes
from cleaner.runs.rule_registry import noting_rules, rule_names
from cleaner.storage.compress import SUFFIXES

_MOST = 3


def causes_of(output: Path) -> Causes:
    """Return what took most in the run that wrote an output folder, by its journal."""
    tally = Tally()
    for batch in read_batches(output, EDITS, COLUMNS):
        tally.add(batch)
    if any(rule.whole for rule in tally.rules.values()):
        # Whole records stand elsewhere in the journal.
        from cleaner.runs.report.survey import take_survey

        names = [escaped(file.file) for file in read_files(output)]
        tally = take_survey(output, names).tally
    fields = {escaped(file.file): file.fields for file in read_files(output)}
    return causes_in(tally, fields)


def causes_in(tally: Tally, fields: Mapping[str, int] = MappingProxyType({})) -> Causes:
    """Return what took most, and how many notes there are of each rule.

    `fields`: how many texts the records of a file have, where these count as records.
    """
    notes = {code: tally.rules[code].notes for code in noting_rules(tally.rules)}
    return Causes(largest_causes(tally, fields=fields), notes)


def largest_causes(
    tally: Tally, prefixes: Sequence[str] = ("",), fields: Mapping[str, int] = MappingProxyType({})
) -> list[Cause]:
    """Return the three rules that took most, of those whose codes begin with one of `prefixes`.

    `fields`: how many texts the records of a file have, where these count as records.
    """
    names = rule_names(tally.rules)
    found = [
        (rule.taken + (rule.before if rule.whole else 0), code)
        for code, rule in tally.rules.items()
        if code.startswith(tuple(prefixes))
    ]
    causes = []
    for taken, code in sorted(found, key=lambda one: (-one[0], one[1]))[:_MOST]:
        rule = tally.rules[code]
        if not taken:
            break
        causes.append(
            Cause(
                code=code,
                name=names.get(code, ""),
                edits=rule.edits,
                taken=taken,
                place=_place(rule, fields.get(rule.file, 1)),
                example=rule.example,
                whole=bool(rule.whole),
            )
        )
    return causes


def _place(rule: RuleTally, fields: int) -> str:
    """Return where the largest removal of a rule was, as `explain` takes it for records."""
    name = unescaped(rule.file)
    format = format_of(name, tuple(SUFFIXES))
    is_place = format is not None and not format.one_document
    return place_in(name, rule.record, fields) if is_place else name

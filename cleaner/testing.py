"""The contracts of formats, steps and reports, for the tests of packages that bring some.

Each function raises AssertionError with what is broken, and by what input.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cleaner.core.document import Source
from cleaner.core.edits import apply_edits
from cleaner.core.findings import Finding, undo_steps
from cleaner.core.rules import Rule, Safety
from cleaner.core.settings.config import Input, Settings
from cleaner.formats.base import Format, PassedOn, Record
from cleaner.reports.findings.context import ReportContext
from cleaner.runs.rule_registry import context_for
from cleaner.steps.own import OwnStep

# Texts with what trips people up.
TEXTS = (
    "",
    " ",
    "\n",
    "one",
    "one line\n",
    "two\r\nlines\r",
    "\ttabs\tand  spaces \n\n\n",
    "café, naïve, Ω, 日本語, עברית, 🙂\n",
    "\ufeffmark \u200b zero width \u2028 separator \x00 control",
    "no text: \udce9 \ud83d",
    "a" * 10_000,
    "x!? " * 5_000,
    "\n".join(f"line {number}" for number in range(500)),
)


def check_step(step: OwnStep, texts: Iterable[str] = TEXTS) -> None:
    """Check that a step is a pure function whose edits apply, go back, and come to rest.

    Examples of its rules are checked too: the text before becomes the one after.
    """
    context = context_for(Settings())
    codes = {rule.code for rule in step.rules}
    for text in texts:
        result = step(text, context)
        about = f"of {text[:60]!r}"
        _require(step(text, context) == result, f"another result the second time {about}")
        at = 0
        for edit in result.edits:
            _require(edit.code in codes, f"an edit by {edit.code}, no rule of its own, {about}")
            _require(at <= edit.start <= edit.end <= len(text), f"edits out of order {about}")
            _require(text[edit.start : edit.end] == edit.before, f"a wrong `before` {about}")
            at = edit.end
        _require(apply_edits(text, result.edits) == result.text, f"edits that do not apply {about}")
        _require(undo_steps(result.text, [result.edits]) == text, f"no way back {about}")
        again = step(result.text, context)
        _require(again.text == result.text, f"not at rest: it changes its own result {about}")
    for rule in step.rules:
        _check_examples(step, rule)


def _check_examples(step: OwnStep, rule: Rule) -> None:
    _require(bool(rule.examples), f"{rule.code} has no example")
    settings = Settings(select=(rule.code,), unsafe_fixes=rule.safety is Safety.UNSAFE)
    context = context_for(settings) if _is_known(rule) else context_for(Settings())
    for example in rule.examples:
        made = step(example.before, context).text
        _require(made == example.after, f"{rule.code}: {example.before!r} becomes {made!r}")


def _is_known(rule: Rule) -> bool:
    """Whether the package of the rule is installed, so that its code can be selected."""
    from cleaner.runs.rule_registry import all_rules

    return rule.code in all_rules()


def check_format(format: Format, files: Iterable[bytes], *, options: Input | None = None) -> None:
    """Check that a format gives the bytes of each file back, and is read again with any text."""
    options = options or Input()
    for data in files:
        about = f"of {data[:60]!r}"
        records = list(format.records(io.BytesIO(data), options))
        _require(b"".join(record.raw for record in records) == data, f"lost bytes {about}")
        numbers = [record.number for record in records]
        _require(numbers == list(range(1, len(records) + 1)), f"wrong record numbers {about}")
        for record in records:
            parsed = format.parse(record, "name", options)
            if parsed is None or isinstance(parsed, PassedOn):
                continue
            text = parsed.document.text
            source = format.source(parsed.form, parsed.frame, text)
            _require(source == record.raw, f"a record comes back as {source[:60]!r} {about}")
            for other in (text, f"another  {text}", *_UNUSUAL):
                written = Record(record.number, format.written(parsed.frame, other), record.layout)
                opened = format.opened(written, options)
                _require(
                    opened == (parsed.frame, other),
                    f"{other[:40]!r}, written, is read as {opened!r} {about}",
                )


# Texts that any record must be able to hold: what cleaning leaves is one of them.
_UNUSUAL = ("one", "two\nlines\n", "café 日本語 🙂")


def check_report(
    report: Callable[[Iterable[Finding], ReportContext], Iterator[str]],
    findings: Sequence[Finding] = (),
) -> str:
    """Check that a report is of text, the same each time, and takes no findings too; return it."""
    from cleaner.runs.rule_registry import all_rules

    findings = findings or _FINDINGS
    context = ReportContext(all_rules(), Path.cwd())
    for given in (findings, ()):
        pieces: list[Any] = list(report(iter(given), context))
        _require(all(isinstance(piece, str) for piece in pieces), "a piece that is no text")
        _require(list(report(iter(given), context)) == pieces, "another report the second time")
    return "".join(report(iter(findings), context))


_FINDINGS = (
    Finding(
        Source("a,b\n.txt"), "a", 1, 9, 8, 10, "FMT508", 'more than one space: "  " -> " "',
        "  ", " ", "", end_line=1, end_column=11,
    ),
    Finding(
        Source("c.jsonl", 7), "c", 7, 1, 0, 5, "ENC111", "mojibake", "cafÃ©", "café", "é; <x>",
        end_line=7, end_column=6,
    ),
    Finding(Source("d.txt"), "d", 1, 1, 0, 0, "ENC104", "a note", "", "", "why", note=True),
)  # fmt: skip


def _require(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise AssertionError(otherwise)

"""The list of rules, and the page of one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from cleaner.core.findings import shown
from cleaner.core.rules import FAMILIES, Example, Rule, Safety

_SAFETY = {
    Safety.SAFE: "safe: acts by default",
    Safety.UNSAFE: "unsafe: acts only with --unsafe-fixes",
    Safety.ON_REQUEST: "on request: acts only when --select names its full code",
}
_NOTE = "none, a note: `clean` leaves it as it is; `check --strict` counts it"


def rule_list(rules: Iterable[Rule]) -> str:
    """Return a line a rule, by family."""
    lines = []
    family = ""
    for rule in rules:
        if rule.family != family:
            family = rule.family
            lines.append(f"{rule.code[:3]}  {FAMILIES[rule.code[:3]]}")
        mark = "" if rule.safety is Safety.SAFE else f"  [{rule.safety.value}]"
        lines.append(f"  {rule.code}  {rule.name:<22} {rule.summary}{mark}")
    return "\n".join(lines) + "\n"


def rule_page(rule: Rule) -> str:
    """Return what, why, an example before and after, safe or unsafe."""
    lines = [
        f"{rule.code} {rule.name} ({rule.family})",
        "",
        rule.summary[0].upper() + rule.summary[1:] + ".",
        "",
        *textwrap.wrap(rule.rationale, 88),
        "",
        f"Fix: {_NOTE if rule.notes else _SAFETY[rule.safety]}.",
    ]
    for example in sorted(rule.examples, key=_kind):
        before, after = (shown(text, 600) for text in example[:2])
        lines.append("")
        if example.before != example.after:
            told = f" (with {example.option})" if example.option else ""
            lines += [f"  before  {before}", f"  after   {after}{told}"]
        elif example.note:
            lines += [f"  text    {before}", f"  told    {example.note}"]
        else:
            lines.append(f"  stays   {before}")
    return "\n".join(lines) + "\n"


def _kind(example: Example) -> int:
    """Return where an example stands on the page: changes, then notes, then what stays."""
    return 0 if example.before != example.after else 1 if example.note else 2

"""The list of rules, and the page of one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from cleaner.core.findings import shown
from cleaner.core.rules import Example, Rule, Safety

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
            lines.append(f"{rule.code[:3]}  {family}")
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
        lines.append("")
        if example.before != example.after:
            lines += [*_text("before", example.before), *_text("after", example.after)]
        elif example.note:
            lines += [*_text("text", example.before), *_text("told", example.note)]
        else:
            lines += _text("stays", example.before)
    return "\n".join(lines) + "\n"


def _kind(example: Example) -> int:
    """Return where an example stands on the page: changes, then notes, then what stays."""
    return 0 if example.before != example.after else 1 if example.note else 2


def _text(label: str, text: str) -> list[str]:
    """Return an example's text under a label; one of several files line by line."""
    if text.startswith("==> "):
        return [f"  {label}", *(f"    {line}".rstrip() for line in text.rstrip().split("\n"))]
    return [f"  {label:<7} {shown(text, 600)}"]

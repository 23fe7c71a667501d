"""The list of rules, and the page of one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from cleaner.core.findings import shown
from cleaner.core.rules import FAMILIES, Rule, Safety

_SAFETY = {
    Safety.SAFE: "safe: acts by default",
    Safety.UNSAFE: "unsafe: acts only with --unsafe-fixes",
    Safety.ON_REQUEST: "on request: acts only when --select names its full code",
}


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
        f"Fix: {_SAFETY[rule.safety]}.",
    ]
    changing = [example for example in rule.examples if example.before != example.after]
    told = [example for example in rule.examples if example.reported]
    kept = [e for e in rule.examples if e.before == e.after and not e.reported]
    for example in changing:
        lines += ["", *_text("before", example.before), *_text("after", example.after)]
    for example in told:
        lines += ["", *_text("told of", example.before)]
    for example in kept:
        lines += ["", *_text("stays", example.before)]
    return "\n".join(lines) + "\n"


def _text(label: str, text: str) -> list[str]:
    """Return an example's text under a label; one of several files line by line."""
    if text.startswith("==> "):
        return [f"  {label}", *(f"    {line}".rstrip() for line in text.rstrip().split("\n"))]
    return [f"  {label:<7} {shown(text, 200)}"]

"""A page for each rule, and one that lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cleaner.api import rules
from cleaner.core.rules import Rule, Safety
from docs.generators.markdown import block, prose, visible

_SAFETY = {
    Safety.SAFE: "Safe: it acts by default.",
    Safety.UNSAFE: "Unsafe: it acts only with `--unsafe-fixes`.",
    Safety.ON_REQUEST: "On request: it acts only where `--select` names its full code.",
}
_NOTE = (
    "None: this is a note on text that `clean` leaves as it is. Alone, notes end `check` with "
    "status 0, with `--strict` with status 1."
)
_MARKS = {Safety.SAFE: "", Safety.UNSAFE: "unsafe", Safety.ON_REQUEST: "on request"}


def rule_pages() -> dict[str, str]:
    """Return the pages by their path."""
    known = list(rules().values())
    pages = {f"rules/{rule.code}.md": "\n".join(_page(rule)) for rule in known}
    pages["rules/index.md"] = "\n".join(_index(known))
    return pages


def _index(known: Iterable[Rule]) -> Iterator[str]:
    yield "# Rules\n"
    yield (
        "Every defect has a code, and every code a page: what it is, why it matters, what is done "
        "about it, with examples that are tests. `cleaner rule ENC110` prints the same page.\n"
    )
    yield (
        "`--select` and `--ignore` take codes or the beginnings of codes, as in ruff: "
        "`--select ENC,GLU2` lets two groups act, `--ignore FMT508` leaves one rule out.\n"
    )
    family = ""
    pages = []
    for rule in known:
        pages.append(rule.code)
        if rule.code[:3] != family:
            family = rule.code[:3]
            yield f"\n## {family}: {rule.family}\n"
            yield "| code | name | what it finds | |\n| --- | --- | --- | --- |"
        mark = "note" if rule.notes else _MARKS[rule.safety]
        yield f"| [{rule.code}]({rule.code}.md) | {rule.name} | {prose(rule.summary)} | {mark} |"
    yield "\n```{toctree}\n:hidden:\n"
    yield from pages
    yield "```\n"


def _page(rule: Rule) -> Iterator[str]:
    yield f"# {rule.code} {rule.name}\n"
    yield f"**{prose(rule.summary[0].upper() + rule.summary[1:])}.** Family: {rule.family}.\n"
    yield "## Why\n"
    yield f"{prose(rule.rationale)}\n"
    yield "## What is done\n"
    yield f"{_NOTE if rule.notes else _SAFETY[rule.safety]}\n"
    yield from _examples(rule)
    yield from _switches(rule)


def _examples(rule: Rule) -> Iterator[str]:
    if not rule.examples:
        return
    yield "## Examples\n"
    if any(visible(text) != text for one in rule.examples for text in one):
        yield "What cannot be seen is written as its escape: `\\u200b` is a zero-width space.\n"
    changed = [one for one in rule.examples if one.before != one.after]
    told = [one for one in rule.examples if one.before == one.after and one.note]
    stays = [one for one in rule.examples if one.before == one.after and not one.note]
    for example in changed:
        yield from _text("Before", example.before)
        yield from _text("After", example.after)
    for example in told:
        yield from _text("Stays, with a note", example.before)
        yield f"The note: {prose(visible(example.note))}\n"
    for example in stays:
        yield from _text("Stays", example.before)


def _text(label: str, text: str) -> Iterator[str]:
    yield f"{label}:\n"
    yield block(visible(text)) if text else "(nothing)\n"


def _switches(rule: Rule) -> Iterator[str]:
    yield "## Switch it on or off\n"
    selected = f"cleaner check corpus --select {rule.code}"
    if rule.safety is Safety.UNSAFE:
        selected += " --unsafe-fixes"
    lines = [f"{selected}  # this rule alone"]
    if rule.safety is Safety.SAFE:
        lines.append(f"cleaner check corpus --ignore {rule.code}  # all but this rule")
    yield block("\n".join(lines), "sh")
    yield "In `cleaner.toml`:\n"
    if rule.safety is Safety.SAFE:
        yield block(
            f'ignore = ["{rule.code}"]  # nowhere\n\n'
            f'[per-file-ignores]\n"letters/" = ["{rule.code}"]  # not in these files\n',
            "toml",
        )
        yield (
            f"Or in the text itself: `<!-- cleaner: ignore {rule.code} -->`, where it has comments "
            "([how](../guide/ignoring.md)).\n"
        )
    elif rule.safety is Safety.UNSAFE:
        yield block("unsafe-fixes = true  # it acts, and so do all others of this kind\n", "toml")
    else:
        yield block(f'select = ["ALL", "{rule.code}"]  # all safe rules, and this one\n', "toml")
    if rule.code.startswith("BOI3"):
        yield (
            "Text that boilerplate rules are never to take is named by pattern: "
            "[`boilerplate.keep`](../configuration.md).\n"
        )

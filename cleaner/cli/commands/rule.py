"""``cleaner rule``."""

from __future__ import annotations

import click

from cleaner.core.errors import UsageError


@click.command(
    "rule",
    epilog="""\b
Examples:
  cleaner rule
  cleaner rule ENC110""",
)
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """List the rules, or show the page of one CODE."""
    from cleaner.api import rules
    from cleaner.reports.rulepage import rule_list, rule_page

    known = rules()
    if code is None:
        click.echo(rule_list(known.values()), nl=False)
        return
    rule = known.get(code.upper())
    if rule is None:
        raise UsageError(f"no rule {code!r}", hint="`cleaner rule` lists them")
    click.echo(rule_page(rule), nl=False)

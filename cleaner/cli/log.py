"""What a run says on standard error: lines for people, or one JSON object a line for programs."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from cleaner.core.urls import redacted

if TYPE_CHECKING:
    from cleaner.reports.record import RunReport

F = TypeVar("F", bound=Callable[..., Any])
Level = Literal["debug", "info", "warning", "error"]

_VERBOSE, _FORMAT = "cleaner.verbose", "cleaner.log-format"
_OPTION = "--log-format"


@dataclass(frozen=True)
class Log:
    """How to say things: `verbose` says more; `as_json` says all of it for programs."""

    verbose: bool = False
    as_json: bool = False

    @classmethod
    def current(cls) -> Log:
        """Return what the running command was asked for."""
        context = click.get_current_context(silent=True)
        if context is None:
            return cls()
        return cls(bool(context.meta.get(_VERBOSE)), context.meta.get(_FORMAT) == "json")

    def tell(self, text: str, event: str, level: Level = "info", **values: Any) -> None:
        """Say `text` to people, or an event with its values to programs."""
        if self.as_json:
            shown = {name: _shown(value) for name, value in values.items()}
            click.echo(json_line(event, level, redacted(text), **shown), err=True)
        else:
            click.echo(redacted(text), err=True)

    def detail(self, text: str, event: str, **values: Any) -> None:
        """Say what programs always hear, and people who want to know more."""
        if self.as_json or self.verbose:
            self.tell(f"cleaner: {text}", event, "debug", **values)


def _shown(value: Any) -> Any:
    return redacted(value) if isinstance(value, str) else value


def tell_done(report: RunReport, seconds: float) -> None:
    """Tell programs what a run came to; people read its summary."""
    log = Log.current()
    if log.as_json:
        log.tell(
            "done", "done", files=len(report.files), problems=len(report.problems),
            bytes_before=report.bytes_before, bytes_after=report.bytes_after,
            counts=dict(report.counts), stable=report.stable, seconds=round(seconds, 3),
        )  # fmt: skip


def json_line(event: str, level: Level, text: str, **values: Any) -> str:
    """Return an event as a line of JSON."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
    said = text.removeprefix("cleaner: ").removeprefix(f"{level}: ").removeprefix("note: ")
    return json.dumps(
        {"time": now, "level": level, "event": event, "message": said.strip(), **values}
    )


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether a command line asks for JSON, as far as can be told before it is read.

    >>> asks_for_json(["check", "--log-format", "json"]), asks_for_json(["check", "json"])
    (True, False)
    """
    return any(
        one == f"{_OPTION}=json" or (one == _OPTION and following == "json")
        for one, following in pairwise([*arguments, ""])
    )


def log_options(command: F) -> F:
    """Add ``--verbose`` and ``--log-format``, which `Log.current` knows."""
    command = click.option(
        _OPTION,
        type=click.Choice(["text", "json"]),
        expose_value=False,
        callback=_keep(_FORMAT),
        help="json: what is said on standard error is one JSON object a line.  [default: text]",
    )(command)
    return click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        callback=_keep(_VERBOSE),
        help="Say which settings hold, what each stage does and takes, and what is passed over.",
    )(command)


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        context.meta[name] = value

    return callback

"""The options that say what runs the passes: this machine, or Apache Spark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cleaner.core.errors import UsageError
from cleaner.engines.base import EngineFactory

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--engine",
        type=click.Choice(["local", "spark"]),
        default="local",
        help="What runs the passes: this machine, or Apache Spark (extra `spark`, Java 17).  "
        "[default: local]",
    ),
    click.option(
        "--master",
        metavar="URL",
        help="With --engine spark: its master, e.g. spark://host:7077, yarn.  [default: local[*]]",
    ),
    click.option(
        "--conf",
        multiple=True,
        metavar="KEY=VALUE",
        help="With --engine spark: a setting of Spark's. May be repeated.",
    ),
)


def engine_options(command: F) -> F:
    """Add ``--engine`` and what goes with it."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def cluster_of(engine: str, master: str | None, conf: tuple[str, ...]) -> EngineFactory | None:
    """Return what gives the engine that the options ask for; None for this machine's."""
    if engine != "spark":
        if master is not None or conf:
            raise UsageError("--master and --conf are of Spark", hint="give --engine spark")
        return None
    from cleaner.engines.spark.engine import Cluster
    from cleaner.engines.spark.session import DEFAULT_MASTER, check_pyspark

    check_pyspark()
    settings = {}
    for one in conf:
        key, equals, value = one.partition("=")
        if not key or not equals:
            raise UsageError("wrong value for --conf", where=one, hint="write KEY=VALUE")
        settings[key] = value
    return Cluster(master or DEFAULT_MASTER, settings).open

"""How far a run is, for people."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Protocol

_WORDS = {
    "fetch": "fetching",
    "parse": "reading",
    "learn": "learning",
    "normalize": "repairing",
    "sign": "reading and signing",
    "deduplicate": "comparing",
    "write": "writing",
    "publish": "publishing",
}

_STATES = {
    "running": "is running",
    "stopped": "was stopped; the same command goes on where it stood",
    "publishing": "is done, but for bringing it there, which the same command goes on with",
    "finished": "is finished",
}


class _Stage(Protocol):
    name: str
    done: int
    total: int | None
    seconds: float


class _Status(Protocol):
    state: str
    process: int
    begun: float
    told: float
    problems: int

    @property
    def stages(self) -> Sequence[_Stage]: ...


def status_lines(status: _Status, where: str) -> Iterator[str]:
    """Yield what a person may want to know, on less than a screen."""
    yield f"the run into {where} {_STATES[status.state]}"
    if status.process:
        begun = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(status.begun))
        passed = _clock(status.told - status.begun)
        yield f"begun {begun} by process {status.process}; last heard of {passed} later"
    for stage in status.stages:
        word = _WORDS.get(stage.name, stage.name)
        yield f"  {word:<20}{_share(stage):>7}  {_clock(stage.seconds)}"
    if status.problems:
        yield f"{status.problems:,} inputs or records could not be read"


def _share(stage: _Stage) -> str:
    return f"{min(1.0, stage.done / stage.total):.1%}" if stage.total else ""


def _clock(seconds: float) -> str:
    """Return a time as a clock shows it.

    >>> _clock(3725.4)
    '1:02:05'
    """
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"

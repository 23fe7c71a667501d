"""Progress on the terminal: one bar over the whole run, problems as they come."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Never, Self

from cleaner.cli.log import Log
from cleaner.cli.process import kernels_are_compiled
from cleaner.cli.time_left import TimeLeft
from cleaner.core.errors import CleanerError, one_line
from cleaner.storage.ignoring import told_of

if TYPE_CHECKING:
    from tqdm import tqdm

Run = Literal["clean", "check", "fit", "paragraph", "line", "record"]

_NAMES = {
    "fetch": "Fetching",
    "parse": "Reading",
    "learn": "Learning",
    "normalize": "Repairing",
    "sign": "Reading and signing",
    "deduplicate": "Comparing",
    "write": "Writing",
    "publish": "Publishing",
}

# What the reports of a stage count, where they are no tasks.
_UNITS = {"parse": "bytes", "normalize": "bytes", "sign": "bytes"}

_CHECK = (
    ("parse", 0.07),
    ("learn", 0.2),
    ("normalize", 0.38),
    ("deduplicate", 0.16),
    ("learn", 0.09),
    ("normalize", 0.07),
)
_DEDUP = (("sign", 0.25), ("deduplicate", 0.38), ("write", 0.37))
# What share of a run its stages take on news, web pages, documentation and novels, between them
# (`python -m benchmarks.clean.stages`).
_PLANS: dict[Run, tuple[tuple[str, float], ...]] = {
    "clean": (*_CHECK, ("write", 0.03)),
    "check": _CHECK,
    "fit": (("parse", 0.25), ("learn", 0.75)),
    "paragraph": _DEDUP,
    "line": _DEDUP,
    "record": (("sign", 0.5), ("deduplicate", 0.15), ("write", 0.35)),
}
_FORM = "{desc:<20}{percentage:5.1f}%|{bar}| {elapsed}{postfix}"
_EVERY = 0.4
# So many problems of one file that are alike are told one by one.
_MOST_ALIKE = 5
# FILE:RECORD, and what is wrong with it without why.
_OF_A_RECORD = re.compile(r"(.+?):\d+: ([^:;]+)")

_INTERPRETED = (
    "cleaner: note: the compiled parts of cleaner are missing, so this takes many times as "
    "long; install it again where a C compiler is at hand"
)


class Progress:
    """Progress as a bar on stderr, only on a terminal, and a count of problems.

    A thread draws it, so that it moves while a stage reports nothing. What the command is asked to
    say more, or in another form, it says so.
    """

    def __init__(self, run: Run, *, quiet: bool) -> None:
        self._quiet = quiet
        self._log = Log.current()
        self._stage = ""
        self._stage_begun = 0.0
        self._done = 0
        self._begun = time.monotonic()
        self._time_left = TimeLeft(_PLANS[run], self._begun)
        self._bar: tqdm[Never] | None = None
        self._ended = threading.Event()
        self._drawing = threading.Thread(target=self._draw_again, daemon=True)
        self._lock = threading.Lock()
        self.problems = 0
        # How often what was said of a file: a table without the field would say it of each record.
        self._told: Counter[tuple[str, str]] = Counter()

    def begin(self, stage: str, total: int | None) -> None:
        """Go on to a stage."""
        self._end_stage()
        self._stage, self._stage_begun, self._done = stage, time.monotonic(), 0
        name = _NAMES.get(stage, stage)
        of = "" if total is None else f" ({total:,} {_UNITS.get(stage, 'tasks')})"
        self._log.detail(f"{name}{of}", "stage", stage=stage, total=total)
        with self._lock:
            self._time_left.begin(stage, total, time.monotonic())
            if self._bar is not None:
                self._bar.set_description_str(_NAMES.get(stage, stage), refresh=False)
        self._draw()

    def advance(self, count: int) -> None:
        """Hear what the stage has done more."""
        with self._lock:
            self._done += count
            self._time_left.advance(count, time.monotonic())

    def problem(self, error: CleanerError) -> None:
        """Print the error above the bar; `quiet` does not hide errors."""
        with self._lock:
            self.problems += 1
            if found := _OF_A_RECORD.match(str(error)):
                about = (found[1], found[2])
                self._told[about] += 1
                if self._told[about] > _MOST_ALIKE:
                    return
            if self._bar is not None:
                self._bar.clear()
            self._log.tell(
                f"cleaner: error: {error}", "problem", "error",
                where=error.where, what=error.what, why=error.why, hint=error.hint,
            )  # fmt: skip

    def passed_over(self, skipped: Mapping[str, str]) -> None:
        """Tell of what nobody asked for, but somebody may have expected to be read."""
        told = told_of(skipped)
        if told and not self._quiet:
            text = f"cleaner: note: {one_line(told)}"
            self._log.tell(text, "passed-over", "warning", count=len(skipped))
        if self._log.verbose:
            for name, why in sorted(skipped.items()):
                self._log.detail(
                    f"passed over: {one_line(name)}: {why}", "skipped", file=name, why=why
                )

    def remark(self, message: str) -> None:
        """Print a note above the bar."""
        with self._lock:
            if self._bar is not None:
                self._bar.clear()
            if not self._quiet:
                self._log.tell(f"cleaner: note: {one_line(message)}", "note", "warning")

    def seconds(self) -> float:
        """Return how long the run has taken so far."""
        return time.monotonic() - self._begun

    def close(self) -> None:
        """Take the bar away."""
        self._end_stage()
        if self._bar is not None:
            self._ended.set()
            self._drawing.join()
            self._bar.close()
            self._bar = None
        for (where, _), count in self._told.items():
            if count > _MOST_ALIKE:
                more = count - _MOST_ALIKE
                said = f"{where}: the same of {more:,} more records"
                self._log.tell(f"cleaner: error: {said}", "problem", "error", count=more)
        self._told.clear()

    def __enter__(self) -> Self:
        if not self._quiet and not kernels_are_compiled():
            self._log.tell(_INTERPRETED, "interpreted", "warning")
        if not self._quiet and not self._log.as_json and sys.stderr.isatty():
            from tqdm import tqdm

            tqdm.monitor_interval = 0  # no second thread of its own
            self._bar = tqdm(total=1.0, bar_format=_FORM, leave=False, file=sys.stderr)
            self._drawing.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _end_stage(self) -> None:
        """Say how long the stage took that was begun last."""
        if self._stage:
            seconds = round(time.monotonic() - self._stage_begun, 3)
            self._log.detail(
                f"{_NAMES.get(self._stage, self._stage)} took {seconds:.1f} s", "stage-done",
                stage=self._stage, seconds=seconds, done=self._done,
            )  # fmt: skip
            self._stage = ""

    def _draw_again(self) -> None:
        while not self._ended.wait(_EVERY):
            self._draw()

    def _draw(self) -> None:
        with self._lock:
            bar = self._bar
            if bar is None:
                return
            now = time.monotonic()
            bar.n = self._time_left.share_done(now)
            left = self._time_left.left(now)
            if left is not None:
                bar.set_postfix_str(f"{bar.format_interval(left)} left", refresh=False)
            bar.refresh()

"""How far a run is, and how long it will still take, judged by how its stages went so far."""

from __future__ import annotations

from collections.abc import Sequence

# A stage that no plan names is taken for such a share of the run.
_UNPLANNED = 0.1
# A stage is over only when the next begins: until then it takes at least so much more of the time
# thought of, and half as much again as it is late.
_LEAST_MORE = 0.02
_LATE = 0.5
# Once this much of a stage is done, what it said itself outweighs what was known beforehand.
_TRUSTED = 0.5
# The time left is not told before so much of the plan has gone: corpora differ in their stages.
_ENOUGH = 0.1
# Where a stage goes slower than was thought, the share done rises all the same, so much more slowly
# than it should; where nothing is known, by what would fill it in so many seconds.
_CREEP = 0.25
_UNKNOWN = 500.0


class TimeLeft:
    """The time left of a run whose stages take about the shares of it that `plan` says.

    Stages come in the order of the plan; they may be left out, or come once more than planned.
    Times are seconds of any clock, which the caller reads.

    >>> run = TimeLeft([("read", 0.2), ("repair", 0.8)], now=0.0)
    >>> run.begin("read", 100, now=0.0)
    >>> run.advance(50, now=1.0)
    >>> run.left(now=1.0), run.share_done(now=1.0)
    (9.0, 0.1)
    >>> run.begin("repair", None, now=2.0)
    >>> run.left(now=4.0), run.share_done(now=4.0)
    (6.0, 0.4)
    """

    def __init__(self, plan: Sequence[tuple[str, float]], now: float) -> None:
        self._ahead = list(plan)
        self._shares = dict(reversed(plan))  # of a stage that comes twice, the larger first one
        self._start = self._since = self._told_at = self._shown_at = now
        self._stage = ""
        self._share = 0.0
        self._total: int | None = None
        self._count = 0
        # Of the stages that are over: what shares of the plan they were, and how long they took.
        self._shares_over = self._seconds_over = 0.0
        self._paces: dict[str, float] = {}
        self._shown = 0.0

    def begin(self, stage: str, total: int | None, now: float) -> None:
        """Begin a stage, which ends the one before it; `total` is what its reports come to."""
        if self._stage:
            seconds = now - self._since
            self._shares_over += self._share
            self._seconds_over += seconds
            self._paces[self._stage] = seconds / self._share
        names = [name for name, _ in self._ahead]
        if stage in names:
            place = names.index(stage)
            self._share = self._ahead[place][1]
            del self._ahead[: place + 1]
        else:
            self._share = self._shares.get(stage, _UNPLANNED)
        self._stage, self._total, self._count = stage, total, 0
        self._since = self._told_at = now

    def advance(self, count: int, now: float) -> None:
        """Count what the stage has done more."""
        self._count += count
        self._told_at = now

    def left(self, now: float) -> float | None:
        """Return how many seconds the run will still take; None where nothing tells."""
        whole = self._whole_stage()
        if whole is None or self._shares_over + self._share * self._told() < _ENOUGH:
            return None
        passed = now - self._since
        rest = max(whole - passed, _LEAST_MORE * whole, _LATE * (passed - whole))
        pace = (self._seconds_over + passed + rest) / (self._shares_over + self._share)
        return rest + sum(share * self._paces.get(stage, pace) for stage, share in self._ahead)

    def share_done(self, now: float) -> float:
        """Return how much of its time the run has taken, from 0 to 1; it never falls."""
        left = self.left(now)
        passed = now - self._start
        if left is None or not passed:
            done = self._shares_over + self._share * self._told()
        else:
            done = passed / (passed + left)
        creep = _CREEP * (now - self._shown_at) / (left or _UNKNOWN)
        crept = self._shown + (1 - self._shown) * min(0.5, creep)
        self._shown, self._shown_at = max(done, crept), now
        return self._shown

    def _whole_stage(self) -> float | None:
        """Return how long the stage will have taken in all."""
        known = None
        if self._stage in self._paces:
            known = self._share * self._paces[self._stage]
        elif self._shares_over:
            known = self._share * self._seconds_over / self._shares_over
        done = self._told()
        if not done:
            return known
        told = (self._told_at - self._since) / done
        if known is None:
            return told
        weight = min(1.0, done / _TRUSTED)
        return weight * told + (1 - weight) * known

    def _told(self) -> float:
        """Return how much of the stage is done, by what it said."""
        return min(1.0, self._count / self._total) if self._total else 0.0

"""One bar over the whole run: on a clock that tests move, and on a terminal that they hold."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import pty
import random
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.cli.progress import _PLANS
from cleaner.cli.time_left import TimeLeft
from tests.running import Run, command, environment

PLAN = [("read", 0.1), ("learn", 0.2), ("repair", 0.6), ("write", 0.1)]


def estimates(took: dict[str, float], *, reports: int = 20) -> list[tuple[float, float | None]]:
    """Return, second by second, how long a run was to go, and how long that was thought to be."""
    run = TimeLeft(PLAN, now=0.0)
    found = []
    begun = now = 0.0
    end = sum(took.values())
    shown = 0.0
    for stage, seconds in took.items():
        run.begin(stage, reports or None, begun)
        told = 0
        while now < begun + seconds:
            while reports and told + 1 <= reports * (now - begun) / seconds:
                told += 1
                run.advance(1, now)
            found.append((end - now, run.left(now)))
            done = run.share_done(now)
            assert shown < done <= 1 or now == 0
            shown = done
            now += 1.0
        begun += seconds
    return found


@pytest.mark.parametrize("reports", [0, 20])
@pytest.mark.parametrize(
    "took",
    [
        {"read": 10.0, "learn": 20.0, "repair": 60.0, "write": 10.0},
        {"read": 500.0, "learn": 1000.0, "repair": 3000.0, "write": 500.0},
        {"read": 8.0, "learn": 25.0, "repair": 60.0, "write": 12.0},
        {"read": 12.0, "learn": 18.0, "repair": 55.0, "write": 10.0},
    ],
    ids=["as planned", "long", "slow to learn", "slow to read"],
)
def test_the_time_left_is_true_within_a_factor_of_two(took: dict[str, float], reports: int) -> None:
    known = [(true, left) for true, left in estimates(took, reports=reports) if left is not None]
    assert len(known) > 0.75 * sum(took.values())
    for true, left in known:
        if true > 5:
            assert 0.5 * true < left < 2 * true


def test_reports_correct_a_plan_that_is_far_off() -> None:
    found = estimates({"read": 100.0, "learn": 20.0, "repair": 400.0, "write": 5.0})
    for true, left in found[200:-10]:
        assert left is not None
        assert 0.5 * true < left < 2 * true + 110


def test_a_stage_that_comes_again_is_judged_by_how_long_it_took() -> None:
    run = TimeLeft([*PLAN[:3], ("learn", 0.1), *PLAN[3:]], now=0.0)
    for now, stage in ((0, "read"), (10, "learn"), (110, "repair"), (170, "learn")):
        run.begin(stage, None, now)
    assert run.left(170) == pytest.approx(50 + 0.1 * 220 / 1.0, rel=0.05)
    run.begin("repair", None, 220)  # once more than planned
    assert run.left(220) == pytest.approx(60 + 0.1 * 280 / 1.6, rel=0.1)


moments = st.lists(
    st.tuples(
        st.sampled_from([*(stage for stage, _ in PLAN), "unplanned", ""]),
        st.one_of(st.none(), st.integers(0, 100)),
        st.floats(0, 1000),
    ),
    max_size=30,
)


@given(moments)
def test_whatever_comes_the_share_rises_to_one_at_most(
    given_moments: list[tuple[str, int | None, float]],
) -> None:
    run = TimeLeft(PLAN, now=0.0)
    now = shown = 0.0
    for stage, count, passed in given_moments:
        now += passed
        if stage:
            run.begin(stage, count, now)
        else:
            run.advance(count or 0, now)
        left = run.left(now)
        assert left is None or left >= 0
        done = run.share_done(now)
        assert shown <= done <= 1
        shown = done


def test_plans_come_to_no_more_than_the_whole() -> None:
    for plan in _PLANS.values():
        assert 0.9 < sum(share for _, share in plan) <= 1.0001


def corpus(path: Path, megabytes: float) -> None:
    """Write records of made-up prose, some with damage."""
    rng = random.Random(5)
    words = "the harbour lay under a grey sky and nobody who had seen it before spoke of it".split()
    with path.open("w") as file:
        for _ in range(int(megabytes * 500)):
            text = " ".join(rng.choice(words) for _ in range(380))
            file.write(json.dumps({"text": f"{rng.random()} {text}  andso it was."}) + "\n")


# Percent, then the time so far and the time left.
_SHOWN = re.compile(rb"(\d+\.\d)%\|[^|]*\| ([\d:]+)(?:, ([\d:]+) left)?")


def seconds(shown: bytes) -> int:
    whole = 0
    for part in shown.split(b":"):
        whole = 60 * whole + int(part)
    return whole


def test_the_bar_on_a_terminal(tmp_path: Path) -> None:
    corpus(tmp_path / "in.jsonl", 3)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 90, 0, 0))
    frames: list[tuple[float, bytes]] = []
    begun = time.monotonic()
    with subprocess.Popen(
        command("clean", "in.jsonl", "-o", "out", "-j", 1),
        cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        while process.poll() is None:
            if select.select([ours], [], [], 0.05)[0]:
                try:
                    frames.append((time.monotonic() - begun, os.read(ours, 1 << 16)))
                except OSError:  # nobody holds the other end any more
                    break
        ended = time.monotonic() - begun
        assert process.stdout is not None
        said = process.stdout.read().decode()
        assert process.wait(60) == 0
    os.close(ours)
    assert re.search(r" after; \d+\.\d s, \d+\.\d\d MB/s\n", said)
    shown = [(at, found) for at, data in frames for found in _SHOWN.findall(data)]
    shares = [float(found[0]) for _, found in shown]
    assert shares == sorted(shares)
    assert shares[-1] > 60
    times = [at for at, _ in shown]
    # Loosely: other work may hold this machine up.
    assert max(later - at for at, later in itertools.pairwise(times)) < 5
    halves = [(at, found[2]) for at, found in shown if at > ended / 2 and found[2]]
    at, left = halves[0]
    assert (ended - at) / 4 - 2 < seconds(left) < 4 * (ended - at) + 2


def test_no_bar_where_nobody_looks(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("Nobody had seen the boat.\n")
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", "clean", "in.txt", "-o", "out"],
        cwd=tmp_path, env=environment(), capture_output=True, check=True,
    )  # fmt: skip
    assert done.stderr == b""


def test_what_is_wrong_with_every_record_is_not_told_of_every_record(here: Path, run: Run) -> None:
    records = "".join(json.dumps({"body": "The tide came in."}) + "\n" for _ in range(40))
    (here / "a.jsonl").write_text(records)
    (here / "b.txt").write_text("Nobody saw it.\n")
    for arguments in (("clean", "a.jsonl", "b.txt", "-o", "out"), ("check", "a.jsonl", "b.txt")):
        ended = run(*arguments)
        assert ended.status == 3
        assert [error for error in ended.errors if "no field 'text'" in error] == ended.errors[:5]
        assert ended.errors[5:] == ["cleaner: error: a.jsonl: the same of 35 more records"]
    assert len(json.loads((here / "out/_cleaner/report.json").read_text())["problems"]) == 40

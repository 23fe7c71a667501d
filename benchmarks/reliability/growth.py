"""Growth: how much longer every step, and every pattern, takes for a text ten times as long."""

from __future__ import annotations

import gc
import importlib
import itertools
import pkgutil
import random
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

# What a pattern matches is told by no public parser.
from re import _parser as sre  # type: ignore[attr-defined]
from types import FrameType
from typing import Any, NamedTuple

import regex

import cleaner
from cleaner import clean_text
from cleaner.blocks.survey import survey
from cleaner.core.errors import CleanerError
from cleaner.core.paragraphs import paragraph_spans
from cleaner.formats.encoding import decode
from cleaner.steps.boilerplate.rulefiles.compiled import compile_pattern
from cleaner.steps.boilerplate.rulefiles.packaged import packaged_rules
from cleaner.steps.boilerplate.rulefiles.patterns import required_literals
from cleaner.steps.boilerplate.rulefiles.probing import Pump, hostile_pumps
from cleaner.steps.boilerplate.rulefiles.rulefile import all_patterns
from cleaner.steps.chain import CHARACTER_STEPS, text_steps
from cleaner.steps.context import Context
from cleaner.steps.learn import NO_TABLES, Sample, collect_stats

SIZES = (10_000, 100_000, 1_000_000)

# So many times as long a text ten times as long may take.
MOST = 12.0

# What takes less than this is not told from the noise of the clock.
_LEAST_SECONDS = 0.002
_TRIES = 4

# What a hostile text is made of. Runs of one of them, and of a few in turn, are what repeats and
# lookups choke on.
ATOMS = (
    *"aAé漢กا1-_.,;:!?'\"()[]{}<>|/\\&#@*+=~%$ \t\n\r\f\v\0",
    "\r\n", "\n\n", "  ", "-\n", " -\n", "\xad", "\xad\n", "\u200b", "\u200d", "\u202a", "\ufeff",
    "\u0301", "\u0e31", "\u1112\u1161", "\u3000", "\u2028", "\u2029", "\u00a0", "\ufb01", "\ufffd",
    "\udce9", "\ud800", "\x1b[", "\b", "a\b", "&amp;", "&#38;", "Ã©", "â€™", "ÃƒÂ©", "caf\xe9",
    "word", "Word", "the", "and then", "saidthat", "ab-", "un-", "1,", "2019", "12:30", "> ",
    "* ", "- ", "1. ", "| ", "|---", "# ", "```", "    ", "http://", "example.org", "www.",
    "@example.com", "Share", "Read more", "Cookie", "©", "Home | ", "Mr. ", "e.g. ", "“",
    "”", "«", "—", "…",
    "if (x) {", "};", "<p>", "</p>", "def f():", "10:00:00 INFO ",
)  # fmt: skip


_KNOWN_FLAGS = re.ASCII | re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE


class Grows(NamedTuple):
    """What took too long: on which text, how large it was, and how many times as long it took."""

    name: str
    text: str
    size: int
    times: float

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.times:.1f} x from {self.size:,} to {10 * self.size:,}: {self.text}"
        )


_NUMBERS = itertools.count()


class _TimeoutError(Exception):
    pass


def targets() -> dict[str, Callable[[str], object]]:
    """Return by name what takes a text of any length: every step, and what steps are made of."""
    context = Context()
    found: dict[str, Callable[[str], object]] = {}
    for step in (*CHARACTER_STEPS, *text_steps(NO_TABLES)):
        function: Any = step.func if isinstance(step, partial) else step
        found[function.__name__] = partial(_call, step, context)
    found["paragraphs"] = paragraph_spans
    found["survey of blocks"] = _surveyed
    found["learning"] = lambda text: collect_stats([Sample("a", "b", text)], context)
    found["reading bytes"] = _read
    found["all"] = clean_text
    return found


def _surveyed(text: str) -> None:
    # The latest answers are kept, so no text is asked about twice.
    survey(f"{text}{next(_NUMBERS)}")


def _call(step: Callable[[str, Context], object], context: Context, text: str) -> object:
    return step(text, context)


def _read(text: str) -> None:
    for encoding in ("utf-8", "cp1252", "utf-16"):
        try:
            decode(text.encode(encoding, "replace"))
        except CleanerError:
            continue


class Pumped(NamedTuple):
    """A text of any size: a unit again and again, or, of several, one after the other by lot."""

    units: tuple[str, ...]
    seed: int = 0

    def text(self, size: int) -> str:
        """Return about `size` characters."""
        if len(self.units) == 1:
            (unit,) = self.units
            return unit * (size // len(unit)) + "x"
        dice = random.Random(self.seed)
        mean = sum(map(len, self.units)) / len(self.units)
        return "".join(dice.choices(self.units, k=int(size / mean)))

    def __str__(self) -> str:
        return ", ".join(repr(unit) if len(unit) < 60 else f"{unit[:30]!r}…" for unit in self.units)


def pumps(count: int, seed: int) -> Iterator[Pumped]:
    """Yield texts: each atom alone, then so many units of a few atoms, or mixtures of them."""
    yield from (Pumped((atom,)) for atom in ATOMS)
    for number in range(seed, seed + count):
        dice = random.Random(f"pump {number}")
        atoms = dice.choices(ATOMS, k=dice.choice((2, 2, 3, 4, 6)))
        kind = dice.random()
        if kind < 0.5:
            yield Pumped(("".join(atoms),))
        elif kind < 0.8:
            yield Pumped(tuple(atoms), number)
        else:  # a long line of one thing, then another line
            yield Pumped((atoms[0] * dice.choice((10, 100, 3000)) + atoms[1],))


@contextmanager
def _given_up_after(seconds: float) -> Iterator[None]:
    """Stop what takes more processor time than so many seconds."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise _TimeoutError

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def grows(
    name: str,
    take: Callable[[str], object],
    text: Callable[[int], str],
    sizes: Sequence[int],
    most: float = MOST,
) -> Grows | None:
    """Return how `take` grows beyond what it may on texts of rising sizes, if it does."""
    before = 0.0
    for smaller, size in zip((0, *sizes), sizes, strict=False):
        one = text(size)
        spent = float("inf")
        # The least of several is what the machine's other work disturbs least.
        for _ in range(_TRIES):
            with _given_up_after(5 + 2 * MOST * before):
                gc.disable()  # it looks at what is left from before, at any moment
                started = time.thread_time()
                try:
                    take(one)
                except _TimeoutError:
                    return Grows(name, repr(one[:60]), smaller, float("inf"))
                finally:
                    spent = min(spent, time.thread_time() - started)
                    gc.enable()
            if spent <= most * before:
                break
        if before and spent > most * before:
            return Grows(name, repr(one[:60]), smaller, spent / before)
        before = max(spent, _LEAST_SECONDS)
    return None


def module_patterns() -> list[re.Pattern[str] | regex.Pattern[str]]:
    """Return all patterns of text that modules hold."""
    found: dict[tuple[str, int], Any] = {}
    for module in pkgutil.walk_packages(cleaner.__path__, "cleaner."):
        if module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            for pattern in _patterns_in(value):
                found[pattern.pattern, pattern.flags] = pattern
    return [found[key] for key in sorted(found)]


def _patterns_in(value: object, depth: int = 3) -> Iterator[Any]:
    if isinstance(value, re.Pattern | regex.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict | tuple | list | set | frozenset) and depth:
        for one in value.values() if isinstance(value, dict) else value:
            yield from _patterns_in(one, depth - 1)


def hostile_to(pattern: re.Pattern[str] | regex.Pattern[str]) -> list[Pump]:
    """Return texts made from what a pattern repeats; none where only its own library reads it."""
    try:
        tree = sre.parse(pattern.pattern, pattern.flags & _KNOWN_FLAGS)
        return hostile_pumps(tree, sorted(required_literals(pattern.pattern)) or ["a"])
    except (re.error, ValueError, OverflowError, RecursionError):
        return []


def pattern_growth(sizes: Sequence[int] = SIZES) -> Iterator[Grows | int]:
    """Yield what grows among all patterns, each on texts made from itself, and how many were tried.

    Those of modules are matched at the head of a text; where they search whole texts, the steps
    that do so tell. Packaged rules search.
    """
    packaged = [
        compile_pattern(pattern)
        for filed in packaged_rules()
        for _, pattern in all_patterns(filed.rule)
    ]
    methods: list[tuple[Any, Any]] = [(pattern, (pattern.match,)) for pattern in module_patterns()]
    methods += [(pattern, (pattern.search, pattern.fullmatch)) for pattern in packaged]
    for tried, (pattern, takes) in enumerate(methods, start=1):
        for pump, take in itertools.product(hostile_to(pattern), takes):
            found = grows(pattern.pattern, take, partial(pumped, pump), sizes)
            if found is not None:
                yield found._replace(text=repr(tuple(pump)))
                break
        yield tried


def pumped(pump: Pump, size: int) -> str:
    """Return a pump's text of about `size` characters, with an end that nothing matches."""
    return pump.head + pump.body * (size // len(pump.body)) + "\0"


def step_growth(count: int, seed: int, sizes: Sequence[int] = SIZES) -> Iterator[Grows | int]:
    """Yield what grows among all steps on so many hostile texts, and how many were tried."""
    named = targets()
    for tried, pumped in enumerate(pumps(count, seed), start=1):
        for name, take in named.items():
            found = grows(name, take, pumped.text, sizes)
            if found is not None:
                yield found._replace(text=str(pumped))
        yield tried

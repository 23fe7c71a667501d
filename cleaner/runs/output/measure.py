"""What a run would write, and what it would take away: counted, and written nowhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from cleaner.core.errors import CleanerError, ExitStatus
from cleaner.core.rules import FAMILIES
from cleaner.core.settings.budget import Limit, limits_of
from cleaner.core.settings.config import Settings
from cleaner.engines.base import Engine
from cleaner.journal.tally import COLUMNS, Tally
from cleaner.reports.record import Emptied, RunReport
from cleaner.reports.summary import cause_words
from cleaner.runs.clean import Prepared
from cleaner.runs.input.spool import load_spool
from cleaner.runs.output.close import run_report
from cleaner.runs.output.output_folder import drop_work
from cleaner.runs.output.repetition import RepeatedTally
from cleaner.runs.output.writing import FileTally, Part, WritePart, emptied_places
from cleaner.runs.passes.fit import load_tables
from cleaner.runs.report.causes import largest_causes


class BudgetError(CleanerError):
    """A run that would take away more than it may; nothing was written."""

    status = ExitStatus.FINDINGS


@dataclass(frozen=True)
class Measured:
    """What a run comes to: its report without digests, what rules took, characters of the text."""

    report: RunReport
    tally: Tally
    characters: int


class _MeasuredPart(NamedTuple):
    parts: list[tuple[Part, int]]
    edits: pa.Table
    characters: int


@dataclass(frozen=True)
class _MeasurePart:
    """Measuring as a picklable function of a part of the spool."""

    finish: WritePart

    def __call__(self, spool_part: Path) -> _MeasuredPart:
        """Return what is written of the part, without the outputs."""
        done = self.finish(spool_part)
        characters = sum(
            len(staged.text)
            for staged in load_spool(spool_part)
            if staged.raw is None and staged.file not in self.finish.failed
        )
        parts = [(part._replace(output=b""), len(part.output)) for part in done.parts]
        return _MeasuredPart(parts, done.edits.select(COLUMNS), characters)


def measure(prepared: Prepared, engine: Engine, settings: Settings) -> Measured:
    """Count what a prepared corpus comes to."""
    files = prepared.inputs.files
    finish = WritePart(settings, tuple((f.name, f.format) for f in files), prepared.failed)
    tallies = {n: FileTally(f.name) for n, f in enumerate(files) if n not in prepared.failed}
    tally, codes, emptied, repeated = Tally(), Counter[str](), Emptied(), RepeatedTally()
    left = 0
    for done in engine.map(_MeasurePart(finish), prepared.spool_parts):
        tally.add(done.edits)
        left += done.characters
        for part, size in done.parts:
            file, own = files[part.file], tallies[part.file]
            own.add(part)
            own.output_bytes += size
            if part.written:
                own.output_sha256 = ""
            codes.update(part.codes)
            for gone in part.gone:
                repeated.add(gone, file.name)
            for place in emptied_places(part.emptied, file, settings.input):
                emptied.add(place)
    for number, own in tallies.items():
        if not files[number].content_size:
            own.output_sha256 = ""
    report = run_report(
        prepared.inputs,
        prepared.problems,
        list(tallies.values()),
        codes,
        settings,
        repeated.lines(load_tables(learned).lines for learned in prepared.taught),
        emptied,
        stable=prepared.stable,
    )
    return Measured(report, tally, left + tally.shift)


def check_budget(measured: Measured, settings: Settings) -> None:
    """Raise BudgetError where more would go than the settings allow."""
    over = []
    limits = limits_of(settings.budget.max_removed)
    for limit in limits:
        taken = _taken(measured.tally, limit)
        if taken > limit.share * measured.characters:
            over.append((limit, taken))
    if not over:
        return
    said = [
        f"{_name(limit)} {_share(taken, measured)} of {measured.characters:,} characters, where "
        f"{limit.share * 100:g}% may go"
        for limit, taken in over
    ]
    prefixes = tuple(limit.prefix for limit, _ in over)
    causes = largest_causes(measured.tally, prefixes)
    most = "; ".join(
        f"{cause.code} {_share(cause.taken, measured)}, {cause_words(cause)}" for cause in causes
    )
    raise BudgetError(
        "the budget is exceeded, and nothing was written",
        why=f"{'; '.join(said)}. Most went by {most}",
        hint="look at it with --dry-run or `cleaner check`, or allow more with --max-removed",
    )


def _taken(tally: Tally, limit: Limit) -> int:
    return sum(rule.taken for code, rule in tally.rules.items() if code.startswith(limit.prefix))


def _name(limit: Limit) -> str:
    if not limit.prefix:
        return "all rules took"
    family = FAMILIES.get(limit.prefix)
    return f"{limit.prefix} ({family}) took" if family else f"{limit.prefix} took"


def _share(taken: int, measured: Measured) -> str:
    return f"{100 * taken / max(1, measured.characters):.2g}%"


def keep_budget(prepared: Prepared, engine: Engine, settings: Settings, folder: Path) -> None:
    """Raise BudgetError where more would go than may; nothing is left of the run then."""
    try:
        check_budget(measure(prepared, engine, settings), settings)
    except BudgetError:
        drop_work(folder)
        raise

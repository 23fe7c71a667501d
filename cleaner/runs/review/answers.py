"""What a person said of a run's edits, kept beside its journal, and what is done about it.

Answers stand in ``_cleaner/review.json`` by what edits have in common, so they hold for a later run
over the same texts. What was rejected is *pending* until the edits are taken back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cleaner.core.errors import UsageError
from cleaner.core.settings.addfile import with_entries
from cleaner.core.settings.smallfile import read_small_file
from cleaner.runs.review.items import Item, Key, key_of_edit
from cleaner.runs.undo.take_back import TakenBack, take_back_here
from cleaner.storage.below import RUN_DIR, kind_below, open_below
from cleaner.storage.replace import whole_file

ANSWERS = f"{RUN_DIR}/review.json"
_FORM = "cleaner-review"

Verdict = Literal["accepted", "rejected"]


@dataclass
class Rejected:
    """What is kept of a rejected item: its rule, the text replaced, and the one to be left."""

    rule: str
    before: str
    text: str | None


@dataclass
class Answers:
    """The answers on the run in `output`; `settled` are those of which nothing is left to do."""

    output: Path
    settled: dict[Key, Verdict] = field(default_factory=dict)
    pending: dict[Key, Rejected] = field(default_factory=dict)

    @classmethod
    def load(cls, output: Path) -> Answers:
        """Return the answers that there are; UsageError where the file holds something else."""
        if not kind_below(output, ANSWERS):
            return cls(output)
        try:
            with open_below(output, ANSWERS) as file:
                found: dict[str, Any] = json.load(file)
            _check_version(found[_FORM])
            pending = {str(key): Rejected(**one) for key, one in found["pending"].items()}
            settled = {str(key): _verdict(one) for key, one in found["settled"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise UsageError(
                "are no answers of a review",
                where=str(output / ANSWERS),
                why=str(error).partition("\n")[0],
                hint="move the file away to begin anew",
            ) from error
        return cls(output, settled, pending)

    def save(self) -> None:
        """Write them; the file appears whole or not at all."""
        pending = {key: vars(one) for key, one in sorted(self.pending.items())}
        values = {_FORM: 1, "settled": dict(sorted(self.settled.items())), "pending": pending}
        with whole_file(self.output, ANSWERS) as file:
            file.write(json.dumps(values, indent=1).encode("ascii") + b"\n")

    def knows(self, key: Key) -> bool:
        """Whether there is an answer already."""
        return key in self.settled or key in self.pending

    def give(self, item: Item, verdict: Verdict | None) -> None:
        """Take an answer, or none any more."""
        self.settled.pop(item.key, None)
        self.pending.pop(item.key, None)
        if verdict == "accepted":
            self.settled[item.key] = verdict
        elif verdict == "rejected":
            self.pending[item.key] = Rejected(item.rule, item.before, item.text)

    def carry_out(self, config: Path) -> TakenBack:
        """Take back what was rejected, and keep it in the configuration, so that it stays.

        Both can be done again where this was stopped in between.
        """
        if not self.pending:
            return TakenBack(0, ())
        add_to_config(config, self.pending.values())
        keys = frozenset(self.pending)
        done = take_back_here(self.output, lambda row: key_of_edit(row) in keys)
        self.settled.update(dict.fromkeys(self.pending, "rejected"))
        self.pending.clear()
        self.save()
        return done


def _check_version(value: object) -> None:
    if value != 1:
        raise ValueError(f"is of version {value!r}")


def _verdict(value: object) -> Verdict:
    if value == "accepted":
        return "accepted"
    if value == "rejected":
        return "rejected"
    raise ValueError(f"{value!r} is no answer")


def add_to_config(config: Path, rejected: Iterable[Rejected]) -> None:
    """Add what keeps rejected edits from being made again to a configuration, or a new one."""
    patterns: list[str] = []
    texts: dict[str, list[str]] = {}
    for one in rejected:
        if one.rule.startswith("BOI"):
            patterns += _patterns(one.before)
        elif one.text is not None:
            texts.setdefault(one.rule, []).append(one.text)
    entries = {"boilerplate": {"keep": patterns}, "ignore-texts": texts}
    try:
        text = read_small_file(config) if config.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("cannot be read", where=str(config), why=str(error)) from error
    changed = with_entries(text, entries, config)
    if changed != text:
        with whole_file(config.absolute().parent, config.name) as file:
            file.write(changed.encode())


def _patterns(before: str) -> list[str]:
    """Return a pattern for each line that boilerplate took, as it stands alone on a line."""
    lines = filter(None, map(str.strip, before.splitlines()))
    return [rf"(?m)^\s*{re.escape(line)}\s*$" for line in lines]

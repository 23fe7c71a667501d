"""Answers from a file: what the page of a run exports once its samples were judged."""

from __future__ import annotations

import json
from pathlib import Path

from cleaner.core.errors import UsageError
from cleaner.core.settings.smallfile import read_small_file
from cleaner.journal.tables import NOTE
from cleaner.runs.review.answers import Answers, Verdict
from cleaner.runs.review.items import items_of_rows

_VERDICTS: dict[str, Verdict | None] = {"right": "accepted", "wrong": "rejected", "unsure": None}


def take_decisions(answers: Answers, file: Path) -> int:
    """Give the answers of a file; return how many there are.

    Raises UsageError where it is none, or of another run than that of `answers`.
    """
    try:
        exported = json.loads(read_small_file(file))["judged"]
        judged = [one for one in exported if one.get("kind") != NOTE]
        verdicts = {int(one["row"]): _VERDICTS[one["verdict"]] for one in judged}
        rules = {int(one["row"]): (one["rule"], str(one.get("place", ""))) for one in judged}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            "are no decisions",
            where=str(file),
            why=str(error).partition("\n")[0],
            hint="save them on the page that `cleaner report` makes",
        ) from error
    found = {item.sample.number: item for item in items_of_rows(answers.output, verdicts)}
    for number, (rule, place) in rules.items():
        item = found.get(number)
        # Brackets stand for what cannot be seen in a name.
        is_there = not place or "[" in place or (item is not None and item.sample.place == place)
        if item is None or item.rule != rule or not is_there:
            raise UsageError(
                "are decisions on another run, or on this one before edits were taken back",
                where=str(file),
                why=f"{rule} at {place} is not row {number} of its journal",
                hint="make the page anew with `cleaner report`",
            )
    for number, verdict in verdicts.items():
        if verdict is not None:
            answers.give(found[number], verdict)
    return sum(verdict is not None for verdict in verdicts.values())

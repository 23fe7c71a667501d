"""Text of any kind of repetition takes the character steps a time that grows with its length."""

from __future__ import annotations

import time

import pytest

from cleaner.core.settings.config import Settings
from cleaner.runs.rule_registry import context_for
from cleaner.steps.chain import repair_characters

COUNT = 50_000
PUMPED = {
    "marks": "a" + "\u0301" * COUNT,
    "marks in disorder": "a" + "\u0301\u0323" * COUNT,
    "references": "&amp;" * COUNT,
    "escaped reference": "&" + "amp;" * COUNT,
    "halves": "&#55357;" * COUNT,
    "heads of mojibake": "Ã" * COUNT,
    "mojibake": "cafÃ© " * COUNT,
    "odd lines": "a³y\n" * COUNT,
    "escapes": "\x1b" * COUNT,
    "sequences": "\x1b[" * COUNT,
    "strings": "\x1b]a" * COUNT,
    "shifts": "\x1b$B" * COUNT,
    "backspaces": "_\x08a" * COUNT,
    "controls": "a\x02b " * COUNT,
    "form feeds": "a\x0c" * COUNT,
    "bytes": "a\udce9" * COUNT,
    "doubled": ("aa" * 90 + "  ") * (COUNT // 100),
    "ligatures": "e ff ects of the " * (COUNT // 10),
    "marks of direction": "a\u200e\n" * COUNT,
}


@pytest.mark.parametrize("name", PUMPED)
def test_time_is_bounded(name: str) -> None:
    text = PUMPED[name]
    context = context_for(Settings())
    repair_characters("cafÃ© ff i", context)  # what is loaded once
    start = time.process_time()
    repair_characters(text, context)
    assert time.process_time() - start < 5.0


def test_long_runs_of_marks_stay_and_the_rest_is_composed() -> None:
    run = "a" + "\u0301" * 40
    result = repair_characters(f"cafe\u0301 {run} cafe\u0301", context_for(Settings()))
    assert result.text == f"café {run} café"

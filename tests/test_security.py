"""Each line of the threat model names tests that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
LINES = [
    line
    for line in SECURITY.splitlines()
    if line.startswith("| ") and not line.startswith(("| ---", "| what "))
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[2:60])
def test_line_is_held(line: str) -> None:
    what, promised, held = (cell.strip() for cell in line.strip("|").split(" | "))
    assert what
    assert promised
    named = re.findall(r"`(tests/\S+?)::(\w+)`", held)
    assert named
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_kind_has_a_line() -> None:
    for kind in ("input", "journal", "output of others", "models", "indexes"):
        assert any(line.startswith(f"| {kind}") for line in LINES)

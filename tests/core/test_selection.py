"""Which codes act."""

from __future__ import annotations

import pytest

from cleaner.core.rules import Rule, Safety, Selection

RULES = [
    Rule(code="ENC110", name="a", summary="s", rationale="r"),
    Rule(code="ENC121", name="b", summary="s", rationale="r", safety=Safety.ON_REQUEST),
    Rule(code="GLU203", name="c", summary="s", rationale="r", safety=Safety.UNSAFE),
    Rule(code="FMT501", name="d", summary="s", rationale="r"),
]


@pytest.mark.parametrize(
    ("select", "ignore", "unsafe", "acting"),
    [
        ([], [], False, "ENC110 FMT501"),
        ([], [], True, "ENC110 GLU203 FMT501"),
        (["ALL"], [], False, "ENC110 FMT501"),
        (["ALL"], ["ALL"], False, ""),
        (["ALL"], ["ENC"], False, "FMT501"),
        (["ENC"], [], False, "ENC110"),
        (["ENC121"], [], False, "ENC121"),
        (["ENC121"], ["ENC"], False, "ENC121"),
        (["ENC"], ["ENC110"], False, ""),
        (["ENC110"], ["ENC110"], False, ""),
        (["ENC110"], ["ENC1"], False, "ENC110"),
        (["GLU203"], [], False, ""),
        (["GLU203"], [], True, "GLU203"),
        ([], ["FMT"], False, "ENC110"),
        (["E", "F"], ["FMT5"], False, "ENC110"),
    ],
)
def test_longest_prefix_decides(select, ignore, unsafe, acting) -> None:
    chosen = Selection(select, ignore, unsafe_fixes=unsafe, rules=RULES)
    assert [rule.code for rule in RULES if chosen.acts(rule.code)] == acting.split()

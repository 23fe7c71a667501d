from __future__ import annotations

import pickle

import pytest

from cleaner.core.errors import ConfigError, InputError, RestoreError, UsageError, one_line


@pytest.mark.parametrize("kind", [ConfigError, InputError, RestoreError, UsageError])
def test_errors_cross_process_borders(kind) -> None:
    error = kind("what", where="where", why="why", hint="hint")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copy) is kind
    assert str(copy) == str(error) == "where: what: why; hint"
    assert str(copy.at("there")) == "there: what: why; hint"


def test_parts_may_be_left_out() -> None:
    assert str(InputError("what")) == "what"
    assert str(InputError("what", hint="hint")) == "what; hint"


def test_one_line_whatever_stands_in_a_name() -> None:
    assert one_line("a\nb\r\x1b\u2028\u202e\udcff é") == r"a\nb\r\x1b\u2028\u202e\udcff é"

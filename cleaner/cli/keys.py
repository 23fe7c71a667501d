"""Keys as they are pressed on a terminal, one by one."""

from __future__ import annotations

import os
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# What a terminal sends for the end of the input.
_END = "\x04"


@contextmanager
def pressed_keys() -> Iterator[Callable[[], str]]:
    """Give what waits for the next key, with the terminal's own state back in the end.

    The terminal hands over keys without an Enter behind them all the while, so none is lost that is
    pressed ahead. An interrupt stays one. At the end of the input there is "".
    """
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)

    def next_key() -> str:
        key = os.read(descriptor, 1).decode("ascii", "replace")
        return "" if key == _END else key

    try:
        tty.setcbreak(descriptor, termios.TCSADRAIN)
        yield next_key
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

"""What a process that runs one command asks of its interpreter and its C library."""

from __future__ import annotations

import gc
import os
import sys

# Options of glibc's mallopt, from <malloc.h>.
_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3
_ARENA_MAX = -8


def collect_rarely() -> None:
    """Look for garbage in cycles more rarely: looking takes a tenth of the time of imports."""
    gc.set_threshold(50_000)


def multiply_in_one_thread() -> None:
    """Let numpy, which is not imported yet, start no threads for products of matrices.

    It starts them as soon as it is imported, and they spin for a while with nothing to do; with
    several jobs there is a process for each core anyway.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def share_one_heap() -> None:
    """Let threads share one heap, which keeps what is freed; does nothing but with glibc.

    Passes over arrays free and ask for buffers of the same few sizes. Elsewise every thread has a
    heap, and pages go back to the system to be faulted in again, one thread waiting for the other.
    """
    if sys.platform != "linux":
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)
        mallopt(_MMAP_THRESHOLD, 32 << 20)
        mallopt(_TRIM_THRESHOLD, 128 << 20)

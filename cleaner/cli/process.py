"""What a process that runs one command asks of its interpreter, its system and its C library."""

from __future__ import annotations

import os
import signal
import sys
from importlib.util import find_spec
from types import FrameType

# Options of glibc's mallopt, from <malloc.h>.
_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3
_ARENA_MAX = -8


class StoppedError(BaseException):
    """The process is to end: a signal asks for it. What is open is closed on the way."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def end_on_signals() -> None:
    """Let interrupts, TERM and HUP end the process after what it has begun was cleaned up.

    A signal that whoever started the process let it ignore, as `nohup` does, stays ignored.
    """
    for number in (signal.SIGINT, *_ENDING):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    sys.unraisablehook = _raise_again


def end_at_once_on_signals() -> None:
    """Let signals end the process with nothing more done: there is nothing to clean up any more."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in (signal.SIGINT, *_ENDING):
        if signal.getsignal(number) is _stop:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, frame: FrameType | None) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    # Cleaning up takes a moment, and supervisors are not always patient.
    for one in _ENDING:
        signal.signal(one, signal.SIG_IGN)
    raise StoppedError(number)


def _raise_again(unraisable: sys.UnraisableHookArgs) -> None:
    """Raise a moment later what was raised while a finalizer ran, which nothing can leave."""
    error = unraisable.exc_value
    if not isinstance(error, StoppedError):
        sys.__unraisablehook__(unraisable)
        return
    number = error.number

    def stop(_: int, frame: FrameType | None) -> None:
        if frame is None or frame.f_code is not _raise_again.__code__:
            _stop(number, frame)

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, _MOMENT_SECONDS, _MOMENT_SECONDS)


_ENDING = (signal.SIGTERM, signal.SIGHUP)

_MOMENT_SECONDS = 0.01


def fill_standard_streams() -> None:
    """Put something in the place of standard streams that are closed.

    Otherwise the first files that are opened would get their numbers, and be written into. Whoever
    writes into an output that was closed is still told so, by the system.
    """
    for number, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is the one that is given.
            os.open(os.devnull, mode)
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def kernels_are_compiled() -> bool:
    """Return whether the kernels were compiled when the package was installed: all or none are."""
    spec = find_spec("cleaner.core.utf8_kernel")
    return spec is not None and not str(spec.origin).endswith(".py")


def drop_stream(number: int) -> None:
    """Let what a standard stream did not take be lost, instead of failing again at the very end."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)


def multiply_in_one_thread() -> None:
    """Let numpy, which is not imported yet, start no threads for products of matrices.

    It starts them as soon as it is imported, and they spin for a while with nothing to do; with
    several jobs there is a process for each core anyway.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def let_arrow_use_the_heap() -> None:
    """Let Arrow, which is not imported yet, take its memory from where everything else has it.

    An allocator of its own keeps a hundred megabytes beside what is free in the heap.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


def give_back_large_arrays() -> None:
    """Let the memory of large arrays go back to the system with them; only with glibc.

    Elsewise what tables of words are made with stays, in pieces between the tables.
    """
    if sys.platform != "linux":
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, 256 << 10)


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

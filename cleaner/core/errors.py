"""Errors for people (what, where, why, what to do) and the exit statuses."""

from __future__ import annotations

import enum

from cleaner.core.urls import redacted


class ExitStatus(enum.IntEnum):
    """How a command ended."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    INPUT = 3
    BUG = 70
    INTERRUPTED = 130


class CleanerError(Exception):
    """An error that a person can act on; shown as one line, never as a traceback.

    >>> print(InputError("broken gzip", where="a.gz", why="wrong CRC", hint="fetch it again"))
    a.gz: broken gzip: wrong CRC; fetch it again
    """

    status = ExitStatus.USAGE

    def __init__(self, what: str, *, where: str = "", why: str = "", hint: str = "") -> None:
        where, why, hint = redacted(where), redacted(why), redacted(hint)
        super().__init__(what, where, why, hint)
        self.what = what
        self.where = where
        self.why = why
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        # The keyword arguments keep an exception from crossing a process border by itself.
        return _rebuild, (type(self), self.what, self.where, self.why, self.hint)

    def __str__(self) -> str:
        line = ": ".join(part for part in (self.where, self.what, self.why) if part)
        return one_line(f"{line}; {self.hint}" if self.hint else line)

    def at(self, where: str) -> CleanerError:
        """Return the same error, said of the place `where`."""
        return type(self)(self.what, where=where, why=self.why, hint=self.hint)


def _rebuild(kind: type[CleanerError], what: str, where: str, why: str, hint: str) -> CleanerError:
    return kind(what, where=where, why=why, hint=hint)


def one_line(message: str) -> str:
    r"""Return `message` so that a terminal shows it as one line, whatever a file name holds.

    >>> one_line("a\nb\x1b[31m")
    'a\\nb\\x1b[31m'
    """
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in message)


class UsageError(CleanerError):
    """A command line that cannot be carried out."""


class ConfigError(CleanerError):
    """A configuration file that cannot be used."""


class InputError(CleanerError):
    """A file or a record that cannot be read; the others still are."""

    status = ExitStatus.INPUT


class RestoreError(CleanerError):
    """A source that cannot be restored as it was."""

    status = ExitStatus.INPUT

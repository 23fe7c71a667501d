"""``python -m cleaner``, and the one place where errors become exit statuses."""

from __future__ import annotations

import errno
import os
import signal
import sys

# What may go wrong with a machine, and is no bug: room, rights, memory, files that may be open, and
# files and folders that are taken away from a run.
_OF_THE_MACHINE = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EIO,
        errno.ENOMEM,
        errno.EMFILE,
        errno.ENFILE,
        errno.EAGAIN,
        errno.EACCES,
        errno.EPERM,
        errno.EBADF,
        errno.ENOENT,
        errno.ENOTDIR,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)

# What is said, in place of a MemoryError, by those who load a library or start a thread.
_NO_MEMORY = ("failed to map segment", "cannot allocate memory", "can't start new thread")


def main() -> None:
    """Run the command line and exit with its status."""
    # Until the command is loaded there is nothing to clean up, nor anything to say.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from cleaner.cli.process import (
        end_at_once_on_signals,
        end_on_signals,
        fill_standard_streams,
        let_arrow_use_the_heap,
        multiply_in_one_thread,
    )
    from cleaner.core.garbage import collect_rarely

    fill_standard_streams()
    collect_rarely()
    multiply_in_one_thread()
    let_arrow_use_the_heap()
    end_on_signals()
    status = _run(sys.argv[1:])
    end_at_once_on_signals()
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    import click

    from cleaner.cli.group import cli
    from cleaner.cli.process import StoppedError, drop_stream
    from cleaner.core.errors import CleanerError, ExitStatus

    try:
        status = cli.main(arguments, prog_name="cleaner", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        return ExitStatus.USAGE
    except click.ClickException as error:
        return _complain(error.format_message(), ExitStatus.USAGE)
    except CleanerError as error:
        return _complain(str(error), error.status)
    except (KeyboardInterrupt, click.Abort):
        return _complain(_INTERRUPTED, ExitStatus.INTERRUPTED)
    except StoppedError as stopped:
        return _complain(_INTERRUPTED, 128 + stopped.number)
    except BrokenPipeError:
        # The reader of our output went away; nothing more can be said to it.
        drop_stream(1)
        return ExitStatus.OK
    except MemoryError:
        return _complain(_MEMORY_RAN_OUT, ExitStatus.USAGE)
    except (ImportError, RuntimeError) as error:
        if not any(said in str(error).lower() for said in _NO_MEMORY):
            return _complain_of_bug()
        return _complain(_MEMORY_RAN_OUT, ExitStatus.USAGE)
    except OSError as error:
        if error.errno not in _OF_THE_MACHINE:
            return _complain_of_bug()
        drop_stream(1)
        place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
        said = f"{place}: {error.strerror}" if place else f"cannot be written: {error.strerror}"
        return _complain(f"{said}; mend that, and run the same command again", ExitStatus.USAGE)
    except Exception:
        return _complain_of_bug()
    return int(status or ExitStatus.OK)


_MEMORY_RAN_OUT = "memory ran out; give fewer --jobs, or a --memory"

_INTERRUPTED = "interrupted; the same command goes on where it stood"


def _complain_of_bug() -> int:
    """Tell of what was not foreseen, which is a bug of ours and has a status of its own."""
    import traceback

    from cleaner.core.errors import ExitStatus

    traceback.print_exc()
    return _complain("a bug in cleaner; please report the lines above", ExitStatus.BUG)


def _complain(message: str, status: int) -> int:
    import click

    from cleaner.cli.process import drop_stream
    from cleaner.core.errors import one_line
    from cleaner.core.urls import redacted

    try:
        click.echo(f"cleaner: error: {one_line(redacted(message))}", err=True)
    except OSError:
        drop_stream(2)  # nobody can be told, but by the status
    return status


if __name__ == "__main__":
    main()

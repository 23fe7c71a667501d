"""``python -m cleaner``, and the one place where errors become exit statuses."""

from __future__ import annotations

import os
import sys
import traceback

import click

from cleaner.cli.group import cli
from cleaner.cli.process import collect_rarely, multiply_in_one_thread
from cleaner.core.errors import CleanerError, ExitStatus, one_line


def main() -> None:
    """Run the command line and exit with its status."""
    collect_rarely()
    multiply_in_one_thread()
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
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
        return _complain(
            "interrupted; the same command goes on where it stood", ExitStatus.INTERRUPTED
        )
    except BrokenPipeError:
        # The reader of our output went away; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.OK
    except Exception:
        # The last net: whatever is not foreseen is a bug of ours, and has a status of its own.
        traceback.print_exc()
        return _complain("a bug in cleaner; please report the lines above", ExitStatus.BUG)
    return int(status or ExitStatus.OK)


def _complain(message: str, status: ExitStatus) -> int:
    click.echo(f"cleaner: error: {one_line(message)}", err=True)
    return status


if __name__ == "__main__":
    main()

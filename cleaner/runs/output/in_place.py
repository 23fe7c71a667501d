"""Files replaced where they stand, by what a run wrote of them into its folder.

The folder is an output folder like any other: outputs, journal, report. Once it is finished every
source can be restored from it, and not before then is the first file replaced. What is to be
replaced stands in a plan, by which a run that was killed is gone on with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from cleaner.core.errors import CleanerError, InputError, UsageError
from cleaner.core.openfile import open_file
from cleaner.formats.base import Packed
from cleaner.formats.registry import FORMATS
from cleaner.reports.record import RunReport
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.output.commit import staged_files
from cleaner.storage.below import RUN_DIR, open_below
from cleaner.storage.compress import reading
from cleaner.storage.replace import whole_file

_PLAN = f"{RUN_DIR}/in_place.json"


class Replacement(msgspec.Struct):
    """A file to be replaced: its name in the run, where it stands, digests as it was and will be.

    Without text left there is no output, and the file is to be empty.
    """

    name: str
    path: str
    before: str
    after: str | None


class Plan(msgspec.Struct):
    """The files to be replaced, by which inputs they were found, and whether all of it is done."""

    inputs: list[str]
    replacements: list[Replacement]
    done: bool = False


def make_plan(
    folder: Path, inputs: Sequence[Path], files: Iterable[SourceFile], report: RunReport
) -> Plan:
    """Write down what is to be replaced: files of which a run wrote something else.

    The plan is one of the run's files, so it is there when they are.
    """
    staged = staged_files(folder)
    by_name = {file.name: file for file in files if not file.protected}
    unedited = _unedited(staged)
    replacements = []
    for one in report.files:
        file = by_name[one.name]
        if file.output != file.name or file.archive:
            continue
        # What is packed anew has other bytes, whether it says something else or not.
        if one.name in unedited and isinstance(FORMATS[file.format], Packed):
            continue
        if one.output_sha256 != one.sha256 and not _same_content(staged, file, one.output_sha256):
            path = os.path.realpath(file.path)
            replacements.append(Replacement(one.name, path, one.sha256, one.output_sha256))
    plan = Plan(_real(inputs), replacements)
    _save(staged, plan)
    return plan


def not_in_place(files: Iterable[SourceFile]) -> Iterator[InputError]:
    """Yield the errors on files whose outputs are something else, under other names."""
    for file in files:
        if file.output != file.name or file.archive:
            why = f"what is written of it is {file.output}, which stands in the journal's folder"
            yield InputError("cannot be replaced", where=file.where, why=why)


def load_plan(folder: Path, inputs: Sequence[Path]) -> Plan | None:
    """Return the plan of a run that was killed while it replaced files; None where there is none.

    Raises UsageError where all of it is done, or it is of other inputs.
    """
    try:
        with open_below(folder, _PLAN) as file:
            plan = msgspec.json.decode(file.read(), type=Plan)
    except (OSError, msgspec.DecodeError):
        return None
    if plan.done:
        raise UsageError(
            "holds the journal of an earlier run, from which its sources can be restored",
            where=str(folder),
            hint="name another folder with --journal",
        )
    if plan.inputs != _real(inputs):
        raise UsageError(
            "holds a run over other files that was not finished",
            where=str(folder),
            why=f"it is of {', '.join(plan.inputs)}",
            hint="run the same command again, or name another folder with --journal",
        )
    return plan


def carry_out(folder: Path, plan: Plan, report: Callable[[CleanerError], None]) -> int:
    """Replace the files, each whole; return how many are new now, and tell of those that are not.

    A file that is neither as it was read nor as it is to be stays as it is. What cannot be
    replaced may be tried again.
    """
    replaced = 0
    done = True
    for one in plan.replacements:
        try:
            _replace(folder, one)
            replaced += 1
        except OSError as error:
            done = False
            why = error.strerror or str(error)
            report(InputError("cannot be replaced", where=one.path, why=why))
        except CleanerError as error:
            report(error)
    _save(folder, Plan(plan.inputs, plan.replacements, done))
    return replaced


def _replace(folder: Path, one: Replacement) -> None:
    """Put the output into the place of a file, unless it stands there already."""
    path = Path(one.path)
    # A run that was killed may have left it.
    unnamed = path.with_name(f".cleaner-{_digest_of(os.fsencode(path.name))[:16]}.part")
    with suppress(FileNotFoundError):
        unnamed.unlink()
    with open_file(path) as old:
        status = os.fstat(old.fileno())
        found = _digest(old)
    if found == (one.after or _digest_of(b"")):
        return
    if found != one.before:
        raise InputError(
            "was changed while it was being cleaned; it stays as it is",
            where=one.path,
            hint="clean it again, with another --journal",
        )
    try:
        with open(unnamed, "xb") as new:
            os.fchmod(new.fileno(), status.st_mode & 0o7777)
            with suppress(OSError):  # only root may give files away
                os.fchown(new.fileno(), status.st_uid, status.st_gid)
            if one.after is not None:
                with open_below(folder, one.name) as output:
                    shutil.copyfileobj(output, new)
            new.flush()
            os.fsync(new.fileno())
        _check_copy(unnamed, folder, one)
        os.replace(unnamed, path)
    except BaseException:
        with suppress(OSError):
            unnamed.unlink()
        raise


def _unedited(folder: Path) -> set[str]:
    """Return the names of the files without an edit, by the journal."""
    import pyarrow.parquet as pq

    from cleaner.journal.tables import FILES, unescaped

    with open_below(folder, FILES.path) as file:
        rows = pq.read_table(file, columns=["file", "edits"]).to_pylist()
    return {unescaped(row["file"]) for row in rows if not row["edits"]}


def _check_copy(copy: Path, folder: Path, one: Replacement) -> None:
    """Raise InputError where an output is no longer what the run wrote."""
    with open_file(copy) as file:
        if _digest(file) != (one.after or _digest_of(b"")):
            why = "was changed after cleaning, so it replaces nothing"
            raise InputError(why, where=str(folder / one.name))


def _same_content(folder: Path, file: SourceFile, output_sha256: str | None) -> bool:
    """Whether a compressed file differs from its output in the compression alone."""
    if file.codec == "plain" or output_sha256 is None:
        return False
    with (
        open_file(file.place) as packed,
        open_below(folder, file.name) as other,
        reading(packed, file.codec) as old,
        reading(other, file.codec) as new,
    ):
        return _digest(old) == _digest(new)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while data := file.read(1 << 20):
        digest.update(data)
    return digest.hexdigest()


def _digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _real(inputs: Sequence[Path]) -> list[str]:
    return sorted({os.path.realpath(path) for path in inputs})


def _save(folder: Path, plan: Plan) -> None:
    with whole_file(folder, _PLAN) as file:
        file.write(msgspec.json.encode(plan))

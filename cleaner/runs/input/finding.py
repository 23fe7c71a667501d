"""The inputs of a run: what is read, as what, and what is passed over."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import cast

import msgspec

from cleaner.core.errors import InputError, UsageError
from cleaner.core.settings.config import Input
from cleaner.formats.jsonl import fields_of
from cleaner.formats.registry import base_of, with_fields
from cleaner.runs.input.archives import Archives, archive_of
from cleaner.runs.input.reading import Inputs, SourceFile, records_of
from cleaner.runs.input.recognition import Recognized, recognize
from cleaner.storage.ignoring import Ignoring, how_to_read
from cleaner.storage.remote.fetching import Fetched, Fetching
from cleaner.storage.walk import Found, walk

# Records of each file in which the field with the text is looked for, and fields named to people.
_LOOKED_AT = 20
_MOST_SHOWN = 12

# Reasons for which the files of a folder are passed over, where none of them is read.
_MOST_REASONS = 3


def find_inputs(
    paths: Sequence[Path],
    options: Input | None = None,
    output: Path | None = None,
    fetching: Fetching | None = None,
) -> Inputs:
    """Find the files that can be read, as what they are or as the format that is asked for.

    What was fetched from elsewhere stands beside what `paths` name.

    What the options do not ask for is passed over, and so is what stands in `output`.

    What is named outright and cannot be read is an error, what stands in a folder is passed over.
    """
    archives = Archives()
    try:
        fetching = fetching or Fetching()
        return _find_inputs(paths, options or Input(), output, fetching, archives)
    except BaseException:
        archives.close()
        raise


def _find_inputs(
    paths: Sequence[Path],
    options: Input,
    output: Path | None,
    fetching: Fetching,
    archives: Archives,
) -> Inputs:
    found = walk(paths, ignoring_of(options, output))
    files: list[SourceFile] = []
    skipped = {**found.passed_over, **fetching.passed_over}
    errors = [*found.errors, *fetching.errors]
    remarks: dict[str, str] = {}
    outright = {str(path) for path in paths}
    opened: set[Path] = set()

    def add(
        file: Found,
        place: Path | None = None,
        *,
        outright: bool,
        archive: str = "",
        shown: str = "",
    ) -> None:
        known = recognize(place or file.path, file.name, options, outright=outright)
        if isinstance(known, Recognized):
            format = with_fields(known.format, options)
            one = SourceFile(file.name, file.path, format, known.codec, shown=shown)
            one.archive, one.unpacked = archive, place
            files.append(one)
            if known.remark:
                remarks[file.name] = known.remark
        elif outright:
            errors.append(cast("InputError", known.at(shown or str(file.path))))
        else:
            skipped[file.name] = known.what.removeprefix("is ")

    for fetched in _by_name(found.files, fetching.files):
        file = Found(fetched.path, fetched.name)
        is_named = fetched.named or str(file.path) in outright
        kind = archive_of(file.path, file.name)
        if kind is None:
            add(file, outright=is_named, shown=fetched.shown)
            continue
        opened.add(file.path)
        before = len(files), len(errors)
        try:
            told = archives.members(file, kind, options, skipped, errors, fetched.shown)
            for member in told:
                own_name = member.found.name.removeprefix(file.name)
                shown = f"{fetched.shown}{own_name}" if fetched.shown else ""
                add(member.found, member.place, outright=False, archive=file.name, shown=shown)
        except InputError as error:
            errors.append(cast("InputError", error.at(fetched.shown or str(file.path))))
        if is_named and before == (len(files), len(errors)):
            where = fetched.shown or str(file.path)
            errors.append(InputError("nothing in it that is read", where=where))
    # What was wrong with an archive was told.
    read = {*opened, *(file.path for file in files)}
    for path in filter(os.path.isdir, paths):
        inside = [f.path for f in found.files if f.path.is_relative_to(path)]
        if inside and read.isdisjoint(inside):
            errors.append(
                InputError(
                    "no readable files in this folder",
                    where=str(path),
                    why=f"{len(inside)} passed over: {_reasons(inside, found.files, skipped)}",
                    hint="name a file outright, or give --as txt, to read it as text",
                )
            )
    if not files and not errors and skipped:
        reasons = ", ".join(f"{n:,} {why}" for why, n in sorted(Counter(skipped.values()).items()))
        errors.append(
            InputError("nothing to read", why=f"passed over: {reasons}", hint=how_to_read(skipped))
        )
    files.sort(key=lambda file: file.name)
    skipped = dict(sorted(skipped.items()))
    return Inputs(files, skipped, errors, found.second_names, remarks, archives)


def ignoring_of(options: Input, output: Path | None = None) -> Ignoring:
    """Return what is passed over as these options say."""
    return Ignoring(options.exclude, options.hidden, options.respect_gitignore, output)


def _by_name(found: Sequence[Found], fetched: Sequence[Fetched]) -> list[Fetched]:
    """Return all files by name; UsageError where two would get one."""
    files = {file.name: Fetched(file.name, file.path, "", named=False) for file in found}
    for file in fetched:
        if file.name in files:
            raise UsageError(
                f"two inputs would be written as {file.name}",
                where=f"{files[file.name].path} and {file.shown}",
                hint="clean them in runs of their own",
            )
    files.update((file.name, file) for file in fetched)
    return [files[name] for name in sorted(files)]


def _reasons(paths: Sequence[Path], found: Sequence[Found], skipped: Mapping[str, str]) -> str:
    """Return why these files were passed over, the commonest reasons first."""
    names = {file.path: file.name for file in found}
    counts = Counter(skipped[names[path]] for path in paths if names[path] in skipped)
    reasons = [why for why, _ in counts.most_common(_MOST_REASONS)]
    return "; ".join(reasons) + ("; and others" if len(counts) > _MOST_REASONS else "")


def check_text_field(inputs: Inputs, options: Input) -> None:
    """Raise UsageError where no record looked at has the field that holds the text.

    Some records of each file of records are looked at until one has it. A field that was not asked
    for may be missing where there are other files to read. A table tells of its columns when it is
    read.
    """
    own = [file for file in inputs.files if not file.protected]
    of_records = [file for file in own if base_of(file.format) in ("jsonl", "json")]
    fields: dict[str, None] = {}
    for file in of_records:
        with suppress(OSError, InputError), closing(records_of(file, options)) as records:
            for record in islice(records, _LOOKED_AT):
                fields.update(dict.fromkeys(fields_of(record, options.text_fields)))
        if fields.keys() >= set(options.text_fields):
            return
    asked_for = options.text_field != Input().text_field
    if fields and (asked_for or len(of_records) == len(own)):
        missing = next(name for name in options.text_fields if name not in fields)
        raise UsageError(
            f"no record has a field {missing!r}",
            where=of_records[0].where,
            why=f"they have {', '.join(map(repr, islice(fields, _MOST_SHOWN)))}",
            hint="name the right one with --text-field",
        )


def add_protected(paths: Sequence[str], inputs: Inputs, options: Input) -> None:
    """Add the reference texts at `paths` to `inputs`, after all that is to be cleaned.

    They are what they are, whatever format is asked for.

    Raises UsageError where a file would be both, or cannot be found.
    """
    if not paths:
        return
    own = {_identity(file.place) for file in inputs.files}
    known: set[tuple[int, int] | Path] = set()
    for path in sorted(set(paths)):
        found = find_inputs([Path(path)], msgspec.structs.replace(options, format=""))
        inputs.archives.keep(found.archives)
        if found.errors:
            # Whoever protects a text must not find out afterwards that nobody looked at it.
            error = found.errors[0]
            raise UsageError(
                "a reference text cannot be read",
                where=error.where,
                why=error.why or error.what,
                hint="mend that, or leave it out of --protect",
            )
        for file in found.files:
            identity = _identity(file.place)
            if identity in own:
                raise UsageError(
                    "is to be cleaned and protected",
                    where=file.where,
                    hint="leave it out of the inputs, or of --protect",
                )
            if identity not in known:
                known.add(identity)
                file.name, file.protected = file.where, True
                inputs.files.append(file)


def _identity(path: Path) -> tuple[int, int] | Path:
    """Return what two names of one file have in common; a file out of reach has its name."""
    try:
        status = path.stat()
    except OSError:
        return path
    return status.st_dev, status.st_ino

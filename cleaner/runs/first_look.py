"""A first look at data that nobody has told anything of: what it is, and what cleaning would do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from cleaner.core.errors import CleanerError
from cleaner.core.openfile import open_file
from cleaner.core.settings.config import Input, Settings
from cleaner.formats.base import Parsed
from cleaner.formats.csv import Csv
from cleaner.formats.jsonl import fields_of
from cleaner.formats.registry import FORMATS
from cleaner.reports.starter import FirstLook
from cleaner.runs.clean import engine_for, prepare
from cleaner.runs.input.finding import find_inputs
from cleaner.runs.input.reading import Inputs, SourceFile, records_of
from cleaner.runs.input.spool import Folders
from cleaner.runs.output.measure import measure
from cleaner.runs.progress import Progress
from cleaner.runs.stats import count_inputs
from cleaner.storage.compress import reading

# Of more than so many bytes a part is looked at: some files, evenly over all, and the first records
# of large ones.
_MOST_BYTES = 8 << 20
_MOST_OF_FILE = 1 << 20

# So many records show which field has the text, of so many fields.
_LOOKED_AT = 20
_MOST_FIELDS = 40
_HEAD = 1 << 16


def first_look(paths: Sequence[Path], progress: Progress) -> FirstLook:
    """Look at files and folders by the default settings, but with the field that has the text."""
    with closing(find_inputs(paths)) as found:
        return _look(found, progress)


def _look(found: Inputs, progress: Progress) -> FirstLook:
    look = FirstLook(
        formats=Counter(file.format for file in found.files),
        skipped=Counter(found.skipped.values()),
        bytes=found.total_bytes(),
    )
    if not found.files:
        return look
    look.fields, look.text_field = _text_field(found.files)
    options = Input(text_field=look.text_field) if look.text_field else Input()
    settings = Settings(input=options)
    found.errors.clear()
    with TemporaryDirectory(prefix="cleaner-") as folder:
        if look.bytes > _MOST_BYTES:
            look.whole = False
            found, settings = _sampled(found, settings, Path(folder))
        with engine_for(found, settings) as engine:
            counted = count_inputs(_again(found), settings, engine, progress)
            work = Path(folder) / "work"
            work.mkdir()
            measured = measure(
                prepare(_again(found), settings, Folders(work, work), engine, progress),
                engine,
                settings,
            )
    look.documents, look.words = counted.documents, counted.words
    look.languages = counted.languages
    look.problems = list(measured.report.problems)
    look.counts = Counter(measured.report.counts)
    look.characters = measured.characters
    look.taken = Counter({code: rule.taken for code, rule in measured.tally.rules.items()})
    return look


def _again(inputs: Inputs) -> Inputs:
    """Return the same inputs, of which nothing is read yet."""
    return replace(inputs, files=[replace(file) for file in inputs.files])


def _text_field(files: Sequence[SourceFile]) -> tuple[tuple[str, ...], str]:
    """Return the fields of the records, and the one that has the text, "" where none has.

    That is the usual one where there is one, else the one with the longest texts.
    """
    lengths: Counter[str] = Counter()
    fields: dict[str, None] = {}
    seen: set[str] = set()
    for file in files:
        if FORMATS[file.format].one_document or file.format in seen or file.format == "warc":
            continue
        own = islice(_fields(file), _MOST_FIELDS)
        for name in own:
            length = _length_of_texts(file, name)
            fields[name] = None
            if length:
                seen.add(file.format)
                lengths[name] += length
    usual = Input().text_field
    best = max(lengths, key=lambda name: (name == usual, lengths[name]), default="")
    return tuple(fields), best


def _fields(file: SourceFile) -> Iterator[str]:
    """Yield the names of a file's fields."""
    names: dict[str, None] = {}
    with suppress(CleanerError, OSError, UnicodeDecodeError):
        format = FORMATS[file.format]
        if isinstance(format, Csv):
            with open_file(file.place) as raw, reading(raw, file.codec) as stream:
                names.update(dict.fromkeys(format.columns(stream.read(_HEAD))))
        elif file.format in ("parquet", "arrow"):
            names.update(dict.fromkeys(_columns(file)))
        else:
            with closing(records_of(file, Input())) as records:
                for record in islice(records, _LOOKED_AT):
                    names.update(dict.fromkeys(fields_of(record, Input().text_field)))
    yield from names


def _columns(file: SourceFile) -> list[str]:
    from cleaner.formats.columnar.ipc import IpcTable
    from cleaner.formats.columnar.parquet import ParquetTable

    with open_file(file.place) as stream:
        table = (ParquetTable if file.format == "parquet" else IpcTable)(stream)
        return list(table.schema.names)


def _length_of_texts(file: SourceFile, field: str) -> int:
    """Return how long the texts in a field are, in some records; 0 where it holds none."""
    options = Input(text_field=field)
    length = 0
    with suppress(CleanerError, OSError), closing(records_of(file, options)) as records:
        for record in islice(records, _LOOKED_AT):
            with suppress(CleanerError):
                parsed = FORMATS[file.format].parse(record, file.name, options)
                if isinstance(parsed, Parsed):
                    length += len(parsed.document.text)
    return length


def _sampled(inputs: Inputs, settings: Settings, folder: Path) -> tuple[Inputs, Settings]:
    """Return some of the files; of a large one its first records, as JSONL in a folder."""
    most = max(1, _MOST_BYTES // _MOST_OF_FILE)
    sizes = [file.place.stat().st_size for file in inputs.files]
    fit = max(most, len(sizes) * _MOST_BYTES // max(1, sum(min(n, _MOST_OF_FILE) for n in sizes)))
    step = max(1, len(sizes) // fit)
    chosen = []
    for number, (file, size) in enumerate(zip(inputs.files, sizes, strict=True)):
        if number % step:
            continue
        if size <= _MOST_OF_FILE or FORMATS[file.format].one_document:
            if size <= _MOST_BYTES:
                chosen.append(file)
            continue
        copy = folder / f"{number:06d}.jsonl"
        _write_records(file, settings.input, copy)
        chosen.append(SourceFile(f"{file.name}.jsonl", copy, "jsonl", "plain"))
    return replace(inputs, files=chosen), settings


def _write_records(file: SourceFile, options: Input, copy: Path) -> None:
    """Write the first records of a file as JSONL."""
    held = 0
    with (
        copy.open("wb") as lines,
        suppress(CleanerError, OSError),
        closing(records_of(file, options)) as records,
    ):
        for record in records:
            parsed = None
            with suppress(CleanerError):
                parsed = FORMATS[file.format].parse(record, file.name, options)
            if isinstance(parsed, Parsed):
                document = {"id": parsed.document.id, options.text_field: parsed.document.text}
                lines.write(json.dumps(document).encode("ascii") + b"\n")
            held += len(record.raw)
            if held > _MOST_OF_FILE:
                return

"""The options that commands share, and the settings that they and the files make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from cleaner.cli.log import Log
from cleaner.cli.values import CodesType, PerFileType, SizeType
from cleaner.core.settings.config import Settings
from cleaner.core.settings.configfile import Configuration, find_config, load_configuration

F = TypeVar("F", bound=Callable[..., Any])


# Each option that is a setting, with the dotted key that it sets.
KEYS = {
    "select": "select",
    "ignore": "ignore",
    "per_file_ignores": "per-file-ignores",
    "unsafe_fixes": "unsafe-fixes",
    "jobs": "jobs",
    "model": "model",
    "format": "input.format",
    "text_field": "input.text-field",
    "id_field": "input.id-field",
    "encoding": "input.encoding",
    "html": "input.html",
    "max_document_size": "input.max-document-size",
    "max_line_size": "input.max-line-size",
    "max_archive_size": "input.max-archive-size",
    "exclude": "input.exclude",
    "hidden": "input.hidden",
    "respect_gitignore": "input.respect-gitignore",
    "glue_confidence": "glue.confidence",
    "scope": "dedup.scope",
    "threshold": "dedup.threshold",
    "unit": "dedup.unit",
    "numbers": "dedup.numbers",
    "variants": "dedup.variants",
    "survivor": "dedup.survivor",
    "min_words": "dedup.min-words-near",
    "min_words_alone": "dedup.min-words-alone",
    "min_words_exact": "dedup.min-words-exact",
    "contained": "dedup.contained",
    "protect": "dedup.protect",
    "on_duplicate": "dedup.on-duplicate",
    "memory": "dedup.memory",
    "index": "dedup.index",
    "keep_empty": "output.keep-empty",
    "to": "output.to",
    "shard_size": "output.shard-size",
    "max_removed": "budget.max-removed",
}


config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Configuration file, instead of the nearest cleaner.toml upward.",
)

_SELECTING = [
    click.option(
        "--select",
        type=CodesType(),
        metavar="CODES",
        help="Codes or prefixes that act, e.g. GLU,BOI3; ALL is every safe rule.",
    ),
    click.option(
        "--ignore", type=CodesType(), metavar="CODES", help="Codes or prefixes that do not act."
    ),
    click.option(
        "--per-file-ignores",
        type=PerFileType(),
        multiple=True,
        metavar="PATTERN:CODE",
        help="Codes that do not act in files that the pattern fits, as in .gitignore, instead of "
        "those of the configuration; several after commas, e.g. *.md:FMT,drafts/:ALL.",
    ),
    click.option("--unsafe-fixes", is_flag=True, default=None, help="Let rules marked unsafe act."),
]

_COMPARING = [
    click.option(
        "--scope",
        type=click.Choice(["none", "file", "corpus"]),
        help="Where duplicates are looked for; file: inside one text file or record.  "
        "[default: corpus]",
    ),
    click.option(
        "--threshold",
        type=float,
        metavar="NUMBER",
        help="Jaccard similarity that makes a near-duplicate.  [default: 0.8]",
    ),
    click.option(
        "--variants",
        type=click.Choice(["keep", "remove"]),
        help="Near-copies that differ in a word, a number or a sign; remove thins templates.  "
        "[default: keep]",
    ),
]

_FINDING = [
    click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        help="Do not read files and folders that it fits, as in .gitignore, seen from the input "
        "folder. May be repeated.",
    ),
    click.option(
        "--hidden",
        is_flag=True,
        default=None,
        help="Read hidden files and folders inside of folders too.",
    ),
    click.option(
        "--respect-gitignore/--no-respect-gitignore",
        default=None,
        help="Pass over what git ignores, in folders of a repository.  [default: respect]",
    ),
]

_READING = [
    click.option(
        "--as",
        "format",
        metavar="FORMAT",
        help="What the inputs are, whatever their names say: txt, jsonl, csv, tsv, parquet, "
        "arrow, json, warc, html.  [default: found out]",
    ),
    click.option(
        "--text-field",
        multiple=True,
        metavar="NAME",
        help="Field or column with the text; a.b is b inside of a. May be repeated, where a record "
        "has several texts.  [default: text]",
    ),
    click.option(
        "--id-field",
        metavar="NAME",
        help="Field or column that names the record.  [default: id]",
    ),
    click.option(
        "--encoding",
        metavar="NAME",
        help="Encoding of the text files without a byte-order mark.  [default: found out]",
    ),
    click.option(
        "--html",
        type=click.Choice(["resiliparse", "trafilatura", "off"]),
        help="What extracts the main text of web pages, if anything.  [default: resiliparse]",
    ),
    click.option(
        "--max-document-size",
        type=SizeType(),
        metavar="SIZE",
        help="Refuse larger documents.  [default: 256MiB]",
    ),
    click.option(
        "--max-line-size",
        type=SizeType(),
        metavar="SIZE",
        help="Refuse documents with longer lines.  [default: 16MiB]",
    ),
    click.option(
        "--max-archive-size",
        type=SizeType(),
        metavar="SIZE",
        help="Refuse archives that unpack to more.  [default: 8GiB]",
    ),
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(min=0),
        metavar="N",
        help="Worker processes, at most four a core; 0 is one a core.  [default: 0]",
    ),
]


def settings_options(command: F) -> F:
    """Add the options that are settings, and ``--config``."""
    return _with(command, [*_SELECTING, *_COMPARING, *_READING, *_FINDING, config_option])


def learning_options(command: F) -> F:
    """Add those of the settings' options that bear on what a corpus teaches, and ``--config``."""
    return _with(command, [*_SELECTING, *_READING, *_FINDING, config_option])


def _with(command: F, options: Sequence[Callable[[F], F]]) -> F:
    for option in reversed(options):
        command = option(command)
    return command


model_option = click.option(
    "--model",
    metavar="FILE",
    help="Judge each document by this model of `cleaner fit`, and not by what the inputs teach.",
)

glue_option = click.option(
    "--glue-confidence",
    type=click.FloatRange(0.0, 1.0),
    metavar="NUMBER",
    help="Probability that a lost space inside one word needs to be put back.  [default: 0.5]",
)


memory_option = click.option(
    "--memory",
    type=SizeType(),
    metavar="SIZE",
    help="Memory for comparing, beyond some 100 MB that every run takes; the rest lies on disk.  "
    "[default: half of the machine's]",
)

work_option = click.option(
    "--work",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Where what lies between passes stands, from which a run that was stopped is gone on "
    "with.  [default: the output folder; of a URL, the user's cache]",
)
_WRITING = [
    click.option(
        "--to",
        type=click.Choice(["same", "jsonl", "parquet", "csv", "txt"]),
        help="What is written, whatever was read.  [default: same]",
    ),
    click.option(
        "--shard-size",
        type=SizeType(),
        metavar="SIZE",
        help="Begin a new file, NAME-00001-of-00003, where an output of records is larger.",
    ),
]


def writing_options(command: F) -> F:
    """Add the options on the form of what is written."""
    return _with(command, _WRITING)


report_option = click.option(
    "--report",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what the run did as an HTML page, as `cleaner report` does, with speed and memory.",
)


def dedup_options(command: F) -> F:
    """Add the options on what counts as a duplicate and which copy stays."""
    options = [
        click.option(
            "--unit",
            type=click.Choice(["paragraph", "line", "record"]),
            help="What is compared; record: a whole text file or record.  [default: paragraph]",
        ),
        click.option(
            "--numbers",
            type=click.Choice(["differ", "ignore"]),
            help="differ: texts that name different numbers are no near-duplicates.  "
            "[default: differ]",
        ),
        click.option(
            "--survivor",
            type=click.Choice(["first", "best"]),
            help="The copy that stays: the first; or the least damaged, then the fullest.  "
            "[default: best]",
        ),
        click.option(
            "--min-words",
            type=click.IntRange(min=0),
            metavar="N",
            help="Shorter texts are never near-duplicates.  [default: 10]",
        ),
        click.option(
            "--min-words-alone",
            type=click.IntRange(min=0),
            metavar="N",
            help="Shorter paragraphs and lines go only as part of a longer passage.  [default: 20]",
        ),
        click.option(
            "--min-words-exact",
            type=click.IntRange(min=0),
            metavar="N",
            help="Shorter records are never exact duplicates.  [default: 5]",
        ),
        click.option(
            "--contained",
            type=click.Choice(["auto", "off", "report", "remove"]),
            help="Passages inside longer ones elsewhere; auto reports them, but not of whole "
            "records.  [default: auto]",
        ),
        click.option(
            "--protect",
            multiple=True,
            metavar="PATH",
            help="Reference texts: compared with, never changed or written. May be repeated.",
        ),
    ]
    return _with(command, options)


def configuration(options: Mapping[str, Any]) -> Configuration:
    """Return the configuration of a command: defaults, then the file, then its options."""
    file = options.get("config_file") or find_config(Path.cwd())
    values: dict[str, Any] = {}
    for option, key in KEYS.items():
        if options.get(option) not in (None, ()):
            table = values
            *tables, name = key.split(".")
            for part in tables:
                table = table.setdefault(part, {})
            table[name] = options[option]
    Log.current().detail(f"settings: {file or 'defaults'}", "settings", file=str(file or ""))
    if options.get("per_file_ignores"):
        values["per-file-ignores"] = [
            pair for given in options["per_file_ignores"] for pair in given
        ]
    return load_configuration(file, values)


def settings_of(options: Mapping[str, Any]) -> Settings:
    """Return only the settings of `configuration`."""
    return configuration(options).settings

"""The report of a run that stands beside its journal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cleaner.storage.below import RUN_DIR, open_below, stays_below
from cleaner.storage.replace import whole_file

# So many of the documents that lost all their text are named.
MOST_EMPTIED = 100


@dataclass(frozen=True)
class FileReport:
    """One source file: digests and sizes; no output digest where nothing was written.

    `output` is the name of what was written.
    """

    name: str
    sha256: str
    bytes_before: int
    bytes_after: int
    records: int
    records_written: int
    output_sha256: str | None
    output: str


@dataclass(frozen=True)
class Exported:
    """A file that was made of outputs: its name, digest and size."""

    name: str
    sha256: str
    size: int


@dataclass
class RepeatedLine:
    """A repeated line that was removed, as it stood, and a file that it was removed from.

    It was removed ``removed`` times, ``at_head`` of them in the first half of a document, from
    ``from_documents`` documents; in the corpus it stood ``stood`` times, in ``in_documents``.
    """

    line: str
    file: str
    removed: int = 0
    at_head: int = 0
    from_documents: int = 0
    stood: int = 0
    in_documents: int = 0


@dataclass
class Emptied:
    """Documents that lost all their text and are not written: how many, and the first of them."""

    count: int = 0
    documents: list[str] = field(default_factory=list)

    def add(self, document: str) -> None:
        """Count a document."""
        self.count += 1
        if self.count <= MOST_EMPTIED:
            self.documents.append(document)


@dataclass(frozen=True)
class RunReport:
    """What a run did: sizes are of text, decompressed, in bytes.

    `skipped`: why a file or folder was passed over, by its name; `skipped_counts`: how many for
    each reason. `remarks`: what people might not expect of how a file was read. `second_names`:
    further names of files, by which they were not read, and those by which they were. `model`: the
    digest of the model that documents were judged by last, "" where there was none. `stable`:
    whether a second run over the outputs would change nothing; one that runs out of rounds does not
    know. `exported`: what was made of outputs, where something else was asked for.
    """

    version: str
    settings: Mapping[str, Any]
    bytes_before: int
    bytes_after: int
    counts: Mapping[str, int]
    files: Sequence[FileReport]
    skipped: Mapping[str, str]
    second_names: Mapping[str, str]
    problems: Sequence[str]
    repeated: Sequence[RepeatedLine] = ()
    emptied: Emptied = field(default_factory=Emptied)
    model: str = ""
    stable: bool = True
    skipped_counts: Mapping[str, int] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    exported: Sequence[Exported] = ()


# Where the report stands below an output folder, and its page, if one was asked for.
REPORT = f"{RUN_DIR}/report.json"
PAGE = f"{RUN_DIR}/report.html"


def write_report(output: Path, report: RunReport) -> None:
    """Write the report; the same run gives the same bytes."""
    with whole_file(output, REPORT) as file:
        text = json.dumps(asdict(report), indent=2, ensure_ascii=True)
        file.write(text.encode("ascii") + b"\n")


def outputs_of(output: Path) -> list[str]:
    """Return the names of the files that an earlier run wrote into `output`, by its report."""
    files = _files_of(output) or ()
    return [name for _, _, name, written in files if written is not None] + _exported(output)


def _exported(output: Path) -> list[str]:
    """Return the names of what was made of outputs; anybody may have written the report."""
    try:
        with open_below(output, REPORT) as file:
            names = [one["name"] for one in json.load(file).get("exported", [])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
    return [name for name in names if stays_below(name)]


def sources_of(output: Path) -> dict[str, object] | None:
    """Return the digests of an earlier run's sources by name; None where there is no report."""
    files = _files_of(output)
    return None if files is None else {name: digest for name, digest, _, _ in files}


def _files_of(output: Path) -> list[tuple[str, object, str, object]] | None:
    """Return names and digests of sources and outputs; anybody may have written the report."""
    try:
        with open_below(output, REPORT) as file:
            report = json.load(file)
        files = [
            (f["name"], f["sha256"], f.get("output", f["name"]), f["output_sha256"])
            for f in report["files"]
        ]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return [one for one in files if stays_below(one[0]) and stays_below(one[2])]

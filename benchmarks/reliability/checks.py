"""What must hold of every corpus and task; each check returns what does not, in words."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benchmarks.reliability.inputs import Corpus
from benchmarks.reliability.tasks import Task
from cleaner import Cleaner, CleanerError, check_files, fit_files, restore_files
from cleaner.core.errors import UsageError
from cleaner.core.findings import located_edits
from cleaner.formats.columnar.digest import ValuesDigest
from cleaner.formats.columnar.formats import Columnar
from cleaner.formats.registry import FORMATS, format_of
from cleaner.journal.read import read_journal
from cleaner.reports.record import RunReport
from cleaner.runs.input import reading
from cleaner.runs.records import chunks as pieces
from cleaner.runs.rule_registry import all_rules

# What a run of such a corpus may be refused for.
REFUSALS = ("no record has a field", "cannot be marked")

ROOT = Path(__file__).parents[2]


@contextmanager
def small_pieces(seed: int) -> Iterator[None]:
    """Cut the inputs into pieces of some bytes, so that a small corpus has many borders."""
    dice = random.Random(f"pieces {seed}")
    batch, piece = reading._BATCH_BYTES, pieces._PIECE_BYTES
    reading._BATCH_BYTES = dice.choice((1, 100, 1000, batch))
    pieces._PIECE_BYTES = dice.choice((1, 50, 700, piece))
    try:
        yield
    finally:
        reading._BATCH_BYTES, pieces._PIECE_BYTES = batch, piece


def write(corpus: Corpus, folder: Path) -> Path:
    """Write the files of a corpus."""
    for name, data in corpus.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def tree(folder: Path, *, journal: bool = False) -> dict[str, bytes]:
    """Return the files below a folder, those of the run itself only where asked."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (journal or "_cleaner" not in path.parts)
    }


def differing(one: Mapping[str, bytes], two: Mapping[str, bytes]) -> str:
    """Return the names under which two trees differ, with the first of the contents."""
    names = [
        name
        for name in sorted({*one, *two})
        if one.get(name) != two.get(name) and not _same_table(name, one.get(name), two.get(name))
    ]
    if not names:
        return ""
    name = names[0]
    return f"{names}: {_excerpts(one.get(name), two.get(name))}"


def _same_table(name: str, one: bytes | None, two: bytes | None) -> bool:
    """Whether two files hold the same table, where it is tables that come back."""
    format = format_of(name, ())
    if one is None or two is None or not isinstance(format, Columnar):
        return False
    digests = set()
    for data in (one, two):
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.seek(0)
            table = format._open(file)
            digest = ValuesDigest(table.schema)
            for piece in table.pieces():
                digest.add(piece.rows)
        digests.add(digest.hexdigest())
    return len(digests) == 1


def _excerpts(one: bytes | None, two: bytes | None) -> str:
    if one is None or two is None:
        return f"only in the {'second' if one is None else 'first'}: {(one or two or b'')[:200]!r}"
    pairs = enumerate(zip(one, two, strict=False))
    at = next((place for place, (a, b) in pairs if a != b), min(len(one), len(two)))
    start = max(0, at - 40)
    return f"from byte {at}: {one[start : at + 80]!r} against {two[start : at + 80]!r}"


class Case:
    """A corpus, a task, and a folder for what comes of them; checks build on each other."""

    def __init__(self, corpus: Corpus, task: Task, seed: int, folder: Path) -> None:
        self.corpus = corpus
        self.task = task
        self.seed = seed
        self.folder = folder

    def failures(self, only: str = "") -> Iterator[tuple[str, str]]:
        """Yield each check that fails, and how; `only` the one of that name where one is given."""
        source = write(self.corpus, self.folder / "in")
        output = self.folder / "out"
        try:
            with small_pieces(self.seed):
                report = self.task.run([source], output)
        except CleanerError as error:
            if not any(known in str(error) for known in REFUSALS):
                yield "run", f"{type(error).__name__}: {error}"
            return
        read = {file.name for file in report.files}
        checks: dict[str, Callable[[], str]] = {
            "restore": lambda: self._restored(output, read),
            "check = clean": lambda: self._checked(source, output, report.problems),
            "second pass": lambda: self._again(output),
            "order of inputs": lambda: self._shuffled(source, output),
            "second pass by a model": lambda: self._by_model(source),
        }
        for name, check in checks.items():
            if only in ("", name) and (told := check()):
                yield name, told

    def _restored(self, output: Path, read: set[str]) -> str:
        errors = [file for file in restore_files(output, self.folder / "back") if file.error]
        if errors:
            return f"{errors[0].name}: {errors[0].error}"
        expected = {name: data for name, data in self.corpus.items() if name in read}
        return differing(expected, tree(self.folder / "back"))

    def _checked(self, source: Path, output: Path, problems: object) -> str:
        if self.task.command != "clean":
            return ""
        checked = check_files([source], self.task.settings)
        if list(checked.problems) != problems:
            return f"problems {checked.problems} against {problems}"
        found = [
            (Path(f.source.path).relative_to(source).as_posix(), f.source.record, f.start, f.end,
             f.before, f.after, f.code, f.detail)
            for f in checked.findings
        ]  # fmt: skip
        written = list(journaled(output))
        for one, two in zip(found, written, strict=False):
            if one != two:
                return f"{one} against {two}"
        return "" if len(found) == len(written) else f"{len(found)} against {len(written)} edits"

    def _again(self, output: Path) -> str:
        once = tree(output)
        if not once:
            return ""
        report = self.task.run([output], self.folder / "again")
        told = differing(once, tree(self.folder / "again"))
        return told or ("" if self._marks() else _changing(report))

    def _marks(self) -> bool:
        return self.task.settings.dedup.on_duplicate == "mark"

    def _by_model(self, source: Path) -> str:
        """Judge the corpus by what it teaches, and what comes of it by the same model."""
        if self.task.command != "clean":
            return ""
        try:
            model = fit_files([source], self.task.settings)
        except CleanerError:  # no rule goes by a model, or there is no text
            return ""
        cleaner = Cleaner(self.task.settings, model=model)
        once, twice = self.folder / "judged", self.folder / "judged again"
        cleaner.clean_files([source], once)
        if not tree(once):
            return ""
        report = cleaner.clean_files([once], twice)
        return differing(tree(once), tree(twice)) or _changing(report)

    def _shuffled(self, source: Path, output: Path) -> str:
        files = [path for path in sorted(source.rglob("*")) if path.is_file()]
        # Names are as seen from the folder that all inputs stand in.
        if len(files) < 2 or os.path.commonpath([file.parent for file in files]) != str(source):
            return ""
        random.Random(f"order {self.seed}").shuffle(files)
        try:
            self.task.run(files, self.folder / "shuffled")
        except UsageError as error:  # what is passed over in a folder is refused where it is named
            if "cannot be marked" in str(error):
                return ""
            raise
        return differing(tree(output), tree(self.folder / "shuffled"))


def _changing(report: RunReport) -> str:
    """Return what is said of edits where there should be none."""
    rules = all_rules()
    changing = {code: n for code, n in report.counts.items() if not rules[code].notes}
    return f"edits {changing} that change nothing" if changing else ""


def journaled(output: Path) -> Iterator[tuple[object, ...]]:
    """Yield every journaled edit as `check` places it."""
    for file, entries in read_journal(output):
        many = not FORMATS[file.format].one_document
        for entry in entries:
            for edit in located_edits([entry.notes(), *entry.steps()]):
                yield (file.file, entry.number if many else None, *edit[:6])


def differences_of_processes(source: Path, task: Task, seed: int, folder: Path) -> Iterator[str]:
    """Yield what differs with two processes, another seed of hashes, or other pieces."""
    with small_pieces(seed):
        task.run([source], folder / "one")
        task.with_jobs(2).run([source], folder / "two")
    one = tree(folder / "one", journal=True)
    if told := differing(one, tree(folder / "two", journal=True)):
        yield f"--jobs 1 = --jobs 2: {told}"
    script = (
        "import sys, msgspec; from pathlib import Path; from cleaner import Settings\n"
        "from benchmarks.reliability.checks import small_pieces\n"
        "from benchmarks.reliability.tasks import Task\n"
        "settings = msgspec.json.decode(sys.argv[2], type=Settings)\n"
        "with small_pieces(int(sys.argv[5])):\n"
        "    Task(sys.argv[1], settings).run([Path(sys.argv[3])], Path(sys.argv[4]))\n"
    )
    settings = msgspec.json.encode(task.settings)
    subprocess.run(
        [
            sys.executable,
            "-c",
            script,
            task.command,
            settings,
            source,
            folder / "seeded",
            str(seed),
        ],
        env={**os.environ, "PYTHONHASHSEED": str(seed % 1000 + 1), "PYTHONPATH": str(ROOT)},
        check=True,
    )
    if told := differing(one, tree(folder / "seeded", journal=True)):
        yield f"hash seed: {told}"
    task.run([source], folder / "whole")
    if told := differing(one, tree(folder / "whole", journal=True)):
        yield f"size of pieces: {told}"

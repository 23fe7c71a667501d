"""The example documents of seeds/, cleaned, restored and cleaned again."""

from pathlib import Path

import pytest

import cleaner

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
SOURCES = sorted(SEEDS.glob("*.txt"))
GLUED = "002_wrap_glue.txt"

each_document = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("golden") / "cleaned"
    report = cleaner.clean_files([SEEDS], output)
    assert not report.problems
    return output


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.txt"))}


def test_every_document_is_cleaned(cleaned: Path) -> None:
    assert len(SOURCES) == 5
    assert list(texts(cleaned)) == [source.name for source in SOURCES]


@each_document
def test_output_is_as_expected(source: Path, cleaned: Path) -> None:
    expected = source.with_suffix(".expected").read_bytes().decode("utf-8")
    # Lists of lines, so that a failure shows the paragraphs that differ.
    written = (cleaned / source.name).read_bytes().decode("utf-8")
    assert written.split("\n") == expected.split("\n")


@each_document
def test_expected_text_is_canonical(source: Path) -> None:
    expected = source.with_suffix(".expected").read_bytes().decode("utf-8")
    assert expected.endswith("\n")
    assert not expected.startswith("\n")
    assert "\n\n\n" not in expected
    assert "\r" not in expected
    assert all(line == line.strip() for line in expected.split("\n"))


def test_sources_are_restored_byte_for_byte(cleaned: Path, tmp_path: Path) -> None:
    restored = tmp_path / "restored"
    problems = [file.error for file in cleaner.restore_files(cleaned, restored) if file.error]
    assert not problems
    assert texts(restored) == texts(SEEDS)


def test_second_pass_changes_nothing(cleaned: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    report = cleaner.clean_files([cleaned], again)
    assert not report.problems
    assert texts(again) == texts(cleaned)


@pytest.mark.parametrize(
    "source", [path for path in SOURCES if path.name != GLUED], ids=lambda path: path.stem
)
def test_no_token_is_split_or_joined_where_nothing_is_glued(source: Path, cleaned: Path) -> None:
    left = iter(source.read_text(encoding="utf-8").split())
    tokens = (cleaned / source.name).read_text(encoding="utf-8").split()
    # Removals leave a subsequence of the source's tokens; `in` goes on where the last was found.
    strangers = [token for token in tokens if token not in left]
    assert not strangers

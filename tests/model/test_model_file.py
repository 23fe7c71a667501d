"""The file of a model: whole, the same for the same model, and safe to open whoever wrote it."""

from __future__ import annotations

import io
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import CleanerError, Model
from cleaner.core.errors import UsageError
from cleaner.model.columns import COLUMNS, columns_of
from cleaner.storage.compress import reading, zstd
from tests.model.making import bytes_of, model_of, samples
from tests.running import Run
from tests.sites import MENU, site
from tests.strategies import corpora

TEXTS = [*site(12), "The Quuxford ferry is in the bay."]


@pytest.fixture(scope="module")
def known() -> Model:
    return model_of(samples(TEXTS, "one.example"))


@pytest.fixture
def path(known: Model, here: Path) -> Path:
    known.save("a.model")
    return here / "a.model"


def parts_of(path: Path) -> tuple[bytes, dict[str, Any], bytes]:
    """Return the first line, what the second says, and the columns, unpacked."""
    first, second, packed = path.read_bytes().split(b"\n", 2)
    with reading(io.BufferedReader(io.BytesIO(packed)), "zstd") as stream:  # type: ignore[arg-type]
        return first, json.loads(second), stream.read()


def write_parts(
    path: Path, header: object, columns: bytes, first: bytes = b"cleaner-model"
) -> None:
    path.write_bytes(b"\n".join([first, json.dumps(header).encode(), zstd.compress(columns)]))


def assert_same(one: Model, other: Model) -> None:
    assert one.documents == other.documents
    assert one.tables.lines == other.tables.lines
    assert one.digest == other.digest
    columns = columns_of(other.stats, other.counts)
    for name, column in columns_of(one.stats, one.counts).items():
        assert np.array_equal(column, columns[name]), name


def test_round_trip(known: Model, path: Path) -> None:
    loaded = Model.load(path)
    assert_same(loaded, known)
    assert loaded.tables.lines.bonds
    assert loaded.tables.glue.words.documents("quuxford") == 1
    assert bytes_of(loaded, path.parent) == path.read_bytes()


@given(corpora)
def test_round_trip_of_any_corpus(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    model = model_of(samples(texts, "x"))
    model.save(folder / "a.model")
    assert_same(Model.load(folder / "a.model"), model)


def test_path_in_any_form(known: Model, here: Path) -> None:
    known.save(str(here / "b.model"))
    assert_same(Model.load(here / "b.model"), Model.load(str(here / "b.model")))


def test_there_is_no_text_in_it(path: Path) -> None:
    _, header, columns = parts_of(path)
    assert header["documents"] == len(TEXTS)
    for word in ("Quuxford", "quuxford", MENU[0], MENU[0][:8]):
        for encoding in ("utf-8", "utf-16-le", "utf-32-le"):
            assert word.encode(encoding) not in columns + path.read_bytes()


def test_what_exists_stays(known: Model, path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(UsageError, match="the file exists"):
        known.save(path)
    Model().save(path, overwrite=True)
    assert path.read_bytes() != before
    assert sorted(path.parent.iterdir()) == [path]


def test_what_cannot_be_written(known: Model, here: Path) -> None:
    (here / "folder").mkdir()
    (here / "file").touch()
    for name in ("folder", "file/a.model"):
        with pytest.raises(UsageError):
            known.save(here / name, overwrite=True)
    assert sorted(one.name for one in here.iterdir()) == ["file", "folder"]


def one_error(path: Path) -> str:
    """Return the line of what is said of a model that cannot be used."""
    with pytest.raises(CleanerError) as raised:
        Model.load(path)
    said = str(raised.value)
    assert said.startswith(str(path))
    assert "\n" not in said
    assert len(said) < 300
    return said


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"The tide came in.\n",
        b"cleaner-model",
        b"cleaner-model 1\n{}",
        zstd.compress(b"cleaner-model\n"),
        pickle.dumps({"a": 1}),
        bytes(range(256)),
    ],
)
def test_what_is_no_model(here: Path, data: bytes) -> None:
    (here / "x").write_bytes(data)
    assert "is no model" in one_error(here / "x")


def test_what_is_no_file(here: Path) -> None:
    os.mkfifo(here / "pipe")
    (here / "folder").mkdir()
    (here / "loop").symlink_to("loop")
    for name in ("pipe", "folder", "loop", "nothing", "/dev/null"):
        assert "is no model" in (said := one_error(here / name)) or "cannot be read" in said


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\n",
        b"{}\n",
        b"null\n",
        b"[1]\n",
        b'{"format": "1"}\n',
        b'{"format": 1}\n',
        b'{"format": 1, "format": 1}\n',
        b'{"format": 1e99}\n',
        b"[" * 100_000 + b"\n",
        b'{"format": 1, "a": ' + b"[" * 5000 + b"\n",
        b"\xff\xfe\n",
        b'{"format": 0}\n',
        b'{"format": -1}\n',
        b"x" * (1 << 20),
    ],
)
def test_second_line_that_is_none(here: Path, header: bytes) -> None:
    (here / "x").write_bytes(b"cleaner-model\n" + header)
    assert "is a damaged model" in one_error(here / "x")


def test_later_format(path: Path) -> None:
    path.write_bytes(b'cleaner-model\n{"format": 2, "made": "by nobody"}\nanything')
    said = one_error(path)
    assert "was made by a later cleaner: its format is 2, and this one reads 1" in said


def changed(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(header: dict[str, Any]) -> None:
        (header["columns"] if name in COLUMNS else header)[name] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        changed("documents", -1),
        changed("documents", 2**60),
        changed("documents", "12"),
        changed("lines_of", 11),
        changed("digest", "0" * 64),
        changed("digest", None),
        changed("columns", {}),
        changed("columns", []),
        changed("words", 2**21 - 1),
        changed("words", 2**40),
        changed("sketch", 0),
        changed("passages", 2**40),
        changed("passages", 2**22 + 1),
        changed("passages", 2**22),
        changed("passages", -1),
        changed("passages", 1.5),
        changed("line-keys", 2**21),
        changed("line-keys", 0),
        changed("pair-sources", 2**20),
        changed("source-keys", 2**24),
        changed("source-keys", 2**63),
        changed("source-documents", 0),
        lambda header: header["columns"].update(more=1),
        lambda header: header["columns"].pop("words"),
    ],
)
def test_header_that_is_not_of_the_columns(path: Path, change: Callable[[Any], None]) -> None:
    _, header, columns = parts_of(path)
    write_parts(path, header, columns)
    assert Model.load(path).documents == len(TEXTS)
    change(header)
    write_parts(path, header, columns)
    assert "is a damaged model" in one_error(path)


def written(
    known: Model, path: Path, change: Callable[[dict[str, Any]], None], *, sized: bool = True
) -> None:
    """Write the columns of a model, changed, with their sizes."""
    columns: dict[str, Any] = columns_of(known.stats, known.counts)
    change(columns)
    _, header, _ = parts_of(path)
    if sized:
        header["columns"] = {name: len(column) for name, column in columns.items()}
    write_parts(path, header, b"".join(column.tobytes() for column in columns.values()))


def replaced(name: str, change: Callable[[Any], Any]) -> Callable[[dict[str, Any]], None]:
    def replace(columns: dict[str, Any]) -> None:
        columns[name] = np.asarray(change(columns[name]), columns[name].dtype)

    return replace


def first_is(value: int) -> Callable[[Any], Any]:
    return lambda column: [value, *column[1:].tolist()]


@pytest.mark.parametrize(
    "change",
    [
        replaced("passages", lambda keys: keys[::-1]),
        replaced("passages", lambda keys: [*keys[:5], *keys[4:]]),
        replaced("passages", lambda keys: keys[:-1]),
        replaced("line-keys", lambda keys: keys[::-1]),
        replaced("line-keys", lambda keys: keys[:-1]),
        replaced("line-times", lambda times: [*times, 1]),
        replaced("line-documents", first_is(2**63)),
        replaced("pair-documents", first_is(2**64 - 1)),
        replaced("pair-keys", lambda keys: keys[::-1]),
        replaced("pair-sources", first_is(255)),
        replaced("pair-sources", first_is(0)),
        replaced("pair-firsts", lambda keys: keys + 1),
        replaced("source-documents", first_is(2**50)),
        replaced("source-keys", lambda keys: [*keys, 5]),
        replaced("words", lambda counts: counts + 1),
        replaced("sketch", np.zeros_like),
    ],
)
def test_columns_that_no_corpus_has(
    known: Model, path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    written(known, path, lambda columns: None)
    assert_same(Model.load(path), known)
    written(known, path, change)
    assert "is a damaged model" in one_error(path)


def test_columns_without_a_frame(path: Path) -> None:
    first, second, packed = path.read_bytes().split(b"\n", 2)
    assert len(packed) > 1000
    for rest in (b"", packed[:4], b"x" * 4000, packed[: len(packed) // 2], packed[:-1]):
        path.write_bytes(b"\n".join([first, second, rest]))
        assert "is a damaged model" in one_error(path)
    for more in (zstd.compress(b"x"), b"x", packed):
        path.write_bytes(b"\n".join([first, second, packed + more]))
        assert "is a damaged model" in one_error(path)


@pytest.fixture(scope="module")
def whole(known: Model, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return bytes_of(known, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged") / "a.model"


@given(share=st.floats(0, 1, exclude_max=True))
def test_any_cut_is_noticed(whole: bytes, damaged: Path, share: float) -> None:
    damaged.write_bytes(whole[: int(share * len(whole))])
    one_error(damaged)


@given(share=st.floats(0, 1, exclude_max=True), flipped=st.integers(1, 255))
def test_any_other_byte_is_noticed(whole: bytes, damaged: Path, share: float, flipped: int) -> None:
    columns = whole.index(b"}}\n") + 3
    data = bytearray(whole)
    data[columns + int(share * (len(whole) - columns))] ^= flipped
    damaged.write_bytes(data)
    one_error(damaged)


@given(share=st.floats(0, 1, exclude_max=True), flipped=st.integers(1, 255))
def test_header_of_other_bytes_changes_nothing_that_texts_are_judged_by(
    known: Model, whole: bytes, damaged: Path, share: float, flipped: int
) -> None:
    data = bytearray(whole)
    data[int(share * whole.index(b"}}\n"))] ^= flipped
    damaged.write_bytes(data)
    try:
        assert Model.load(damaged).digest == known.digest
    except CleanerError:
        one_error(damaged)


def test_bomb_takes_little_memory(path: Path) -> None:
    """A small file says that it is large, and is; more than the bounds is not even begun."""
    _, header, _ = parts_of(path)
    header["columns"] = {name: column.most for name, column in COLUMNS.items()}
    write_parts(path, header, bytes(1 << 26))
    assert "is a damaged model" in one_error(path)
    assert sum(np.dtype(c.dtype).itemsize * c.most for c in COLUMNS.values()) < 400 * 2**20


@pytest.mark.parametrize("command", ["check", "clean", "fit"])
def test_commands_say_so_in_one_line(path: Path, run: Run, command: str) -> None:
    (path.parent / "a.txt").write_text("The  tide.\n")
    path.write_bytes(path.read_bytes()[:-7])
    arguments: dict[str, list[str]] = {
        "check": ["check", "a.txt", "--model", "a.model"],
        "clean": ["clean", "a.txt", "--model", "a.model", "-o", "out"],
        "fit": ["fit", "--merge", "a.model", "-o", "out"],
    }
    ended = run(*arguments[command])
    assert (ended.status, ended.out, ended.others) == (2, "", [])
    assert len(ended.errors) == 1
    assert "a.model: is a damaged model" in ended.errors[0]
    assert not (path.parent / "out").exists()


def test_model_is_no_text(path: Path, run: Run) -> None:
    ended = run("check", "a.model")
    assert ended.status == 3
    assert "is a model of cleaner, which is not read; name it with --model" in ended.errors[0]

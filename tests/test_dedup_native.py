"""Compiled functions from their object file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cleaner.core.native import NotNativeError, cache_folder, load, parse
from cleaner.dedup import words
from cleaner.dedup.native import CONSTANTS, SIGNATURES
from tests.running import ROOT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def small() -> dict[str, dict[str, str]]:
    module = "cleaner.dedup.kernels_join"
    return {module: {name: SIGNATURES[module][name] for name in ("group", "mark_shared")}}


def test_the_kernels_are_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    told: list[str] = []
    for _ in range(2):
        found = load(small(), CONSTANTS, told.append)
    assert len(told) == 1
    assert len(list(cache_folder().iterdir())) == 1
    ends = np.array([0, 0, 2], dtype=np.int64)
    grouped = np.empty(3, dtype=np.int32)
    members, values = np.array([1, 0, 0], np.int32), np.array([7, 8, 9], np.int32)
    found.group(members, values, ends, grouped)
    assert grouped.tolist() == [8, 9, 7]
    assert ends.tolist() == [0, 2, 3]


def test_wrong_arrays_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    group = load(small(), CONSTANTS).group
    right = np.zeros(2, dtype=np.int32)
    ends = np.zeros(2, dtype=np.int64)
    for wrong in (np.zeros(2), np.zeros(4, dtype=np.int32)[::2], np.zeros((2, 1), dtype=np.int32)):
        with pytest.raises(TypeError, match="expected a contiguous"):
            group(wrong, right, ends, right)
    with pytest.raises(ValueError, match="shorter"):
        group(right)


def test_functions_that_allocate_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "not_native.py").write_text(
        "import numba\nimport numpy\n"
        "@numba.njit\ndef allocates(a):\n    return numpy.arange(a.sum()).sum()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(NotNativeError, match="at run time"):
        load({"not_native": {"allocates": "int64[::1] -> int64"}})


def test_all_kinds_of_arguments_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "kinds.py").write_text(
        "import numba\nimport numpy\n"
        "@numba.njit\ndef arrive(whole, natural, real, flags, table, bits):\n"
        "    table[1, 2] = real\n    bits[0] = natural\n"
        "    flags[0] = flags.shape[0] == 3 and flags.size == 3\n"
        "    return whole + 10 * table.shape[0] + table.shape[1] + 100 * table.size\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    signature = "int64, uint64, float64, boolean[::1], float64[:,::1], uint64[::1] -> int64"
    arrive = load({"kinds": {"arrive": signature}}).arrive
    flags, table, bits = np.zeros(3, np.bool_), np.zeros((2, 3)), np.zeros(1, np.uint64)
    assert arrive(-1000, 2**63 + 5, -0.1, flags, table, bits) == -1000 + 23 + 600
    with pytest.raises(TypeError, match="integer"):
        arrive(0.5, 1, 0.0, flags, table, bits)
    assert (flags.tolist(), table[1, 2], int(bits[0])) == ([True, False, False], -0.1, 2**63 + 5)


@pytest.mark.parametrize("damage", [lambda d: d[:-1], lambda d: b"", lambda d: d[:-9] + d[-8:]])
def test_damaged_kernels_are_compiled_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    load(small(), CONSTANTS)
    [file] = cache_folder().iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    told: list[str] = []
    load(small(), CONSTANTS, told.append)
    assert len(told) == 1
    assert file.read_bytes() == whole


def test_damaged_character_tables_are_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = [one.tobytes() for one in words.tables.__wrapped__()]
    [file] = cache_folder().iterdir()
    data = bytearray(file.read_bytes())
    data[2000] ^= 1
    file.write_bytes(data)
    assert [one.tobytes() for one in words.tables.__wrapped__()] == made


def test_no_folder_can_be_written(tmp_path: Path) -> None:
    """Neither the package's own folders, nor the user's: what is made goes with the process."""
    package = tmp_path / "package/cleaner"
    shutil.copytree(ROOT / "cleaner", package, ignore=shutil.ignore_patterns("__pycache__", "data"))
    for place in [package, *package.rglob("*/")]:
        (place / "__pycache__").touch()
    (tmp_path / "tmp").mkdir()
    script = (
        "import sys\n"
        "from cleaner.core.native import cache_folder, load\n"
        "from tests.test_dedup_native import CONSTANTS, small\n"
        "found = load(small(), CONSTANTS)\n"
        "print(cache_folder().parent, len(list(cache_folder().iterdir())))\n"
        "from cleaner.dedup import kernels_join\n"
        "print(kernels_join.__file__)\n"
    )
    told = subprocess.run(
        [sys.executable, "-B", "-c", script],
        env={
            **{name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"},
            "HOME": "/proc/nowhere",
            "TMPDIR": str(tmp_path / "tmp"),
            "PYTHONPATH": f"{package.parent}{os.pathsep}{ROOT}",
        },
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (told.returncode, told.stderr) == (0, "")
    place, module = told.stdout.splitlines()
    assert place.startswith(str(tmp_path / "tmp/cleaner-cache-"))
    assert place.endswith(" 1")
    assert module.startswith(str(package))
    assert list((tmp_path / "tmp").iterdir()) == []


def test_signatures_are_checked() -> None:
    assert [one.axes for one in parse("uint64[:,::1], float64 -> int64")[0]] == [2, 0]
    with pytest.raises(ValueError, match="not a parameter"):
        parse("uint8[:]")


def test_light_start() -> None:
    script = (
        "import sys\n"
        "from cleaner.dedup.scanning import Batch, Terms, sign\n"
        "from cleaner.dedup.engine import Deduplicator\n"
        "batch = Batch.from_texts(['the same words again and again'] * 2)\n"
        "with Deduplicator(Terms()) as engine:\n"
        "    engine.add(sign(batch, Terms(), compiled=True))\n"
        "    assert len(engine.decide().units) == 1\n"
        "print([name for name in ('numba', 'duckdb', 'scipy') if name in sys.modules])\n"
    )
    for _ in range(2):
        shown = subprocess.run(
            [sys.executable, "-c", script], check=True, capture_output=True, text=True
        ).stdout
    assert shown == "[]\n"

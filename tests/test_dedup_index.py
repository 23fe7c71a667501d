"""The index across runs, and its export to Redis."""

from __future__ import annotations

import gc
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.index.export import export, minhash, open_lsh, storage
from cleaner.dedup.index.index import Index, IndexRefusedError, compact, parameters
from cleaner.dedup.index.indexfile import make_index
from cleaner.dedup.signing.sign import Batch, DedupConfig, sign

VOCABULARY = [f"{one}{two}" for one in ("ba", "ko", "ri", "mu", "te") for two in "lmnprst"]


def run(
    path: Path, texts: list[str], name: str, config: DedupConfig | None = None
) -> dict[int, str]:
    """Clean `texts` against the index; return where the survivor of each duplicate stands."""
    config = config or DedupConfig(variants="remove")
    with Index(path, config) as index, Deduplicator(config) as engine:
        engine.add(sign(Batch.from_texts(texts), config))
        known = index.lookup(*engine.new_hashes())
        count = len(known.sources)
        engine.add(
            known.signed,
            files=np.full(count, 2**32 - 1, dtype=np.uint32),
            protected=np.ones(count, dtype=bool),
        )
        decisions = engine.decide()
        places = [f"{name}:{at}" for at in range(len(texts))]
        places += [f"{one}:{line}" for one, line in zip(known.sources, known.lines, strict=True)]
        units, signed = engine.kept()
        index.add(signed, [name] * len(units), units.tolist())
        return {
            unit: places[survivor]
            for unit, survivor in zip(
                decisions.units.tolist(), decisions.survivors.tolist(), strict=True
            )
        }


def texts_of(seed: int, count: int = 50) -> list[str]:
    rng = random.Random(seed)
    return [
        " ".join(rng.choice(VOCABULARY) for _ in range(rng.choice([6, 40]))) for _ in range(count)
    ]


def test_a_second_run_knows_what_the_first_kept(tmp_path: Path) -> None:
    path = tmp_path / "known.index"
    first = texts_of(1)
    assert run(path, first, "first") == {}
    again = run(path, [*texts_of(2), *first], "second")
    assert again == {50 + at: f"first:{at}" for at in range(50)}
    changed = [text + " tail" for text in first]
    long = {at: f"first:{at}" for at, text in enumerate(first) if len(text.split()) == 40}
    assert run(path, changed, "third") == long
    with Index(path) as index:
        info = index.info()
    assert (info.units, info.sources) == (100 + 50 - len(long), 3)


def test_runs_in_parts_decide_as_one_run(tmp_path: Path) -> None:
    texts = texts_of(3, 200)
    rng = random.Random(4)
    texts += [" ".join(rng.choice(texts[:200]).split()[:-1]) for _ in range(100)]
    config = DedupConfig(variants="remove")
    with Deduplicator(config) as engine:
        engine.add(sign(Batch.from_texts(texts), config))
        whole = set(engine.decide().units.tolist())
    found = set()
    for start in range(0, 300, 75):
        gone = run(tmp_path / "known.index", texts[start : start + 75], str(start))
        found |= {start + unit for unit in gone}
    assert found == whole


def test_other_parameters_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "known.index"
    run(path, texts_of(1), "first")
    with pytest.raises(IndexRefusedError, match="made with the 18 bands of 5 rows"):
        Index(path, DedupConfig(threshold=0.9))
    with pytest.raises(IndexRefusedError, match="numbers"):
        Index(path, DedupConfig(numbers="ignore"))
    (tmp_path / "text").write_text("no database")
    with pytest.raises(IndexRefusedError, match="cannot use"):
        Index(tmp_path / "text", DedupConfig())
    with pytest.raises(IndexRefusedError, match="no index at"):
        Index(tmp_path / "missing")


def test_compacting_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "known.index"
    texts = texts_of(1)
    run(path, texts, "first")
    with Index(path) as index:
        before = index.info()
    compact(path)
    with Index(path, DedupConfig(variants="remove")) as index:
        assert index.info()._replace(size=0) == before._replace(size=0)
    assert len(run(path, texts, "second")) == len(texts)


def test_a_killed_run_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "known.index"
    run(path, texts_of(1), "first")
    script = (
        "import sys, time\n"
        "from cleaner.dedup.index.index import Index\n"
        "with Index(sys.argv[1]) as index:\n"
        "    index._base.execute('pragma cache_size = 10')\n"
        "    index._base.execute('begin')\n"
        "    index._base.execute('delete from parts')\n"
        "    for band in range(10000):\n"
        "        index._base.execute('insert into bands values (99, ?, zeroblob(100))', [band])\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert path.with_name("known.index-journal").exists()  # what it had written is taken back
    assert len(run(path, texts_of(1), "second")) == 50


def test_nobody_writes_between_what_a_lookup_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "known.index"
    run(path, texts_of(1), "first")
    part = Index._part
    refused = []

    def disturbed(self: Index, number: int) -> object:
        with closing(sqlite3.connect(path, timeout=0)) as other:
            try:
                other.execute("delete from parts")
                other.commit()
            except sqlite3.OperationalError as error:
                refused.append(str(error))
        return part(self, number)

    monkeypatch.setattr(Index, "_part", disturbed)
    assert len(run(path, texts_of(1), "second")) == 50
    assert set(refused) == {"database is locked"}


def test_redis_addresses() -> None:
    assert storage("redis://u:p%40@h/3")["redis"]["password"] == "p@"  # noqa: S105
    with pytest.raises(ValueError, match="is no redis"):
        storage("http://h")


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    pytest.importorskip("redis")
    server, environment = redis_server(tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            pytest.skip("redis-server does not answer")
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def redis_server(folder: Path) -> tuple[str, dict[str, str]]:
    """Return the installed server, or Debian's, unpacked into `folder`; skip where none is."""
    installed = shutil.which("redis-server")
    if installed:
        return installed, dict(os.environ)
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        pytest.skip("no redis-server, and no Debian tools to fetch one")
    packages = ["redis-tools", "libjemalloc2", "liblzf1", "liblua5.1-0", "lua-cjson", "lua-bitop"]
    packages += ["libhiredis0.14", "libatomic1", "libsystemd0"]
    for package in packages:
        subprocess.run(
            ["apt-get", "download", package], cwd=folder, check=False, capture_output=True
        )
    for archive in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(archive), str(folder)], check=False)
    programs = [folder / "usr/bin/redis-server", folder / "usr/bin/redis-check-rdb"]
    libraries = [str(one.parent) for one in folder.rglob("*.so*")]
    environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(sorted(set(libraries)))}
    for program in programs:
        if program.exists():
            if program.name != "redis-server":
                program.rename(program.with_name("redis-server"))
            return str(program.with_name("redis-server")), environment
    pytest.skip("no redis-server is installed and Debian's cannot be fetched")


# datasketch closes no connection; the garbage collector does, here where the warning is expected.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_the_export_answers_for_the_index(tmp_path: Path, redis_url: str) -> None:
    path = tmp_path / "known.index"
    texts = texts_of(1)
    run(path, texts, "first")
    long = [at for at, text in enumerate(texts) if len(text.split()) == 40]
    assert export(path, redis_url) == len(long)
    assert export(path, redis_url) == 0
    with Index(path) as index:
        lsh = open_lsh(index, redis_url)
    for at in long:
        assert lsh.query(minhash(texts[at])) == [f"first:{at}"]
    assert lsh.query(minhash(texts_of(9)[0] * 5)) == []
    del lsh
    gc.collect()


def test_an_index_that_another_run_made_just_now_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "seen.index"
    run(path, texts_of(5), "one")
    before = path.read_bytes()
    make_index(path, parameters(DedupConfig(variants="remove")))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["seen.index"]


def test_an_index_is_made_where_files_cannot_be_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*names: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refused)
    path = tmp_path / "seen.index"
    run(path, texts_of(8), "one")
    before = path.read_bytes()
    make_index(path, parameters(DedupConfig(variants="remove")))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["seen.index"]


def test_what_is_added_while_an_index_is_made_compact_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "seen.index"
    run(path, texts_of(6), "one")
    config = DedupConfig(variants="remove")
    with Index(path, config) as index, Deduplicator(config) as engine:
        engine.add(sign(Batch.from_texts(texts_of(7)), config))
        engine.decide()
        units, signed = engine.kept()
        compact(path)
        index.add(signed, ["two"] * len(units), units.tolist())
    assert set(run(path, texts_of(7), "three").values()) <= {f"two:{at}" for at in range(50)} | {
        f"three:{at}" for at in range(50)
    }
    assert any(place.startswith("two:") for place in run(path, texts_of(7), "three").values())

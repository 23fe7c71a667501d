"""Speed by format, beside the format's own library reading and writing.

usage: python -m benchmarks.speed.formats TEXTS.jsonl [--megabytes 20] [--rounds 3]

Makes a corpus of records with an id, an address and a text in each format. `clean --select FMT`,
`dedup --unit record`, which leaves texts as they are, and the library read and write it on one
core, in turn, each in a process of its own; the least processor time of the rounds counts, imports
included. MB are those of the texts. Prints a table.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.dedup.__main__ import table


def read_json_lines(source: Path, target: Path) -> None:
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        for line in lines:
            out.write(json.dumps(json.loads(line), ensure_ascii=False) + "\n")


def read_json(source: Path, target: Path) -> None:
    records = json.loads(source.read_text(encoding="utf-8"))
    target.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")


def read_csv(source: Path, target: Path) -> None:
    with (
        source.open(encoding="utf-8", newline="") as rows,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        csv.writer(out).writerows(csv.reader(rows))


def read_parquet(source: Path, target: Path) -> None:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(source)
    with pq.ParquetWriter(target, file.schema_arrow, compression="zstd") as writer:
        for number in range(file.num_row_groups):
            writer.write_table(file.read_row_group(number, use_threads=False))


def read_arrow(source: Path, target: Path) -> None:
    import pyarrow as pa

    with pa.ipc.open_file(source) as file, pa.ipc.new_file(target, file.schema) as writer:
        for number in range(file.num_record_batches):
            writer.write_batch(file.get_batch(number))


def read_wet(source: Path, target: Path) -> None:
    from fastwarc.warc import ArchiveIterator

    with source.open("rb") as file, target.open("wb") as out:
        for record in ArchiveIterator(file):
            text = record.reader.read().decode()
            record.set_bytes_content(text.encode())
            record.write(out, checksum_data=True)


ALONE: dict[str, Callable[[Path, Path], None]] = {
    "jsonl": read_json_lines,
    "json": read_json,
    "csv": read_csv,
    "parquet": read_parquet,
    "arrow": read_arrow,
    "wet": read_wet,
}


def write_corpus(texts: list[str], folder: Path) -> None:
    """Write the texts in each format."""
    csv.field_size_limit(1 << 30)
    records = [
        {"id": n, "url": f"https://example.org/{n % 97}/{n}", "text": text}
        for n, text in enumerate(texts)
    ]
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    (folder / "a.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "a.json").write_text("[" + ",\n".join(lines) + "]\n", encoding="utf-8")
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([records[0].keys(), *(record.values() for record in records)])
    write_wet(records, folder / "a.wet")
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = pa.Table.from_pylist(records)
    pq.write_table(rows, folder / "a.parquet", compression="zstd", row_group_size=10_000)
    with pa.ipc.new_file(folder / "a.arrow", rows.schema) as writer:
        writer.write_table(rows, max_chunksize=1000)


def write_wet(records: list[dict[str, object]], path: Path) -> None:
    """Write the texts as conversion records."""
    from fastwarc.warc import WarcRecord, WarcRecordType

    with path.open("wb") as out:
        for row in records:
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.conversion)
            record.headers["WARC-Target-URI"] = str(row["url"])
            record.headers["Content-Type"] = "text/plain"
            record.set_bytes_content(str(row["text"]).encode())
            record.write(out, checksum_data=True)


def seconds(command: list[str]) -> float:
    """Return the processor time of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.formats", description=__doc__)
    parser.add_argument("texts", type=Path, nargs="?")
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", nargs=3, metavar=("FORMAT", "SOURCE", "TARGET"))
    given = parser.parse_args()
    if given.alone:
        csv.field_size_limit(1 << 30)
        ALONE[given.alone[0]](Path(given.alone[1]), Path(given.alone[2]))
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with given.texts.open(encoding="utf-8") as lines:
        known = [json.loads(line)["text"] for line in lines]
    texts: list[str] = []
    size = 0
    for text in itertools.cycle(known):
        if size > given.megabytes * 1e6:
            break
        texts.append(text)
        size += len(text.encode())
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(texts, Path(folder))
        for name in ALONE:
            source, out = f"{folder}/a.{name}", f"{folder}/out"
            clean, dedup, alone = [], [], []
            for _ in range(given.rounds):
                own = [sys.executable, "-m", "cleaner"]
                rest = [source, "-o", out, "-q", "-j", "1"]
                clean.append(seconds([*own, "clean", *rest, "--select", "FMT"]))
                shutil.rmtree(out)
                dedup.append(seconds([*own, "dedup", *rest, "--unit", "record"]))
                shutil.rmtree(out)
                peer = [sys.executable, "-m", "benchmarks.speed.formats", "--alone", name, source]
                alone.append(seconds([*peer, f"{folder}/copy"]))
            rates = [size / 1e6 / min(times) for times in (clean, dedup, alone)]
            heads = ("`clean --select FMT`", "`dedup --unit record`", "its library alone")
            row = {"format": name, **{h: f"{r:.2f}" for h, r in zip(heads, rates, strict=True)}}
            rows.append({**row, "share": f"{rates[0] / rates[2]:.3f}"})
    print(table(rows))
    load = os.getloadavg()[0]
    print(f"\nMB a CPU second; {len(texts)} texts, {size / 1e6:.1f} MB, load {load:.1f}")


if __name__ == "__main__":
    main()

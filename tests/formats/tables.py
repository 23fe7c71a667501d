"""A table with columns of all kinds, and how it is written and read."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.core.settings.config import Input
from cleaner.formats.base import Parsed
from cleaner.formats.columnar.digest import ValuesDigest
from cleaner.formats.registry import format_of

PAGE = """\
The tide came in over the third step again, and nobody who stood on the quay that morning said a
word about the boats, the nets, or what the harbour master had written down the night before."""
TEXTS = [
    "He left, and &quot;she&quot; stayed.", None, PAGE, "", "Nothing here  at all, so they said.",
    "   ", PAGE, "caf\xe9 & co", "It&#39;s \"late\"\\\n\nand  dark.", PAGE,
]  # fmt: skip
CLEANED = [
    'He left, and "she" stayed.', None, PAGE, "", "Nothing here at all, so they said.",
    "caf\xe9 & co", "It's \"late\"\\\n\nand dark.",
]  # fmt: skip
KEPT = [0, 1, 2, 3, 4, 7, 8]


def table(texts: pa.Array | None = None, times: int = 1) -> pa.Table:
    """Return a table of all kinds of columns around that with the texts."""
    count = len(TEXTS)
    one = pa.table({
        "id": pa.array(range(count), pa.int16()),
        "tags": [["a", None], [], None, ["b"], [], None, ["c"], [], [], ["d"]],
        "text": pa.array(TEXTS) if texts is None else texts,
        "url": [f"https://example.org/{n}" for n in range(count)],
        "metadata": [{"url": f"https://{n}.org", "n": n} if n % 3 else None for n in range(count)],
        "price": [decimal.Decimal(n) / 4 for n in range(count)],
        "time": [datetime.datetime(2020, 1, 1, 0, n, tzinfo=datetime.UTC) for n in range(count)],
        "kind": pa.array(list("abcabcabca")).dictionary_encode(),
        "flag": [True, None] * 5,
        "blob": [b"\xff\0", None] * 5,
        "score": [0.5, float("nan")] * 5,
        "map": pa.array([[("k", n)] for n in range(count)], pa.map_(pa.string(), pa.int8())),
    })  # fmt: skip
    one = one.replace_schema_metadata({"huggingface": '{"info": {}}', "own": "\xe9"})
    one = one.cast(one.schema.set(0, one.schema.field(0).with_metadata({"about": "a number"})))
    return pa.concat_tables([one] * times)


def write_parquet(path: Path, data: pa.Table, **options: object) -> None:
    pq.write_table(data, path, **{"row_group_size": 4, **options})


def write_file(path: Path, data: pa.Table, compression: str | None = None) -> None:
    options = pa.ipc.IpcWriteOptions(compression=compression, unify_dictionaries=True)
    with pa.ipc.new_file(path, data.schema, options=options) as writer:
        writer.write_table(data, max_chunksize=4)


def write_stream(path: Path, data: pa.Table) -> None:
    with pa.ipc.new_stream(path, data.schema) as writer:
        writer.write_table(data, max_chunksize=4)


WRITERS: dict[str, Callable[..., None]] = {
    "a.parquet": write_parquet, "a.arrow": write_file, "a.arrows": write_stream,
}  # fmt: skip


def read(path: Path) -> pa.Table:
    if path.suffix in (".parquet", ".pq"):
        return pq.ParquetFile(path).read()
    with path.open("rb") as file:
        is_file = file.read(6) == b"ARROW1"
    return (pa.ipc.open_file if is_file else pa.ipc.open_stream)(path).read_all()


def same(one: pa.Table, other: pa.Table) -> bool:
    """Whether tables have the same schema, metadata and values; nan is nan."""
    digests = []
    for each in (one, other):
        digest = ValuesDigest(each.schema)
        for batch in each.to_batches():
            digest.add(batch)
        digests.append(digest.hexdigest())
    plain = [name for name in one.column_names if name != "score"]
    equal = all(one[name].to_pylist() == other[name].to_pylist() for name in plain)
    return equal and one.schema.equals(other.schema, check_metadata=True) and len(set(digests)) == 1


def rows(data: pa.Table, numbers: list[int]) -> pa.Table:
    return pa.concat_tables([data.slice(number, 1) for number in numbers])


def records(path: Path, **options: object) -> list[Parsed]:
    format = format_of(path.name, ())
    assert format is not None
    with path.open("rb") as file:
        found = [
            format.parse(record, path.name, Input(**options))
            for record in format.records(file, Input(**options))
        ]
    return [one for one in found if isinstance(one, Parsed)]

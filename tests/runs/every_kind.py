"""A small corpus of files of every kind, with damage, copies and records that are none."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.runs.corpus import near_texts
from tests.sites import site


def every_kind(folder: Path) -> Path:
    """Write files of every kind with damage, copies, variants, parts of others, and bad records."""
    chance = random.Random(16)
    texts = near_texts(260, seed=16)
    glued = "the committee saidthat it wouldmeet again in spring, and thatthe ferry would run."
    pages = site(24)
    folder.mkdir()
    for number in range(12):
        own = [*chance.sample(texts, 3), glued, texts[number][: len(texts[number]) // 2]]
        (folder / f"{number:02}.txt").write_text("\n\n".join(own) + "\n")
    for name, own in (("a", texts[:90]), ("b", texts[60:140])):
        lines = [json.dumps({"id": i, "text": f"{t}\n\n{glued}"}) for i, t in enumerate(own)]
        lines.insert(7, "no JSON")
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    lines = [json.dumps({"url": "http://x.org/", "text": text}) for text in pages]
    data = "".join(f"{line}\n" for line in lines).encode()
    (folder / "pages.jsonl.gz").write_bytes(gzip.compress(data, 3) + gzip.compress(b"\n", 1))
    (folder / "torn.jsonl.gz").write_bytes(gzip.compress(data)[:-90])
    (folder / "nul.txt").write_bytes(b"nu\0l")
    (folder / "empty.txt").write_bytes(b"")
    spared = "<!-- cleaner: ignore DUP -->\n\n", "\n\n<!-- cleaner: ignore GLU201 -->\n"
    (folder / "ignoring.md").write_text("\n\n".join(texts[:3]).join(spared))
    (folder / "mojibake.txt").write_text("The cafÃ© by the  quay\u00ad side. &amp; more\n")
    rows = "".join(f'{i},"{text}"\n' for i, text in enumerate(texts[140:180]))
    (folder / "table.csv").write_text(f"id,text\n{rows}")
    table = pa.table({"id": range(40), "text": texts[180:220]})
    pq.write_table(table, folder / "table.parquet", row_group_size=11)
    (folder / "all.json").write_text(json.dumps([{"text": text} for text in texts[220:]]))
    body = "".join(f"<p>{text}</p>" for text in texts[:4])
    (folder / "page.html").write_text(f"<html><body><article>{body}</article></body></html>")
    return folder

"""Small corpora of every format, made of a number: texts of many kinds, damaged in many ways."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import textwrap
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.storage.compress import writing

SENTENCES = (
    "The ferry left at six with fourteen people aboard and came back at nine with none.",
    "The ferry left at six with fifteen people aboard and came back at nine with none.",
    "The harbour master wrote it down in his book and did not speak of it until he was asked.",
    "Nobody had been out in the night, though the boards of the jetty were wet to the third step.",
    "Pre- and post-war accounts of the fleet differ in the number of boats, not in their names.",
    "She had not sold the house; he had not bought it, and so it stood empty until the spring.",
    "Die Fähre fuhr um sechs mit vierzehn Leuten ab und kam um neun mit keinem zurück.",
    "Le bac partit à six heures avec quatorze personnes et revint à neuf sans aucune d’elles.",
    "Паром ушёл в шесть часов с четырнадцатью людьми на борту и вернулся пустым в девять.",
    "渡船は六時に十四人を乗せて出て、九時に誰も乗せずに戻ってきた。",
    "غادرت العبارة في السادسة وعلى متنها أربعة عشر شخصا وعادت خالية في التاسعة.",
    "เรือข้ามฟากออกเวลาหกโมงพร้อมคนสิบสี่คนและกลับมาตอนเก้าโมงโดยไม่มีใคร",
)
SHORT = (
    "Harbour news", "- nets", "1. floats", "nets    12", "  indented", "Yes.", "* * *", ">", "(c)",
    "Share this article", "Subscribe to our newsletter", "Home | News | Contact", "Read more",
    "All rights reserved.", "§ 12 Ferries", "00:01:02,000 --> 00:01:04,000", "| a | b |",
    "key: value", "2024-01-02 12:00:01 INFO started", "def f(x):", "    return x", "```", "42",
    "Cookies help us deliver our services.", "Page 3 of 9", "A: No comment.", "# Heading", "====",
)  # fmt: skip
DIRT = (
    "&amp;", "&amp;amp;", "&lt;b&gt;", "&#8217;", "&#13;", "&nbsp;", "&#xD83D;&#xDE00;", "amp;",
    ";", "Ã©", "â€™", "â€", "Ã", "ï»¿", "Â", "Ð¿", "\x9d", "Ãƒ", "€", "œ", "Ä“",
    "\u200b", "\ufeff", "\u200d", "\u200c", "\u200e", "\u202a", "\u2060", "\xad", "\xad\n",
    "\x1b[1m", "\x07", "\x1c", "\x1f", "\x08", "a\x08a", "_\x08x",
    "\u0301", "e\u0301", "\u1112\u1161", "\u212b", "ﬁ", "“", "—", "Ａ", "\u180e", "\u0f0b",
    " ", "  ", "\t", " \t ", "\u00a0", "\u2009", "\u3000", "-\n", "\u2010\n", "-", "…",
    "\udce9", "\ufffd", "\U0001f600", "İ", "ß", "ŉ",
)  # fmt: skip
LINE_ENDS = ("\n", "\n", "\n", "\r\n", "\r", "\x0c", "\u2028", "\x85", "\n\r", "\v")
ENCODINGS = (
    "utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1", "cp1251",
    "koi8-r", "shift_jis", "gb18030", "cp437", "mac-roman",
)  # fmt: skip
NAMES = (
    "a",
    "b",
    "news",
    "x y",
    "é",
    "漢字",
    "line\nend",
    "-o",
    "deep/er/c",
    "deep/d",
    "0",
    "'q\"",
)

Corpus = dict[str, bytes]


def corpus_of(seed: int, most_files: int = 5) -> Corpus:
    """Return the files of a corpus, by name."""
    dice = random.Random(f"corpus {seed}")
    shared = [_passage(dice) for _ in range(dice.randint(0, 4))]
    files: Corpus = {}
    for _ in range(dice.randint(1, most_files)):
        suffix, make = dice.choice(_FORMATS)
        name = f"{dice.choice(NAMES)}{dice.choice(('', '', '2'))}{suffix}"
        files[name] = make(dice, shared)
    return files


def _passage(dice: random.Random) -> str:
    """Return a passage of one kind: prose, wrapped or not, short lines, or anything."""
    kind = dice.random()
    sentences = " ".join(dice.choices(SENTENCES, k=dice.randint(1, 6)))
    if kind < 0.4:
        return sentences
    if kind < 0.65:
        filled = textwrap.fill(sentences, dice.randint(30, 80))
        return textwrap.indent(filled, dice.choice(("", "", "  ", "> ", "\t")))
    if kind < 0.9:
        return "\n".join(dice.choices(SHORT, k=dice.randint(1, 8)))
    return "".join(dice.choices("ab \n\t.-é\u00a0漢,;'\"12", k=dice.randint(0, 80)))


def _text(dice: random.Random, shared: list[str]) -> str:
    passages = []
    for _ in range(dice.choice((0, 1, 2, 3, 3, 5, 9, 20))):
        if passages and dice.random() < 0.15:
            passage = dice.choice(passages)
        elif shared and dice.random() < 0.4:
            passage = dice.choice(shared)
        else:
            passage = _passage(dice)
        if dice.random() < 0.2:
            words = passage.split(" ")
            place = dice.randrange(len(words))
            words[place] = dice.choice(("", "not", "13", words[place].upper(), words[place] + "s"))
            passage = " ".join(words)
        passages.append(passage)
    between = dice.choice(("\n\n", "\n\n", "\n", "\n\n\n", "\n \n"))
    text = between.join(passages) + dice.choice(("", "\n", "\n", "\n\n"))
    if dice.random() < 0.5:
        for _ in range(dice.randint(1, 8)):
            place = dice.randint(0, len(text))
            text = text[:place] + dice.choice(DIRT) + text[place:]
    if dice.random() < 0.3:
        end = dice.choice(LINE_ENDS)
        text = text.replace("\n", end)
    if dice.random() < 0.2 and text:  # glue
        spaces = [place for place, letter in enumerate(text) if letter == " "]
        for place in sorted(dice.sample(spaces, min(len(spaces), 4)), reverse=True):
            text = text[:place] + text[place + 1 :]
    return text


def _damaged(data: bytes, dice: random.Random) -> bytes:
    """Return bytes with a few of them changed, gone, doubled or moved; most often none."""
    if dice.random() < 0.75:
        return data
    for _ in range(dice.randint(1, 3)):
        start, size = dice.randint(0, len(data)), dice.choice((0, 1, 1, 2, 40))
        kind = dice.random()
        if kind < 0.3:
            data = data[:start] + dice.randbytes(size) + data[start + size :]
        elif kind < 0.5:
            data = data[:start] + data[start + size :]
        elif kind < 0.7:
            data = data[:start] + data[start : start + size] * 3 + data[start + size :]
        elif kind < 0.8:
            data = data[:start]
        else:
            other = dice.choice(
                (b"\r", b"\n\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b" ")
            )
            data = data[:start] + other + data[start:]
    return data


def _txt(dice: random.Random, shared: list[str]) -> bytes:
    text = _text(dice, shared)
    encoding = dice.choice(ENCODINGS)
    if encoding.startswith("utf"):
        data = text.encode("utf-8", "surrogateescape")
        if encoding != "utf-8":
            data = data.decode("utf-8", "replace").encode(encoding)
    else:
        data = text.encode(encoding, "replace")
    return _damaged(data, dice)


def _jsonl(dice: random.Random, shared: list[str]) -> bytes:
    lines = []
    for number in range(dice.choice((0, 1, 2, 4, 8))):
        if dice.random() < 0.1:
            lines.append(
                dice.choice((b"", b"  ", b"{", b"[]", b'{"text": 5}', b'{"no": 1}', b"\xff"))
            )
            continue
        record = {"id": number, "text": _text(dice, shared)}
        if dice.random() < 0.3:
            record["url"] = dice.choice(("https://example.org/a", "http://[", "x", 5))
        if dice.random() < 0.2:
            record = {"meta": {"a": [1, {"b": None}]}, **record, "tail": 1.50}
        if dice.random() < 0.1:
            del record["id"]
        ascii_only = dice.random() < 0.5 or not _is_encodable(str(record["text"]))
        separators = dice.choice(((", ", ": "), (",", ":"), (" ,\t", " : ")))
        line = json.dumps(record, ensure_ascii=ascii_only, separators=separators)
        if dice.random() < 0.1:
            line = line.replace('"text"', '"text": "first", "text"', 1)
        if dice.random() < 0.1:
            line = line.replace("e", "\\u0065", 1) if '"e' not in line else line
        lines.append(dice.choice((b"", b"", b" ")) + line.encode())
    end = dice.choice((b"\n", b"\n", b"\r\n"))
    data = end.join(lines) + (end if lines and dice.random() < 0.7 else b"")
    return _damaged(data, dice)


def _records(dice: random.Random, shared: list[str]) -> list[dict[str, Any]]:
    """Return rows of a table, whose texts stand in UTF-8; some have none."""
    names = ["text", *dice.sample(("id", "url", "n"), dice.randint(0, 3))]
    dice.shuffle(names)
    rows = []
    for number in range(dice.choice((0, 1, 2, 4, 8))):
        text = _text(dice, shared).encode("utf-8", "replace").decode()
        row: dict[str, Any] = {"id": number, "url": f"https://{number % 3}.example.org", "n": 1.5}
        row["text"] = text if dice.random() < 0.9 else dice.choice((None, "", " "))
        rows.append({name: row[name] for name in names})
    return rows


def _csv(delimiters: str) -> Callable[..., bytes]:
    def made(dice: random.Random, shared: list[str]) -> bytes:
        rows = _records(dice, shared) or [{"text": "", "id": 1}]
        sink = io.StringIO(newline="")
        end = dice.choice(("\n", "\r\n", "\r"))
        quoting = dice.choice((csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_MINIMAL))
        writer = csv.writer(
            sink, delimiter=dice.choice(delimiters), lineterminator=end, quoting=quoting
        )
        writer.writerows([rows[0].keys(), *(row.values() for row in rows)])
        data = sink.getvalue() if dice.random() < 0.7 else sink.getvalue().removesuffix(end)
        mark = dice.choice((b"", b"", b"\xef\xbb\xbf"))
        return _damaged(mark + data.encode(), dice)

    return made


def _json(dice: random.Random, shared: list[str]) -> bytes:
    indent, ascii_only = dice.choice((None, 0, 2)), dice.random() < 0.5
    data = json.dumps(_records(dice, shared), indent=indent, ensure_ascii=ascii_only)
    return _damaged(data.encode() + dice.choice((b"", b"\n", b" \r\n")), dice)


def _table(dice: random.Random, shared: list[str]) -> pa.Table:
    schema = pa.schema([
        ("id", pa.int32()), ("url", pa.string()), ("n", pa.float32()),
        ("text", dice.choice((
            pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()),
        ))),
    ])  # fmt: skip
    rows = _records(dice, shared)
    names = list(rows[0]) if rows else ["text"]
    columns = {name: [row[name] for row in rows] for name in names}
    return pa.table(columns, schema=pa.schema([schema.field(name) for name in names]))


def _parquet(dice: random.Random, shared: list[str]) -> bytes:
    sink = io.BytesIO()
    codec = dice.choice(("none", "snappy", "zstd"))
    pq.write_table(
        _table(dice, shared), sink, row_group_size=dice.choice((1, 3, 99)), compression=codec
    )
    return sink.getvalue()


def _arrow(dice: random.Random, shared: list[str]) -> bytes:
    sink = io.BytesIO()
    table = _table(dice, shared).unify_dictionaries()
    opening = dice.choice((pa.ipc.new_file, pa.ipc.new_stream))
    options = pa.ipc.IpcWriteOptions(compression=dice.choice((None, "lz4", "zstd")))
    with opening(sink, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=dice.choice((1, 3, 99)))
    return sink.getvalue()


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _gzipped(make: Callable[..., bytes]) -> Callable[..., bytes]:
    def made(dice: random.Random, shared: list[str]) -> bytes:
        level, time = dice.choice((1, 6, 9)), dice.choice((0, 0, 7))
        return _damaged(gzip.compress(make(dice, shared), level, mtime=time), dice)

    return made


def _zstd(make: Callable[..., bytes]) -> Callable[..., bytes]:
    def made(dice: random.Random, shared: list[str]) -> bytes:
        raw = io.BytesIO()
        with writing(raw, "zstd") as stream:
            stream.write(make(dice, shared))
        return _damaged(raw.getvalue(), dice)

    return made


_FORMATS: tuple[tuple[str, Callable[..., bytes]], ...] = (
    (".txt", _txt),
    (".txt", _txt),
    (".txt", _txt),
    (".text", _txt),
    (".jsonl", _jsonl),
    (".jsonl", _jsonl),
    (".ndjson", _jsonl),
    (".txt.gz", _gzipped(_txt)),
    (".txt.zst", _zstd(_txt)),
    (".jsonl.gz", _gzipped(_jsonl)),
    (".jsonl.zst", _zstd(_jsonl)),
    (".csv", _csv(",,;\t|")),
    (".tsv", _csv("\t")),
    (".csv.gz", _gzipped(_csv(","))),
    (".json", _json),
    (".json.gz", _gzipped(_json)),
    (".parquet", _parquet),
    (".arrow", _arrow),
)

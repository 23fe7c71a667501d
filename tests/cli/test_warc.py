"""Web archives from end to end, written and read back by the libraries that people use."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecord, WarcRecordType
from warcio.archiveiterator import ArchiveIterator, WARCIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.running import Run

DIRTY = [
    "The  tide came in over the third step again.\n",
    "Nobody had told the  children; they came down to the quay each morning, café or not.",
    "It&#8217;s the boats  that matter, said the keeper of the light, and wrote it down.\n",
]
LONG = (
    "Nobody had told the children that the ferry would not come back before the end of May, so "
    "they stood on the steps of the chapel until it was dark, and looked for its lantern."
)


def address(number: int) -> str:
    return f"http://example{number}.org/page"


def by_warcio(path: Path, texts: list[str], *, packed: bool) -> None:
    """Write an archive with a record before and one behind those of the texts."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a test"}))
        for number, text in enumerate(texts):
            record = writer.create_warc_record(
                address(number),
                "conversion",
                payload=io.BytesIO(text.encode()),
                length=len(text.encode()),
                warc_content_type="text/plain",
                warc_headers_dict={"WARC-Identified-Content-Language": "eng"},
            )
            writer.write_record(record)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "image/png")], protocol="HTTP/1.1")
        image = b"\x89PNG\r\n\r\nWARC/1.0\r\n\0"
        record = writer.create_warc_record(
            "http://example.org/i.png",
            "response",
            payload=io.BytesIO(image),
            length=len(image),
            http_headers=headers,
        )
        writer.write_record(record)


def by_fastwarc(path: Path, texts: list[str], *, packed: bool) -> None:
    with path.open("wb") as file:
        out = GzipWriter(file) if packed else file
        for number, text in enumerate(texts):
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.conversion)
            record.headers["WARC-Target-URI"] = address(number)
            record.headers["Content-Type"] = "text/plain"
            record.set_bytes_content(text.encode())
            record.write(out, checksum_data=True)
        if packed:
            out.close()


WRITERS = {"warcio": by_warcio, "fastwarc": by_fastwarc}


class Page(NamedTuple):
    address: str
    text: str


def read_by_warcio(path: Path) -> Iterator[Page]:
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            if record.rec_type == "conversion":
                uri = record.rec_headers.get_header("WARC-Target-URI")
                yield Page(uri, record.content_stream().read().decode())


def read_by_fastwarc(path: Path) -> Iterator[Page]:
    with path.open("rb") as file:
        for record in FastIterator(file, record_types=WarcRecordType.conversion):
            assert record.verify_block_digest()
            yield Page(record.headers["WARC-Target-URI"], record.reader.read().decode())


def texts_of(path: Path) -> list[str]:
    pages = list(read_by_warcio(path))
    assert pages == list(read_by_fastwarc(path))
    return [page.text for page in pages]


def comes_back(here: Path, run: Run, output: str, *names: str) -> None:
    assert run("restore", output, "-o", f"{output}.back", "-q").status == 0
    for name in names:
        assert (here / f"{output}.back" / name).read_bytes() == (here / name).read_bytes()


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.wet", "a.warc.wet.gz"])
def test_clean(here: Path, run: Run, writer: str, name: str) -> None:
    WRITERS[writer](here / name, DIRTY, packed=name.endswith("gz"))
    listed = run("check", name, "-q")
    assert listed.status == 1
    ended = run("clean", name, "-o", "out")
    assert (ended.status, ended.err) == (0, "")
    cleaned = [text.replace("  ", " ").replace("&#8217;", "’") for text in DIRTY]
    assert texts_of(here / "out" / name) == cleaned
    assert [page.address for page in read_by_warcio(here / "out" / name)] == [
        *map(address, range(3))
    ]
    assert run("check", "out", "-q").status == 0
    counts = json.loads((here / "out/_cleaner/report.json").read_bytes())["counts"]
    assert sum(counts.values()) == len(listed.out.splitlines())
    comes_back(here, run, "out", name)
    number = 2 if writer == "warcio" else 1
    assert f"{name}:{number}:4: FMT508" in listed.out
    assert "FMT508" in run("explain", f"{name}:{number}", "--output", "out").out


@pytest.mark.parametrize("command", [["clean"], ["dedup"], ["dedup", "--unit", "record"]])
def test_each_record_is_a_member_of_its_own(here: Path, run: Run, command: list[str]) -> None:
    by_warcio(here / "a.warc.gz", DIRTY, packed=True)
    assert run(*command, "a.warc.gz", "-o", "out", "-q").status == 0
    data = (here / "out/a.warc.gz").read_bytes()
    kinds = []
    with (here / "out/a.warc.gz").open("rb") as file:
        iterator = WARCIterator(file)
        for record in iterator:
            kinds.append(record.rec_type)
            start = iterator.get_record_offset()
            member = gzip.decompress(data[start : start + iterator.get_record_length()])
            assert member.startswith(b"WARC/1.0\r\n")
            assert member.endswith(b"\r\n\r\n")
    assert kinds == ["warcinfo", *["conversion"] * 3, "response"]


def test_other_records_are_the_same_byte_for_byte(here: Path, run: Run) -> None:
    by_warcio(here / "a.warc", DIRTY, packed=False)
    assert run("clean", "a.warc", "-o", "out", "-q").status == 0
    source, output = (here / "a.warc").read_bytes(), (here / "out/a.warc").read_bytes()
    first = source.index(b"WARC/1.0", 9)
    assert output[:first] == source[:first]
    last = source.index(b"i.png") - 60
    assert output.endswith(source[last:])


@pytest.mark.parametrize("unit", ["paragraph", "line", "record"])
@pytest.mark.parametrize("packed", [False, True])
def test_dedup(here: Path, run: Run, unit: str, *, packed: bool) -> None:
    name = "a.warc.gz" if packed else "a.warc"
    texts = [LONG, *DIRTY, LONG, f"Before all that.\n\n{LONG}\n\nAnd then the ice was gone.\n"]
    by_warcio(here / name, texts, packed=packed)
    ended = run("dedup", name, "--unit", unit, "-o", "out", "--survivor", "first")
    assert (ended.status, ended.err) == (0, "")
    kept = texts_of(here / "out" / name)
    assert kept[:4] == [LONG, *DIRTY]
    rest = texts[5] if unit == "record" else texts[5].replace(LONG, "")
    assert [text.split() for text in kept[4:]] == [rest.split()]
    comes_back(here, run, "out", name)
    assert "DUP402" in run("explain", f"{name}:6", "--output", "out").out
    ended = run("dedup", name, "--unit", unit, "-o", "marked", "--on-duplicate", "mark", "-q")
    assert (ended.status, len(ended.errors)) == (2, 1)


def test_fit_and_protect(here: Path, run: Run) -> None:
    by_warcio(here / "a.warc.gz", [LONG, *DIRTY], packed=True)
    by_warcio(here / "b.warc", [LONG], packed=False)
    assert run("fit", "a.warc.gz", "-o", "m.model", "-q").status == 0
    assert run("check", "a.warc.gz", "--model", "m.model", "-q").status == 1
    assert run("dedup", "a.warc.gz", "--protect", "b.warc", "-o", "out", "-q").status == 0
    assert texts_of(here / "out/a.warc.gz") == DIRTY
    comes_back(here, run, "out", "a.warc.gz")


def test_workers_do_not_matter(here: Path, run: Run) -> None:
    by_warcio(here / "a.warc.gz", [*DIRTY, LONG] * 3, packed=True)
    outputs = []
    for jobs in (1, 2):
        assert run("clean", "a.warc.gz", "-o", f"out{jobs}", "-q", "-j", jobs).status == 0
        outputs.append((here / f"out{jobs}/a.warc.gz").read_bytes())
    assert outputs[0] == outputs[1]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "is broken: it does not end": lambda data: data.replace(b"Length: 4", b"Length: 3", 1),
    "is broken: the file ends after": lambda data: data[:-9],
    "is broken: the file ends in": lambda data: data[: data.rindex(b"WARC/1.") + 12],
}


@pytest.mark.parametrize("why", DAMAGE)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "command", [["clean"], ["dedup"], ["dedup", "--unit", "record"], ["check"]], ids=" ".join
)
def test_damage(here: Path, run: Run, why: str, command: list[str], *, packed: bool) -> None:
    by_fastwarc(here / "good.warc", DIRTY, packed=False)
    data = DAMAGE[why]((here / "good.warc").read_bytes())
    name = "bad.warc.gz" if packed else "bad.warc"
    (here / name).write_bytes(gzip.compress(data) if packed else data)
    out = [] if command == ["check"] else ["-o", "out", "-q"]
    ended = run(*command, name, "good.warc", *out)
    assert ended.status == 3
    assert len(ended.errors) == 1
    assert f"{name}: record " in ended.errors[0]
    assert why in ended.errors[0]
    if out:
        assert len(texts_of(here / "out/good.warc")) == 3
        assert not (here / "out" / name).exists()
        comes_back(here, run, "out", "good.warc")


def test_member_cut_short(here: Path, run: Run) -> None:
    by_warcio(here / "a.warc.gz", DIRTY, packed=True)
    (here / "a.warc.gz").write_bytes((here / "a.warc.gz").read_bytes()[:-7])
    ended = run("clean", "a.warc.gz", "-o", "out", "-q")
    assert ended.status == 3
    assert "a.warc.gz: broken gzip data" in ended.errors[0]


def test_one_member_for_all(here: Path, run: Run) -> None:
    by_warcio(here / "a.warc", DIRTY, packed=False)
    (here / "a.warc.gz").write_bytes(gzip.compress((here / "a.warc").read_bytes(), mtime=0))
    assert run("clean", "a.warc.gz", "-o", "out", "-q").status == 0
    assert len(texts_of(here / "out/a.warc.gz")) == 3
    comes_back(here, run, "out", "a.warc.gz")


def test_archive_under_another_name(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    for name in ("in/crawl", "in/a.txt"):
        by_warcio(here / name, DIRTY, packed=True)
    assert run("check", "in/crawl", "-q").status == 1
    ended = run("check", "in", "-q")
    assert ended.status == 3
    assert "in/a.txt: is a web archive, which is not read; give its name the suffix" in ended.err
    assert run("check", "in", "--as", "warc", "-q").status == 1
    assert run("clean", "in/crawl", "-o", "out", "-q").status == 0
    assert len(texts_of(here / "out/crawl")) == 3
    (here / "in/b.log").write_bytes(DIRTY[0].encode())
    ended = run("check", "in/b.log", "--as", "warc")
    assert ended.status == 3
    assert "b.log: record 1 is broken: its first line has no WARC version" in ended.errors[0]


def test_empty_texts_and_archives(here: Path, run: Run) -> None:
    names = ["a.warc", "b.warc.gz", "c.warc"]
    by_fastwarc(here / names[0], ["", DIRTY[0], "\n"], packed=False)
    (here / names[1]).write_bytes(gzip.compress(b""))
    (here / names[2]).touch()
    for command in ("clean", "dedup"):
        assert run(command, *names, "-o", command, "-q").status == 0
        comes_back(here, run, command, *names)
    assert texts_of(here / "clean/a.warc") == [DIRTY[0].replace("  ", " ")]


def test_a_document_that_loses_all_its_text(here: Path, run: Run) -> None:
    by_warcio(here / "a.warc.gz", [LONG, LONG], packed=True)
    ended = run("clean", "a.warc.gz", "-o", "out")
    assert "not written, since all their text went: 1 document: a.warc.gz:3\n" in ended.out
    assert texts_of(here / "out/a.warc.gz") == [LONG]
    comes_back(here, run, "out", "a.warc.gz")


def test_the_address_is_the_site(here: Path, run: Run) -> None:
    furniture = "Read the harbour news in your inbox every week, free of charge and of worry"
    words = ["herring", "lantern", "chapel", "ferry", "winter", "bridge", "island", "harvest"]
    texts = [f"The {word} was all they spoke of that day.\n\n{furniture}\n" for word in words]
    by_warcio(here / "a.warc", texts, packed=False)
    lines = [json.dumps({"url": address(n), "text": text}) for n, text in enumerate(texts)]
    (here / "a.jsonl").write_text("\n".join(["", *lines, ""]))
    findings = [run("check", name, "-q").out.replace(name, "") for name in ("a.warc", "a.jsonl")]
    assert findings[0] == findings[1]

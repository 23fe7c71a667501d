"""Web pages from end to end: as files, and in web archives."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.web.http_response import page_of
from cleaner.formats.web.page_text import page_text
from tests.running import Run

PARAGRAPHS = (
    "Nobody had told the children&amp;#8217;s aunt that the ferry would not come back before the "
    "end of winter, and so they went down to the quay each morning and looked for its lantern.",
    "The keeper wrote down every ship that passed the point&mdash;and read the names to them when "
    "they asked; and when the ice had gone from the bay at last, the first name was hers.",
)
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><title>The ferry</title><style>p {{ color: red }}</style></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<main><article><h1>The ferry</h1><p>{PARAGRAPHS[0]}</p>
<ul><li>They found a lantern that had not been lit since the summer.</li>
<li>They found a book with the names of all the ships.</li></ul>
<p>{PARAGRAPHS[1]}</p><pre>if ice:
    wait()</pre></article></main>
<footer><p>Privacy policy</p></footer><script>var x = "<p>no text</p>";</script></body></html>
"""
CLEAN = """The ferry

Nobody had told the children’s aunt that the ferry would not come back before the end of winter, \
and so they went down to the quay each morning and looked for its lantern.

• They found a lantern that had not been lit since the summer.
• They found a book with the names of all the ships.

The keeper wrote down every ship that passed the point—and read the names to them when they asked; \
and when the ice had gone from the bay at last, the first name was hers.

if ice:
    wait()
"""


def comes_back(here: Path, run: Run, *names: str) -> None:
    assert run("restore", "out", "-o", "back", "-q").status == 0
    for name in names:
        assert (here / "back" / name).read_bytes() == (here / name).read_bytes()


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.xhtml", "a.html.gz"])
def test_clean(here: Path, run: Run, name: str) -> None:
    data = PAGE.encode()
    (here / name).write_bytes(gzip.compress(data, 2) if name.endswith("gz") else data)
    listed = run("check", name, "-q")
    assert listed.status == 1
    ended = run("clean", name, "-o", "out")
    assert (ended.status, ended.err) == (0, "")
    output = here / ("out/a.html.txt.gz" if name.endswith("gz") else f"out/{name}.txt")
    written = output.read_bytes()
    text = (gzip.decompress(written) if name.endswith("gz") else written).decode()
    assert text == CLEAN
    report = json.loads((here / "out/_cleaner/report.json").read_bytes())
    assert report["files"][0]["name"] == name
    assert report["files"][0]["output"] == output.name
    assert sum(report["counts"].values()) == len(listed.out.splitlines())
    comes_back(here, run, name)
    assert run("check", f"out/{output.name}", "-q").status == 0
    place = listed.out.partition(": ")[0].rpartition(":")[0]
    assert "ENC111" in run("explain", place, "--output", "out").out
    assert run("fit", name, "-o", "m.model", "-q").status == 0


def test_page_in_which_nothing_is_changed(here: Path, run: Run) -> None:
    (here / "a.html").write_text("<p>The tide came in.</p>")
    assert run("clean", "a.html", "-o", "out", "-q").status == 0
    assert (here / "out/a.html.txt").read_text() == "The tide came in.\n"
    comes_back(here, run, "a.html")


def test_page_without_text(here: Path, run: Run) -> None:
    (here / "a.html").write_text("<p> </p><img src='x.png' alt='A boat'>")
    (here / "b.html").touch()
    ended = run("clean", "a.html", "b.html", "-o", "out")
    assert ended.status == 0
    assert "1 file had no text left\n" in ended.out
    assert not (here / "out/a.html.txt").exists()
    comes_back(here, run, "a.html", "b.html")


def test_pages_in_folders(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    (here / "in/a.html").write_text(PAGE)
    (here / "in/b.txt").write_text("The tide came in.\n")
    ended = run("clean", "in", "-o", "out")
    assert ended.status == 0
    written = sorted(path.name for path in (here / "out").iterdir())
    assert written == ["_cleaner", "a.html.txt", "b.txt"]
    (here / "in/a.html").unlink()
    assert run("clean", "in", "-o", "out", "--overwrite", "-q").status == 0
    assert sorted(path.name for path in (here / "out").iterdir()) == ["_cleaner", "b.txt"]


def test_two_sources_of_one_output(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    (here / "in/a.html").write_text(PAGE)
    (here / "in/a.html.txt").write_text("The tide came in.\n")
    ended = run("clean", "in", "-o", "out")
    assert ended.status == 2
    assert "a.html and a.html.txt: two inputs would be written as a.html.txt" in ended.errors[0]
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("cp1251", '<meta charset="windows-1251">'),
        ("utf-8", '<meta charset="iso-8859-1">'),
        ("koi8-r", '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">'),
        ("utf-8", ""),
        ("utf-16", ""),
        ("cp1251", "<meta charset=nonsense>"),
    ],
)
def test_encodings(here: Path, run: Run, encoding: str, head: str) -> None:
    russian = "Никто не сказал детям, что паром не вернётся до конца зимы, и они ждали."
    (here / "a.html").write_bytes(f"<html><head>{head}<body><p>{russian}</p>".encode(encoding))
    assert run("clean", "a.html", "-o", "out", "-q").status == 0
    assert (here / "out/a.html.txt").read_text() == f"{russian}\n"
    comes_back(here, run, "a.html")


def test_latin_1_means_more(here: Path, run: Run) -> None:
    page = page_text(b"<meta charset=iso-8859-1><p>The boat\x92s caf\xe9", "", Input())
    assert page.text == "The boat\u2019s caf\xe9"
    assert page.notes == ()
    assert page_text(b"<p>caf\xe9", "ISO-8859-1", Input()).text == "caf\xe9"


@pytest.mark.parametrize("command", [["dedup"], ["dedup", "--unit", "record"], ["clean"]])
def test_pages_are_not_deduplicated_alone(here: Path, run: Run, command: list[str]) -> None:
    (here / "in").mkdir()
    (here / "in/a.html").write_text(PAGE)
    (here / "in/b.txt").write_text("The tide came in.\n")
    options = ["--html", "off"] if command == ["clean"] else []
    ended = run(*command, "in/a.html", "in/b.txt", *options, "-o", "out", "-q")
    assert ended.status == 3
    assert "a.html: is HTML, which is not read; `cleaner clean` makes text of it" in ended.err
    ended = run(*command, "in", *options, "-o", "out2")
    assert ended.status == 0
    assert "1 passed over: HTML, which is not read: a.html\n" in ended.out


@pytest.mark.parametrize("library", ["resiliparse", "trafilatura"])
def test_library_that_is_not_installed(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    (here / "a.html").write_text(PAGE)
    ended = run("check", "a.html", "--html", library)
    assert ended.status == 3
    said = f'a.html: is HTML, for which {library} is not installed (pip install "corpus-cleaner['
    assert said in ended.errors[0]


def test_trafilatura(here: Path, run: Run) -> None:
    (here / "a.html").write_text(PAGE)
    ended = run("clean", "a.html", "--html", "trafilatura", "-o", "out", "-q", "-j", 1)
    assert (ended.status, ended.err) == (0, "")
    text = (here / "out/a.html.txt").read_text()
    assert "Nobody had told the children’s aunt that the ferry" in text
    assert "Privacy" not in text
    comes_back(here, run, "a.html")
    assert run("check", "out/a.html.txt", "-q").status == 0


def test_what_is_no_page(here: Path, run: Run) -> None:
    (here / "a.html").write_bytes(b"<p>a\0b\xff")
    (here / "b.html").write_bytes(b"%PDF-1.7\n")
    (here / "c.html").write_text("<div>" * 3000)
    ended = run("clean", *"a.html b.html c.html".split(), "-o", "out", "-q")
    assert ended.status == 3
    said = sorted(line.removeprefix("cleaner: error: ") for line in ended.errors)
    assert [line.partition(";")[0] for line in said] == [
        "a.html: holds a NUL byte: byte 4",
        "b.html: is a PDF document, which is not read",
        "c.html: is HTML with too many elements inside each other: more than 2,000",
    ]


@pytest.mark.parametrize(
    "piece", ["<", "<p>", "<td>", "<tr>", "&", "<!--", "<meta ", "<a b='", "<b>x</b>"]
)
def test_hostile_pages_end(piece: str) -> None:
    with suppress(InputError):
        page_text((piece * 60_000).encode(), "", Input())


def archive(path: Path, pages: list[tuple[dict[str, str], bytes]], status: str = "200 OK") -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.name.endswith("gz"))
        for number, (fields, body) in enumerate(pages):
            headers = StatusAndHeaders(status, list(fields.items()), protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"http://example.org/{number}",
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=headers,
            )
            writer.write_record(record)


def chunked(data: bytes) -> bytes:
    pieces = [data[at : at + 100] for at in range(0, len(data), 100)]
    return b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in [*pieces, b""])


HTML = {"Content-Type": "text/html; charset=UTF-8"}
RAW = zlib.compress(PAGE.encode(), wbits=-15)
SENT = {
    "plain": (HTML, PAGE.encode()),
    "gzip": ({**HTML, "Content-Encoding": "gzip"}, gzip.compress(PAGE.encode())),
    "deflate": ({**HTML, "content-encoding": "deflate"}, zlib.compress(PAGE.encode())),
    "raw deflate": (
        {**HTML, "Content-Encoding": "deflate"},
        RAW,
    ),
    "chunked": ({**HTML, "Transfer-Encoding": "chunked"}, chunked(PAGE.encode())),
    "both": (
        {**HTML, "Content-Encoding": "gzip", "Transfer-Encoding": "chunked"},
        chunked(gzip.compress(PAGE.encode())),
    ),
    "said only": (
        {**HTML, "Content-Encoding": "gzip", "Transfer-Encoding": "chunked"},
        PAGE.encode(),
    ),
}


@pytest.mark.parametrize("sent", SENT)
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_pages_of_archives(here: Path, run: Run, sent: str, name: str) -> None:
    image = ({"Content-Type": "image/png"}, b"\x89PNG\r\n\0")
    archive(here / name, [SENT[sent], image])
    listed = run("check", name, "-q")
    assert listed.status == 1
    ended = run("clean", name, "-o", "out")
    assert (ended.status, ended.err) == (0, "")
    with (here / "out" / name).open("rb") as file:
        page, other = [
            (record.headers, record.headers["WARC-Type"], record.reader.read())
            for record in ArchiveIterator(file, parse_http=False)
            if record.verify_block_digest()
        ]
    assert page[1:] == ("conversion", CLEAN.rstrip().encode())
    assert page[0]["WARC-Target-URI"] == "http://example.org/0"
    assert page[0]["Content-Type"] == "text/plain"
    assert page[0]["WARC-Refers-To"] not in ("", page[0]["WARC-Record-ID"])
    assert other[1] == "response"
    comes_back(here, run, name)
    assert run("check", f"out/{name}", "-q").status == 0
    assert "ENC111" in run("explain", f"{name}:1", "--output", "out").out


@pytest.mark.parametrize(
    ("fields", "body", "status"),
    [
        (HTML, PAGE.encode(), "404 Not Found"),
        ({"Content-Type": "text/plain"}, PAGE.encode(), "200 OK"),
        ({**HTML, "Content-Encoding": "br"}, b"\x0b\x02\x80", "200 OK"),
        ({**HTML, "Content-Encoding": "gzip"}, gzip.compress(PAGE.encode())[:-9], "200 OK"),
        ({**HTML, "Content-Encoding": "gzip"}, b"what is no gzip", "200 OK"),
        (HTML, b"<p> </p>", "200 OK"),
        (HTML, b"\x00\xff\x01", "200 OK"),
        (HTML, b"", "200 OK"),
    ],
)
def test_responses_that_pass_through(
    here: Path, run: Run, fields: dict[str, str], body: bytes, status: str
) -> None:
    archive(here / "a.warc", [(fields, body)], status)
    assert run("clean", "a.warc", "-o", "out", "-q").status == 0
    assert (here / "out/a.warc").read_bytes() == (here / "a.warc").read_bytes()


def test_bomb_in_an_archive() -> None:
    body = gzip.compress(b"<p>" + b" " * (1 << 24))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    assert page_of(head + body, 1 << 20) is None
    assert page_of(head + body, 1 << 25) is not None


def test_pages_of_archives_without_the_library(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(here / "a.warc", [SENT["plain"]])
    monkeypatch.setitem(sys.modules, "resiliparse", None)
    ended = run("clean", "a.warc", "-o", "out", "-j", 1)
    assert ended.status == 0
    said = "1 read: a web archive, in which pages pass through: HTML, for which resiliparse is not"
    assert said in ended.out
    assert (here / "out/a.warc").read_bytes() == (here / "a.warc").read_bytes()


@pytest.mark.parametrize("unit", ["paragraph", "record"])
def test_dedup_leaves_pages_of_archives(here: Path, run: Run, unit: str) -> None:
    archive(here / "a.warc", [SENT["plain"], SENT["plain"]])
    ended = run("dedup", "a.warc", "--unit", unit, "-o", "out")
    assert ended.status == 0
    assert "in which pages pass through: HTML, which is not read: a.warc\n" in ended.out
    assert (here / "out/a.warc").read_bytes() == (here / "a.warc").read_bytes()


def test_a_line_of_a_page_that_is_too_long() -> None:
    with pytest.raises(InputError, match="is longer than 100 bytes"):
        page_text(PAGE.encode(), "", Input(max_line_size=100))


def test_many_lists_take_no_time() -> None:
    page = page_text(b"<ul><li>The tide came in.</ul>" * 10_000, "", Input())
    assert page.text.count("The tide came in.") == 10_000


def test_a_menu_goes_and_a_list_stays() -> None:
    menu = "<ul>" + "".join(f"<li><a href='/{n}'>News {n}</a></li>" for n in range(9)) + "</ul>"
    stays = "<ul><li>Nobody had told the children</li><li>that the ferry would not come</li></ul>"
    text = page_text(f"{menu}<p>{PARAGRAPHS[1]}</p>{stays}".encode(), "", Input()).text
    assert "News" not in text
    assert "Nobody had told the children" in text

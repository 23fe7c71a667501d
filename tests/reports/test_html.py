"""The HTML report: what it says is so, and hostile texts stay texts, in a real browser too."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner import Settings, clean_files
from cleaner.api import Cleaner
from cleaner.runs.report.gather import gather
from cleaner.runs.report.write import report_page
from tests.journal.altering import rewrite, rows_of
from tests.reports.chromium import BROWSER, Page, browser
from tests.running import Run

LONG = (
    "The pilots of the outer sound met on Tuesday to hear what the board had to say of the new "
    "moorings, and nobody was the wiser when the lamps were lit again."
)
ATTACKS = (
    "<script>window.hacked = 1</script>  \"><img src=x onerror='window.hacked = 2'>  &amp;amp;",
    "</script><script>window.hacked = 3</script>  ]]>  <!--  -->  \u2028  javascript:hacked()",
    "the \u202eharbour  was\u202c  turned \u2066round\u2069  and \ud800 lost  \u0085  \x01a\x02  b",
)


def hostile(folder: Path) -> Path:
    folder.mkdir()
    (folder / "<b onclick=hacked>.txt").write_text(
        f"{ATTACKS[0]}\n\n{LONG}\n\nSo  be it.\n\n{LONG.replace('Tuesday', 'Tuesday,')}\n", "utf-8"
    )
    records = [
        {"text": f"{attack}\n\n{LONG}\n\nRecord  {number}."}
        for number, attack in enumerate(ATTACKS)
    ]
    (folder / "r.jsonl").write_text(
        "".join(json.dumps(record) + "\n" for record in records), "ascii"
    )
    return folder


@pytest.fixture
def out(here: Path) -> Path:
    clean_files([hostile(here / "in")], here / "out", Settings(jobs=1))
    return here / "out"


def data_of(page: bytes) -> Any:
    found = re.search(rb'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_counts_are_those_of_the_journal(out: Path) -> None:
    data = gather(out, 1000)
    rows = rows_of(out)["edits"]
    by_rule = {rule.code: rule for rule in data.rules}
    assert sum(rule.edits + rule.notes for rule in data.rules) == len(rows)
    for code, rule in by_rule.items():
        own = [row for row in rows if row["rule"] == code]
        assert rule.notes == sum(row["kind"] == "note" for row in own)
        plain = [row for row in own if row["before"] is not None and not row["escaped"]]
        if len(plain) == len(own):
            assert rule.before == sum(len(row["before"].encode()) for row in own)
            assert rule.after == sum(len(row["after"].encode()) for row in own)
    changed = {(row["file"], row["record"]) for row in rows if row["kind"] == "edit"}
    assert data.shares.changed + data.shares.untouched == data.records == 4
    assert data.shares.changed == data.shares.measured == sum(data.shares.counts) == len(changed)


def test_an_edit_stands_in_its_text(out: Path) -> None:
    samples = {s.number: s for s in gather(out, 1000).samples}
    rows = rows_of(out)["edits"]
    assert len(samples) == len(rows)
    for number, sample in samples.items():
        assert sample.context, sample
        assert rows[number]["rule"] == sample.code
    place = next(s for s in samples.values() if s.before.startswith(LONG[:20]))
    assert place.lead.endswith("\n\n")
    spaced = next(s for s in samples.values() if s.lead.endswith("\n\nSo") and s.kind == "edit")
    assert spaced.trail.startswith("be it.")
    assert spaced.place == "<b onclick=hacked>.txt:5"


def test_a_duplicate_stands_beside_its_survivor(here: Path) -> None:
    text = f"{LONG} {LONG[::-1]} {LONG.upper()}"
    texts = [text, text.replace("Tuesday", "Tuseday")]
    (here / "in.jsonl").write_text("".join(json.dumps({"text": one}) + "\n" for one in texts))
    settings = Settings(jobs=1, dedup={"unit": "record"})
    Cleaner(settings).deduplicate_files([here / "in.jsonl"], here / "out")
    clusters = gather(here / "out", 10).clusters
    near = next(copy for cluster in clusters for copy in cluster.copies if copy.similarity < 1)
    assert near.kept is not None
    different = {
        "".join(text for text, differs in parts if differs) for parts in (near.text, near.kept)
    }
    assert different == {"e"}


def test_samples_are_spread_evenly_and_counted(here: Path) -> None:
    (here / "in").mkdir()
    text = "".join(f"Word  {number}.\n\n" for number in range(1000))
    (here / "in" / "a.txt").write_text(text)
    clean_files([here / "in"], here / "out", Settings(jobs=1, select="FMT508"))
    data = gather(here / "out", 10)
    assert [s.number for s in data.samples] == list(range(0, 1000, 100))
    page = report_page(here / "out", samples=10)
    assert b"10 of 1,000 edits and notes" in page
    assert data_of(page)["rules"]["FMT508"][2] == 1000


def test_the_same_run_gives_the_same_page(out: Path, here: Path) -> None:
    page = report_page(out)
    assert page == report_page(out)
    (here / "again").mkdir()
    clean_files([here / "in"], here / "again" / "out", Settings(jobs=2))
    assert page == report_page(here / "again" / "out")


def test_nothing_hostile_is_markup(out: Path) -> None:
    page = report_page(out).decode("utf-8")
    assert not re.findall("[\u202a-\u202e\u2066-\u2069\ud800-\udfff\u2028\u0085]", page)
    assert page.count("<script") == 2
    assert "<img" not in page.replace("\\u003cimg", "")
    assert "onclick=hacked>" not in re.sub(r'<script type="application/json".*?</script>', "", page)
    rows = data_of(page.encode())["rows"]
    assert any("U+202E" in row[5] + row[8] for row in rows)


def test_whole_records(here: Path) -> None:
    (here / "in.jsonl").write_text("".join(json.dumps({"text": LONG}) + "\n" for _ in range(3)))
    settings = Settings(jobs=1, dedup={"unit": "record"})
    Cleaner(settings).deduplicate_files([here / "in.jsonl"], here / "out")
    data = gather(here / "out", 10)
    (rule,) = data.rules
    assert (rule.code, rule.whole, rule.edits) == ("DUP402", 2, 2)
    assert rule.taken == data.bytes_before - data.bytes_after
    assert data.shares.counts[-1] == 2
    (cluster,) = data.clusters
    assert cluster.count == 2
    assert "".join(text for text, _ in cluster.copies[0].kept or ()) == LONG


def test_outputs_that_are_gone(out: Path) -> None:
    for path in out.iterdir():
        if path.is_file():
            path.unlink()
    data = gather(out, 100)
    assert data.samples
    assert not any(sample.context for sample in data.samples)
    assert data.shares.measured == 0
    report_page(out)


def test_outputs_that_were_changed(out: Path) -> None:
    for path in out.iterdir():
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] + b'{"text": 5}\n\xff')
    report_page(out)


@pytest.mark.parametrize(
    "change",
    [{"rule": "XYZ999"}, {"rule": "</script><script>window.hacked=1</script>"}, {"start": 9**9}],
)
def test_a_journal_of_somebody_else(out: Path, run: Run, change: dict[str, Any]) -> None:
    rows = rows_of(out)
    edit = next(row for row in rows["edits"] if row["kind"] == "edit")
    edit.update(change, end=max(edit["end"], change.get("start", 0)))
    rewrite(out, rows)
    ended = run("report", out, "-o", "-")
    assert ended.status in (0, 3)
    assert ended.out.count("<script") in (0, 2)


def test_rows_in_another_order(out: Path, run: Run) -> None:
    rows = rows_of(out)
    rows["edits"].reverse()
    rewrite(out, rows)
    ended = run("report", out)
    assert (ended.status, len(ended.errors)) == (3, 1)


def test_command(out: Path, here: Path, run: Run) -> None:
    ended = run("report", "out")
    assert (ended.status, ended.err) == (0, "")
    written = out / "_cleaner" / "report.html"
    page = written.read_bytes()
    assert page == report_page(out)
    assert run("report", "out", "-o", "here.html", "-q").out == ""
    assert (here / "here.html").read_bytes() == page
    assert run("report", "out", "-o", "-").out.encode() == page
    assert run("restore", "out", "-o", "back", "-q").status == 0
    clean_files([here / "in"], out, Settings(jobs=1), overwrite=True)
    assert not written.exists()


@pytest.mark.parametrize("command", ["clean", "dedup"])
def test_a_run_writes_its_page_with_what_only_it_knows(here: Path, run: Run, command: str) -> None:
    hostile(here / "in")
    assert run(command, "in", "-o", "out", "--report", "a.html", "-q").status == 0
    page = (here / "a.html").read_bytes()
    assert re.search(rb"MB/s</dd>.{0,60} s, [0-9.]+ [MG]B at most", page)
    assert b"MB/s" not in report_page(here / "out")
    assert run(command, "in", "-o", "other", "--report", "none/a.html").status == 2
    assert not (here / "other").exists()


@pytest.mark.parametrize("place", ["missing/a.html", "in"])
def test_where_no_page_can_be_written(out: Path, run: Run, place: str) -> None:
    ended = run("report", "out", "-o", place)
    assert ended.status == 2


def test_no_run_here(here: Path, run: Run) -> None:
    (here / "empty").mkdir()
    ended = run("report", "empty")
    assert (ended.status, len(ended.errors)) == (2, 1)
    assert list((here / "empty").iterdir()) == []


needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium is installed (Debian: apt-get install chromium)"
)


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with browser() as page:
        yield page


@pytest.fixture
def page(tab: Page) -> Page:
    tab.said.clear()
    tab.call("Emulation.setEmulatedMedia", media="", features=[])
    return tab


def shown_in(page: Page, out: Path, **given: Any) -> float:
    """Open the report; return the seconds until it could be used."""
    place = out.parent / "page.html"
    place.write_bytes(report_page(out, **given))
    seconds = page.open(place)
    assert page.said == []
    return seconds


@needs_browser
def test_browser_runs_nothing_of_the_corpus(page: Page, out: Path) -> None:
    shown_in(page, out, samples=1000)
    for _ in range(10):
        page.run("document.getElementById('next').click()")
    page.run("for (const d of document.querySelectorAll('details')) d.open = true")
    # What is put in by somebody later does not run either: the policy forbids it.
    page.run(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked=4\">')"
    )
    time.sleep(0.2)
    assert page.run("window.hacked") is None
    assert page.run("document.querySelectorAll('script').length") == 2
    assert page.run("document.querySelectorAll('main img').length") == 0
    assert "U+202E" in page.run("document.body.textContent")


@needs_browser
def test_browser_filters(page: Page, out: Path) -> None:
    shown_in(page, out)
    rows = data_of(report_page(out))["rows"]
    set_to = (
        "(id, value, kind) => {{ const e = document.getElementById(id); e.value = value; "
        "e.dispatchEvent(new Event(kind)); return document.getElementById('found').value }}"
    )
    set_to = set_to.replace("{{", "{").replace("}}", "}")
    own = [row for row in rows if row[1] == "FMT508"]
    assert page.run(f"({set_to})('rule', 'FMT508', 'change')") == f"{len(own)} found"
    shown = page.run("[...document.querySelectorAll('#list code')].map(c => c.textContent)")
    assert shown == ["FMT508"] * min(25, len(own))
    assert page.run(f"({set_to})('words', 'SO ', 'input')") == (
        f"{sum('so ' in ' '.join(row[3:]).lower() for row in own)} found"
    )
    page.run("document.querySelector('a[data-rule=\"DUP402\"]').click()")
    assert set(
        page.run("[...document.querySelectorAll('#list code')].map(c => c.textContent)")
    ) == {"DUP402"}


@needs_browser
def test_browser_sorts(page: Page, out: Path) -> None:
    shown_in(page, out)
    for _ in range(2):
        page.run("document.querySelector('#rule-table button[data-column=\"1\"]').click()")
    counts = page.run(
        "[...document.querySelectorAll('#rule-table tbody')].map(b => [...b.rows].slice(1)"
        ".map(r => Number(r.cells[1].dataset.value)))"
    )
    assert all(numbers == sorted(numbers) for numbers in counts)
    assert page.run("document.querySelector('#rule-table [aria-sort]').ariaSort") == "ascending"


@needs_browser
def test_browser_judges_by_keys_and_saves(page: Page, out: Path) -> None:
    shown_in(page, out)
    downloads = out.parent / "downloads"
    page.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(downloads))
    assert page.run("document.getElementById('save').disabled")
    page.run("document.getElementById('sample').focus()")
    for key in ("r", "w", "ArrowRight", "u"):
        page.press(key)
    assert page.run("document.getElementById('judged').value") == "3 judged"
    page.run("document.getElementById('save').click()")
    saved = downloads / "verdicts.json"
    for _ in range(100):
        if saved.exists() and saved.stat().st_size:
            break
        time.sleep(0.05)
    verdicts = json.loads(saved.read_text("utf-8"))
    assert [one["verdict"] for one in verdicts["judged"]] == ["right", "wrong", "unsure"]
    rows = rows_of(out)["edits"]
    for one in verdicts["judged"]:
        assert rows[one["row"]]["rule"] == one["rule"]
    assert sum(sum(counts.values()) for counts in verdicts["by_rule"].values()) == len(
        verdicts["judged"]
    )


@needs_browser
def test_browser_is_dark_where_the_system_is(page: Page, out: Path) -> None:
    colors = {}
    for scheme in ("light", "dark"):
        page.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        shown_in(page, out)
        colors[scheme] = page.run("getComputedStyle(document.body).backgroundColor")
        assert page.run(CONTRAST) == []
    assert colors == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}


# The texts whose contrast to what is behind them is below that of WCAG AA for small text.
CONTRAST = """
(() => {
  const channels = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = (c) => {
    const [r, g, b] = channels(c).map((v) => {
      v /= 255;
      return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor, parts = channels(color);
      if (parts.length < 4 || parts[3] > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const low = [];
  for (const e of document.querySelectorAll("main *, header *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || e.closest("svg") || e.disabled || !e.getClientRects().length) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) low.push(`${e.tagName} ${e.textContent.slice(0, 30)}`);
  }
  return low;
})()
"""


@needs_browser
def test_browser_finds_names_for_all_that_can_be_used(page: Page, out: Path) -> None:
    shown_in(page, out)
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    used = ("button", "link", "searchbox", "combobox", "image")
    for node in nodes:
        role = node.get("role", {}).get("value")
        if role in used and not node.get("ignored"):
            assert node.get("name", {}).get("value", "").strip(), node
    assert page.run("document.documentElement.lang") == "en"
    levels = page.run("[...document.querySelectorAll('h1, h2')].map(h => h.tagName)")
    assert levels[0] == "H1"
    assert levels.count("H1") == 1
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    # Tab reaches the first link, then goes on.
    page.press("Tab")
    assert page.run("document.activeElement.tagName") == "A"


@needs_browser
def test_browser_prints(page: Page, out: Path) -> None:
    shown_in(page, out)
    page.call("Emulation.setEmulatedMedia", media="print")
    assert page.run("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert page.run("getComputedStyle(document.querySelector('#list')).display") != "none"
    assert len(page.call("Page.printToPDF")["data"]) > 10_000


@needs_browser
def test_browser_at_ten_thousand_edits(page: Page, here: Path) -> None:
    words = ["harbour", "tide  table", "moor\u200bing", "R&amp;D", "caf\xc3\xa9", "pilot\xa0boat"]
    (here / "in").mkdir()
    with (here / "in" / "a.jsonl").open("w", encoding="utf-8") as file:
        for number in range(500):
            text = " ".join(f"{words[(number + n) % 6]} {n}." for n in range(26))
            file.write(json.dumps({"text": f"{text}\n\n\n\n{number}  {text}"}) + "\n")
    clean_files([here / "in"], here / "out", Settings(jobs=1, ignore="DUP,BOI"))
    assert len(rows_of(here / "out")["edits"]) > 10_000
    seconds = shown_in(page, here / "out", samples=100_000)
    assert page.run("Number(document.getElementById('found').value.replace(/[^0-9]/g, ''))") > 5_000
    assert (here / "page.html").stat().st_size < 3_000_000
    assert page.run("performance.getEntriesByType('navigation')[0].domInteractive") < 1000
    assert seconds < 5  # of a busy machine

"""Each command, and each exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.cli.group import COMMANDS
from cleaner.core.version import VERSION
from tests.running import Run, command, environment, process

TEXT = "caf\u00c3\u00a9  and\r\n\r\n\r\nsalt &amp; pepper"
CLEAN = "café and\n\nsalt & pepper\n"


@pytest.fixture
def dirty(here: Path) -> Path:
    (here / "in").mkdir()
    (here / "in/a.txt").write_bytes(TEXT.encode())
    return here


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the engine fail in a way that nobody foresaw."""

    def fail(*args: object) -> None:
        raise LookupError("unforeseen")

    monkeypatch.setattr("cleaner.api.running.find_inputs", fail)


def test_clean(dirty: Path, run: Run) -> None:
    ended = run("clean", "in", "-o", "out")
    assert ended.status == 0
    assert ended.err == ""
    assert "1 of 1 files written to out" in ended.out
    assert "encoding and characters           2  (ENC110 1, ENC111 1)" in ended.out
    assert (dirty / "out/a.txt").read_text("utf-8") == CLEAN
    report = json.loads((dirty / "out/_cleaner/report.json").read_bytes())
    assert report["version"] == VERSION
    assert report["counts"]["ENC110"] == 1
    assert report["bytes_before"] == len(TEXT.encode())
    assert report["bytes_after"] == len(CLEAN.encode())
    assert report["problems"] == []
    assert report["settings"]["dedup"]["threshold"] == 0.8
    (file,) = report["files"]
    assert file["name"] == "a.txt"
    assert len(file["sha256"]) == len(file["output_sha256"]) == 64


def test_clean_quietly(dirty: Path, run: Run) -> None:
    ended = run("clean", "in", "-o", "out", "--quiet")
    assert (ended.status, ended.out, ended.err) == (0, "", "")


def test_check_finds(dirty: Path, run: Run) -> None:
    ended = run("check", "in")
    assert ended.status == 1
    assert ended.err == "8 findings\n"
    lines = ended.out.splitlines()
    assert len(lines) == 8
    assert lines[0] == 'in/a.txt:1:4: ENC110 text decoded with the wrong encoding: "Ã©" -> "é"'
    assert list(dirty.iterdir()) == [dirty / "in"]


def test_check_finds_nothing(dirty: Path, run: Run) -> None:
    (dirty / "in/a.txt").write_text(CLEAN, "utf-8")
    ended = run("check", "in")
    assert (ended.status, ended.out, ended.err) == (0, "", "nothing found\n")


def test_notes_alone_are_no_findings_unless_asked_for(here: Path, run: Run) -> None:
    story = (
        "The old chapel by the quay lost its roof that night, and with it went eleven boats, all "
        "their nets, and the bridge over the river that two parishes had built together in the "
        "years after the war, with stones from the quarry of the monks."
    )
    (here / "in").mkdir()
    (here / "in/a.txt").write_text(f"{story}\n")
    quoted = story[story.index("the bridge") :].capitalize()
    (here / "in/b.txt").write_text(f"{quoted}\n\nSo it was told.\n")
    ended = run("check", "in", "--select", "DUP")
    assert ended.status == 0
    assert ended.out.startswith("in/b.txt:1:1: DUP421 ")
    assert ended.err == "1 finding; 1 is a note, which `clean` leaves as it is\n"
    assert run("check", "in", "--select", "DUP", "--strict").status == 1
    (found,) = json.loads(run("check", "in", "--output-format", "json").out)
    assert found["note"] is True
    (here / "cleaner.toml").write_text('[dedup]\ncontained = "remove"\n')
    assert run("check", "in", "--select", "DUP").status == 1


def test_check_as_json(dirty: Path, run: Run) -> None:
    (dirty / "in/b.jsonl").write_text('{"id": "x", "text": "so  be"}\n')
    ended = run("check", "in", "--output-format", "json", "-q")
    assert ended.status == 1
    assert ended.err == ""
    found = json.loads(ended.out)
    assert len(found) == 9
    assert found[0]["path"] == "in/a.txt"
    assert found[0]["record"] is None
    assert (found[0]["start"], found[0]["end"]) == (3, 5)
    assert (found[0]["before"], found[0]["after"]) == ("Ã©", "é")
    assert {"path": "in/b.jsonl", "record": 1, "id": "x", "line": 1, "column": 3}.items() <= found[
        8
    ].items()


def test_check_as_json_finds_nothing(dirty: Path, run: Run) -> None:
    (dirty / "in/a.txt").write_text(CLEAN, "utf-8")
    ended = run("check", "in", "--output-format", "json")
    assert ended.status == 0
    assert json.loads(ended.out) == []


def test_restore(dirty: Path, run: Run) -> None:
    run("clean", "in", "-o", "out")
    ended = run("restore", "out", "-o", "back")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == "1 file restored into back\n"
    assert (dirty / "back/a.txt").read_bytes() == TEXT.encode()
    assert run("restore", "out", "-o", "back").status == 2
    assert run("restore", "out", "-o", "back", "--overwrite", "-q").out == ""


def test_rules_are_listed(run: Run) -> None:
    ended = run("rule")
    assert ended.status == 0
    assert "ENC  encoding and characters" in ended.out
    assert "  ENC121  ligature               Latin ligature  [on request]" in ended.out


def test_page_of_a_rule(run: Run) -> None:
    ended = run("rule", "enc110")
    assert ended.status == 0
    assert ended.out.startswith("ENC110 mojibake (encoding and characters)\n")
    assert "Fix: safe: acts by default." in ended.out
    assert '  before  "a cafÃ© by the quay"\n  after   "a café by the quay"\n' in ended.out
    assert '  stays   "São Paulo' in ended.out


def test_unknown_rule(run: Run) -> None:
    ended = run("rule", "ENC999")
    assert ended.status == 2
    assert ended.errors == ["cleaner: error: no rule 'ENC999'; `cleaner rule` lists them"]


def test_config(here: Path, run: Run) -> None:
    ended = run("config", "--threshold", "0.9")
    assert ended.status == 0
    assert "dedup.threshold = 0.9                # command line\n" in ended.out


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], *([name, "-h"] for name in COMMANDS)])
def test_help(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.status == 0
    assert ended.out.startswith("Usage: cleaner")
    assert ended.err == ""
    if arguments[0] in COMMANDS:
        assert "Examples:\n    cleaner " in ended.out
    else:
        assert all(name in ended.out for name in COMMANDS)


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"cleaner {VERSION}\n", "")


def test_no_command_shows_the_help(run: Run) -> None:
    ended = run()
    assert ended.status == 2
    assert ended.err.startswith("Usage: cleaner [OPTIONS] COMMAND [ARGS]...\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["claen"], "no command 'claen'; did you mean 'clean'?"),
        (["clean", "-o", "out"], "nothing to read; name files or folders"),
        (["clean", "in"], "Missing option '-o' / '--output'"),
        (["check", "in", "--frobnicate"], "No such option"),
        (["check", "in", "--output-format", "xml"], "'xml' is none of text, full, json"),
        (["check", "in", "--scope", "world"], "'world' is not one of"),
        (["check", "in", "--threshold", "high"], "'high' is not a valid float"),
        (["check", "in", "--threshold", "1.5"], "wrong value for `dedup.threshold`"),
        (["check", "in", "--threshold", "0"], "wrong value for `dedup.threshold`"),
        (["check", "in", "--threshold", "nan"], "wrong value for `dedup.threshold`"),
        (["check", "in", "--jobs", "-1"], "-1 is not in the range"),
        (["check", "in", "--encoding", "cp85"], "no encoding is called 'cp85'; did you mean"),
        (["check", "in", "--encoding", "base64"], "no encoding is called 'base64'"),
        (["check", "in", "--max-line-size", "big"], "'big' is no size; write 4096, 16MiB or 2G"),
        (["check", "in", "--max-line-size", "0"], "wrong value for `input.max-line-size`"),
        (["check", "in", "--max-line-size", "99999999T"], "wrong value for `input.max-line-size`"),
        (["check", "in", "--select", "EMC"], "no rule begins with 'EMC'; did you mean ENC?"),
        (["check", "in", "--ignore", "ENC999"], "no rule begins with 'ENC999'"),
        (["check", "in", "--config", "nowhere.toml"], "'nowhere.toml' does not exist"),
        (["check", "in", "--config", "in"], "'in' is a directory"),
        (["restore", "nowhere", "-o", "back"], "'nowhere' does not exist"),
        (["restore", "in", "-o", "back"], "in: no journal here"),
        (["restore", "in"], "Missing option '-o' / '--destination'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage(dirty: Path, run: Run, arguments: list[str], said: str) -> None:
    ended = run(*arguments)
    assert ended.status == 2
    assert len(ended.errors) == 1
    assert ended.others == []
    assert said in ended.errors[0]
    assert ended.out == ""


def test_wrong_usage_writes_nothing(dirty: Path, run: Run) -> None:
    assert run("clean", "in", "-o", "out", "--select", "EMC").status == 2
    assert not (dirty / "out").exists()


@pytest.mark.parametrize("size", ["1T", "1024T"])
def test_limits_may_be_as_good_as_none(dirty: Path, run: Run, size: str) -> None:
    (dirty / "in/b.jsonl").write_text('{"text": "a"}\n')
    ended = run("check", "in", "--max-document-size", size, "--max-line-size", size, "-q")
    assert (ended.status, ended.err) == (1, "")


@pytest.mark.parametrize(
    ("size", "count"), [("12", 12), ("2k", 2048), ("1.5 MiB", 3 << 19), ("1GB", 1 << 30)]
)
def test_sizes(here: Path, run: Run, size: str, count: int) -> None:
    assert f"input.max-line-size = {count} " in run("config", "--max-line-size", size).out


@pytest.mark.usefixtures("broken")
def test_bug(dirty: Path, run: Run) -> None:
    ended = run("clean", "in", "-o", "out")
    assert ended.status == 70
    assert "LookupError: unforeseen" in ended.err
    assert ended.errors == ["cleaner: error: a bug in cleaner; please report the lines above"]


def test_selection_reaches_the_engine(dirty: Path, run: Run) -> None:
    assert run("check", "in", "--select", "enc110").out.count("\n") == 1
    assert run("check", "in", "--select", "ENC,FMT506", "--ignore", "ENC111").out.count("\n") == 2
    assert run("check", "in", "--ignore", "ALL").status == 0


def test_fields_of_records(here: Path, run: Run) -> None:
    (here / "a.jsonl").write_text('{"key": 7, "body": "so  be", "text": "so  not"}\n')
    ended = run("clean", "a.jsonl", "-o", "out", "--text-field", "body", "--id-field", "key", "-q")
    assert ended.status == 0
    written = (here / "out/a.jsonl").read_text()
    assert written == '{"key": 7, "body": "so be", "text": "so  not"}\n'


def test_encoding(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    (here / "in" / "a.txt").write_bytes(b"caf\x82 au lait\n")
    assert run("clean", "in", "-o", "out", "--encoding", "cp850").status == 0
    assert (here / "out" / "a.txt").read_text("utf-8") == "café au lait\n"
    assert run("restore", "out", "-o", "back").status == 0
    assert (here / "back" / "a.txt").read_bytes() == b"caf\x82 au lait\n"
    assert run("dedup", "in", "-o", "unique", "--encoding", "cp850").status == 0
    assert "read as cp850, as declared" in run("check", "in", "--encoding", "cp850").out


def test_doubtful_encoding_is_said(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    (here / "in" / "a.txt").write_bytes(b"\x86 sikre at\n")
    ended = run("clean", "in", "-o", "out")
    assert ended.status == 0
    assert "1 file whose encoding is in doubt" in ended.out
    assert "could be cp1252" in run("check", "in", "--select", "ENC104").out


def test_scope(here: Path, run: Run) -> None:
    text = (
        "The tide came in over the third step again, and again nobody had thought of the baskets "
        "that stood there with the catch of the day.\n"
    )
    for name in "ab":
        (here / f"{name}.txt").write_text(f"{text}\nIt was the last time.\n\n{text}")
    codes = {
        scope: [
            line.split()[1]
            for line in run("check", "a.txt", "b.txt", "--scope", scope).out.splitlines()
        ]
        for scope in ("none", "file", "corpus")
    }
    assert codes == {
        "none": [],
        "file": ["DUP401", "DUP401"],
        "corpus": ["DUP401", "DUP430", "DUP402", "DUP402", "DUP402"],
    }


def test_as_a_real_process(dirty: Path) -> None:
    assert process("check", "in", cwd=dirty).status == 1
    ended = process("clean", "in", "-o", "out", cwd=dirty)
    assert (ended.status, ended.err) == (0, "")
    assert process("restore", "out", "-o", "back", cwd=dirty).status == 0
    assert (dirty / "back/a.txt").read_bytes() == TEXT.encode()
    assert process("clean", "in", "-o", "out", cwd=dirty).status == 2
    assert process("check", "nowhere", cwd=dirty).status == 3


def test_output_in_any_locale(dirty: Path) -> None:
    (dirty / "in/é\u3000.txt").write_text("“so”  be\n", "utf-8")
    for encoding in ("ascii", "latin-1"):
        done = subprocess.run(
            command("check", "in"),
            cwd=dirty,
            env=environment(PYTHONIOENCODING=encoding),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        assert done.stdout.count(b"\n") == 9


@pytest.mark.parametrize("reads", [0, 1])
def test_reader_that_goes_away(dirty: Path, reads: int) -> None:
    (dirty / "in/b.txt").write_text("so  be  it\n" * 20_000)
    with subprocess.Popen(
        command("check", "in", "-q"),
        cwd=dirty,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        for _ in range(reads):
            running.stdout.readline()
        running.stdout.close()
        said = running.stderr.read()
        status = running.wait(60)
    assert said == ""
    assert status in (0, 1)


LIGHT = """
import sys
{what}
heavy = {{"numpy", "ftfy", "datasketch", "regex", "loky", "charset_normalizer", "numba", "sqlite3",
          "pyarrow", "wordfreq", "lingua", "scipy"}}
print(sorted(heavy & set(sys.modules)))
"""


@pytest.mark.parametrize(
    "what",
    [
        "import cleaner",
        "import cleaner; cleaner.Settings, cleaner.Edit, cleaner.CleanerError, dir(cleaner)",
        "import cleaner.__main__ as m; assert m._run(['--help']) == 0",
        "import cleaner.__main__ as m; assert m._run(['clean', '--help']) == 0",
        "import cleaner.__main__ as m; assert m._run(['config']) == 0",
        "import cleaner.__main__ as m; assert m._run(['nonsense']) == 2",
    ],
)
def test_light_commands_import_nothing_heavy(here: Path, what: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT.format(what=what)],
        cwd=here,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_plain_text_imports_only_what_it_needs(here: Path) -> None:
    what = "import cleaner; cleaner.clean_text('It is late.\\n\\nThe ferry came in at noon.\\n')"
    done = subprocess.run(
        [sys.executable, "-c", LIGHT.format(what=what)],
        cwd=here,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "['numpy', 'regex']"


def test_names_of_the_package() -> None:
    import cleaner

    for name in cleaner.__all__:
        assert getattr(cleaner, name) is not None
    assert set(cleaner.__all__) <= set(dir(cleaner))
    with pytest.raises(AttributeError, match="no attribute 'clean_txet'"):
        cleaner.clean_txet  # noqa: B018


def test_glue_confidence_moves_the_bar(here: Path, run: Run) -> None:
    (here / "a.txt").write_text(
        "There was a map inthemiddle of thetable and a lamp that nobody had lit.\n"
    )
    counts = [
        len(run("check", "a.txt", "--glue-confidence", str(bar)).out.splitlines())
        for bar in (0.999, 0.9, 0.1)
    ]
    assert counts == sorted(counts)
    assert len(set(counts)) > 1
    assert run("check", "a.txt", "--glue-confidence", "7").status == 2

"""A person steps through uncertain edits: what is rejected is undone, and not done again."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cleaner.core.errors import UsageError
from cleaner.core.settings.addfile import with_entries
from cleaner.core.settings.configfile import load_configuration
from cleaner.runs.report.gather import gather
from cleaner.runs.rule_registry import all_rules
from tests.running import Run, command, environment

STORM = (
    "The flood of that spring carried off the mill by the ford, seven carts with all their loads, "
    "and the stalls that the weavers had put up on the green for the fair."
)
NEAR = STORM.replace("seven carts with", "seven carts, with").replace("that spring", "that Spring")
GLUED = (
    "Nobody in the village could say who had built the stone bridge,or why it stood so far from\n"
    "the road that everybody took.The priest had a book in which it was not named, and he\n"
    "had looked for it,as he said, in all the others.\n"
)


@pytest.fixture
def out(here: Path, run: Run) -> Path:
    (here / "in").mkdir()
    (here / "in/a.txt").write_text(f"They counted what was left.\n\n{STORM}\n\nFollow us\n")
    (here / "in/b.txt").write_text(f"{GLUED}\n{STORM}\n\nFollow us\n\nShare this article:\n")
    assert run("clean", "in", "-o", "out", "-q").status == 0
    return here / "out"


# Makes its standard input the terminal from which it is interrupted.
OWN_TERMINAL = "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])"


class Terminal:
    """A command in a terminal of its own, to which keys are sent."""

    def __init__(self, *arguments: object, cwd: Path) -> None:
        self._leader, follower = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", OWN_TERMINAL, *command(*arguments)], cwd=cwd,
            env=environment(TERM="xterm", COLUMNS="100"), stdin=follower, stdout=follower,
            stderr=follower,
        )  # fmt: skip
        os.close(follower)
        self.said = ""

    def until(self, text: str, seconds: float = 60) -> str:
        """Wait for a text, and return what was said up to its end since the last one."""
        end = time.monotonic() + seconds
        while text not in self.said:
            assert time.monotonic() < end, self.said
            if not self._read(0.2) and self._process.poll() is not None:
                assert text in self.said, self.said
        said, _, self.said = self.said.partition(text)
        return said + text

    def key(self, keys: str) -> None:
        os.write(self._leader, keys.encode())

    def end(self) -> tuple[int, str]:
        end = time.monotonic() + 60
        while self._process.poll() is None and time.monotonic() < end:
            self._read(0.1)
        while self._read(0.1):
            pass
        self.close()
        return self._process.returncode, self.said

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._leader)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._leader], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._leader, 1 << 16)
        except OSError:
            return False
        self.said += data.decode("utf-8", "replace")
        return bool(data)


def restored(out: Path, here: Path, run: Run) -> bool:
    assert run("restore", out, "-o", "back", "--overwrite", "-q").status == 0
    return all(
        (here / "back" / path.name).read_bytes() == path.read_bytes()
        for path in (here / "in").iterdir()
    )


def test_keys_in_a_terminal(out: Path, here: Path, run: Run) -> None:
    terminal = Terminal("review", "out", cwd=here)
    first = terminal.until("(a/r/s/b/q/?) ")
    assert "a accept   r reject" in first
    seen = []
    while "[" in first:
        number, total = map(int, re.findall(r"\[(\d+)/(\d+)\]", first)[-1])
        seen.append(re.findall(r"(?:BOI|DUP|GLU)\d+", first)[-1])
        if number == 1:
            terminal.key("?x")
            terminal.until("(a/r/s/b/q/?) ")
            terminal.until("(a/r/s/b/q/?) ")
        terminal.key("r" if "Follow us" in first else "a")
        if number == total:
            break
        first = terminal.until("(a/r/s/b/q/?) ")
    terminal.until("rejected: ")
    status, said = terminal.end()
    assert status == 0
    assert "cleaner.toml keeps them" in said
    assert {"DUP402", "GLU202", "BOI311"} <= set(seen) or len(set(seen)) > 2
    for name in ("a.txt", "b.txt"):
        assert "\nFollow us\n" in (out / name).read_text()
    assert restored(out, here, run)
    # The next run obeys, and so does a check of what was undone.
    assert run("clean", "in", "-o", "again", "-q").status == 0
    for name in ("a.txt", "b.txt"):
        assert (here / "again" / name).read_text() == (out / name).read_text()
    assert run("check", "out").status == 0
    terminal = Terminal("review", "out", cwd=here)
    terminal.until("there is nothing left to ask about")
    terminal.until("nothing was rejected")
    assert terminal.end()[0] == 0


def test_an_interrupted_review_goes_on(out: Path, here: Path, run: Run) -> None:
    before = {path.name: path.read_bytes() for path in out.glob("*.txt")}
    terminal = Terminal("review", "out", "--rule", "BOI,DUP", cwd=here)
    terminal.until("(a/r/s/b/q/?) ")
    terminal.key("r")
    said = terminal.until("(a/r/s/b/q/?) ")
    total = int(re.findall(r"\[\d+/(\d+)\]", said)[-1])
    terminal.key("\x03")
    status, _ = terminal.end()
    assert status == 130
    assert {path.name: path.read_bytes() for path in out.glob("*.txt")} == before
    terminal = Terminal("review", "out", "--rule", "BOI,DUP", cwd=here)
    said = terminal.until("(a/r/s/b/q/?) ")
    assert f"[1/{total - 1}]" in said
    terminal.key("b")
    terminal.until("(a/r/s/b/q/?) ")
    terminal.key("q")
    terminal.until("1 rejected")
    assert terminal.end()[0] == 0
    assert {path.name: path.read_bytes() for path in out.glob("*.txt")} != before
    assert restored(out, here, run)


def judged(out: Path, wrong: str) -> dict[str, object]:
    """Return what the page of a run exports where some edits were judged wrong."""
    data = gather(out, 50)
    return {
        "tool": "cleaner",
        "judged": [
            {
                "row": one.number, "rule": one.code, "kind": one.kind, "place": one.place,
                "before": one.before, "after": one.after, "detail": one.detail,
                "verdict": "wrong" if one.code.startswith(wrong) else "right",
            }
            for one in data.samples
        ],
    }  # fmt: skip


@pytest.mark.parametrize("wrong", ["DUP", "GLU", "BOI", "FMT508"])
def test_decisions_of_the_page_are_taken(out: Path, here: Path, run: Run, wrong: str) -> None:
    (here / "judged.json").write_text(json.dumps(judged(out, wrong)))
    (here / "cleaner.toml").write_text('# Mine.\n[boilerplate]\nkeep = ["x" ]  # too\n[dedup]\n')
    had = json.loads((out / "_cleaner/report.json").read_text())["counts"]
    ended = run("review", "out", "--decisions", "judged.json")
    assert (ended.status, ended.err) == (0, "")
    left = json.loads((out / "_cleaner/report.json").read_text())["counts"]
    assert not any(code.startswith(wrong) for code in left) or wrong == "DUP"
    assert any(code.startswith(wrong) for code in had) == ("rejected: " in ended.out)
    assert restored(out, here, run)
    text = (here / "cleaner.toml").read_text()
    assert text.startswith("# Mine.\n[boilerplate]\nkeep = [")
    assert load_configuration(here / "cleaner.toml", {}).settings.boilerplate.keep[-1] == "x"
    assert run("clean", "in", "-o", "again", "-q").status == 0
    for name in ("a.txt", "b.txt"):
        assert (here / "again" / name).read_text() == (out / name).read_text()
    # The rows of the journal are others by now.
    if "rejected: " in ended.out:
        ended = run("review", "out", "--decisions", "judged.json")
        assert ended.status == 2
        assert "decisions on another run" in ended.err


def test_records_that_went_whole_come_back(here: Path, run: Run) -> None:
    lines = [
        json.dumps({"text": text}) for text in (STORM, "Another text of seven words here.", STORM)
    ]
    (here / "a.jsonl").write_text("\n".join(lines) + "\n")
    arguments = ("dedup", "a.jsonl", "--unit", "record")
    assert run(*arguments, "-o", "out", "-q").status == 0
    assert len((here / "out/a.jsonl").read_text().splitlines()) == 2
    (here / "judged.json").write_text(json.dumps(judged(here / "out", "DUP402")))
    assert run("review", "out", "--decisions", "judged.json").status == 0
    assert (here / "out/a.jsonl").read_bytes() == (here / "a.jsonl").read_bytes()
    assert "DUP402" in (here / "cleaner.toml").read_text()
    assert run(*arguments, "-o", "again", "-q").status == 0
    assert (here / "again/a.jsonl").read_bytes() == (here / "a.jsonl").read_bytes()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"judged": [{"row": "x"}]}'])
def test_what_are_no_decisions_is_refused(out: Path, here: Path, run: Run, text: str) -> None:
    (here / "judged.json").write_text(text)
    ended = run("review", "out", "--decisions", "judged.json")
    assert ended.status == 2
    assert "are no decisions" in ended.errors[0]


def test_nobody_to_ask_and_broken_answers_are_told(out: Path, here: Path, run: Run) -> None:
    ended = subprocess.run(
        command("review", "out"), cwd=here, env=environment(), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "give the answers with --decisions" in ended.stderr
    (out / "_cleaner/review.json").write_text('{"cleaner-review": 7}')
    ended = run("review", "out", "--decisions", "none.json")
    assert ended.status == 2
    assert "are no answers of a review" in ended.errors[0]


@pytest.mark.parametrize(
    "text",
    [
        "", "# Nothing.", "[dedup]\nthreshold = 0.9\n", "[boilerplate] # here\n", "[boilerplate]",
        "[boilerplate]\nmax-share = 0.4\nkeep=[]\n[glue]\nconfidence = 0.5\n",
        '[boilerplate]\n\nkeep = [\n    "b", # why\n]\n\n[ignore-texts]\nGLU201 = ["c"]\n',
    ],
)  # fmt: skip
def test_entries_are_added_and_all_else_stays(tmp_path: Path, text: str) -> None:
    entries = {"boilerplate": {"keep": ['a "b"\\.', "b"]}, "ignore-texts": {"GLU201": ["né\n"]}}
    file = tmp_path / "cleaner.toml"
    written = with_entries(text, entries, file)
    assert [
        line for line in text.splitlines() if line.startswith("#") and line not in written
    ] == []
    file.write_text(written, "utf-8")
    settings = load_configuration(file, {}).settings
    assert {'a "b"\\.', "b"} == set(settings.boilerplate.keep)
    assert settings.ignore_texts[0][1][0] == "né\n"
    assert with_entries(written, entries, file) == written


def test_a_file_that_is_not_seen_through_stays() -> None:
    for text in ('boilerplate.keep = ["a"]\n', 'boilerplate = {keep = ["a"]}\n'):
        with pytest.raises(UsageError, match="add by hand"):
            with_entries(text, {"boilerplate": {"keep": ["b"]}}, Path("cleaner.toml"))


def test_rules_exist_for_the_words_of_this_test() -> None:
    assert {"BOI311", "GLU202", "DUP402"} <= set(all_rules())

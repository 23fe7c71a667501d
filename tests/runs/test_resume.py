"""A run that was stopped is gone on with: what it had done is not done again, and it says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner, Settings
from cleaner.core.settings.config import Dedup
from cleaner.runs.passes import fit
from cleaner.runs.progress import NullProgress
from tests.running import Run

TEXTS = {
    "a.txt": "The tide  came in &amp; went out.\n\nNobody had seen it, nor the boats.\n",
    "b.txt": "The nets were sold .\n\nNobody had seen it, nor the boats.\n",
    "c.txt": "Floats and  lines were left.\n",
}


class Stopping(NullProgress):
    """Stops a run where its nth stage begins; hears what is remarked."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.stages: list[str] = []
        self.said: list[str] = []

    def begin(self, stage: str, total: int | None) -> None:
        self.stages.append(stage)
        if len(self.stages) == self.at:
            raise KeyboardInterrupt

    def remark(self, message: str) -> None:
        self.said.append(message)


def _settings(**own: Any) -> Settings:
    return Settings(jobs=1, dedup=Dedup(**own))


@pytest.fixture
def corpus(here: Path) -> Path:
    for name, text in TEXTS.items():
        (here / name).write_text(text)
    return here


def _stopped(at: int, settings: Settings | None = None, work: str | None = None) -> Stopping:
    """Run until a stage begins; at 0, to the end."""
    progress = Stopping(at)
    cleaner = Cleaner(settings or _settings())
    try:
        cleaner.clean_files(sorted(TEXTS), "out", work=work, progress=progress)
    except KeyboardInterrupt:
        assert at
    return progress


def _files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in _all(folder)}


def _all(folder: Path) -> Iterator[Path]:
    return (one for one in folder.rglob("*") if one.is_file())


@pytest.mark.parametrize("work", [None, "between"])
def test_stopped_at_every_stage_it_comes_to_the_same(corpus: Path, work: str | None) -> None:
    told = Stopping()
    Cleaner(_settings()).clean_files(sorted(TEXTS), "whole", progress=told)
    for at in range(1, len(told.stages) + 1):
        _stopped(at, work=work)
    (said,) = _stopped(0, work=work).said
    assert said.startswith("goes on where a run was stopped, with ")
    assert _files(corpus / "out") == _files(corpus / "whole")
    assert work is None or not list((corpus / work).iterdir())


def test_what_was_learned_is_not_learned_again(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "WORTH_KEEPING", 1)
    learned: list[int] = []
    collect = fit.CollectStats._collected

    def counted(self: fit.CollectStats, parts: Any) -> Any:
        learned.append(len(parts))
        return collect(self, parts)

    monkeypatch.setattr(fit.CollectStats, "_collected", counted)
    _stopped(3)
    assert learned == [1]
    # The second look, and all that stands behind it, is left to do.
    done = _stopped(0)
    assert len(learned) == 1 + (done.stages.count("learn") - 1)


def test_one_look_that_was_kept_is_the_same(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Cleaner(_settings()).clean_files(sorted(TEXTS), "whole")
    monkeypatch.setattr(fit, "WORTH_KEEPING", 1)

    def stop(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(fit.CountLines, "__call__", stop)
        with pytest.raises(KeyboardInterrupt):
            Cleaner(_settings()).clean_files(sorted(TEXTS), "out")
    assert list((corpus / "out/_cleaner/work/stats").iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(fit.CollectStats, "_collected", stop)
        with pytest.raises(KeyboardInterrupt):  # at the next look, not at the first
            Cleaner(_settings()).clean_files(sorted(TEXTS), "out", progress=(told := Stopping()))
    assert told.stages.count("learn") == 2
    Cleaner(_settings()).clean_files(sorted(TEXTS), "out")
    assert _files(corpus / "out") == _files(corpus / "whole")


def test_what_has_changed_is_said(corpus: Path) -> None:
    _stopped(4)
    (corpus / "b.txt").write_text("Something  else.\n")
    assert _stopped(4).said == [
        "1 inputs have changed since this run was begun, or are new or gone (b.txt); "
        "what they decide is done anew"
    ]
    assert _stopped(4, _settings(threshold=0.9)).said == [
        "dedup.threshold changed since this run was begun, so what goes by that is done anew"
    ]
    assert _stopped(4, Settings(jobs=2, select=("FMT",))).said == [
        "dedup.threshold, select changed since this run was begun, so all of it is done anew"
    ]
    begun = corpus / "out/_cleaner/work/begun.json"
    begun.write_text(json.dumps({**json.loads(begun.read_text()), "version": "0"}))
    assert _stopped(0, Settings(select=("FMT",))).said == [
        "the version has changed since this run was begun, so all of it is done anew"
    ]
    assert (corpus / "out/b.txt").read_text() == "Something else.\n"


def test_a_changed_threshold_leaves_what_was_repaired(corpus: Path) -> None:
    _stopped(5)
    parts = {path.name for path in (corpus / "out/_cleaner/work").glob("*.spool.zst")}
    _stopped(4, _settings(threshold=0.9))
    assert parts <= {path.name for path in (corpus / "out/_cleaner/work").glob("*.spool.zst")}
    _stopped(4, Settings(jobs=1, select=("FMT",)))
    assert parts.isdisjoint(path.name for path in (corpus / "out/_cleaner/work").iterdir())


def test_status(corpus: Path, run: Run) -> None:
    unknown = run("clean", "--status", "-o", "out")
    assert (unknown.status, "nothing is known of a run" in unknown.err) == (2, True)
    seen: list[str] = []

    class Asking(Stopping):
        def begin(self, stage: str, total: int | None) -> None:
            if stage == "normalize" and not seen:
                seen.append(run("clean", "--status", "-o", "out", "--work", "between").out)
            super().begin(stage, total)

    cleaner = Cleaner(_settings())
    with pytest.raises(KeyboardInterrupt):
        cleaner.clean_files(sorted(TEXTS), "out", work="between", progress=Asking(4))
    assert seen[0].startswith("the run into out is running\n")
    assert "  reading              100.0%  0:00:0" in seen[0]
    before = _files(corpus)
    stopped = run("clean", "--status", "-o", "out")
    assert stopped.out.startswith("the run into out was stopped; the same command goes on")
    status = json.loads(run("dedup", "--status-json", "-o", "out").out)
    assert status["state"] == "stopped"
    assert [stage["name"] for stage in status["stages"]] == ["parse", "learn", "normalize"]
    assert status["stages"][0]["done"] == status["stages"][0]["total"] > 0
    assert _files(corpus) == before
    _stopped(0, work="between")
    assert run("clean", "--status", "-o", "out").out == "the run into out is finished\n"
    refused = run("clean", "a.txt", "--diff", "--work", "between")
    assert (refused.status, "--work is of runs that write a folder" in refused.err) == (2, True)
    missing = run("clean", "--status")
    assert (missing.status, "Missing option" in missing.err) == (2, True)

"""What other tools run: hooks of pre-commit, an action of GitHub, a job of GitLab."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
DIRTY = "Salt &amp; pepper came in with the tide.\n"


def bash(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a server does, with this environment's commands."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/dirty.txt").write_text(DIRTY)
    (tmp_path / "texts/clean.txt").write_text("The tide came in.\n")
    return tmp_path


def action_check(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    action = yaml.safe_load((ROOT / "integrations/github/action.yml").read_text())
    step = action["runs"]["steps"][-1]
    given = {name: str(one["default"]) for name, one in action["inputs"].items()} | inputs
    named = {f"${{{{ inputs.{name} }}}}": value for name, value in given.items()}
    variables = {name: named[value] for name, value in step["env"].items()}
    return bash(step["run"], folder, **variables, GITHUB_STEP_SUMMARY=str(folder / "summary.md"))


def test_action_annotates_and_writes_for_code_scanning(corpus: Path) -> None:
    done = action_check(corpus, paths="texts")
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert line.startswith("::warning file=texts/dirty.txt,line=1,")
    assert len(json.loads((corpus / "cleaner.sarif").read_text())["runs"][0]["results"]) == 1
    assert "1 finding in 1 file" in (corpus / "summary.md").read_text()


def test_action_passes_what_is_clean(corpus: Path) -> None:
    done = action_check(corpus, paths="texts/clean.txt", options="--select ENC --strict")
    assert (done.returncode, done.stdout) == (0, "")


def test_action_takes_no_input_for_a_command(corpus: Path) -> None:
    action_check(corpus, paths="texts; touch made", options="$(touch made)")
    assert not (corpus / "made").exists()


def test_gitlab_job(corpus: Path) -> None:
    job = yaml.safe_load((ROOT / "integrations/gitlab/cleaner.gitlab-ci.yml").read_text())[
        "cleaner"
    ]
    check = [line for line in job["script"] if " pip " not in line]
    variables = {**job["variables"], "CLEANER_PATHS": "texts"}
    done = bash("\n".join(check), corpus, **variables)
    assert done.returncode == 1
    report = json.loads((corpus / job["artifacts"]["reports"]["codequality"]).read_text())
    assert [one["location"]["path"] for one in report] == ["texts/dirty.txt"]


def test_hooks_of_pre_commit(corpus: Path) -> None:
    """They fail on dirt, mend it, and pass; pre-commit installs the package by itself."""
    hooks = corpus / "hooks"
    left_out = shutil.ignore_patterns(".git", "build", "*.so", "tests", ".hypothesis", ".*_cache")
    shutil.copytree(ROOT, hooks, ignore=left_out)
    git = "git -c user.name=A -c user.email=a@example.org -c commit.gpgsign=false"
    made = bash(
        f"""
        git init -q hooks && git -C hooks add -A && {git} -C hooks commit -qm "as it is"
        git init -q . && git add texts
        echo "{{repos: [{{repo: ./hooks, rev: $(git -C hooks rev-parse HEAD),
        hooks: [{{id: cleaner-check}}, {{id: cleaner-fix}}]}}]}}" > .pre-commit-config.yaml
        """,
        corpus,
    )
    assert made.returncode == 0, made.stderr

    def run(hook: str) -> subprocess.CompletedProcess[str]:
        command = f"pre-commit run {hook} --files texts/*.txt"
        return bash(command, corpus, PRE_COMMIT_HOME=str(corpus / "home"))

    found = run("cleaner-check")
    assert found.returncode == 1, found.stderr
    assert "texts/dirty.txt:1:6: ENC111" in found.stdout
    mended = run("cleaner-fix")
    assert mended.returncode == 1, mended.stderr
    assert "files were modified by this hook" in mended.stdout
    assert (corpus / "texts/dirty.txt").read_text() == "Salt & pepper came in with the tide.\n"
    assert run("cleaner-check").returncode == 0

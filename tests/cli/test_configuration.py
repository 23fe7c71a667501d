"""Settings from files and from the command line."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Settings
from cleaner.core.settings.configfile import Configuration, flat, load_configuration
from cleaner.reports.settings import settings_table
from tests.running import Run


def value(shown: str, key: str) -> tuple[str, str]:
    """Return the value and the origin that `cleaner config` shows for `key`."""
    (line,) = [line for line in shown.splitlines() if line.split(" = ")[0] == key]
    written, _, origin = line.partition("  # ")
    return written.split(" = ")[1].strip(), origin


def test_found_upward(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "cleaner.toml").write_text('ignore = ["FMT5"]\n[dedup]\nthreshold = 0.7\n')
    (here / "deep/er").mkdir(parents=True)
    monkeypatch.chdir(here / "deep/er")
    shown = run("config").out
    assert value(shown, "ignore") == ('["FMT5"]', str(here / "cleaner.toml"))
    assert value(shown, "dedup.threshold") == ("0.7", str(here / "cleaner.toml"))
    assert value(shown, "dedup.scope") == ('"corpus"', "default")


def test_pyproject(here: Path, run: Run) -> None:
    (here / "pyproject.toml").write_text("[tool.cleaner]\ndedup.scope = 'file'\n[tool.other]\na=1")
    assert value(run("config").out, "dedup.scope") == ('"file"', str(here / "pyproject.toml"))


def test_pyproject_of_others_is_passed_over(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "cleaner.toml").write_text("jobs = 3\n")
    for name, text in (("a", "[project]\nname = 'x'\n"), ("a/b", "[tool.other]\n"), ("a/b/c", "")):
        (here / name).mkdir()
        (here / name / "pyproject.toml").write_text(text)
    monkeypatch.chdir(here / "a/b/c")
    assert value(run("config").out, "jobs") == ("3", str(here / "cleaner.toml"))


def test_nearest_wins_and_own_file_before_shared(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "cleaner.toml").write_text("jobs = 1\n")
    (here / "sub").mkdir()
    monkeypatch.chdir(here / "sub")
    (here / "sub/pyproject.toml").write_text("[tool.cleaner]\njobs = 2\n")
    assert value(run("config").out, "jobs")[0] == "2"
    (here / "sub/cleaner.toml").write_text("jobs = 3\n")
    assert value(run("config").out, "jobs")[0] == "3"


def test_named_file_is_used_alone(here: Path, run: Run) -> None:
    (here / "cleaner.toml").write_text("jobs = 1\ndedup.threshold = 0.5\n")
    (here / "other.toml").write_text("jobs = 2\n")
    shown = run("config", "--config", "other.toml").out
    assert value(shown, "jobs") == ("2", "other.toml")
    assert value(shown, "dedup.threshold") == ("0.8", "default")


def test_command_line_wins(here: Path, run: Run) -> None:
    (here / "cleaner.toml").write_text(
        'jobs = 1\nselect = ["ENC"]\n[dedup]\nthreshold = 0.5\nscope = "file"\n'
    )
    shown = run("config", "--threshold", "0.9", "--select", "fmt, glu").out
    assert value(shown, "dedup.threshold") == ("0.9", "command line")
    assert value(shown, "select") == ('["FMT", "GLU"]', "command line")
    assert value(shown, "dedup.scope") == ('"file"', str(here / "cleaner.toml"))
    assert value(shown, "jobs") == ("1", str(here / "cleaner.toml"))


def test_file_decides_what_is_done(here: Path, run: Run) -> None:
    (here / "a.txt").write_text("so  be it")
    (here / "cleaner.toml").write_text('ignore = ["FMT508"]\n')
    assert [line.split()[1] for line in run("check", "a.txt").out.splitlines()] == ["FMT506"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tresholds = 1", "unknown key `tresholds`; "),
        ("[dedup]\ntreshold = 1", "unknown key `dedup.treshold`; did you mean `dedup.threshold`?"),
        ("threshold = 1", "unknown key `threshold`; did you mean `dedup.threshold`?"),
        ("selects = []", "unknown key `selects`; did you mean `select`?"),
        ("text_field = 'x'", "unknown key `text_field`; did you mean `input.text-field`?"),
        ("[zzz]\nqqq = 1", "unknown key `zzz`; `cleaner config` lists the keys"),
        ("[zzz]", "unknown key `zzz`"),
        ("[dedup.threshold]\nvalue = 1", "unknown key `dedup.threshold.value`"),
        ("[dedup]\nthreshold = '0.8'", "wrong value for `dedup.threshold`: Expected `float`"),
        ("[dedup]\nthreshold = 0", "wrong value for `dedup.threshold`: Expected `float` > 0.0"),
        ("[dedup]\nthreshold = nan", "wrong value for `dedup.threshold`"),
        (
            "[dedup]\nscope = 'world'",
            "wrong value for `dedup.scope`: Invalid enum value 'world'; "
            "it is one of none, file, corpus",
        ),
        ("dedup = 3", "wrong value for `dedup`: Expected `object`, got `int`"),
        ("select = 'ENC'", "wrong value for `select`: Expected `array`, got `str`"),
        ("select = [1]", "wrong value for `select[0]`: Expected `str`, got `int`"),
        ("jobs = -1", "wrong value for `jobs`: Expected `int` >= 0"),
        ("jobs = true", "wrong value for `jobs`: Expected `int`, got `bool`"),
        ("jobs = 2.5", "wrong value for `jobs`: Expected `int`, got `float`"),
        ("jobs = 1979-05-27", "wrong value for `jobs`"),
        ("jobs = = 1", "is not valid TOML: Invalid value (at line 1, column 8)"),
        ("jobs = 1\njobs = 2", "is not valid TOML: "),
        ("a = '\udcff'", "is not valid TOML: "),
    ],
)
@pytest.mark.parametrize("shared", [False, True], ids=["cleaner.toml", "pyproject.toml"])
def test_mistakes_name_file_key_and_nearest_key(
    here: Path, run: Run, text: str, said: str, shared: bool
) -> None:
    name = "pyproject.toml" if shared else "cleaner.toml"
    if shared:
        text = "[tool.cleaner]\n" + text.replace("\n[", "\n[tool.cleaner.").replace(
            "[zzz", "[tool.cleaner.zzz"
        ).replace("[dedup", "[tool.cleaner.dedup")
        said = said.replace("line 1", "line 2")
    (here / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    (here / "a.txt").write_text("so be it\n")
    for arguments in (["config"], ["check", "a.txt"], ["clean", "a.txt", "-o", "out"]):
        ended = run(*arguments)
        assert ended.status == 2
        assert len(ended.errors) == 1
        assert ended.others == []
        assert ended.errors[0].startswith(f"cleaner: error: {here / name}: {said}")
    assert not (here / "out").exists()


@pytest.mark.parametrize("text", ["tool = 3", "[tool]\ncleaner = 3", "tool = ['cleaner']"])
def test_tables_that_are_none(here: Path, run: Run, text: str) -> None:
    (here / "pyproject.toml").write_text(text)
    ended = run("config")
    assert ended.others == []
    if "cleaner = 3" in text:
        assert ended.status == 2
        where = here / "pyproject.toml"
        assert ended.errors == [f"cleaner: error: {where}: `tool.cleaner` is not a table"]
    else:
        assert (ended.status, ended.err) == (0, "")


def test_code_in_a_file_that_fits_no_rule(here: Path, run: Run) -> None:
    (here / "cleaner.toml").write_text('select = ["EMC"]\n')
    (here / "a.txt").touch()
    ended = run("check", "a.txt")
    assert ended.status == 2
    assert ended.errors == ["cleaner: error: no rule begins with 'EMC'; did you mean ENC?"]


def test_unreadable_file(here: Path, run: Run) -> None:
    (here / "cleaner.toml").symlink_to("nowhere")
    assert run("config").status == 0
    ended = run("config", "--config", "cleaner.toml")
    assert ended.status == 2
    assert "cleaner.toml" in ended.errors[0]


def test_shown_configuration_is_a_configuration(here: Path, run: Run) -> None:
    shown = run(
        "config", "--select", "ENC,FMT501", "--text-field", 'a"b\\c\u00e9\u3000', "--threshold",
        "1e-05", "--unsafe-fixes", "--jobs", "2", "--max-line-size", "7k", "--scope", "none",
    ).out  # fmt: skip
    (here / "cleaner.toml").write_text(shown, "utf-8")
    again = run("config").out
    assert [line.partition("  # ")[0].rstrip() for line in again.splitlines()] == [
        line.partition("  # ")[0].rstrip() for line in shown.splitlines()
    ]


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
fractions = st.floats(0, 1)


@given(
    st.builds(
        dict,
        select=st.lists(names),
        jobs=st.integers(0, 99),
        input=st.builds(lambda a, b: {"text-field": a, "id-field": b}, names, names),
        glue=st.builds(lambda a: {"confidence": a}, fractions),
        boilerplate=st.builds(lambda a: {"keep": a}, st.lists(names)),
    ),
    names,
)
def test_any_settings_are_shown_as_valid_toml(values: dict, origin: str) -> None:
    settings = msgspec.convert(values, Settings)
    keys = [key for key, _ in flat(msgspec.to_builtins(settings))]
    table = settings_table(Configuration(settings, dict.fromkeys(keys, f"folder {origin}")))
    given = tomllib.loads(table)
    for key in ("per-file-ignores", "ignore-texts"):  # tables in files, and pairs elsewhere
        given[key] = list(given[key].items())
    read = load_configuration(None, given).settings
    assert read == settings


@pytest.mark.parametrize("place", ["/dev/zero", "pipe", "folder", "nowhere", "deep"])
def test_rules_that_are_no_file(here: Path, run: Run, place: str) -> None:
    os.mkfifo(here / "pipe")
    (here / "folder").mkdir()
    (here / "a.txt").write_text("The tide.\n")
    (here / "deep").write_text("x = " + "[" * 100_000)
    (here / "cleaner.toml").write_text(f'[boilerplate]\nrules = ["{place}"]\n')
    for arguments in (("check", "a.txt"), ("rules", "check", place)):
        ended = run(*arguments)
        assert ended.status == (2 if arguments[0] == "check" else 1)
        assert place in ended.err + ended.out
        assert (ended.err + ended.out).count("\n") == 1


@pytest.mark.parametrize("place", ["/dev/zero", "pipe", "deep"])
def test_configuration_that_is_no_file(here: Path, run: Run, place: str) -> None:
    os.mkfifo(here / "pipe")
    (here / "deep").write_text("x = " + "[" * 100_000)
    ended = run("config", "--config", place)
    assert ended.status == 2
    assert len(ended.errors) == 1

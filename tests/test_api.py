"""The Python API takes what people give it, or says in a line why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner, CleanerError, Settings, check_files, clean_files, clean_text
from cleaner.core.settings.config import Boilerplate, Dedup, Input


@pytest.fixture
def source(here: Path) -> Path:
    (here / "corpus").mkdir()
    (here / "corpus/a.txt").write_text("The  tide.\n")
    return here / "corpus"


TAKEN: list[tuple[Any, Any]] = [
    (Settings(select=["ENC"]), Settings(select=("ENC",))),
    (Settings(select="ENC"), Settings(select=("ENC",))),
    (Settings(select="enc, GLU2"), Settings(select=("ENC", "GLU2"))),
    (Settings(select={"GLU", "ENC"}), Settings(select=("ENC", "GLU"))),
    (Settings(ignore=(code for code in ("FMT", "BOI"))), Settings(ignore=("FMT", "BOI"))),
    (Settings(dedup={"threshold": 0.9}), Settings(dedup=Dedup(threshold=0.9))),
    (Settings(dedup={"min-words-near": 7}), Settings(dedup=Dedup(min_words_near=7))),
    (Settings(dedup={"min_words_near": 7}), Settings(dedup=Dedup(min_words_near=7))),
    (Dedup(threshold=1), Dedup(threshold=1.0)),
    (Dedup(index=Path("x.index")), Dedup(index="x.index")),
    (Dedup(protect="gold.txt"), Dedup(protect=("gold.txt",))),
    (Dedup(protect=[Path("a"), "b"]), Dedup(protect=("a", "b"))),
    (Boilerplate(keep="(?i)all, rights"), Boilerplate(keep=("(?i)all, rights",))),
    (Input(text_field="body"), Input(text_field="body")),
    (Cleaner({"dedup": {"scope": "none"}}).settings, Settings(dedup=Dedup(scope="none"))),
    (Cleaner({}).settings, Settings()),
]


@pytest.mark.parametrize(("given", "meant"), TAKEN)
def test_natural_arguments(given: object, meant: object) -> None:
    assert given == meant
    assert hash(given) == hash(meant)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Settings(jobs=-1), "wrong value for `jobs`: Expected `int` >= 0"),
        (lambda: Settings(jobs="two"), "wrong value for `jobs`: Expected `int`, got `str`"),
        (lambda: Dedup(threshold=90), "wrong value for `threshold`: Expected `float` <= 1.0"),
        (lambda: Dedup(scope="files"), "wrong value for `scope`: Invalid enum value 'files'"),
        (lambda: Settings(select=[5]), "wrong value for `select`: Expected `str`, got `int`"),
        (lambda: Settings(select=5), "wrong value for `select`: Expected `array`, got `int`"),
        (lambda: Settings(select=b"ENC"), "wrong value for `select`"),
        (lambda: Settings(dedup=0.9), "wrong value for `dedup`: Expected `object`, got `float`"),
        (
            lambda: Settings(dedup={"thresold": 0.9}),
            "dedup: unknown key `thresold`; did you mean `threshold`?",
        ),
        (lambda: Settings(output={"x": 1}), "output: unknown key `x`; the keys are keep_empty"),
        (lambda: Settings(thresold=0.9), "Unexpected keyword argument 'thresold'"),
        (lambda: Cleaner({"dedupe": {}}), "unknown key `dedupe`; did you mean `dedup`?"),
        (lambda: Cleaner("ENC"), "settings is a Settings or a mapping of its keys, not a str"),
        (lambda: Cleaner(Settings(select="XYZ")), "no rule begins with 'XYZ'"),
        (lambda: clean_text(b"The  tide."), "text is a str, not a bytes; decode it first"),
        (lambda: clean_text(None), "text is a str, not a NoneType"),
        (lambda: clean_files(5, "out"), "inputs is a path or a sequence of paths, not a int"),
        (lambda: clean_files([5], "out"), "a path is a str or a Path, not a int"),
        (lambda: clean_files([], "out"), "nothing to read; name files or folders"),
        (lambda: clean_files(["corpus"], None), "a path is a str or a Path, not a NoneType"),
    ],
)
def test_arguments_that_cannot_be_taken(here: Path, make: Any, said: str) -> None:
    with pytest.raises((CleanerError, TypeError)) as raised:
        make()
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("wrap", [str, Path, lambda p: [p], lambda p: iter([str(p)]), bytes, set])
def test_paths_in_any_form(source: Path, here: Path, wrap: Any) -> None:
    inputs = wrap([source]) if wrap is set else wrap(source)
    clean_files(inputs, here / "out", Settings(jobs=1))
    assert (here / "out/a.txt").read_text() == "The tide.\n"
    inputs = wrap([source]) if wrap is set else wrap(source)
    assert len(check_files(inputs).findings) == 1


def test_settings_of_a_mapping_act(source: Path, here: Path) -> None:
    clean_files(source, here / "out", {"ignore": "fmt508", "jobs": 1})
    assert (here / "out/a.txt").read_text() == "The  tide.\n"

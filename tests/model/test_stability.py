"""What was judged by a model is not changed by it again, whatever the text and the model."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner, Model, Settings, clean_text, fit_files
from tests.model.making import model_of, samples
from tests.runs.corpus import tree
from tests.sites import FOOTER, MENU, site
from tests.strategies import corpora, plain_texts, texts

ROOT = Path(__file__).parent.parent.parent
PAGES = site(12)

SETTINGS = [
    Settings(),
    Settings(unsafe_fixes=True),
    Settings(ignore="FMT,ENC"),
    Settings(select="GLU,HYP,BOI"),
    Settings(glue={"confidence": 0.1}),
]


@functools.cache
def known_models() -> list[Model]:
    """Return models of the seeds, of the tests' own cases, and of a site; and one of all."""
    cases = [path.read_text("utf-8") for path in sorted((ROOT / "tests/cases/glued").glob("*.txt"))]
    models = [
        fit_files(ROOT / "seeds"),
        model_of(samples(cases)),
        model_of(samples(PAGES, "a.example")),
    ]
    return [*models, Model().merge(*models)]


@given(texts, st.integers(0, 3), st.sampled_from(SETTINGS))
def test_text_under_a_known_model(text: str, number: int, how: Settings) -> None:
    cleaner = Cleaner(how, model=known_models()[number])
    once = cleaner.clean_text(text).text
    assert cleaner.clean_text(once).text == once


@given(texts, corpora, st.sampled_from(SETTINGS))
def test_text_under_any_model(text: str, corpus: list[str], how: Settings) -> None:
    cleaner = Cleaner(how, model=model_of(samples([*corpus, *corpus[:1]])))
    once = cleaner.clean_text(text).text
    assert cleaner.clean_text(once).text == once


@given(st.lists(plain_texts, min_size=1, max_size=3), st.integers(0, 3))
def test_text_that_taught_the_model(some: list[str], number: int) -> None:
    """Pages of a site with any text between menu and footer, judged by what they teach."""
    pages = ["\n".join([*MENU, *some[:one], page, *FOOTER]) for one, page in enumerate(PAGES)]
    model = known_models()[number].merge(model_of(samples(pages, "b.example")))
    for page in pages[:4]:
        once = clean_text(page, model=model).text
        assert clean_text(once, model=model).text == once


@given(corpora, st.integers(0, 3))
def test_files_under_a_known_model(
    tmp_path_factory: pytest.TempPathFactory, corpus: list[str], number: int
) -> None:
    folder = tmp_path_factory.mktemp("files")
    (folder / "in").mkdir()
    for name, text in enumerate([*corpus, PAGES[3]]):
        (folder / f"in/{name}.txt").write_bytes(text.encode())
    cleaner = Cleaner(Settings(jobs=1), model=known_models()[number])
    cleaner.clean_files(folder / "in", folder / "once")
    cleaner.clean_files(folder / "once", folder / "twice")
    once, twice = tree(folder / "once"), tree(folder / "twice")
    assert {name: data for name, data in twice.items() if "_cleaner" not in name} == {
        name: data for name, data in once.items() if "_cleaner" not in name
    }

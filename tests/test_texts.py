"""Texts in memory, as lists and as columns of the libraries that people have them in."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from cleaner import (
    Cleaner,
    CleanerError,
    clean_text,
    clean_texts,
    deduplicate,
    fit_files,
    fit_texts,
)

DIRTY = ["The tide  came in.", None, "R&amp;D at sea", "", "Nothing to change"]
CLEAN = ["The tide came in.", None, "R&D at sea", "", "Nothing to change"]


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner()


class TestCleanTexts:
    def test_as_one_by_one(self) -> None:
        texts = [text for text in DIRTY if text is not None] * 3
        assert list(clean_texts(texts)) == [clean_text(text) for text in texts]

    def test_they_come_as_they_are_asked_for(self, cleaner: Cleaner) -> None:
        def endless() -> Iterator[str]:
            number = 0
            while True:
                number += 1
                yield f"The tide  came in {number}."

        cleaned = cleaner.clean_texts(endless())
        assert [next(cleaned).text for _ in range(3)] == [
            f"The tide came in {number}.\n" for number in (1, 2, 3)
        ]

    def test_processes_make_no_difference(self) -> None:
        texts = [f"The tide  came in {number}." for number in range(200)]
        assert list(clean_texts(texts, {"jobs": 2})) == list(clean_texts(texts))

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ("a text", "texts are an iterable of str, not a str; clean_text takes a single one"),
            (b"a text", "texts are an iterable of str, not a bytes"),
            (5, "texts are an iterable of str, not a int"),
            (["a", None], "text 1 is a NoneType, not a str"),
            ([b"a"], "text 0 is a bytes, not a str; decode it first"),
            ([1.5], "text 0 is a float, not a str"),
        ],
    )
    def test_what_is_no_text(self, given: Any, said: str) -> None:
        with pytest.raises(TypeError, match=f"^{said}$"):
            list(clean_texts(given))

    def test_nothing_is_printed(self, capfd: pytest.CaptureFixture[str], cleaner: Cleaner) -> None:
        list(cleaner.clean_texts(["The tide  came in."]))
        cleaner.clean_batch(["The tide  came in."])
        cleaner.deduplicate(["The tide  came in."])
        assert capfd.readouterr() == ("", "")


ARROW = [
    pa.array(DIRTY),
    pa.array(DIRTY, pa.large_string()),
    pa.array(DIRTY, pa.string_view()),
    pa.array(DIRTY).dictionary_encode(),
    pa.array(DIRTY, pa.large_string()).dictionary_encode(),
    pa.chunked_array([DIRTY[:2], [], DIRTY[2:]]),
    pa.chunked_array([], type=pa.string()),
    pa.array([None, None]),
]


class TestPyarrow:
    @pytest.mark.parametrize("array", ARROW, ids=lambda array: str(array.type))
    def test_columns(self, cleaner: Cleaner, array: Any) -> None:
        cleaned = cleaner.clean_batch(array)
        assert type(cleaned) is type(array)
        assert cleaned.type == array.type
        wanted = dict(zip(DIRTY, CLEAN, strict=True))
        assert cleaned.to_pylist() == [wanted[text] for text in array.to_pylist()]
        if isinstance(array, pa.ChunkedArray):
            assert [len(chunk) for chunk in cleaned.chunks] == [len(one) for one in array.chunks]

    def test_tables(self, cleaner: Cleaner) -> None:
        schema = pa.schema(
            [
                pa.field("id", pa.int8()),
                pa.field("text", pa.large_string(), metadata={"of": "field"}),
                pa.field("more", pa.list_(pa.float32())),
            ],
            metadata={"of": "table"},
        )
        columns = [[1, 2, 3, 4, 5], DIRTY, [[0.5], None, [], [1], [2]]]
        table = pa.table(columns, schema=schema)
        batch = table.to_batches()[0]
        for given in (table, batch):
            cleaned = cleaner.clean_batch(given)
            assert type(cleaned) is type(given)
            assert cleaned.schema.equals(schema, check_metadata=True)
            assert cleaned["text"].to_pylist() == CLEAN
            assert cleaned.drop_columns(["text"]) == given.drop_columns(["text"])
        assert table["text"].to_pylist() == DIRTY

    def test_what_holds_no_text(self, cleaner: Cleaner) -> None:
        with pytest.raises(TypeError, match="the column holds int64, not text"):
            cleaner.clean_batch(pa.array([1, 2]))
        with pytest.raises(TypeError, match="the column holds binary, not text"):
            cleaner.clean_batch(pa.table({"text": [b"a"]}))

    def test_a_column_of_another_name(self, cleaner: Cleaner) -> None:
        table = pa.table({"body": DIRTY})
        assert cleaner.clean_batch(table, column="body")["body"].to_pylist() == CLEAN
        by_settings = Cleaner({"input": {"text_field": "body"}})
        assert by_settings.clean_batch(table)["body"].to_pylist() == CLEAN
        with pytest.raises(CleanerError, match="the batch has no column 'text': it has 'body'"):
            cleaner.clean_batch(table)
        with pytest.raises(CleanerError, match="several columns 'a'; rename all but one"):
            cleaner.clean_batch(pa.table([DIRTY, DIRTY], ["a", "a"]), column="a")

    def test_whoever_speaks_its_interface(self, cleaner: Cleaner) -> None:
        class Stream:
            def __init__(self, held: Any) -> None:
                self._held = held

            def __arrow_c_stream__(self, requested_schema: object = None) -> object:
                return self._held.__arrow_c_stream__(requested_schema)

        class Array:
            def __arrow_c_array__(self, requested_schema: object = None) -> object:
                return pa.array(DIRTY).__arrow_c_array__(requested_schema)

        table = pa.table({"text": DIRTY, "n": range(5)})
        cleaned = cleaner.clean_batch(Stream(table))
        assert cleaned == table.set_column(0, "text", pa.array(CLEAN))
        assert cleaner.clean_batch(Stream(table["text"])).to_pylist() == CLEAN
        assert cleaner.clean_batch(Array()).to_pylist() == CLEAN
        assert cleaner.clean_batch(table.to_reader())["text"].to_pylist() == CLEAN
        assert deduplicate(Array()).kept == (0, 1, 2, 3, 4)


class TestPandas:
    @pytest.mark.parametrize(
        "dtype", ["object", "str", "string", "category", pd.ArrowDtype(pa.large_string())], ids=str
    )
    def test_series(self, cleaner: Cleaner, dtype: Any) -> None:
        series = pd.Series(DIRTY, index=list("abcde"), name="body", dtype=dtype)
        series.attrs["source"] = "here"
        cleaned = cleaner.clean_batch(series)
        wanted = pd.Series(CLEAN, index=list("abcde"), name="body", dtype=dtype)
        pd.testing.assert_series_equal(cleaned, wanted)
        assert cleaned.attrs == {"source": "here"}
        assert series.iloc[0] == DIRTY[0]

    def test_nulls_stay_what_they_are(self, cleaner: Cleaner) -> None:
        nulls = [None, float("nan"), pd.NA, pd.NaT]
        cleaned = cleaner.clean_batch(pd.Series(["R&amp;D", *nulls], dtype="object"))
        assert [type(value) for value in cleaned] == [str, *map(type, nulls)]

    def test_frames(self, cleaner: Cleaner) -> None:
        frame = pd.DataFrame({"n": range(5), "text": DIRTY}, index=[5, 3, 3, 1, 0])
        cleaned = cleaner.clean_batch(frame)
        pd.testing.assert_frame_equal(cleaned, frame.assign(text=CLEAN))
        assert frame["text"].iloc[0] == DIRTY[0]

    def test_what_holds_no_text(self, cleaner: Cleaner) -> None:
        with pytest.raises(TypeError, match="text 1 is a int, not a str"):
            cleaner.clean_batch(pd.Series(["a", 5]))

    def test_deduplicated(self) -> None:
        verse = "The harbour lay still under the first snow of the year."
        series = pd.Series([verse, None, "Nobody spoke.", verse], index=list("abcd"))
        kept = series.iloc[list(deduplicate(series).kept)]
        assert list(kept.index) == ["a", "b", "c"]


class TestPolars:
    @pytest.mark.parametrize("dtype", [pl.String, pl.Categorical], ids=str)
    def test_series(self, cleaner: Cleaner, dtype: Any) -> None:
        series = pl.Series("body", DIRTY, dtype=dtype)
        cleaned = cleaner.clean_batch(series)
        assert cleaned.equals(pl.Series("body", CLEAN, dtype=dtype), check_names=True)
        assert cleaned.dtype == series.dtype

    def test_frames(self, cleaner: Cleaner) -> None:
        frame = pl.DataFrame({"n": range(5), "text": DIRTY})
        assert cleaner.clean_batch(frame).equals(pl.DataFrame({"n": range(5), "text": CLEAN}))
        mapped = frame.with_columns(pl.col("text").map_batches(cleaner.clean_batch, pl.String))
        assert mapped["text"].to_list() == CLEAN

    def test_what_cannot_be(self, cleaner: Cleaner) -> None:
        with pytest.raises(TypeError, match="cast it to String first"):
            cleaner.clean_batch(pl.Series(["a"], dtype=pl.Enum(["a"])))
        with pytest.raises(TypeError, match="collect"):
            cleaner.clean_batch(pl.LazyFrame({"text": DIRTY}))
        with pytest.raises(TypeError, match="text 0 is a int, not a str"):
            cleaner.clean_batch(pl.Series([1]))


class TestOthers:
    def test_lists_and_arrays(self, cleaner: Cleaner) -> None:
        assert cleaner.clean_batch(DIRTY) == CLEAN
        assert cleaner.clean_batch(tuple(DIRTY)) == tuple(CLEAN)
        assert cleaner.clean_batch(np.array(DIRTY, object)).tolist() == CLEAN
        assert cleaner.clean_batch(np.array(["R&amp;D at sea"])).tolist() == ["R&D at sea"]
        assert cleaner.clean_batch({"text": DIRTY, "n": 1}) == {"text": CLEAN, "n": 1}

    @pytest.mark.parametrize("batch", ["a text", b"a text", 5, None, {1, 2}])
    def test_what_is_no_batch(self, cleaner: Cleaner, batch: Any) -> None:
        with pytest.raises(TypeError, match="a batch is a column of texts, or a table with one"):
            cleaner.clean_batch(batch)

    def test_one_that_loses_all_its_text_stays(self, cleaner: Cleaner) -> None:
        assert cleaner.clean_batch(["\u200b", "a"]) == ["", "a"]

    def test_a_field_gets_no_line_end(self, cleaner: Cleaner) -> None:
        assert cleaner.clean_batch(["One line", "Two\nlines\n"]) == ["One line", "Two\nlines\n"]

    def test_processes_make_no_difference(self) -> None:
        texts = [f"The tide  came in {number}." for number in range(200)]
        assert Cleaner({"jobs": 2}).clean_batch(texts) == Cleaner().clean_batch(texts)


class TestDatasets:
    @pytest.fixture
    def dataset(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.setenv("HF_HOME", str(tmp_path))
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        datasets = pytest.importorskip("datasets")
        datasets.disable_progress_bars()
        return datasets.Dataset.from_dict({"text": DIRTY, "n": list(range(5))})

    @pytest.mark.parametrize("format", [None, "arrow", "pandas", "polars"])
    def test_map(self, cleaner: Cleaner, dataset: Any, format: str | None) -> None:
        given = dataset.with_format(format) if format else dataset
        mapped = given.map(cleaner.clean_batch, batched=True, batch_size=2)
        assert mapped.with_format(None)[:] == {"text": CLEAN, "n": list(range(5))}
        as_it_is = given.map(lambda batch: batch, batched=True)
        assert mapped.features == as_it_is.features

    def test_with_a_model(self, dataset: Any) -> None:
        model = fit_texts([text for text in DIRTY if text])
        mapped = dataset.map(Cleaner(model=model).clean_batch, batched=True)
        assert mapped["text"][:] == CLEAN


class TestModel:
    def test_of_texts_is_that_of_records(self, here: Path) -> None:
        words = "harbour tide quay winter mooring lantern pilot storm".split()
        texts = [
            f"The {a} saw the {b}, and the {b} saw\u00a0the {a}." for a in words for b in words
        ]
        lines = [pa.array([text]).to_pandas().to_json(orient="values")[1:-1] for text in texts]
        Path("a.jsonl").write_text("".join(f'{{"text": {line}}}\n' for line in lines))
        assert fit_texts(texts).digest == fit_files("a.jsonl").digest

    def test_it_is_taken_by_all(self, here: Path) -> None:
        model = fit_texts(["The harbour master wrote their names down."] * 3)
        model.save("a.model")
        for given in (model, "a.model"):
            cleaner = Cleaner(model=given)
            (cleaned,) = cleaner.clean_texts(["The tide  came in."])
            assert cleaned == clean_text("The tide  came in.", model=given)
            assert cleaner.clean_batch(DIRTY) == CLEAN
        loaded = pickle.loads(pickle.dumps(cleaner))  # noqa: S301
        assert loaded.clean_batch(DIRTY) == CLEAN

    @pytest.mark.parametrize("texts", [[], ["", " \n"]])
    def test_nothing_to_learn_from(self, texts: list[str]) -> None:
        with pytest.raises(CleanerError, match="there is nothing to learn from"):
            fit_texts(texts)


class TestDeduplicate:
    VERSE = "The harbour lay still under the first snow of the year, and no bell rang"

    def test_copies_and_near_copies(self) -> None:
        near = self.VERSE.replace(",", "") + "!"
        other = self.VERSE[:-2]
        found = deduplicate([self.VERSE, near, None, self.VERSE, other, "", ""])
        assert found.kept == (0, 2, 4, 5, 6)
        assert found.texts == (self.VERSE, None, other, "", "")
        assert [(one.index, one.survivor, one.code) for one in found.duplicates] == [
            (1, 0, "DUP412"),
            (3, 0, "DUP402"),
        ]
        assert [(one.index, one.code) for one in found.noted] == [(4, "DUP413")]
        assert all(0.8 <= one.similarity <= 1 for one in found.duplicates)

    def test_as_files_are(self, here: Path) -> None:
        texts = [self.VERSE, self.VERSE.upper(), "Short.", "Short.", self.VERSE + "."]
        Path("a.jsonl").write_text("".join(f'{{"text": "{text}"}}\n' for text in texts))
        settings = {"dedup": {"unit": "record"}}
        report = Cleaner(settings).deduplicate_files("a.jsonl", "out")
        assert report.files[0].records_written == len(deduplicate(iter(texts), settings).kept)

    def test_settings(self) -> None:
        texts = ["Short.", "Short."]
        assert deduplicate(texts).kept == (0, 1)
        assert deduplicate(texts, {"dedup": {"min_words_exact": 1}}).kept == (0,)
        assert deduplicate(texts, {"ignore": "DUP", "dedup": {"min_words_exact": 1}}).kept == (0, 1)
        with pytest.raises(CleanerError, match="which is scope corpus"):
            deduplicate(texts, {"dedup": {"scope": "file"}})

    @pytest.mark.parametrize("texts", ["a text", 5, [5], [b"a"]])
    def test_what_is_no_text(self, texts: Any) -> None:
        with pytest.raises(TypeError, match="not a"):
            deduplicate(texts)

    def test_nothing(self) -> None:
        assert deduplicate([]).texts == ()

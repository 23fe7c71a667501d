"""Texts in memory: cleaned one by one or by columns, deduplicated, learned from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cleaner.api.arguments import AnyPath, kind_of, path_of
from cleaner.api.batches import Texts, checked_text, cleaned_columns, texts_of
from cleaner.core.edits import Edit
from cleaner.core.findings import located_edits
from cleaner.core.settings.config import Settings, table_of
from cleaner.formats.encoding import check_encoding
from cleaner.formats.registry import check_format
from cleaner.runs.rule_registry import check_rules

if TYPE_CHECKING:
    from cleaner.dedup.decisions import Decisions
    from cleaner.model.model import Model
    from cleaner.steps.chain import Normalized
    from cleaner.steps.learn import Tables

AnySettings = Settings | Mapping[str, Any]


@dataclass(frozen=True)
class CleanedText:
    """A cleaned text and how it came about.

    ``edits`` lists every edit of every step, ``start`` and ``end`` in code points of the source
    text, sorted; ``steps`` holds them as the steps made them, which is what undoes them.
    """

    text: str
    edits: tuple[Edit, ...]
    steps: tuple[tuple[Edit, ...], ...]


@dataclass(frozen=True)
class Duplicate:
    """A text that repeats another, the survivor; both by their place among the texts, from 0.

    ``code`` is the rule: DUP402 of exact copies, DUP412 of near-copies, DUP413 of variants.
    """

    index: int
    survivor: int
    similarity: float
    code: str


@dataclass(frozen=True)
class Deduplicated:
    """What `deduplicate` found.

    ``texts`` are those that stay, ``kept`` their places, ``duplicates`` the others, each with its
    survivor, which stays; ``noted`` tells of texts that stay and resemble others (variants).
    """

    texts: tuple[str | None, ...]
    kept: tuple[int, ...]
    duplicates: tuple[Duplicate, ...]
    noted: tuple[Duplicate, ...]


class TextCleaner:
    """Cleans texts under fixed settings; see `Cleaner`."""

    def __init__(
        self, settings: AnySettings | None = None, *, model: Model | AnyPath | None = None
    ) -> None:
        if isinstance(settings, Mapping):
            settings = table_of(settings, Settings)
        if not isinstance(settings, Settings | None):
            raise TypeError(
                f"settings is a Settings or a mapping of its keys, not a {kind_of(settings)}"
            )
        self.settings = settings or Settings()
        check_rules(self.settings)
        check_encoding(self.settings.input)
        check_format(self.settings.input)
        self._given = self.settings.model or None if model is None else model

    @cached_property
    def model(self) -> Model | None:
        """The model that documents are judged by; UsageError where its file cannot be used."""
        from cleaner.model.model import Model

        given = self._given
        return given if isinstance(given, Model | None) else Model.load(path_of(given))

    def clean_text(self, text: str) -> CleanedText:
        """Clean one text; duplicated paragraphs are looked for inside it."""
        from cleaner.runs.text import clean_single

        if not isinstance(text, str):
            decode = "; decode it first, or let clean_files find out the encoding of a file"
            hint = decode if isinstance(text, bytes | bytearray | memoryview) else ""
            raise TypeError(f"text is a str, not a {kind_of(text)}{hint}")
        return _cleaned_text(clean_single(text, self.settings, self._tables))

    def clean_texts(self, texts: Iterable[str]) -> Iterator[CleanedText]:
        r"""Yield what `clean_text` makes of each text, in order, as they come.

        With ``jobs`` of two or more in the settings, as many processes share the work and read a
        few hundred texts ahead; by default this one does it. Raises TypeError where something is
        no text.

        >>> cleaner = TextCleaner()
        >>> [cleaned.text for cleaned in cleaner.clean_texts(["R&amp;D", "caf\xc3\xa9"])]
        ['R&D\n', 'café\n']
        """
        from cleaner.runs.texts import clean_each

        if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
            hint = "; clean_text takes a single one" if isinstance(texts, str) else ""
            raise TypeError(f"texts are an iterable of str, not a {kind_of(texts)}{hint}")
        return map(_cleaned_text, clean_each(_all_texts(texts), self.settings, self.model))

    def clean_batch(self, batch: Any, *, column: str | Sequence[str] | None = None) -> Any:
        """Return a batch of texts, cleaned, as what it was: nothing else in it changes.

        `batch` is a column: an array or a chunked array of pyarrow, a Series of pandas or polars,
        a list, an array of numpy; or what has one named `column`, or several (by default the text
        fields of the settings, ``text``): a table or a record batch of pyarrow, a DataFrame, a
        mapping of columns as ``datasets.map(cleaner.clean_batch, batched=True)`` hands over. What
        speaks only the Arrow C data interface comes back as an object of pyarrow.

        Each text is cleaned by itself, as a field of a record is: none goes, one that loses all
        its text is empty, and nulls stay null. `clean_texts` tells the edits. Raises TypeError
        where a column holds something else than text, UsageError where there is none of that name.

        >>> TextCleaner().clean_batch({"text": ["R&amp;D", None], "year": [1931, 1932]})
        {'text': ['R&D', None], 'year': [1931, 1932]}
        """
        from cleaner.runs.texts import clean_each

        def clean(texts: Texts) -> Texts:
            given = (text for text in texts if text is not None)
            cleaned = clean_each(given, self.settings, self.model, of_field=True)
            return [None if text is None else next(cleaned).text for text in texts]

        columns = (column,) if isinstance(column, str) else column
        return cleaned_columns(batch, columns or self.settings.input.text_fields, clean)

    def deduplicate(self, texts: Any) -> Deduplicated:
        """Find the duplicates among texts, each compared as a whole with all others, in memory.

        `texts` is any iterable or column of str; nulls are no duplicates. What counts as one is
        what the ``dedup`` settings say of records. Raises TypeError where something is no text.

        >>> verse = "The harbour lay still under the first snow of the year."
        >>> found = TextCleaner().deduplicate([verse, "Nobody spoke.", verse])
        >>> found.kept, found.duplicates
        ((0, 1), (Duplicate(index=2, survivor=0, similarity=1.0, code='DUP402'),))
        """
        from cleaner.runs.texts import deduplicate_texts

        given = texts_of(texts)
        going, told = deduplicate_texts([text or "" for text in given], self.settings)
        gone = set(going.units.tolist())
        kept = tuple(number for number in range(len(given)) if number not in gone)
        return Deduplicated(
            tuple(given[number] for number in kept), kept, _duplicates(going), _duplicates(told)
        )

    def fit_texts(self, texts: Iterable[str]) -> Model:
        """Return the model of texts: what `fit_files` learns of the records of a file.

        A model that this Cleaner has plays no part. Raises UsageError where no rule that acts goes
        by a model, InputError where there is no text.
        """
        from cleaner.runs.texts import fit_texts

        return fit_texts((text for text in texts_of(texts) if text is not None), self.settings)

    @property
    def _tables(self) -> Tables | None:
        return None if self.model is None else self.model.tables


def _cleaned_text(result: Normalized) -> CleanedText:
    edits = tuple(located_edits([result.notes, *result.steps]))
    return CleanedText(result.text, edits, result.steps)


def _all_texts(texts: Iterable[Any]) -> Iterator[str]:
    for number, value in enumerate(texts):
        text = checked_text(value, number)
        if text is None:
            raise TypeError(f"text {number} is a {kind_of(value)}, not a str")
        yield text


def _duplicates(found: Decisions) -> tuple[Duplicate, ...]:
    return tuple(
        Duplicate(int(unit), int(survivor), float(similarity), f"DUP{kind}")
        for unit, survivor, similarity, kind in zip(
            found.units, found.survivors, found.similarities, found.kinds, strict=True
        )
    )

"""The settings of a run: their names, types, defaults and one-line meanings."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta

from cleaner.core.errors import UsageError
from cleaner.core.settings.per_file import PerFile, pairs_of

Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]
Count = Annotated[int, Meta(ge=0)]
Size = Annotated[int, Meta(ge=1, le=2**60, description="bytes")]


class Section(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """A table of settings; keys are written in kebab-case in files.

    Values are taken as people give them: any sequence for a tuple, one string for a tuple of one, a
    path for its name, a mapping for a table. Raises UsageError for what cannot be taken.

    >>> Settings(select="enc,GLU2", dedup={"threshold": 0.9}).dedup.threshold
    0.9
    """

    def __post_init__(self) -> None:
        for field in _fields(type(self)):
            value = _taken(getattr(self, field.name), field)
            try:
                checked = msgspec.convert(value, field.type)
            except msgspec.ValidationError as error:
                why = str(error).replace(" - at `$`", "")
                hint = choices_hint(field.type)
                raise UsageError(f"wrong value for `{field.name}`", why=why, hint=hint) from error
            msgspec.structs.force_setattr(self, field.name, checked)


def choices_of(annotation: Any) -> tuple[str, ...]:
    """Return the values that the type of a setting allows, where it names them.

    >>> choices_of(Annotated[Literal["none", "file"], Meta(description="where")]), choices_of(int)
    (('none', 'file'), ())
    """
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def choices_hint(annotation: Any) -> str:
    """Return what to say to somebody who gave another value, "" where values are not named."""
    choices = ", ".join(choices_of(annotation))
    return f"it is one of {choices}" if choices else ""


def setting_type(key: str) -> Any:
    """Return the type of the setting with a dotted key; None where there is none.

    >>> choices_of(setting_type("dedup.survivor")), setting_type("dedup.zzz")
    (('first', 'best'), None)
    """
    found: Any = Settings
    for part in key.split("."):
        is_section = isinstance(found, type) and issubclass(found, Section)
        types = {field.encode_name: field.type for field in _fields(found)} if is_section else {}
        found = types.get(part)
    return found


S = TypeVar("S", bound=Section)


@cache
def _fields(section: type[Section]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(section)


def _taken(value: Any, field: msgspec.structs.FieldInfo) -> Any:
    """Return a value as its setting has it, where it is clear what is meant."""
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(field.default, Section) and isinstance(value, Mapping):
        return table_of(value, type(field.default))
    if field.name in _BY_PATTERN:
        return pairs_of(value)
    if field.name in _BY_CODE:
        return tuple(value.items()) if isinstance(value, Mapping) else value
    if isinstance(field.default, tuple):
        if isinstance(value, str):
            value = value.split(",") if field.name in _CODES else [value]
        elif isinstance(value, set | frozenset):
            value = sorted(value, key=str)
        if isinstance(value, Iterable) and not isinstance(value, bytes | Mapping):
            value = [os.fspath(one) if isinstance(one, os.PathLike) else one for one in value]
            if field.name in _CODES and all(isinstance(one, str) for one in value):
                value = [one.strip().upper() for one in value if one.strip()]
            return tuple(value)
    return value


def table_of(values: Mapping[Any, Any], section: type[S]) -> S:
    """Return a table from keys as they stand in files or as Python writes them."""
    names = {str(key).replace("-", "_"): value for key, value in values.items()}
    known = [field.name for field in _fields(section)]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise UsageError(
                f"unknown key `{name}`",
                where=section.__name__.lower(),
                hint=f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(known)}",
            )
    return section(**names)


# Tables whose keys are no settings.
_BY_PATTERN = ("per_file_ignores",)
_BY_CODE = ("ignore_texts",)

# Settings in which one string may hold several codes.
_CODES = ("select", "ignore", "error", "warning", "note", "max_removed")


class Input(Section, frozen=True):
    """What is read."""

    format: Annotated[
        str,
        Meta(description="format of the inputs, whatever their names say; empty to find out"),
    ] = ""
    text_field: Annotated[
        str | tuple[str, ...],
        Meta(
            description="field or column that holds the text; a.b is b inside a; "
            "a list of them where a record has several texts"
        ),
    ] = "text"
    id_field: Annotated[str, Meta(description="field or column that names the record")] = "id"
    encoding: Annotated[
        str,
        Meta(description="encoding of text files without a byte-order mark; empty to detect it"),
    ] = ""
    html: Annotated[
        Literal["resiliparse", "trafilatura", "off"],
        Meta(description="what extracts the main text of web pages; off: they are not read"),
    ] = "resiliparse"
    max_document_size: Annotated[
        Size, Meta(description="a larger document, once decompressed, is refused (bytes)")
    ] = 256 * 2**20
    max_line_size: Annotated[
        Size, Meta(description="a document with a longer line is refused (bytes)")
    ] = 16 * 2**20
    max_archive_size: Annotated[
        Size, Meta(description="an archive that unpacks to more is refused (bytes)")
    ] = 8 * 2**30
    exclude: Annotated[
        tuple[str, ...],
        Meta(description="patterns, as in .gitignore, of files and folders that are not read"),
    ] = ()
    hidden: Annotated[
        bool, Meta(description="read files and folders in a folder whose names begin with a dot")
    ] = False
    respect_gitignore: Annotated[
        bool, Meta(description="pass over what git ignores, in folders of a repository")
    ] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.text_field, tuple):
            distinct = tuple(dict.fromkeys(self.text_field))
            if not distinct:
                raise UsageError("wrong value for `text_field`", why="it names no field")
            one = distinct[0] if len(distinct) == 1 else distinct
            msgspec.structs.force_setattr(self, "text_field", one)

    @property
    def text_fields(self) -> tuple[str, ...]:
        """The names of all fields that hold a text.

        >>> Input(text_field=["title", "body"]).text_fields, Input().text_fields
        (('title', 'body'), ('text',))
        """
        return (self.text_field,) if isinstance(self.text_field, str) else self.text_field


class Layout(Section, frozen=True):
    """How lines and paragraphs are found."""

    unwrap: Annotated[bool, Meta(description="join the lines of hard-wrapped text")] = True


class Glue(Section, frozen=True):
    """Lost spaces."""

    confidence: Annotated[
        Fraction,
        Meta(description="probability that a lost space inside one word needs to be put back"),
    ] = 0.5


class Boilerplate(Section, frozen=True):
    """Text that is not the document's own."""

    rules: Annotated[tuple[str, ...], Meta(description="further rule files (TOML)")] = ()
    keep: Annotated[tuple[str, ...], Meta(description="patterns of text never removed")] = ()
    max_share: Annotated[
        Fraction, Meta(description="a document that would lose more of its words is left alone")
    ] = 0.5
    model_threshold: Annotated[
        float,
        Meta(description="log-odds of being text below which the line model removes a line"),
    ] = -1.5


class Dedup(Section, frozen=True):
    """Duplicated paragraphs."""

    scope: Annotated[
        Literal["none", "file", "corpus"],
        Meta(description="where copies are looked for; file: in one text file or record"),
    ] = "corpus"
    threshold: Annotated[
        float, Meta(gt=0.0, le=1.0, description="Jaccard similarity that makes a near-duplicate")
    ] = 0.8
    unit: Annotated[
        Literal["paragraph", "line", "record"],
        Meta(description="what is compared; record: a whole text file or record (dedup)"),
    ] = "paragraph"
    numbers: Annotated[
        Literal["differ", "ignore"],
        Meta(description="whether different numbers keep near-duplicates apart"),
    ] = "differ"
    variants: Annotated[
        Literal["keep", "remove"],
        Meta(description="near-copies that differ in a word, a number or a sign"),
    ] = "keep"
    survivor: Annotated[
        Literal["first", "best"],
        Meta(description="the copy kept: the first, or the least damaged, then fullest"),
    ] = "best"
    min_words_alone: Annotated[
        Count,
        Meta(description="shorter paragraphs and lines go only as part of a longer passage"),
    ] = 20
    min_words_exact: Annotated[
        Count, Meta(description="shorter records are never exact duplicates (dedup)")
    ] = 5
    min_words_near: Annotated[
        Count, Meta(description="shorter paragraphs, lines or records are never near-duplicates")
    ] = 10
    contained: Annotated[
        Literal["auto", "off", "report", "remove"],
        Meta(
            description="passages inside longer ones; auto reports them, but not of whole records"
        ),
    ] = "auto"
    on_duplicate: Annotated[
        Literal["remove", "mark"],
        Meta(description="mark: JSONL records stay and name what they repeat (dedup)"),
    ] = "remove"
    protect: Annotated[
        tuple[str, ...], Meta(description="reference texts: compared with, never changed")
    ] = ()
    index: Annotated[
        str, Meta(description="file that knows what earlier runs kept; empty for none (dedup)")
    ] = ""
    memory: Annotated[
        int, Meta(ge=0, description="memory for comparing (bytes); 0 is half of the machine's")
    ] = 0


class Output(Section, frozen=True):
    """What is written."""

    keep_empty: Annotated[bool, Meta(description="write documents left without text")] = False
    to: Annotated[
        Literal["same", "jsonl", "parquet", "csv", "txt"],
        Meta(description="format of the outputs; same: that of their sources"),
    ] = "same"
    shard_size: Annotated[
        int,
        Meta(
            ge=0,
            le=2**60,
            description="bytes after which an output of records begins a new file; 0: never",
        ),
    ] = 0


class Budget(Section, frozen=True):
    """How much may go."""

    max_removed: Annotated[
        tuple[str, ...],
        Meta(
            description="share of the characters that may go, as 5%, or BOI=2% for some rules; "
            "a run beyond it writes nothing (clean)"
        ),
    ] = ()


class Severity(Section, frozen=True):
    """How severe findings are in reports; the longest prefix decides."""

    error: Annotated[tuple[str, ...], Meta(description="codes or prefixes of errors")] = ()
    warning: Annotated[
        tuple[str, ...], Meta(description="codes or prefixes of warnings, as all others are")
    ] = ()
    note: Annotated[
        tuple[str, ...],
        Meta(description="codes or prefixes of notes, which alone end `check` with status 0"),
    ] = ()


class Settings(Section, frozen=True):
    """All settings of a run."""

    select: Annotated[tuple[str, ...], Meta(description="codes or prefixes that act")] = ()
    ignore: Annotated[tuple[str, ...], Meta(description="codes or prefixes that do not")] = ()
    per_file_ignores: Annotated[
        tuple[PerFile, ...],
        Meta(
            description="codes or prefixes that do not act in files that a pattern fits, as in "
            ".gitignore; `!` in front means all other files"
        ),
    ] = ()
    ignore_texts: Annotated[
        tuple[tuple[str, tuple[str, ...]], ...],
        Meta(
            description="by code, texts that the rule leaves as they are, as `cleaner review` notes"
        ),
    ] = ()
    unsafe_fixes: Annotated[bool, Meta(description="let rules marked unsafe act")] = False
    jobs: Annotated[Count, Meta(description="worker processes; 0 means one a core")] = 0
    model: Annotated[
        str, Meta(description="file of `cleaner fit` to judge by; empty to learn from the inputs")
    ] = ""
    input: Input = Input()
    layout: Layout = Layout()
    glue: Glue = Glue()
    boilerplate: Boilerplate = Boilerplate()
    dedup: Dedup = Dedup()
    output: Output = Output()
    budget: Budget = Budget()
    severity: Severity = Severity()

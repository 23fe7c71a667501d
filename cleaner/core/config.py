"""The settings of a run: their names, types, defaults and one-line meanings."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]
Count = Annotated[int, Meta(ge=0)]
Size = Annotated[int, Meta(ge=1, le=2**60, description="bytes")]


class Section(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """A table of settings; keys are written in kebab-case in files."""


class Input(Section, frozen=True):
    """What is read."""

    text_field: Annotated[str, Meta(description="JSONL: the field that holds the text")] = "text"
    id_field: Annotated[str, Meta(description="JSONL: the field that names the record")] = "id"
    encoding: Annotated[
        str,
        Meta(description="encoding of text files without a byte-order mark; empty to detect it"),
    ] = ""
    max_document_size: Annotated[
        Size, Meta(description="a larger document, once decompressed, is refused (bytes)")
    ] = 256 * 2**20
    max_line_size: Annotated[
        Size, Meta(description="a document with a longer line is refused (bytes)")
    ] = 16 * 2**20


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
        Literal["none", "file", "corpus"], Meta(description="where copies are looked for")
    ] = "corpus"
    threshold: Annotated[
        float, Meta(gt=0.0, le=1.0, description="Jaccard similarity that makes a near-duplicate")
    ] = 0.8
    unit: Annotated[
        Literal["paragraph", "line", "record"],
        Meta(description="what is compared; record: a whole text file or JSONL record (dedup)"),
    ] = "paragraph"
    numbers: Annotated[
        Literal["differ", "ignore"],
        Meta(description="whether different numbers keep near-duplicates apart"),
    ] = "differ"
    survivor: Annotated[
        Literal["first", "best"],
        Meta(description="the copy kept: the first, or the least damaged, then longest"),
    ] = "first"
    min_words_exact: Annotated[
        Count, Meta(description="shorter paragraphs are never exact duplicates")
    ] = 5
    min_words_near: Annotated[
        Count, Meta(description="shorter paragraphs are never near-duplicates")
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


class Settings(Section, frozen=True):
    """All settings of a run."""

    select: Annotated[tuple[str, ...], Meta(description="codes or prefixes that act")] = ()
    ignore: Annotated[tuple[str, ...], Meta(description="codes or prefixes that do not")] = ()
    unsafe_fixes: Annotated[bool, Meta(description="let rules marked unsafe act")] = False
    jobs: Annotated[Count, Meta(description="worker processes; 0 means one a core")] = 0
    input: Input = Input()
    layout: Layout = Layout()
    glue: Glue = Glue()
    boilerplate: Boilerplate = Boilerplate()
    dedup: Dedup = Dedup()
    output: Output = Output()

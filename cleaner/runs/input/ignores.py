"""What a document itself, or the settings for its file, say is to be left as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import PurePosixPath

from cleaner.core.edits import Edit, SourceMap
from cleaner.core.inline_ignores import Comments, Ignore, Use, ignored_in_markup, inline_ignores
from cleaner.core.settings.config import Settings
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.input.spool import StagedDocument
from cleaner.runs.rule_registry import all_rules, context_for
from cleaner.steps.context import Context
from cleaner.storage.compress import SUFFIXES
from cleaner.storage.per_file import PerFileIgnores

UNUSED_IGNORE = "FMT598"

_COMMENTS: dict[str, Comments] = {".md": "markdown", ".markdown": "markdown", ".rst": "rst"}


def comments_of(name: str, format: str) -> Comments:
    """Return the form of the comments that a file's text may have.

    >>> comments_of("a/readme.md.gz", "txt"), comments_of("a.txt", "txt")
    ('markdown', '')
    """
    path = PurePosixPath(name.lower())
    if path.suffix in SUFFIXES:
        path = path.with_suffix("")
    return _COMMENTS.get(path.suffix, "") if format == "txt" else ""


def ignore_per_file(files: Iterable[SourceFile], settings: Settings) -> None:
    """Note which codes do not act in each of the files, by the patterns of the settings."""
    per_file = PerFileIgnores(settings.per_file_ignores)
    for file in files:
        file.ignored = per_file.codes_of(file.path)


def ignored_in_page(raw: bytes) -> tuple[str, ...]:
    """Return the codes that the comments of a web page ignore in all of it.

    Its main text is without comments, so what they say of a part of it has no place there.
    """
    if b"cleaner:" not in raw:
        return ()
    return ignored_in_markup(raw.decode("latin-1"))


def context_of(staged: StagedDocument, settings: Settings, *, of_field: bool = False) -> Context:
    """Return what steps may know of a document."""
    ignored = (*staged.ignored, *_of_file(inline_ignores(staged.text, staged.comments)))
    return context_for(
        settings, of_field=of_field, ignored=tuple(ignored), comments=staged.comments
    )


def _of_file(ignores: list[Ignore]) -> tuple[str, ...]:
    found: list[str] = []
    for one in ignores:
        if one.of_file:
            found += one.acting
    return tuple(found)


def note_use(staged: StagedDocument, codes: Iterable[str]) -> None:
    """Note which of the comments about a whole document what has these `codes` gives way to."""
    ignores = inline_ignores(staged.text, staged.comments)
    used = {
        (place, code)
        for place, one in enumerate(ignores)
        for code in codes
        if one.of_file and one.covers(code)
    }
    if used:
        staged.ignores_used = sorted(used.union(staged.ignores_used))


def speaks_of_all(staged: StagedDocument) -> bool:
    """Whether a comment of the document is about all of it."""
    return any(one.of_file for one in inline_ignores(staged.text, staged.comments))


def unused_ignores(staged: StagedDocument, settings: Settings) -> Iterator[Edit]:
    """Yield notes on the comments of a document to which nothing gave way, at their places.

    Rules that do not act, whatever the document says, are not missed.
    """
    ignores = inline_ignores(staged.text, staged.comments)
    acts = context_for(settings, ignored=tuple(staged.ignored)).rules.acts
    if not acts(UNUSED_IGNORE):
        return
    acting = [code for code in all_rules() if acts(code)]
    source = SourceMap()
    for edits in staged.steps:
        source.add(edits)
    for place, one in enumerate(ignores):
        used = {code for other, code in staged.ignores_used if other == place}
        said = _complaint(one, used, acting, is_whole=not settings.select)
        if said:
            start = source.locate(one.start, one.end)[0]
            yield Edit(start, start, "", "", UNUSED_IGNORE, said)


def tell_unused(staged: StagedDocument, used: set[Use], settings: Settings) -> None:
    """Note that a document's comments were `used`, and tell anew of those that are not."""
    staged.ignores_used = sorted(used.union(staged.ignores_used))
    others = [note for note in staged.notes if note.code != UNUSED_IGNORE]
    if len(others) < len(staged.notes):
        staged.notes = sorted([*others, *unused_ignores(staged, settings)], key=attrgetter("start"))


def _complaint(ignore: Ignore, used: set[str], acting: Sequence[str], *, is_whole: bool) -> str:
    """Return what is wrong with a comment; `is_whole` says that all rules had a chance."""
    codes = [code for code in ignore.codes if code != "ALL"]
    none = [code for code in codes if not any(known.startswith(code) for known in all_rules())]
    if wrong := [*ignore.unknown, *none]:
        return f"no rule begins with {', '.join(wrong)}"
    if not codes:
        return "" if used or not is_whole else "nothing to ignore"
    idle = [
        code
        for code in codes
        if not any(one.startswith(code) for one in used)
        and any(one.startswith(code) for one in acting)
    ]
    return f"nothing to ignore by {', '.join(idle)}" if idle else ""

"""JSON Lines: a record a line; only the text field is changed, every other byte stays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from cleaner.core.document import Document, Source
from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import (
    FieldText,
    FieldTexts,
    Form,
    Frame,
    Parsed,
    PassedOn,
    Record,
    Token,
)  # fmt: skip
from cleaner.formats.refused import refuse_content
from cleaner.formats.txt import check_lines

_SPACE = " \t\r\n"
_LEAD = "\ufeff" + _SPACE
_DECODER = json.JSONDecoder()


# So far from any limit of the interpreter's stack that a record is read, or not, wherever it is.
MOST_LEVELS = 200

# A string without an end goes to the end of the line, so that each character is looked at once.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+\\?+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)


class Member(NamedTuple):
    """A member of an object with the span of its value in the line."""

    value: Any
    start: int
    end: int


class Jsonl:
    """A file of JSON objects, one a line."""

    name = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson")
    one_document = False
    member_per_record = False
    written_suffix = ""

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield the lines; a line over the size allowed ends the file with an InputError."""
        limit = options.max_document_size
        number = 0
        while line := stream.readline(limit + 1):
            number += 1
            if number == 1:
                refuse_content(line)
            if len(line) > limit:
                raise InputError(
                    f"record {number:,} is larger than {limit:,} bytes",
                    hint="raise --max-document-size to read it",
                )
            yield Record(number, line)

    def parse(self, record: Record, name: str, options: Input) -> Parsed | PassedOn | None:
        """Return the record's document; None for a blank line."""
        line = _decoded(record)
        if not line.strip(_LEAD):
            return None
        members = members_of(line)
        found = find_member(line, members, options.text_fields[0])
        if found is None:
            raise InputError(
                f"no field {options.text_fields[0]!r}",
                why=f"the record has {', '.join(map(repr, members)) or 'no fields'}",
                hint="name the right one with --text-field",
            )
        if not isinstance(found.value, str):
            raise InputError(
                f"field {options.text_fields[0]!r} is not a string",
                hint="name the right one with --text-field",
            )
        check_lines(found.value.encode("utf-8", "surrogatepass"), options)
        token = line[found.start : found.end]
        body = line.lstrip(_LEAD)
        lead = line[: len(line) - len(body)]
        end = line[len(line.rstrip(_SPACE)) :]
        form: Form = {}
        if lead:
            form["lead"] = lead
        if end != "\n":
            form["end"] = end
        form.update(_form_of(token, found.value))
        given = members.get(options.id_field)
        document = Document(
            str(given.value) if given is not None else f"{name}:{record.number}",
            Source(name, record.number),
            found.value,
            {key: m.value for key, m in members.items() if key != options.text_fields[0]},
        )
        frame = Frame(line[len(lead) : found.start], line[found.end : len(line) - len(end)])
        return Parsed(document, frame, form)

    def texts_in(self, record: Record, options: Input) -> FieldTexts | PassedOn | None:
        """Return the texts of the record's fields; None for a blank line."""
        line = _decoded(record)
        return texts_of_line(line, options) if line.strip(_LEAD) else None

    def token_at(self, line: str, at: int, mark: str) -> Token:
        """Return the string at a place of a line."""
        value, end = _DECODER.raw_decode(line, at)
        return Token(end, value, _form_of(line[at:end], value))

    def token_of(self, text: str, mark: str) -> str:
        """Return the string that a text is written as."""
        return _token(text)

    def source_token(self, text: str, form: Form, mark: str) -> str:
        """Return the string that a text was in the source."""
        token: str | None = form.get("token")
        return json.dumps(text, ensure_ascii=form.get("ascii", False)) if token is None else token

    def written(self, frame: Frame, text: str) -> bytes:
        """Return the record with `text` in its place, on a line of its own."""
        return f"{frame.head}{_token(text)}{frame.tail}\n".encode()

    def opened(self, written: Record, options: Input) -> tuple[Frame, str]:
        """Return frame and text of an output line."""
        line = written.raw.decode("utf-8")
        found = find_member(line, members_of(line), options.text_fields[0])
        if found is None:
            raise InputError(f"no field {options.text_fields[0]!r}")
        return Frame(line[: found.start], line[found.end :].rstrip(_SPACE)), found.value

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return the record's line as it stood in the source."""
        token = self.source_token(text, form, "")
        lead, end = form.get("lead", ""), form.get("end", "\n")
        return f"{lead}{frame.head}{token}{frame.tail}{end}".encode()


def texts_of_line(line: str, options: Input) -> FieldTexts:
    """Return the texts of an object's fields; those that are missing or null are none.

    Raises InputError where it has none of the fields, or one that is something else.
    """
    members = members_of(line)
    found = {name: find_member(line, members, name) for name in options.text_fields}
    if not any(found.values()):
        raise InputError(
            f"no field {' or '.join(map(repr, found))}",
            why=f"the record has {', '.join(map(repr, members)) or 'no fields'}",
            hint="name the right ones with --text-field",
        )
    texts = []
    for name, member in found.items():
        if member is None or member.value is None:
            continue
        if not isinstance(member.value, str):
            raise InputError(
                f"field {name!r} is not a string", hint="name the right ones with --text-field"
            )
        texts.append(FieldText(name, member.start, member.end))
    others = {key: member.value for key, member in members.items() if key not in found}
    return FieldTexts(line, texts, others)


def fields_of(record: Record, text_fields: Iterable[str]) -> tuple[str, ...]:
    """Return the names of a record's fields; none where it is blank or bad.

    Those of texts are among them, if they stand anywhere. An object of an array has a comma before
    it.
    """
    try:
        line = _decoded(record).removeprefix(",")
        members = members_of(line)
        found = (name for name in text_fields if find_member(line, members, name))
        return tuple(dict.fromkeys((*members, *found)))
    except InputError:
        return ()


def find_member(line: str, members: Mapping[str, Member], path: str) -> Member | None:
    """Return the member that a path names: one of that name, or ``b`` inside of ``a`` by ``a.b``.

    >>> line = '{"a": {"b.c": "tide"}}'
    >>> find_member(line, members_of(line), "a.b.c")
    Member(value='tide', start=14, end=20)
    """
    if path in members:
        return members[path]
    for place in reversed(range(len(path))):
        if path[place] != ".":
            continue
        outer = members.get(path[:place])
        if outer is not None and isinstance(outer.value, dict):
            inner, _ = _scan_object(line, outer.start)
            found = find_member(line, inner, path[place + 1 :])
            if found is not None:
                return found
    return None


def members_of(line: str) -> dict[str, Member]:
    """Return the members of the object in `line`, each with its value's span.

    Of members with one name the last counts, as in json.
    Raises InputError for what is not one JSON object, or nested more deeply than `MOST_LEVELS`.
    """
    if nests_too_deeply(line):
        raise InputError("not usable JSON", why="nested too deeply")
    try:
        return _scan(line)
    except (json.JSONDecodeError, IndexError, ValueError) as error:
        why = (
            f"{error.msg} at column {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else str(error)
        )
        raise InputError("not valid JSON", why=why, hint="repair the line") from error


def nests_too_deeply(line: str) -> bool:
    """Whether the JSON in `line` has more levels of lists and objects than are read.

    >>> nests_too_deeply("[" * 201 + "]" * 201), nests_too_deeply('["' + "[" * 201 + '"]')
    (True, False)
    """
    if line.count("[") + line.count("{") <= MOST_LEVELS:
        return False
    level = 0
    for found in _STRING_OR_BRACKET.finditer(line):
        if found[0] in "[{":
            level += 1
            if level > MOST_LEVELS:
                return True
        elif found[0] in "]}":
            level -= 1
    return False


def _scan(line: str) -> dict[str, Member]:
    members, end = _scan_object(line, len(line) - len(line.lstrip(_LEAD)))
    if _skip(line, end) != len(line):
        raise json.JSONDecodeError("Extra data", line, end)
    return members


def _scan_object(line: str, at: int) -> tuple[dict[str, Member], int]:
    """Return the members of the object that stands at a place, and where it ends."""
    if line[at : at + 1] != "{":
        raise InputError("not a JSON object", hint="a record is an object on one line")
    members: dict[str, Member] = {}
    at = _skip(line, at + 1)
    while line[at : at + 1] != "}":
        if line[at : at + 1] != '"':
            raise json.JSONDecodeError("Expecting a name in double quotes", line, at)
        name, at = _DECODER.raw_decode(line, at)
        at = _skip(line, at)
        if line[at : at + 1] != ":":
            raise json.JSONDecodeError("Expecting ':'", line, at)
        start = _skip(line, at + 1)
        value, at = _DECODER.raw_decode(line, start)
        members[name] = Member(value, start, at)
        at = _skip(line, at)
        if line[at : at + 1] == ",":
            at = _skip(line, at + 1)
            if line[at : at + 1] == "}":
                raise json.JSONDecodeError("Expecting a name after ','", line, at)
        elif line[at : at + 1] != "}":
            raise json.JSONDecodeError("Expecting ',' or '}'", line, at)
    return members, at + 1


def _skip(line: str, at: int) -> int:
    while at < len(line) and line[at] in _SPACE:
        at += 1
    return at


def _decoded(record: Record) -> str:
    try:
        return record.raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "not valid UTF-8",
            why=f"byte {error.start} of the record",
            hint="convert the file to UTF-8",
        ) from error


def _form_of(token: str, value: str) -> Form:
    """Return what makes `token` of its value again: how json does, or itself where it does not."""
    for ensure_ascii, form in ((False, {}), (True, {"ascii": True})):
        if json.dumps(value, ensure_ascii=ensure_ascii) == token:
            return form
    return {"token": token}


def _token(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(text)
    return json.dumps(text, ensure_ascii=False)

"""JSON: an array of objects, each a record; what stands between their texts stays as it is."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import (
    FieldTexts,
    Form,
    Frame,
    Packer,
    Parsed,
    PassedOn,
    Record,
    Token,
)  # fmt: skip
from cleaner.formats.jsonl import Jsonl, texts_of_line
from cleaner.formats.refused import refuse_content

_PIECE = 1 << 18
_SPACE = " \t\r\n"
_MARK_OR_SPACE = "\ufeff" + _SPACE
_SPACES = re.compile(r"[ \t\r\n]*+")
_ARRAY = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:\[\s*+(?:[{\]]|\Z)|\Z)")
_LINES = "give its name the suffix .jsonl if each line is an object"


_DECODER = json.JSONDecoder()
# So near to the end of what was read an error may come from its being cut.
_LONGEST_TOKEN = 4096


def begins_as_array(head: bytes) -> bool:
    """Whether the first bytes of a file may be those of an array of objects.

    >>> begins_as_array(b' [ {"a": 1}]'), begins_as_array(b'{"a": []}'), begins_as_array(b"[1, 2]")
    (True, False, False)
    """
    return _ARRAY.match(head) is not None


class JsonArray:
    """An array of objects.

    The bracket that opens the array is its first record, then come the objects, then the bracket
    that closes it. A comma belongs to the object behind it. On its way the first object has one as
    well, so that whichever objects go, those left have theirs; a packer takes it off.
    """

    name = "json"
    suffixes = (".json",)
    member_per_record = False
    written_suffix = ""
    one_document = False
    looks_around = False
    _lines = Jsonl()

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield brackets and objects; InputError where the file is no array of objects."""
        text = _Text(stream, options.max_document_size)
        if not text.more():
            return
        text.skip_space()
        if text.first() != "[":
            is_lines = text.first() == "{"
            raise InputError(
                "is JSON, but no array of objects" if is_lines else "is no JSON",
                hint=_LINES if is_lines else "repair it",
            )
        text.at += 1
        yield Record(1, text.taken())
        number = 1
        text.skip_space()
        while text.first() != "]":
            number += 1
            if not text.first():
                raise text.broken("the array has no end")
            if number > 2 and text.first() != ",":
                raise text.broken("a comma is missing")
            text.pass_object(comma=number > 2)
            text.skip_space()
            raw = text.taken()
            yield Record(number, raw if number > 2 else b"," + raw)
        text.at += 1
        text.skip_space()
        if text.first():
            raise text.broken("something stands behind the array")
        yield Record(number + 1, text.taken())

    def parse(self, record: Record, name: str, options: Input) -> Parsed | PassedOn | None:
        """Return the object's document; brackets are none."""
        if not record.raw.startswith(b","):
            return PassedOn()
        parsed = self._lines.parse(Record(record.number, record.raw[1:]), name, options)
        if not isinstance(parsed, Parsed):
            return parsed
        form = dict(parsed.form)
        lead, end = form.pop("lead", ""), form.pop("end", "\n")
        head, tail = parsed.frame
        return Parsed(parsed.document, Frame(f"{lead}{head}", f"{tail}{end}"), form)

    def texts_in(self, record: Record, options: Input) -> FieldTexts | PassedOn | None:
        """Return the texts of the object's fields; brackets have none."""
        if not record.raw.startswith(b","):
            return PassedOn()
        line, texts, members = texts_of_line(record.raw[1:].decode("utf-8"), options)
        moved = [one._replace(start=one.start + 1, end=one.end + 1) for one in texts]
        return FieldTexts(f",{line}", moved, members)

    def token_at(self, line: str, at: int, mark: str) -> Token:
        """Return the string at a place of an object."""
        return self._lines.token_at(line, at, mark)

    def token_of(self, text: str, mark: str) -> str:
        """Return the string that a text is written as."""
        return self._lines.token_of(text, mark)

    def source_token(self, text: str, form: Form, mark: str) -> str:
        """Return the string that a text was in the source."""
        return self._lines.source_token(text, form, mark)

    def written(self, frame: Frame, text: str) -> bytes:
        """Return the object with `text` in its place."""
        return b"," + self._lines.written(frame, text)[:-1]

    def opened(self, written: Record, options: Input) -> tuple[Frame, str]:
        """Return frame and text of an object in an output."""
        line = written.raw[1:].decode("utf-8")
        end = line[len(line.rstrip(_SPACE)) :]
        frame, text = self._lines.opened(Record(1, line.encode()), options)
        return Frame(frame.head, frame.tail + end), text

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return the object as it stood in the source."""
        return b"," + self._lines.source({**form, "end": ""}, frame, text)

    def packer(
        self, source: BinaryIO, sink: BinaryIO, removed: Callable[[], BinaryIO], options: Input
    ) -> Packer:
        """Return what writes the array."""
        return _ArrayPacker(sink)

    def restorer(
        self, output: BinaryIO, removed: BinaryIO | None, sink: BinaryIO, options: Input
    ) -> Packer:
        """Return what writes the array."""
        return _ArrayPacker(sink)


class _ArrayPacker:
    """Writes records of an array, but for the comma before the first object."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._is_open = False
        self._has_begun = False

    def write(self, records: bytes | memoryview, kept: bytes) -> None:
        """Append records."""
        data = memoryview(records)
        if not self._is_open and data:
            opened = bytes(data).index(b"[") + 1
            self._sink.write(data[:opened])
            data = data[opened:]
            self._is_open = True
        if not self._has_begun and len(data):
            self._has_begun = True
            data = data[1:] if data[0] == ord(",") else data
        self._sink.write(data)

    def close(self) -> None:
        """Do nothing more: the bracket that closes the array is a record."""

    def abandon(self) -> None:
        """Do nothing."""


class _Text:
    """The text of a stream, of which what was taken is let go."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._held = ""
        self._start = 0
        self._before = 0
        self._ended = False
        self.at = 0

    def more(self) -> bool:
        """Read as much again as is held; False at the end."""
        piece = self._stream.read(max(_PIECE, len(self._held) - self._start))
        if not self._before and not self._held:
            refuse_content(piece)
        try:
            text = self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise InputError("is JSON that is not in UTF-8", hint="save it in UTF-8") from error
        self._before += self._start
        self._held = self._held[self._start :] + text
        self.at -= self._start
        self._start = 0
        self._ended = not piece
        return bool(piece)

    def first(self) -> str:
        """Return the next character, nothing at the end."""
        while self.at == len(self._held) and not self._ended:
            self._check_size()
            self.more()
        return self._held[self.at : self.at + 1]

    def skip_space(self) -> None:
        """Go on to the first character that is no white space, nor a byte-order mark."""
        while (sign := self.first()) and sign in _MARK_OR_SPACE:
            found = _SPACES.match(self._held, self.at + 1)
            self.at = found.end() if found else self.at + 1
            self._check_size()

    def taken(self) -> bytes:
        """Return what was gone past since this was asked last."""
        self._check_size()
        taken = self._held[self._start : self.at]
        self._start = self.at
        return taken.encode()

    def pass_object(self, *, comma: bool) -> None:
        """Go past an object, and a comma before it."""
        if comma:
            self.at += 1
            self.skip_space()
        if self.first() != "{":
            raise self.broken("an object was expected")
        while True:
            try:
                _, end = _DECODER.raw_decode(self._held, self.at)
            except (ValueError, RecursionError) as error:
                self._check_size()
                if isinstance(error, RecursionError) or self._is_wrong(error):
                    why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
                    raise self.broken(why) from error
                if not self.more():
                    raise self.broken("it ends within an object") from error
                continue
            self.at = end
            return

    def _is_wrong(self, error: ValueError) -> bool:
        """Whether an error is none that more text would mend."""
        if not isinstance(error, json.JSONDecodeError):
            return True
        # A string without an end is told of at its beginning.
        if error.msg.startswith("Unterminated string"):
            return self._ended
        return error.pos < len(self._held) - _LONGEST_TOKEN

    def _check_size(self) -> None:
        if self.at - self._start > self._limit or len(self._held) - self._start > 2 * self._limit:
            raise InputError(
                f"a record is larger than {self._limit:,} bytes",
                hint="raise --max-document-size to read it",
            )

    def broken(self, why: str) -> InputError:
        """Return the error on what stands here."""
        place = self._before + self.at
        return InputError(
            "not valid JSON", why=f"{why}, at character {place:,}", hint="repair the file"
        )

"""The card of a data set: a README.md whose front matter tells how its files are to be loaded.

It is no document, so it goes as it stands; but figures in it that rows no longer bear out would
keep the data set from being loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from cleaner.core.settings.config import Input
from cleaner.formats.base import Form, Frame, PassedOn, Record
from cleaner.formats.txt import Txt

NAME = "README.md"
# No card has more of it.
HEAD_BYTES = 1 << 18

_END = rb"---[ \t]*+(?:\r?\n|\Z)"
_FRONT = re.compile(rb"---[ \t]*+\r?\n(?:(?!" + _END + rb")[^\n]*+\n)*+" + _END)
_TELLS = re.compile(rb"^(?:configs|dataset_info):", re.MULTILINE)
_INFO = b"dataset_info:"
_FIGURES = (b"splits:", b"download_size:", b"dataset_size:")
_INDENT = re.compile(rb"[ ]*(?:-[ ]+)?")


def is_card(name: str, head: bytes) -> bool:
    r"""Whether a file of this name that begins like this tells how a data set is loaded.

    >>> is_card("a/README.md", b"---\nconfigs:\n- config_name: default\n---\n# Tides\n")
    True
    >>> is_card("README.md", b"# Tides\n\nconfigs:\n")
    False
    """
    front = _FRONT.match(head) if PurePosixPath(name).name == NAME else None
    return front is not None and _TELLS.search(front[0]) is not None


def without_figures(card: bytes) -> bytes:
    r"""Return a card without what it says of the number and size of rows.

    >>> card = b"---\ndataset_info:\n  splits:\n  - name: train\n    num_examples: 7\n---\n"
    >>> without_figures(card)
    b'---\ndataset_info:\n---\n'
    """
    front = _FRONT.match(card)
    if front is None:
        return card
    kept: list[bytes] = []
    inside = False
    dropped: int | None = None
    for line in front[0].splitlines(keepends=True):
        body = line.strip()
        indent = len(line) - len(line.lstrip(b" "))
        if not indent and body and not body.startswith((b"#", b"- ")):
            inside = body.startswith(_INFO)
        if dropped is not None:
            # What belongs to a key stands deeper, and items of a list may stand as deep.
            if body and (
                indent > dropped or (indent == dropped and line[indent:].startswith(b"- "))
            ):
                continue
            dropped = None
        found = _INDENT.match(line)
        at = found.end() if found else 0
        if inside and line[at:].startswith(_FIGURES) and at == indent:
            dropped = indent
            continue
        kept.append(line)
    return b"".join(kept) + card[front.end() :]


class Card:
    """A card, which goes as it stands."""

    name = "card"
    suffixes: tuple[str, ...] = ()
    one_document = True
    member_per_record = False
    written_suffix = ""

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield the whole file as one record."""
        return Txt().records(stream, options)

    def parse(self, record: Record, name: str, options: Input) -> PassedOn:
        """Return that it is no document."""
        return PassedOn()

    def written(self, frame: Frame, text: str) -> bytes:
        """Return the text."""
        return text.encode("utf-8", "surrogateescape")

    def opened(self, written: Record, options: Input) -> tuple[Frame, str]:
        """Return the text."""
        return Frame(), written.raw.decode("utf-8", "surrogateescape")

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return the text."""
        return self.written(frame, text)

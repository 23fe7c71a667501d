"""Web pages: a file is one document, its main text; what is written is that text."""

from __future__ import annotations

import base64

from cleaner.core.document import Document, Source
from cleaner.core.settings.config import Input
from cleaner.formats.base import Form, Frame, Parsed, Record
from cleaner.formats.txt import Txt
from cleaner.formats.web.page_text import page_text


class Html(Txt):
    """A file of HTML. Its bytes are the form: the text does not give them back."""

    name = "html"
    suffixes = (".html", ".htm", ".xhtml", ".shtml")
    written_suffix = ".txt"

    def parse(self, record: Record, name: str, options: Input) -> Parsed:
        """Return the page's main text; its id is the file's name."""
        text, _, notes = page_text(record.raw, "", options)
        form: Form = {"bytes": base64.b64encode(record.raw).decode("ascii")}
        return Parsed(Document(name, Source(name), text), Frame(), form, notes)

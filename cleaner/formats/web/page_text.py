"""The main text of a web page, extracted by a library that is an extra."""

from __future__ import annotations

import importlib.util
import logging
import re
from typing import Any

from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.encoding import Decoded, decode
from cleaner.formats.txt import check_lines

# What to install for each library.
_EXTRAS = {"resiliparse": "web", "trafilatura": "trafilatura"}

# Names that pages give to an encoding when they mean a larger one, as browsers know (WHATWG).
_MEANT = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "x-gbk": "gb18030",
}  # fmt: skip
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})"
    rb"|<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})",
    re.IGNORECASE,
)
_HEAD = 4096

# Parsers take a time that grows with the square of the depth; pages have some dozens of levels.
_MOST_LEVELS = 2_000
_LEVELS_OF_MENUS = 3
_SENTENCE = 60
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,40})")
# Elements without an end, and those that another of their kind, or what they stand in, ends.
_NEVER_DEEP = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd option "
    "optgroup tr td th thead tbody tfoot colgroup caption rp rt path".split()
)


def why_not_read(options: Input) -> InputError | None:
    """Return why pages are not read under these options; None where they are."""
    if options.html == "off":
        return InputError("is HTML, which is not read", hint="`cleaner clean` makes text of it")
    if importlib.util.find_spec(options.html) is None:
        extra = f'pip install "corpus-cleaner[{_EXTRAS[options.html]}]"'
        return InputError(f"is HTML, for which {options.html} is not installed ({extra})")
    return None


def page_text(data: bytes, charset: str, options: Input) -> Decoded:
    """Return the main text of a page, whose sender says that it is in `charset`, or says nothing.

    What a page says of its own encoding is no dirt, so there are no notes where that is so. Raises
    InputError where it is binary data, or a line of its text is too long.
    """
    if (without := why_not_read(options)) is not None:
        raise without
    found = _decoded(data, charset, options)
    # Bytes that are no text cannot be given to a parser.
    source = found.text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    _check_depth(source)
    try:
        text = _by_trafilatura(source) if options.html == "trafilatura" else _main_text(source)
    except ImportError as error:
        raise InputError(f"needs {options.html}", why=str(error)) from error
    except (ValueError, RecursionError, RuntimeError) as error:
        raise InputError("is HTML that cannot be parsed", why=str(error)) from error
    check_lines(text.encode("utf-8", "surrogatepass"), options)
    return found._replace(text=text)


def _decoded(data: bytes, charset: str, options: Input) -> Decoded:
    if options.encoding:
        return decode(data, options.encoding)
    in_page = _DECLARED.search(data, 0, _HEAD)
    own = (in_page[1] or in_page[2]).decode("ascii", "replace") if in_page else ""
    for name in ("utf-8", charset, own):
        encoding = _MEANT.get(name.strip().lower(), name.strip())
        try:
            if encoding and b"\0" not in data:
                return Decoded(data.decode(encoding), encoding, ())
        except (UnicodeError, LookupError, ValueError):
            continue
    return decode(data)


def _check_depth(source: str) -> None:
    """Raise InputError where elements stand in each other so deeply that parsers take hours."""
    if source.count("<") <= _MOST_LEVELS:
        return
    level = 0
    for found in _TAG.finditer(source):
        if found[2].lower() in _NEVER_DEEP:
            continue
        level = max(0, level - 1) if found[1] else level + 1
        if level > _MOST_LEVELS:
            raise InputError(
                "is HTML with too many elements inside each other",
                why=f"more than {_MOST_LEVELS:,}",
            )


def _main_text(source: str) -> str:
    """Return what resiliparse takes for the main text, or all text where it finds none."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(source)
    if tree.body is not None and "<ul" in source.lower():
        _deepen_lists(tree, tree.body)
    for main in (True, False):
        text = str(
            extract_plain_text(tree, main_content=main, preserve_formatting=True, alt_texts=False)
        )
        if text.strip():
            return text
    return ""


def _deepen_lists(tree: Any, body: Any) -> None:
    """Put lists near the top of a page further down, where they are not taken for menus.

    In plain pages, such as programs write from Markdown, all lists stand there. A menu has a link
    in each entry, and no sentences.
    """
    for found in _lists_near_the_top(body):
        entries = len(found.query_selector_all("li"))
        links = len(found.query_selector_all("a"))
        if links >= entries and len(found.text) < _SENTENCE * entries:
            continue
        block = found
        for _ in range(_LEVELS_OF_MENUS):
            around = tree.create_element("div")
            block.parent.replace_child(around, block)
            around.append_child(block)
            block = around


def _lists_near_the_top(body: Any) -> list[Any]:
    """Return the lists that have at most so many elements around them in the body.

    They are found step by step: each access to a list of nodes costs as much as making it.
    """
    lists: list[Any] = []
    level = [body]
    for _ in range(_LEVELS_OF_MENUS + 1):
        next_level: list[Any] = []
        for element in level:
            child = element.first_element_child
            while child is not None:
                (lists if child.tag == "ul" else next_level).append(child)
                child = child.next_element_sibling
        level = next_level
    return lists


def _by_trafilatura(source: str) -> str:
    from trafilatura import extract

    # It warns of every page without text, which is no news.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    return str(extract(source, include_comments=False) or "")

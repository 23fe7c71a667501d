"""Elements of HTML: what is no markup is escaped, and what cannot be seen is made visible.

Texts of a corpus are hostile. They reach the page only through `element` and `script_data`, so
nothing in them can end a tag or turn the direction of what stands beside them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable

# Between these stands the name of a character that cannot be seen; both are such themselves.
OPEN, CLOSE = "\x01", "\x02"

_NAMES = {"\t": "⇥", "\r": "CR", "\xa0": "NBSP", "\xad": "SHY", "\u200b": "ZWSP", "\ufeff": "BOM"}

# Elements without content.
_VOID = frozenset({"input", "meta"})

_LINE_ENDS = re.compile(r"\n{3,}")

Child = str | None | Iterable["Child"]


class Html(str):
    """Markup, safe as it stands."""

    __slots__ = ()


def element(name: str, /, *children: Child, **attributes: str | float | bool | None) -> Html:
    """Return an element; underscores of attributes' names are hyphens, one at the end goes.

    >>> element("p", "a < b", class_="note", hidden=True)
    '<p class="note" hidden>a &lt; b</p>'
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.removesuffix("_").replace("_", "-")
        parts.append(f" {key}" if value is True else f' {key}="{html.escape(plain(str(value)))}"')
    parts.append(">")
    if name not in _VOID:
        parts += [fragment(*children), f"</{name}>"]
    return Html("".join(parts))


def fragment(*children: Child) -> Html:
    """Return children one after the other."""
    parts = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, str):
            parts.append(child if isinstance(child, Html) else _escaped(child))
        else:
            parts.append(fragment(*child))
    return Html("".join(parts))


def visible(text: str, *, flat: bool = False) -> str:
    r"""Return a text with the names of what cannot be seen, each between `OPEN` and `CLOSE`.

    Line ends stay; with `flat`, they are named and gone, and runs of them counted.

    >>> visible("a\u202eb \ud800").replace(OPEN, "<").replace(CLOSE, ">")
    'a<U+202E>b <U+D800>'
    """
    if text.isprintable():
        return text
    if flat:
        text = _LINE_ENDS.sub(_counted, text)
    return "".join(c if c.isprintable() else _named(c, flat=flat) for c in text)


def plain(text: str) -> str:
    """Return a text for an attribute or a title, names in brackets."""
    return visible(text, flat=True).replace(OPEN, "[").replace(CLOSE, "]")


def script_data(value: object) -> Html:
    r"""Return a value as JSON that can stand inside a script element.

    >>> script_data({"a": "</script>"})
    '{"a":"\\u003c/script>"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Html(text.replace("&", "\\u0026").replace("<", "\\u003c"))


def _counted(found: re.Match[str]) -> str:
    return f"\n×{len(found[0])} "


def _named(character: str, *, flat: bool) -> str:
    if character == "\n":
        return f"{OPEN}⏎{CLOSE}" if flat else "\n"
    return f"{OPEN}{_NAMES.get(character) or f'U+{ord(character):04X}'}{CLOSE}"


def _escaped(text: str) -> str:
    shown = html.escape(visible(text), quote=False)
    return shown.replace(OPEN, '<b class="c">').replace(CLOSE, "</b>")

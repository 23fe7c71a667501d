"""The table of settings, with what each means and which option sets it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from cleaner.cli.options import KEYS
from cleaner.core.settings.config import Section, Settings
from docs.generators.markdown import prose

_OPTIONS = {
    key: "--as" if name == "format" else f"--{name.replace('_', '-')}" for name, key in KEYS.items()
}


def settings_tables() -> str:
    """Return a table for each section of the configuration, as Markdown."""
    return "\n".join(_section(Settings, ""))


def _section(section: type[Section], prefix: str) -> Iterator[str]:
    title = f"[{prefix.removesuffix('.')}]" if prefix else "top level"
    yield f"### {prose(title)}\n"
    yield "| key | default | what it says | option |\n| --- | --- | --- | --- |"
    inner = []
    for field in msgspec.structs.fields(section):
        if isinstance(field.default, Section):
            inner.append((type(field.default), f"{prefix}{field.encode_name}."))
            continue
        key = f"{prefix}{field.encode_name}"
        option = f"`{_OPTIONS[key]}`" if key in _OPTIONS else ""
        yield (
            f"| `{field.encode_name}` | `{_value(field.default)}` | {_meaning(field.type)} "
            f"| {option} |"
        )
    yield ""
    for one, name in inner:
        yield from _section(one, name)


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return "[]" if not value else str(list(value))
    return msgspec.json.encode(value).decode()


def _meaning(annotation: Any) -> str:
    said = ""
    choices = ""
    for part in _parts(annotation):
        if isinstance(part, msgspec.Meta) and part.description and not said:
            said = part.description
        if type(part).__name__ == "_LiteralGenericAlias":
            choices = ", ".join(f"`{one}`" for one in get_args(part))
    return f"{prose(said)}{f' ({choices})' if choices else ''}"


def _parts(annotation: Any) -> Iterator[Any]:
    """Go through an annotation from the outside in: what is said there outweighs its parts."""
    yield from reversed(getattr(annotation, "__metadata__", ()))
    inner = getattr(annotation, "__origin__", None)
    if hasattr(annotation, "__metadata__"):
        yield inner
        yield from _parts(inner)

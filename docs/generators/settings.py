"""The table of settings, with what each means and which option sets it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from cleaner.cli.options import KEYS
from cleaner.core.settings.config import Section, Settings, choices_of
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
    given = getattr(annotation, "__metadata__", ())
    metas = [one for one in given if isinstance(one, msgspec.Meta) and one.description]
    said = prose(metas[-1].description or "") if metas else ""
    choices = ", ".join(f"`{one}`" for one in choices_of(annotation))
    return f"{said} ({choices})" if choices else said

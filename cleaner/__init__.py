"""Finds and repairs the dirt in scraped plain text, and removes duplicated paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner.core.version import VERSION as __version__  # noqa: N811 - the name Python tools expect

if TYPE_CHECKING:
    from cleaner.api import (
        Checked,
        CleanedInPlace,
        CleanedText,
        Cleaner,
        Deduplicated,
        Duplicate,
        check_files,
        clean_files,
        clean_text,
        clean_texts,
        deduplicate,
        fit_files,
        fit_texts,
        restore_files,
    )
    from cleaner.core.edits import Edit
    from cleaner.core.errors import CleanerError
    from cleaner.core.findings import Finding
    from cleaner.core.settings.config import Settings
    from cleaner.model.model import Model

__all__ = [
    "Checked",
    "CleanedInPlace",
    "CleanedText",
    "Cleaner",
    "CleanerError",
    "Deduplicated",
    "Duplicate",
    "Edit",
    "Finding",
    "Model",
    "Settings",
    "__version__",
    "check_files",
    "clean_files",
    "clean_text",
    "clean_texts",
    "deduplicate",
    "fit_files",
    "fit_texts",
    "restore_files",
]

_HOMES = {
    "CleanerError": "cleaner.core.errors",
    "Edit": "cleaner.core.edits",
    "Finding": "cleaner.core.findings",
    "Model": "cleaner.model.model",
    "Settings": "cleaner.core.settings.config",
}


def __getattr__(name: str) -> Any:
    # The engine behind these names takes a second to import; `import cleaner` should not.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "cleaner.api")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

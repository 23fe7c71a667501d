"""The public functions: they return values and never print."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.api.cleaner import Cleaner
    from cleaner.api.functions import (
        check_files,
        clean_files,
        clean_text,
        clean_texts,
        deduplicate,
        fit_files,
        fit_texts,
    )
    from cleaner.api.index import compact_index, export_index, index_info
    from cleaner.api.outputs import explain_place, restore_files
    from cleaner.api.results import Checked, CleanedInPlace
    from cleaner.api.rule_files import check_rule_files, rules
    from cleaner.api.texts import CleanedText, Deduplicated, Duplicate

__all__ = [
    "Checked",
    "CleanedInPlace",
    "CleanedText",
    "Cleaner",
    "Deduplicated",
    "Duplicate",
    "check_files",
    "check_rule_files",
    "clean_files",
    "clean_text",
    "clean_texts",
    "compact_index",
    "deduplicate",
    "explain_place",
    "export_index",
    "fit_files",
    "fit_texts",
    "index_info",
    "restore_files",
    "rules",
]

_NAMES = {
    "cleaner": ("Cleaner",),
    "index": ("compact_index", "export_index", "index_info"),
    "outputs": ("explain_place", "restore_files"),
    "results": ("Checked", "CleanedInPlace"),
    "rule_files": ("check_rule_files", "rules"),
    "texts": ("CleanedText", "Deduplicated", "Duplicate"),
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    # Whoever cleans one text should not wait for what reads and writes files.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"cleaner.api.{_HOMES.get(name, 'functions')}"), name)

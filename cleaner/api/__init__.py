"""The public functions: they return values and never print."""

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

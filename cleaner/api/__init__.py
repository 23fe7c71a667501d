"""The public functions: they return values and never print."""

from cleaner.api.cleaner import Checked, CleanedInPlace, CleanedText, Cleaner
from cleaner.api.functions import check_files, clean_files, clean_text, fit_files
from cleaner.api.index import compact_index, export_index, index_info
from cleaner.api.outputs import explain_place, restore_files
from cleaner.api.rule_files import check_rule_files, rules

__all__ = [
    "Checked",
    "CleanedInPlace",
    "CleanedText",
    "Cleaner",
    "check_files",
    "check_rule_files",
    "clean_files",
    "clean_text",
    "compact_index",
    "explain_place",
    "export_index",
    "fit_files",
    "index_info",
    "restore_files",
    "rules",
]

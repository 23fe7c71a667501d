"""Sections of other documents of the project, for pages that show them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def section(document: str, heading: str) -> str:
    """Return a section of the second level, without its heading."""
    text = ROOT.joinpath(document).read_text("utf-8")
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    if found is None:
        raise ValueError(f"{document} has no section {heading!r}")
    return found[1].strip() + "\n"

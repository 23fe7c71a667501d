"""``python -m docs html FOLDER`` builds the site, ``python -m docs man FOLDER`` the man pages."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from docs.generators.commands import command_pages
from docs.generators.excerpts import ROOT, section
from docs.generators.rules import rule_pages
from docs.generators.settings import settings_tables

PAGES = ROOT / "docs" / "pages"

# Files of the project that pages show as they are.
_SHOWN = {
    "action.yml": "integrations/github/action.yml",
    "gitlab.yml": "integrations/gitlab/cleaner.gitlab-ci.yml",
}


def generated() -> dict[str, str]:
    """Return the text of the pages that are made from the code, by their path."""
    return {
        **{page.path: page.text for page in command_pages()},
        **rule_pages(),
        "included/settings.md": settings_tables(),
        "included/journal.md": section("cleaner/ARCHITECTURE.md", "The journal"),
        **{
            f"included/{name}": ROOT.joinpath(path).read_text("utf-8")
            for name, path in _SHOWN.items()
        },
    }


def write_source(folder: Path, *, only_commands: bool) -> None:
    """Write all that Sphinx reads into a folder: pages by hand and pages made from the code."""
    if only_commands:
        texts = {page.path: _as_manual(page.text) for page in command_pages()}
        folder.mkdir()
    else:
        shutil.copytree(PAGES, folder)
        texts = generated()
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")


def _as_manual(text: str) -> str:
    """Return a page that stands by itself, its links written as manual pages are referred to.

    >>> print(_as_manual("See [cleaner index info](cleaner-index-info.md)."))
    ---
    orphan: true
    ---
    See **cleaner-index-info**(1).
    """
    alone = text.partition("```{toctree}")[0]
    return "---\norphan: true\n---\n" + re.sub(r"\[[^]]+\]\(([\w-]+)\.md\)", r"**\1**(1)", alone)


def main(arguments: list[str]) -> int:
    """Build; any warning ends it with status 1."""
    if len(arguments) != 2 or arguments[0] not in ("html", "man"):
        print(__doc__, file=sys.stderr)
        return 2
    # Only what builds needs Sphinx: tests read the pages without it.
    from sphinx.cmd.build import build_main

    builder, output = arguments
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as work:
        source = Path(work, "source")
        write_source(source, only_commands=builder == "man")
        first = ["-D", "root_doc=commands/cleaner"] if builder == "man" else []
        return build_main([
            "-q", "-W", "--keep-going", "-b", builder, "-c", str(ROOT / "docs"),
            "-d", str(Path(work, "read")), *first, str(source), output,
        ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

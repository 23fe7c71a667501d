"""How Sphinx builds the documentation; `python -m docs` runs it."""

from __future__ import annotations

from cleaner.core.version import VERSION
from docs.generators.commands import command_pages

project = "cleaner"
author = "The cleaner maintainers"
release = version = VERSION

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4
# Quotation marks and hyphens are what this project is about: they stay as they are written.
smartquotes = False
# What stands in single backticks in a docstring is code.
default_role = "code"
exclude_patterns = ["included"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True

html_theme = "furo"
html_title = f"cleaner {VERSION}"
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["site.css"]

man_pages = [
    (page.path.removesuffix(".md"), page.name.replace(" ", "-"), page.summary, author, 1)
    for page in command_pages()
]

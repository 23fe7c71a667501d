"""The whole page: one file with its style, its script and its data."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files

from cleaner.core.rules import FAMILIES
from cleaner.reports.html.browser import edits, judge, sample_data
from cleaner.reports.html.data import ReportData
from cleaner.reports.html.duplicates import clusters, repeated, similarities
from cleaner.reports.html.markup import Html, element, fragment, plain
from cleaner.reports.html.sizes import documents, flow, glance, rules

_SECTIONS = {
    "glance": "At a glance",
    "flow": "Text in and out",
    "rules": "Families and rules",
    "documents": "Documents",
    "similarity": "Similarity",
    "clusters": "Clusters",
    "repeated": "Repeated lines",
    "edits": "Edits",
    "judge": "Judge",
    "run": "Run",
}


def html_page(data: ReportData) -> str:
    """Return the page; its policy names style and script, so nothing else runs in it."""
    style, script = _asset("report.css"), _asset("report.js")
    samples, shown = sample_data(data)
    title = f"cleaner: {plain(data.title)}"
    policy = f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", Html(style)),
    )
    links = [element("li", element("a", name, href=f"#{id}")) for id, name in _SECTIONS.items()]
    body = element(
        "body",
        element("a", "Skip to the report", href="#main", class_="skip"),
        element(
            "header",
            element("h1", "What ", element("b", "cleaner"), " did to ", element("bdi", data.title)),
            element("nav", element("ul", links), aria_label="Sections"),
        ),
        element(
            "main",
            glance(data),
            flow(data),
            rules(data),
            documents(data),
            similarities(data),
            clusters(data),
            repeated(data),
            edits(data, shown),
            judge(data),
            _run(data),
            id="main",
        ),
        element("noscript", "Edits and samples are shown by a script, which does not run here."),
        element("script", samples, type="application/json", id="data"),
        element("script", Html(script)),
    )
    page = fragment(Html("<!doctype html>\n"), element("html", head, body, lang="en"), "\n")
    return str(page)


def _run(data: ReportData) -> Html:
    """Return what else is to be known of the run."""
    facts = [
        ("version", data.version),
        ("files", f"{data.written:,} of {data.files:,} written"),
        ("model", data.model or "none was needed"),
    ]
    lists = [
        ("Could not be read", data.problems),
        ("Lost all their text", data.emptied_documents),
        ("Passed over", [f"{name}: {why}" for name, why in list(data.skipped.items())[:100]]),
    ]
    families = ", ".join(f"{code} {name}" for code, name in FAMILIES.items())
    return element(
        "section",
        element("h2", "Run"),
        element(
            "dl",
            [(element("dt", name), element("dd", value)) for name, value in facts],
            class_="facts",
        ),
        [
            element(
                "details",
                element("summary", f"{name}: {len(texts):,}"),
                element("ul", [element("li", element("bdi", text)) for text in texts]),
            )
            for name, texts in lists
            if texts
        ],
        element(
            "details",
            element("summary", "Settings"),
            element("pre", json.dumps(data.settings, indent=2, ensure_ascii=False)),
        ),
        element(
            "p",
            f"Families: {families}. “cleaner rule CODE” shows a rule's page, "
            "“cleaner explain FILE:LINE” what was done at a place, and why.",
            class_="more",
        ),
        id="run",
    )


def _asset(name: str) -> str:
    return files("cleaner").joinpath("data", "report", name).read_text("utf-8")


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"

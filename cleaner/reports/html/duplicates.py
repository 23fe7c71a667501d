"""The sections on duplicates and on repeated lines."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.reports.html.charts import bar_chart
from cleaner.reports.html.data import Cluster, Copy, Histogram, Part, ReportData
from cleaner.reports.html.figures import count
from cleaner.reports.html.markup import Html, element


def similarities(data: ReportData) -> Html:
    """Return the histograms of similarity, with the threshold."""
    charts = [_histogram(one) for one in data.histograms]
    if not charts:
        charts = [element("p", "No near-duplicates: nothing that was compared differs a little.")]
    return element(
        "section",
        element("h2", "Similarity of duplicates"),
        element(
            "p",
            "How alike duplicates are to what stands for them; of passages inside another "
            "text, the share that stands there. Exact copies are left out.",
            class_="lead",
        ),
        charts,
        id="similarity",
    )


def _histogram(one: Histogram) -> Html:
    edges = one.edges
    labels = [f"{edge:.2f}" if not at % 8 else "" for at, edge in enumerate(edges[:-1])]
    removed, noted = sum(one.removed), sum(one.noted)
    words = (
        f"{one.code} {one.name}: {removed:,} removed, {noted:,} noted, similarity from "
        f"{edges[0]:.2f} to 1"
    )
    mark = None
    if one.threshold is not None:
        words += f"; the threshold is {one.threshold:.2f}"
        mark = (one.threshold - edges[0]) / (edges[-1] - edges[0]), f"threshold {one.threshold:.2f}"
    chart = bar_chart(
        labels,
        [("f-DUP", one.removed), ("noted", one.noted)],
        words,
        mark,
    )
    legend = element(
        "figcaption",
        element("b", f"{one.code} {one.name}"),
        " ",
        element("span", f"{removed:,} removed", class_="key f-DUP"),
        " ",
        element("span", f"{noted:,} only noted", class_="key noted"),
    )
    return element("figure", legend, chart)


def clusters(data: ReportData) -> Html:
    """Return clusters of duplicates, each beside what stands for it."""
    shown = [_cluster(one, is_open=number < 3) for number, one in enumerate(data.clusters)]
    lead = (
        f"{len(shown):,} of {data.cluster_count:,} places that stand for duplicates: the largest, "
        "and of the others some with near-copies. Marked is what the other text has not."
        if shown
        else "No text of this run stands for another."
    )
    return element(
        "section",
        element("h2", "Clusters of duplicates"),
        element("p", lead, class_="lead"),
        shown,
        id="clusters",
    )


def _cluster(one: Cluster, *, is_open: bool) -> Html:
    shown = f", {len(one.copies):,} of them here" if len(one.copies) < one.count else ""
    return element(
        "details",
        element(
            "summary",
            element("bdi", one.place),
            f" stands for {count(one.count, 'duplicate')}{shown}",
        ),
        [_pair(copy, one.place) for copy in one.copies],
        open=is_open,
        class_="cluster",
    )


def _pair(copy: Copy, place: str) -> Html:
    done = "removed" if copy.removed else "noted, left as it is"
    kept = (
        element(
            "p",
            "Its text is not at hand in this output.",
            class_="more",
        )
        if copy.kept is None
        else element("blockquote", _marked(copy.kept, "ins"), dir="auto")
    )
    return element(
        "div",
        element(
            "div",
            element("h4", copy.code, " ", element("bdi", copy.place), f": {done}"),
            element("blockquote", _marked(copy.text, "del"), dir="auto"),
        ),
        element(
            "div",
            element("h4", element("bdi", place), f": kept, similarity {copy.similarity:.3f}"),
            kept,
        ),
        class_="pair",
    )


def _marked(parts: Sequence[Part], name: str) -> list[Html | str]:
    return [element(name, text) if differs else text for text, differs in parts]


def repeated(data: ReportData) -> Html:
    """Return the repeated lines that went, with their places."""
    rows = [
        element(
            "tr",
            element("th", element("bdi", line.line), scope="row", class_="text"),
            element("td", f"{line.removed:,}", data_value=line.removed),
            element("td", f"{line.stood:,}", data_value=line.stood),
            element(
                "td",
                f"{line.from_documents:,} of {line.in_documents:,}",
                data_value=line.from_documents,
            ),
            element(
                "td", f"{line.at_head:,} / {line.removed - line.at_head:,}", data_value=line.at_head
            ),
            element("td", element("bdi", line.file), class_="text"),
        )
        for line in data.repeated
    ]
    heads = ("line", "removed", "stood", "in documents", "head / tail", "for example in")
    table = element(
        "table",
        element(
            "thead",
            element(
                "tr",
                [
                    element(
                        "th",
                        element("button", name, type="button", data_column=number),
                        scope="col",
                    )
                    for number, name in enumerate(heads)
                ],
            ),
        ),
        element("tbody", rows),
        class_="sortable",
    )
    lead = "No line was removed because it repeats."
    if rows:
        lead = f"{len(rows):,} of {data.repeated_count:,} lines that went because they repeat."
    return element(
        "section",
        element("h2", "Repeated lines"),
        element("p", lead, class_="lead"),
        element("div", table, class_="wide tall") if rows else None,
        id="repeated",
    )

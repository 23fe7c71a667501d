"""The sections on how much went: at a glance, the flow, by rule, by document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from cleaner.core.rules import FAMILIES
from cleaner.reports.html.charts import Stream, bar_chart, flow_chart, share_bar
from cleaner.reports.html.data import ReportData, RuleSize, Shares
from cleaner.reports.html.figures import count, share, size
from cleaner.reports.html.markup import Html, element


def glance(data: ReportData) -> Html:
    """Return the figures that one looks at first, and what needs attention."""
    edits = sum(rule.edits for rule in data.rules)
    notes = sum(rule.notes for rule in data.rules)
    taken = data.bytes_before - data.bytes_after
    tiles = [
        ("text before", size(data.bytes_before), count(data.records, "record")),
        ("text after", size(data.bytes_after), f"{data.records_written:,} written"),
        ("smaller by", share(taken, data.bytes_before), size(taken)),
        ("edits", f"{edits:,}", count(notes, "note") + " beside them"),
        ("documents changed", f"{data.shares.changed:,}", f"{data.shares.untouched:,} untouched"),
    ]
    if data.figures is not None:
        speed = data.bytes_before / 1e6 / max(1e-9, data.figures.seconds)
        peak = size(data.figures.peak_bytes)
        tiles.append(
            ("speed", f"{speed:.2f} MB/s", f"{data.figures.seconds:.1f} s, {peak} at most")
        )
    shown = [
        element(
            "div", element("dt", name), element("dd", value), element("dd", more, class_="more")
        )
        for name, value, more in tiles
    ]
    warnings = list(_warnings(data))
    return element(
        "section",
        element("h2", "At a glance"),
        element("dl", shown, class_="tiles"),
        element("ul", [element("li", warning) for warning in warnings], class_="warnings")
        if warnings
        else None,
        id="glance",
    )


def _warnings(data: ReportData) -> Iterator[str]:
    if data.problems:
        yield f"Not read: {count(len(data.problems), 'input')}; see “Run”."
    if data.emptied:
        yield f"Not written, because nothing was left of it: {count(data.emptied, 'document')}."
    if not data.stable:
        yield "The corpus did not come to rest: a second run over the output may find more."


def flow(data: ReportData) -> Html:
    """Return the flow of text in and out."""
    by_family = [
        (family, sum(rule.taken for rule in data.rules if rule.family == family))
        for family in dict.fromkeys([*FAMILIES, *(rule.family for rule in data.rules)])
    ]
    rest = data.bytes_before - data.bytes_after - sum(taken for _, taken in by_family)
    streams = [Stream("kept", f"in the output: {_part(data.bytes_after, data)}", data.bytes_after)]
    added = []
    for family, taken in [*by_family, ("OTHER", rest)]:
        name = FAMILIES.get(family, family if family != "OTHER" else "writing")
        if taken > 0:
            streams.append(Stream(f"f-{family}", f"{name}: {_part(taken, data)}", taken))
        elif taken < 0:
            added.append(f"{name} {size(-taken)}")
    words = "Where the text went: " + "; ".join(stream.label for stream in streams)
    return element(
        "section",
        element("h2", "Text in and out"),
        element(
            "p",
            "Bytes of the files, decompressed: what was read, what was written, and what "
            "each family of rules took away on balance.",
            class_="lead",
        ),
        flow_chart(data.bytes_before, streams, words),
        element("p", f"Put in on balance: {', '.join(added)}.", class_="more") if added else None,
        element(
            "p",
            "“writing” is how characters are written: encodings, and escapes in JSON.",
            class_="more",
        )
        if rest
        else None,
        id="flow",
    )


def _part(part: int, data: ReportData) -> str:
    return f"{size(part)}, {share(part, data.bytes_before)}"


def rules(data: ReportData) -> Html:
    """Return the sizes by family and rule."""
    heads = ("rule", "edits", "notes", "before", "after", "taken", "of all text")
    bodies = []
    most = max([1, *(abs(rule.taken) for rule in data.rules)])
    for family, own in groupby(data.rules, attrgetter("family")):
        found = list(own)
        bodies.append(
            element(
                "tbody",
                _row(_total(family, found), data, most, family=True),
                [_row(rule, data, most, family=False) for rule in found],
            )
        )
    head = element(
        "tr",
        [
            element("th", element("button", name, type="button", data_column=number), scope="col")
            for number, name in enumerate(heads)
        ],
    )
    table = element(
        "table",
        element(
            "caption",
            "Bytes that edits replaced and put in their place. Whole records that "
            "went count with all their bytes.",
        ),
        element("thead", head),
        bodies,
        id="rule-table",
        class_="sortable",
    )
    return element(
        "section",
        element("h2", "Families and rules"),
        element("div", table, class_="wide"),
        id="rules",
    )


def _total(family: str, rules: list[RuleSize]) -> RuleSize:
    totals = (sum(values) for values in zip(*map(_counts, rules), strict=True))
    return RuleSize(family, FAMILIES.get(family, ""), "", *totals)


def _counts(rule: RuleSize) -> tuple[int, ...]:
    return rule.edits, rule.notes, rule.whole, rule.before, rule.after


def _row(rule: RuleSize, data: ReportData, most: int, *, family: bool) -> Html:
    name: list[Html | str]
    if family:
        name = [element("b", rule.name or rule.code)]
    else:
        link = element("a", rule.code, href="#edits", data_rule=rule.code, title=rule.summary)
        name = [link, " ", rule.name]
    numbers = [
        (f"{rule.edits:,}", rule.edits),
        (f"{rule.notes:,}" if rule.notes else "", rule.notes),
        (size(rule.before), rule.before),
        (size(rule.after), rule.after),
        (size(rule.taken), rule.taken),
    ]
    cells = [element("td", text, data_value=value) for text, value in numbers]
    bar = element(
        "td",
        share(rule.taken, data.bytes_before),
        None if family or rule.taken <= 0 else share_bar(rule.taken / most),
        data_value=rule.taken,
    )
    return element(
        "tr",
        element("th", name, scope="rowgroup" if family else "row"),
        cells,
        bar,
        class_=f"family f-{rule.code}" if family else None,
    )


def documents(data: ReportData) -> Html:
    """Return the documents by the share of their text that went."""
    shares = data.shares
    labels = _labels(shares)
    words = "Changed documents by the share of their text that went: " + ", ".join(
        f"{label} {number}" for label, number in zip(labels, shares.counts, strict=True)
    )
    note = f"{shares.untouched:,} documents lost nothing and have no edit that changed their size."
    if shares.measured < shares.changed:
        note += (
            f" {shares.measured:,} of {shares.changed:,} changed ones were measured, evenly over "
            "the run; of the others the output was not read."
        )
    rows = [
        element(
            "tr",
            element("th", document.place, scope="row"),
            element("td", size(document.lost)),
            element(
                "td",
                "?" if document.share is None else share(document.share, 1),
                None if document.share is None else share_bar(document.share),
            ),
        )
        for document in shares.largest
    ]
    table = element(
        "table",
        element("caption", "The documents that lost most"),
        element(
            "thead",
            element(
                "tr",
                [element("th", name, scope="col") for name in ("document", "taken", "of its text")],
            ),
        ),
        element("tbody", rows),
    )
    return element(
        "section",
        element("h2", "Documents by share removed"),
        element("p", note, class_="lead"),
        bar_chart(labels, [("part", shares.counts)], words) if shares.measured else None,
        element("div", table, class_="wide") if rows else None,
        id="documents",
    )


def _labels(shares: Shares) -> list[str]:
    labels = ["none"]
    for low, high in zip(shares.bounds, shares.bounds[1:], strict=False):
        if high == 1.0:
            labels.append("all")
        else:
            labels.append(f"{low * 100:.0f}–{high * 100:.0f} %")
    return labels

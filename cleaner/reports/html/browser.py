"""The sections that a script fills: edits by rule, and samples to judge."""

from __future__ import annotations

from typing import Any

from cleaner.reports.html.data import ReportData, Sample
from cleaner.reports.html.figures import count
from cleaner.reports.html.markup import CLOSE, OPEN, Html, element, script_data, visible

# So many bytes of samples are on a page, whatever was asked for.
_MOST_BYTES = 2_000_000


def edits(data: ReportData, shown: int) -> Html:
    """Return the browser of edits; `shown` of them are on the page."""
    total = sum(rule.edits + rule.notes for rule in data.rules)
    lead = f"All {count(total, 'edit and note', 'edits and notes')} of the run."
    if shown < total:
        lead = (
            f"{shown:,} of {total:,} edits and notes: of each rule some, evenly over the run. "
            "The journal has them all."
        )
    options = [
        element("option", f"{rule.code} {rule.name} ({rule.edits + rule.notes:,})", value=rule.code)
        for rule in data.rules
    ]
    return element(
        "section",
        element("h2", "Edits"),
        element("p", lead, class_="lead"),
        element(
            "form",
            element(
                "label",
                "Rule ",
                element("select", element("option", "all rules", value=""), options, id="rule"),
            ),
            element(
                "label",
                "Text ",
                element(
                    "input", id="words", type="search", placeholder="in text, place or evidence"
                ),
            ),
            element("output", id="found", aria_live="polite"),
            class_="filters",
            role="search",
            aria_label="Filter edits",
        ),
        element("p", id="about", class_="more"),
        element("ol", id="list", class_="edits"),
        element(
            "p",
            element("button", "Previous", type="button", id="back"),
            " ",
            element("span", id="page", aria_live="polite"),
            " ",
            element("button", "Next", type="button", id="next"),
            class_="pages",
        ),
        id="edits",
    )


def judge(data: ReportData) -> Html:
    """Return the section in which a person judges samples."""
    verdicts = (("right", "Right (R)"), ("wrong", "Wrong (W)"), ("unsure", "Unsure (U)"))
    buttons = [
        element(
            "button",
            label,
            type="button",
            data_verdict=verdict,
            class_=verdict,
            aria_pressed="false",
        )
        for verdict, label in verdicts
    ]
    return (
        element(
            "section",
            element("h2", "Samples to judge"),
            element(
                "p",
                "Some edits of every rule, in turn. Say of each whether it is right; with the "
                "focus on the sample, R, W and U judge and the arrow keys go on and back. “Save” "
                "writes what you judged to a JSON file; edits above can be judged too.",
                class_="lead",
            ),
            element("label", "Rule ", element("select", id="judge-rule")),
            element("div", id="sample", tabindex="0", role="group", aria_label="Sample to judge"),
            element(
                "p",
                buttons,
                element("button", "Back (←)", type="button", id="judge-back"),
                element("button", "Skip (→)", type="button", id="judge-next"),
                class_="pages",
            ),
            element(
                "p",
                element("output", id="judged", aria_live="polite"),
                " ",
                element("button", "Save", type="button", id="save"),
            ),
            element("div", element("table", id="verdicts"), class_="wide"),
            id="judge",
        )
        if data.samples
        else element(
            "section",
            element("h2", "Samples to judge"),
            element("p", "There is no edit."),
            id="judge",
        )
    )


def sample_data(data: ReportData) -> tuple[Html, int]:
    """Return the samples as the script reads them, and how many they are; see report.js."""
    step = 1
    while True:
        rows = [_row(sample) for sample in _thinned(data, step)]
        values = {
            "version": data.version,
            "run": visible(data.title, flat=True),
            "rules": {r.code: [r.name, r.summary, r.edits + r.notes] for r in data.rules},
            "rows": rows,
        }
        text = script_data(values)
        if len(text.encode()) <= _MOST_BYTES or step > len(data.samples):
            return text, len(rows)
        step *= 2


def _thinned(data: ReportData, step: int) -> list[Sample]:
    """Return every so many samples of each rule."""
    seen: dict[str, int] = {}
    chosen = []
    for sample in data.samples:
        number = seen[sample.code] = seen.get(sample.code, -1) + 1
        if number % step == 0:
            chosen.append(sample)
    return chosen


def _row(sample: Sample) -> list[Any]:
    """Return a sample; what both texts begin and end with stands around them instead."""
    before, after = sample.before, sample.after
    head = tail = 0
    shortest = min(len(before), len(after))
    while head < shortest and before[head] == after[head]:
        head += 1
    while tail < shortest - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    end = len(before) - tail
    return [
        sample.number,
        sample.code,
        sample.kind,
        visible(sample.place, flat=True),
        visible(sample.detail, flat=True),
        visible(sample.lead + before[:head], flat=True),
        _changed(before[head:end]),
        _changed(after[head : len(after) - tail]),
        visible(before[end:] + sample.trail, flat=True),
    ]


def _changed(text: str) -> str:
    """Return a text that goes or comes, with its line ends seen, and spaces where all are some."""
    if text and not text.strip(" "):
        return f"{OPEN}␣{CLOSE}" * len(text)
    ends = visible(text).replace("\n", f"{OPEN}⏎{CLOSE}\n")
    return ends.removesuffix("\n")

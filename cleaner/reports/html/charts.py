"""Charts as SVG: a flow of text, bars of a distribution. Each says in words what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.reports.html.markup import Html, element

_WIDTH, _TALL = 760, 150
_THINNEST = 2.0


class Stream(NamedTuple):
    """A part of what flows: the class that colours it, its label, how much it is."""

    kind: str
    label: str
    amount: int


def flow_chart(total: int, streams: Sequence[Stream], words: str) -> Html:
    """Return where text goes: from one bar on the left to one for each stream on the right."""
    scale = _TALL / max(1, total)
    left = right = 4.0
    parts = []
    for stream in streams:
        thick = max(_THINNEST, stream.amount * scale)
        parts += [
            element(
                "path",
                class_=f"stream {stream.kind}",
                d=f"M16,{left:.1f} C240,{left:.1f} 220,{right:.1f} 430,{right:.1f} "
                f"V{right + thick:.1f} C220,{right + thick:.1f} 240,{left + thick:.1f} "
                f"16,{left + thick:.1f} Z",
            ),
            element(
                "rect", class_=stream.kind, x=430, y=_number(right), width=8, height=_number(thick)
            ),
            element("text", stream.label, x=448, y=_number(right + min(thick / 2, 60) + 5)),
        ]
        left += thick
        right += max(thick + 10, 28)
    height = max(left, right) + 8
    bar = element("rect", class_="in", x=4, y=4, width=12, height=_number(left - 4))
    return _svg([bar, *parts], height, words)


def bar_chart(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[int]]],
    words: str,
    mark: tuple[float, str] | None = None,
) -> Html:
    """Return bars, those of several series one upon the other; a `mark` is a place among them.

    A bar that would be too low to be seen is drawn a little higher; numbers stand on top.
    """
    highest = max((sum(values) for values in zip(*(s for _, s in series), strict=True)), default=1)
    few = len(labels) <= 15
    step = (_WIDTH - 8) / max(1, len(labels))
    parts = []
    for at, label in enumerate(labels):
        bottom, x = 200.0, 4 + at * step
        for kind, values in series:
            if values[at]:
                tall = max(_THINNEST, 170 * values[at] / max(1, highest))
                bottom -= tall
                parts.append(
                    element(
                        "rect",
                        class_=kind,
                        x=_number(x + 1),
                        y=_number(bottom),
                        width=_number(step - 2),
                        height=_number(tall),
                    )
                )
        number = sum(values[at] for _, values in series)
        if few and number:
            parts.append(
                element(
                    "text",
                    f"{number:,}",
                    class_="mid",
                    x=_number(x + step / 2),
                    y=_number(bottom - 5),
                )
            )
        if label:
            parts.append(element("text", label, class_="mid", x=_number(x + step / 2), y=218))
    parts.append(element("line", class_="axis", x1=4, x2=_WIDTH - 4, y1=200, y2=200))
    if mark is not None:
        x = 4 + mark[0] * (_WIDTH - 8)
        side = "end" if x > _WIDTH / 2 else "start"
        parts += [
            element("line", class_="mark", x1=_number(x), x2=_number(x), y1=6, y2=200),
            element(
                "text", mark[1], class_=side, x=_number(x + (-6 if side == "end" else 6)), y=16
            ),
        ]
    return _svg(parts, 226, words)


def share_bar(part: float) -> Html:
    """Return a small bar of a share, for a table that says the number too."""
    bar = element("rect", class_="part", width=_number(100 * min(1.0, max(0.0, part))), height=8)
    return element(
        "svg",
        bar,
        class_="small",
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def _svg(parts: Sequence[Html], height: float, words: str) -> Html:
    drawn = element(
        "svg",
        element("title", words),
        parts,
        viewBox=f"0 0 {_WIDTH} {height:.0f}",
        role="img",
        class_="chart",
    )
    return element("div", drawn, class_="wide")


def _number(value: float) -> str:
    return f"{value:.1f}"

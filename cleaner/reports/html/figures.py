"""Numbers in words."""

from __future__ import annotations


def size(count: int) -> str:
    """Return a number of bytes for a person.

    >>> size(999), size(-1234), size(20_054_245)
    ('999 B', '−1.23 kB', '20.1 MB')
    """
    sign = "−" if count < 0 else ""
    value = float(abs(count))
    for unit in ("B", "kB", "MB", "GB"):
        if value < 999.5:
            shown = f"{value:.0f}" if unit == "B" else f"{value:#.3g}".removesuffix(".")
            return f"{sign}{shown} {unit}"
        value /= 1000
    return f"{sign}{value:,.1f} TB"


def share(part: float, whole: float) -> str:
    """Return a share in per cent, with so many digits as say something.

    >>> share(1, 3), share(1, 300), share(1, 1e6), share(0, 5)
    ('33.3 %', '0.33 %', 'less than 0.01 %', '0 %')
    """
    if not whole or not part:
        return "0 %"
    value = 100 * part / whole
    if abs(value) < 0.01:
        return "less than 0.01 %"
    return f"{value:.2f} %" if abs(value) < 1 else f"{value:.3g} %"


def count(number: int, one: str, more: str = "") -> str:
    """Return a number with its noun.

    >>> count(1, "edit"), count(2000, "edit"), count(2, "copy", "copies")
    ('1 edit', '2,000 edits', '2 copies')
    """
    return f"{number:,} {one if number == 1 else more or one + 's'}"

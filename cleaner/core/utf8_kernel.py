# mypy: ignore-errors
"""UTF-8, for kernels that write it."""

from __future__ import annotations


def encoded(code):
    """Return the UTF-8 bytes of a code point as one number, the first byte lowest."""
    if code < 0x80:
        return code
    if code < 0x800:
        return 0xC0 | code >> 6 | (0x80 | code & 63) << 8
    if code < 0x10000:
        return 0xE0 | code >> 12 | (0x80 | code >> 6 & 63) << 8 | (0x80 | code & 63) << 16
    return (
        0xF0 | code >> 18
        | (0x80 | code >> 12 & 63) << 8
        | (0x80 | code >> 6 & 63) << 16
        | (0x80 | code & 63) << 24
    )  # fmt: skip

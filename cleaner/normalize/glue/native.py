"""When the compiled functions of this folder are worth loading, and their signatures."""

from __future__ import annotations

import functools
from typing import Any

from cleaner.core.native import NotNativeError, is_kept, load

_TABLE = "int32[::1], uint64[::1]"
_TOKENS = "int64[::1], int32[::1], int32[::1], int32[::1]"
_SEAMS = "int64[::1], int32[::1], int32[::1], float64[::1]"
_WIDTHS = "float64[:,::1], int32[:,::1], uint8[:,::1]"
_ROOM = "int64[:,::1], float64[:,::1]"
_WORDS = "int32[:,::1], int64[:,::1], uint64[:,::1], int64"
_SCRATCH = "int32[::1], float64[::1], float64[:,::1]"
_GAPS = "uint32[::1], boolean[::1], uint64[::1], int64[:,::1]"
_SPANS = "uint32[::1], int64[::1], int64[::1]"
SIGNATURES = {
    "cleaner.normalize.glue.kernels": {
        "rebuild": "uint64[::1], int64, int32[::1]",
        "number_of": f"uint32[::1], int64, int64, {_TABLE}, int64[::1] -> int64",
        "lay_lines": f"uint32[::1], int64, int64, {_TABLE}, int64[::1], {_TOKENS} -> int64",
    },
    "cleaner.normalize.glue.kernels_common": {
        "enter_common": "uint32[::1], int64[::1], uint64[::1], int32[::1]",
        "count_common": (
            "uint32[::1], uint8[::1], int32[::1], uint64[::1], int32[::1], int64[:,::1], "
            "int64[::1] -> int64"
        ),
    },
    "cleaner.normalize.glue.kernels_table": {
        "enter_words": "uint32[::1], int64[::1], float64[::1], int64, uint64[:,::1]",
        "enter_hashes": "uint64[::1], float64[::1], int64, uint64[:,::1]",
        "find_words": "uint32[::1], int64[::1], int64, uint64[:,::1], float64[::1]",
        "set_powers": "int64[:,::1]",
    },
    "cleaner.normalize.glue.kernels_parts": {
        "part_word": f"uint32[::1], {_WORDS}, {_SCRATCH} -> int64",
    },
    "cleaner.normalize.glue.kernels_seams": {
        "seams_of": f"{_SPANS}, {_WORDS}, int64[::1], int32[::1], float64[::1]",
    },
    "cleaner.normalize.glue.kernels_reconsider": {
        "reconsider": (
            "uint32[::1], int64[::1], float64[::1], uint64[::1], int32[::1], float64[::1], "
            f"uint8[::1], {_WORDS} -> int64"
        ),
    },
    "cleaner.normalize.glue.kernels_survey": {
        "survey": (
            f"uint32[::1], int64, uint8[::1], {_TABLE}, uint8[::1], int64, int64[::1], int64[::1], "
            f"int64[::1], int32[::1], {_WORDS}, {_SCRATCH} -> int64"
        ),
    },
    "cleaner.normalize.glue.kernels_passages": {
        "spaced_keys": f"uint32[::1], {_GAPS}, uint64[::1] -> int64",
        "known_gaps": f"{_SPANS}, {_GAPS}, uint64[::1], int64[::1] -> int64",
    },
    "cleaner.normalize.glue.kernels_wrap": {
        "try_widths": (
            f"uint32[::1], int64[::1], {_TOKENS}, int64[::1], {_TABLE}, int64[::1], {_SEAMS}, "
            f"{_WIDTHS}, {_ROOM}, float64[::1], {_WORDS}, int64[::1] -> int64"
        ),
        "choose": (
            "int64[::1], int32[::1], float64[:,::1], uint8[:,::1], int64[::1], float64[::1], "
            "uint8[:,::1], int64[::1] -> int64"
        ),
        "trace": (
            f"uint32[::1], int64[::1], {_TOKENS}, int64[::1], {_TABLE}, {_SEAMS}, uint8[:,::1], "
            f"{_ROOM}, int64[:,::1], float64[::1], int64[::1], int64[::1], int64[::1], "
            "float64[::1] -> int64"
        ),
    },
}
CONSTANTS = (
    "cleaner.normalize.glue.compounds",
    "cleaner.normalize.glue.kernel_terms",
    "cleaner.normalize.glue.kernels_decode",
    "cleaner.normalize.glue.kernels_sieve",
    "cleaner.normalize.glue.kernels_words",
    "cleaner.normalize.glue.odds",
    "cleaner.normalize.glue.widths",
)

# Characters of one language that are read without the compiled functions: to load them takes a
# fifth of a second, to compile them, once for a machine, half a minute.
_WORTH_LOADING = 20_000
_WORTH_COMPILING = 8_000_000


def kernels(characters: int) -> Any | None:
    """Return the compiled functions where so many characters are worth it, else None."""
    if characters < _WORTH_LOADING:
        return None
    return _kept() if characters < _WORTH_COMPILING else _made()


def loaded() -> Any | None:
    """Return the compiled functions if this process has loaded them."""
    return _made() if _made.cache_info().currsize else None


def prepare_kernels(characters: int) -> None:
    """Compile the functions, where they are not kept yet and so many characters are worth it.

    One process does it before many need them.
    """
    if characters >= _WORTH_COMPILING:
        _made()


@functools.cache
def _kept() -> Any | None:
    """Return the compiled functions if an earlier process left them."""
    return _made() if is_kept(SIGNATURES, CONSTANTS) else None


@functools.cache
def _made() -> Any | None:
    try:
        return load(SIGNATURES, CONSTANTS)
    except NotNativeError:
        return None

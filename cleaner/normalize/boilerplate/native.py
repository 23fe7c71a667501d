"""The kernels of the line model, and the signatures under which they are kept as machine code."""

from __future__ import annotations

import functools
from importlib import import_module
from types import SimpleNamespace

SIGNATURES = {
    "cleaner.normalize.boilerplate.sight_kernel": {
        "see": (
            "uint32[::1], uint16[::1], uint32[::1], uint64[::1], uint64[::1], uint64[::1], "
            "int64, int64[::1], uint64[:,::1], int64[:,::1], int64[:,::1], int64[:,::1], "
            "uint64[:,::1], uint8[:,::1], int64[::1]"
        ),
    },
    "cleaner.normalize.boilerplate.net_kernel": {
        "embed": (
            "uint8[:,::1], int64[::1], int64[::1], uint64[::1], uint64[::1], uint64[::1], "
            "int8[:,::1], int8[:,::1], uint64[::1], int8[:,::1], int64[::1], float32[:,::1]"
        ),
        "settle": (
            "float32[:,::1], float32[:,::1], float32[:,::1], float32[:,::1], int64, int64, "
            "float32[:,::1]"
        ),
        "pool": "float32[:,::1], int64, int64, int64, float64[::1], float32[:,::1]",
        "sweep": "float32[:,::1], int64, int64, int64, float32[:,::1]",
        "lift": "float32[:,::1], int64, int64, int64, float32[:,::1]",
    },
    "cleaner.normalize.boilerplate.forest_kernel": {
        "widen": (
            "uint8[:,::1], int64[::1], int64[::1], int64[::1], int8[::1], int64[::1], uint8[:,::1]"
        ),
        "vote": (
            "uint8[:,::1], uint8[:,::1], uint8[:,::1], uint8[:,::1], int16[:,::1], uint8[::1], "
            "int32[::1]"
        ),
    },
}
CONSTANTS = (
    "cleaner.normalize.boilerplate.charclass",
    "cleaner.normalize.boilerplate.columns",
    "cleaner.normalize.boilerplate.line_kernel",
)


@functools.cache
def kernels() -> SimpleNamespace:
    """Return the compiled functions, without numba where they are kept as machine code."""
    from cleaner.core.native import NotNativeError, load

    try:
        return load(SIGNATURES, CONSTANTS)
    except NotNativeError:
        found = SimpleNamespace()
        for module, functions in SIGNATURES.items():
            for name in functions:
                setattr(found, name, getattr(import_module(module), name))
        return found

"""The signatures under which the kernels are kept as machine code."""

from __future__ import annotations

SIGNATURES = {
    "cleaner.dedup.kernels": {
        "scan": (
            "uint8[::1], int64[::1], int64[::1], int64[::1], int64, uint8[::1], uint32[::1], "
            "uint32[:,::1], uint64[::1], int64, uint64[:,::1], uint32[::1], uint64[::1], "
            "uint64[::1], uint64[::1], uint32[::1], uint32[::1], int64[::1]"
        ),
    },
    "cleaner.dedup.kernels_sign": {
        "raw_hashes": "uint8[::1], int64[::1], int64[::1], uint64[::1], uint64[:,::1]",
        "claim": ("uint64[:,::1], uint64[:,::1], int64, int64, int32[::1], int32[::1] -> int64"),
        "rebuild": "uint64[:,::1], int64, int32[::1]",
        "sign_all": (
            "uint32[::1], int64[::1], int64[::1], uint32[::1], uint32[::1], uint32[:,::1]"
        ),
        "sign_bands": (
            "uint32[::1], int64[::1], int64[::1], uint64[::1], uint32[::1], uint32[::1], int64, "
            "uint32[::1], uint32[:,::1]"
        ),
    },
    "cleaner.dedup.kernels_join": {
        "mark_shared": "uint32[::1], uint64[::1] -> int64",
        "group_shared": (
            "uint32[::1], uint64[::1], uint64[::1], uint64[::1], int64[::1], int32[::1], "
            "int32[::1] -> int64"
        ),
        "link": "int32[::1], int32[::1], int32[::1]",
        "group": "int32[::1], int32[::1], int64[::1], int32[::1]",
        "count_elements": ("int64[::1], uint32[::1], int64[::1], uint64[:,::1], uint32[::1]"),
        "rarest": (
            "int64[::1], uint32[::1], int64[::1], uint64[:,::1], uint32[::1], int64[::1], "
            "uint64[::1], uint64[::1], int32[::1] -> int64"
        ),
    },
    "cleaner.dedup.kernels_verify": {
        "take_sets": "uint32[::1], int64[::1], boolean[::1], uint32[::1]",
        "sort_sets": (
            "uint32[::1], int64[::1], int64[::1], uint64[::1], uint64[::1], int64[::1], "
            "uint64[:,::1]"
        ),
        "hold": (
            "int64, int64, int64[::1], int64[::1], int64[::1], boolean[::1], "
            "int64[::1], int32[::1], int64[::1], int32[::1], int32[::1], uint32[::1], int64[::1], "
            "uint64[:,::1], float64, int32[::1], float64[::1] -> int64"
        ),
    },
    "cleaner.dedup.kernels_contain": {
        "winnow": ("uint32[::1], int64[::1], int64[::1], int64, uint32[::1], int64[::1] -> int64"),
        "count_prints": "uint32[::1], uint8[::1]",
        "contain": (
            "int64[::1], boolean[::1], int64[::1], int64[::1], int64[::1], int64[::1], "
            "int64[::1], int64[::1], uint32[::1], int64[::1], int64[::1], float64, int64, "
            "int64[::1], float64[::1] -> int64"
        ),
    },
}
CONSTANTS = (
    "cleaner.dedup.essence",
    "cleaner.dedup.hashing",
    "cleaner.dedup.kernels_essence",
    "cleaner.dedup.kernels_words",
    "cleaner.dedup.marks",
    "cleaner.dedup.words",
)

"""All kernels of this folder under one name."""

from cleaner.dedup.contain_kernel import contain, count_prints, winnow
from cleaner.dedup.essence_kernel import find_essences
from cleaner.dedup.join_kernel import group, group_shared, link, mark_shared
from cleaner.dedup.scan_kernel import scan
from cleaner.dedup.sets_kernel import count_elements, rarest, sort_sets, take_sets
from cleaner.dedup.sign_kernel import claim, raw_hashes, rebuild, sign_all, sign_bands
from cleaner.dedup.verify_kernel import verify_candidates

__all__ = [
    "claim", "contain", "count_elements", "count_prints", "find_essences", "group",
    "group_shared", "link", "mark_shared", "rarest", "raw_hashes", "rebuild", "scan", "sign_all",
    "sign_bands", "sort_sets", "take_sets", "verify_candidates", "winnow",
]  # fmt: skip

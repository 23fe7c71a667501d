"""Deduplication inside documents: what is compared, what goes, and where survivors stand."""

"""Deduplication of whole records, on columns."""

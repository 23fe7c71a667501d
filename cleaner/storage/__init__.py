"""Bytes in and out: compression and safe replacement of files."""

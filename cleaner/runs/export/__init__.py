"""Outputs in another format than their sources', or in shards of some size."""

"""Attacks on what `cleaner` promises of every input: a fuzzer, whose failures can be repeated."""

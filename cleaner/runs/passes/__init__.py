"""Passes of `clean` over the spool: learning, repairing, carrying removals out."""

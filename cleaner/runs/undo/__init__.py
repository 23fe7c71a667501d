"""Some edits of a run taken back, in an output folder of its own."""

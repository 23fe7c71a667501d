"""One module per view of findings."""

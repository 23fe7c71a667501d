"""What a person says of a run's edits: which are asked about, and what follows from the answers."""

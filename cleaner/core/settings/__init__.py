"""Settings: their names and defaults, and the files that they are read from."""

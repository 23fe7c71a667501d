"""A format, a step and a report for cleaner, to begin one's own from."""

"""The language of a text, and what single languages have."""

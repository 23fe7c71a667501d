"""The line model: what it sees of a line, and how it scores a text."""

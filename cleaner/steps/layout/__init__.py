"""Steps that settle lines and paragraphs."""

"""The words everything else is written in: documents, edits, rules, settings, errors."""

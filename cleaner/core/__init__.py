"""The words everything else is written in: documents, edits, findings, rules, configuration, errors."""

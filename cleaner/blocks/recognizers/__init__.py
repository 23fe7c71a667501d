"""What lines of one kind have in common: code and markup, records, tables."""

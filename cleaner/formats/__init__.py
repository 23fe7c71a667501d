"""One module per file format behind one Protocol."""

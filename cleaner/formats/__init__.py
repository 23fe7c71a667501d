"""One module per file format behind one Protocol; `FORMATS` lists them."""

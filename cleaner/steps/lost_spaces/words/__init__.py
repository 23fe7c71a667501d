"""How likely a piece of text is as a word."""

"""What of a text is compared: words, marks, essence; and two texts side by side."""

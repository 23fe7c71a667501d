"""How well lost spaces are put back, and how seldom clean text is touched."""

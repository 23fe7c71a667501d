"""How lines are scored: trees, a small net, and a calibration for the text as a whole."""

"""The steps that repair one text, each a pure function of the text and of what was learned before."""

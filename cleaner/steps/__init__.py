"""The steps that repair one text, each a pure function."""

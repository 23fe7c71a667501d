"""From band keys to candidate pairs."""

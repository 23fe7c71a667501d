"""The record of every edit of a run, and the way back."""

"""Duplicated paragraphs: candidates, verification, survivors."""

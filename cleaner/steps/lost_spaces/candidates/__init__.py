"""Tokens that may have lost a space, and where they would part."""

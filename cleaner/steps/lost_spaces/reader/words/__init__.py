"""Kernels on the letters of one token: words in it, and where it may part."""

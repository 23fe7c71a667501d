"""Kernels that find the lost line ends of wrapped text."""

"""Candidates verified on their shingle sets; survivors; passages inside longer ones."""

"""Findings as people, editors, pipelines and code hosts read them: one module a report."""

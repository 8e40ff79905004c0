"""Hints for whoever reads a cover letter: what can be counted and looked up. Never a score, never a verdict."""

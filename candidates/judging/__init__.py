"""Scorecards: asking for a judgement, keeping it, locking it, and who may see it."""

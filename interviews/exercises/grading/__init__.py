"""Blind grading: who may grade, what they are shown, and what becomes of it when they differ."""

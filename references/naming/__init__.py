"""Whom a candidate names, how many and of which kind the plan wants, and who replaces whom."""

"""Candidates, applications, what happened, and their documents."""

"""Interviews: arranging, agreeing on a time, telling everybody, reminding, replacing."""

"""Deadlines, reminders and escalations: when, to whom, and a row for each that was due."""

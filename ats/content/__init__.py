"""The content that ships with Rapport, as data that a team edits: a data file and a module for each kind.

`shipped.py` tells what ships from what a team has written, `actions.load` brings it into the database.
"""

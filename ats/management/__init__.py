"""Commands of manage.py, found by their place."""

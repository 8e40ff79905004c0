"""Each of these files is a command of manage.py."""

"""The career site: what is open, and applying."""

"""Faults that Rapport survives, each made for real against the running product: `make faults`. Not shipped."""

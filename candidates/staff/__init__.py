"""The people with an account."""

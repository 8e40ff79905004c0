"""Asks, messages, and the pages and doorbells that belong to them."""

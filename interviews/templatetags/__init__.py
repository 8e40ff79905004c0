"""Filters for the mails of the interviews."""

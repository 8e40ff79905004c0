"""Filters of mails and pages."""

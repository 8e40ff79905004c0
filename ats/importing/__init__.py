"""Bringing applications in from spreadsheets and from the exports of other systems."""

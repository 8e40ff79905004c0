"""Where Django's autodiscover finds the desk."""

from ats.desk import admin

__all__ = ["admin"]

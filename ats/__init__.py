"""The outermost package: settings, the process on one page, the desk and all that looks at every stage."""

from ats.celery import app as celery_app

__all__ = ["celery_app"]

"""Celery carries doorbells only: every task looks in the database for what is due, so a lost ring costs seconds."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ats.settings")

app = Celery("rapport")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["candidates.post", "ats.automation", "ats.engine"])
app.conf.beat_schedule = {
    "mail": {"task": "candidates.post.tasks.send_due", "schedule": settings.SWEEP_SECONDS},
    "reminders": {"task": "candidates.post.tasks.remind_due", "schedule": settings.SWEEP_SECONDS},
    "automation": {"task": "ats.automation.tasks.act", "schedule": settings.SWEEP_SECONDS},
    "heartbeat": {"task": "ats.engine.tasks.beat", "schedule": settings.SWEEP_SECONDS},
}

"""Celery carries doorbells only: every task looks in the database for what is due, so a lost ring costs seconds."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ats.settings")

app = Celery("rapport", task_cls="ats.engine.working:Doorbell")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "candidates.careers",
        "candidates.jobs",
        "candidates.people",
        "candidates.post",
        "candidates.post.inbound",
        "candidates.sourcing",
        "interviews.agreement",
        "interviews.exercises",
        "interviews.scheduling",
        "interviews.availability",
        "trials.afterwards",
        "trials.verdicts",
        "references",
        "trials",
        "ats.automation",
        "ats.desk.digest",
        "ats.privacy",
        "ats.rejections",
        "ats.engine",
    ]
)

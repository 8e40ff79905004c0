"""Who applied for what, where they stand, and what happened so far."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import HiringPlan, Job
from candidates.people.actors import ActorKind
from candidates.stages import CLOSED, OPEN, Stage


class Candidate(models.Model):
    """A person who applied. What they wrote for one job is on the application."""

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=10, default="en")

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("candidate")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_candidate_per_email")]
        indexes = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="candidate_name_search"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="candidate_email_search"),
        ]

    def __str__(self) -> str:
        return self.name


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications, by who may see them and whether they are open."""

    def open(self) -> ApplicationQuerySet:
        """Those whose way is not at its end."""
        return self.filter(stage__in=OPEN)

    def visible_to(self, user: Any) -> ApplicationQuerySet:
        """Those for the jobs that `user` may see, and those on which `user` was asked to do something."""
        if not (user.is_active and user.is_staff):
            return self.none()
        if user.is_superuser:
            return self
        jobs = Q(job_id__in=Job.objects.visible_to(user).values("pk"))
        asked = Exists(Application.objects.filter(pk=OuterRef("pk"), asks__user=user))
        return self.filter(jobs | asked)


class Application(models.Model):
    """One candidate's way through the pipeline. `stage` is changed by `candidates.pipeline.move` alone."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="applications")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="applications")
    plan = models.ForeignKey(HiringPlan, on_delete=models.PROTECT, related_name="applications")
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.APPLIED)
    stage_since = models.DateTimeField(_("since"))
    applied_at = models.DateTimeField(_("applied"))
    letter = models.TextField(_("cover letter"))
    source = models.CharField(_("source"), max_length=80, blank=True)
    consent_at = models.DateTimeField(_("consented"), null=True)
    consent_version = models.CharField(_("privacy notice"), max_length=20, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-stage_since", "-pk"]
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "job"], condition=~Q(stage__in=CLOSED), name="one_open_application"
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="application_stage_known"),
        ]
        indexes = [
            models.Index(fields=["-stage_since", "-id"], condition=~Q(stage__in=CLOSED), name="application_open"),
            models.Index(fields=["-stage_since", "-id"], name="application_by_time"),
            models.Index(fields=["stage", "-stage_since", "-id"], name="application_by_stage"),
            models.Index(fields=["job", "stage", "stage_since"], name="application_by_job"),
        ]

    def __str__(self) -> str:
        return _("%(name)s for %(job)s") % {"name": self.candidate.name, "job": self.job.title}

    @property
    def is_open(self) -> bool:
        """Whether its way is not at its end."""
        return self.stage not in CLOSED

    def days_in_stage(self, at: datetime) -> int:
        """Whole days since it entered the stage."""
        return max((at - self.stage_since) // timedelta(days=1), 0)


class Event(models.Model):
    """What happened, in the transaction of the change it tells of. Append-only: the database refuses updates."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="events")
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_kind = models.CharField(max_length=10, choices=ActorKind)
    by_name = models.CharField(max_length=200)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["application", "id"], name="event_timeline"),
            models.Index(fields=["at"], condition=Q(name__endswith=".complete"), name="event_complete"),
        ]
        constraints = [models.CheckConstraint(condition=Q(by_kind__in=ActorKind.values), name="event_actor_known")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"


def random_key(document: Document, filename: str) -> str:
    """Where a document is stored: nothing of its name or owner can be guessed from it."""
    key = uuid.uuid4().hex
    return f"{key[:2]}/{key}"


class Document(models.Model):
    """A file that somebody gave us for an application. The only table that stores uploads."""

    class Kind(models.TextChoices):
        RESUME = "resume", _("résumé")
        OTHER = "other", _("other document")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("file name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=random_key, max_length=100)
    at = models.DateTimeField(_("received"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [models.CheckConstraint(condition=Q(kind__in=["resume", "other"]), name="document_kind_known")]

    def __str__(self) -> str:
        return self.name


class Note(models.Model):
    """A colleague's remark about an application, for colleagues."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=200)
    text = models.TextField(_("note"))
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.text[:60]

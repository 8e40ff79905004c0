"""Who applied for what, where they stand, and what happened so far."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Left, Lower, Upper
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import HiringPlan, Job, JobQuestion
from candidates.people import identity
from candidates.people.actors import ActorKind
from candidates.stages import CLOSED, OPEN, Stage


def words_of(name: str) -> SearchVector:
    """The words of a text column, as its index holds them; more than so many characters could not be indexed."""
    return SearchVector(Left(name, 100_000), config="simple")


class Candidate(models.Model):
    """A person who applied. What they wrote for one job is on the application."""

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=10, default="en")
    country = models.CharField(
        max_length=2, blank=True, db_default=""
    )  # of a phone number that was written without its country
    email_key = models.CharField(max_length=254, blank=True, editable=False, db_default="")
    phone_key = models.CharField(max_length=20, blank=True, editable=False, db_default="")
    merged_into = models.ForeignKey("self", null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("candidate")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_candidate_per_email")]
        indexes = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="candidate_name_search"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="candidate_email_search"),
            models.Index(fields=["email_key"], name="candidate_by_email_key"),
            models.Index(fields=["phone_key"], condition=~Q(phone_key=""), name="candidate_by_phone_key"),
        ]

    def __str__(self) -> str:
        return self.name

    def with_keys(self) -> Candidate:
        """Itself, with the keys by which duplicates are found as they follow from mail and phone."""
        self.email_key = identity.email_key(self.email)
        country = self.country if isinstance(self.country, str) else ""  # the database's default until it is saved
        self.phone_key = identity.phone_key(self.phone, country)
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the keys true. What writes many at once calls `with_keys` itself."""
        self.with_keys()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "email_key", "phone_key"}
        super().save(*args, **kwargs)


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications, by who may see them and whether they are open."""

    def open(self) -> ApplicationQuerySet:
        """Those whose way is not at its end, each person once for a job: a duplicate goes the way of the other."""
        return self.filter(stage__in=OPEN, duplicate_of=None)

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
    letter = models.TextField(_("cover letter"), blank=True)
    source = models.CharField(_("source"), max_length=80, blank=True)
    link = models.JSONField(default=dict, db_default={})  # the parameters of the link that led to the form
    referrer = models.ForeignKey(
        "candidates.Referrer", null=True, on_delete=models.PROTECT, related_name="applications"
    )
    is_marked = models.BooleanField(_("marked by an answer"), default=False, db_default=False)
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    consent_at = models.DateTimeField(_("consented"), null=True)
    consent_version = models.CharField(_("privacy notice"), max_length=20, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-stage_since", "-pk"]
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "job"],
                condition=~Q(stage__in=CLOSED) & Q(duplicate_of=None),
                name="one_open_application",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="application_stage_known"),
        ]
        indexes = [
            models.Index(fields=["-stage_since", "-id"], condition=~Q(stage__in=CLOSED), name="application_open"),
            models.Index(fields=["-stage_since", "-id"], name="application_by_time"),
            models.Index(fields=["stage", "-stage_since", "-id"], name="application_by_stage"),
            models.Index(fields=["job", "stage", "stage_since"], name="application_by_job"),
            GinIndex(words_of("letter"), name="application_letter_words"),
        ]

    def __str__(self) -> str:
        return _("%(name)s for %(job)s") % {"name": self.candidate.name, "job": self.job.title}

    @property
    def is_open(self) -> bool:
        """Whether its way is not at its end; a duplicate has none of its own."""
        return self.stage not in CLOSED and self.duplicate_of_id is None

    def days_in_stage(self, at: datetime) -> int:
        """Whole days since it entered the stage."""
        return max((at - self.stage_since) // timedelta(days=1), 0)


TOLD_TO_RULES = (  # what rules of a plan may listen to; the index below is of these
    *(f"stage.{stage}" for stage in Stage.values),
    *("screening.complete", "interviews.complete", "references.complete", "trial.verdict"),
    *("screening.no_time_fits", "interviews.no_time_fits", "interviews.cannot_come", "interviews.missed"),
    *("exercise.posted", "references.declined", "references.expired", "references.nobody_named"),
    *("trial.agreed", "trial.declined", "offer.accepted", "offer.declined", "document.added", "data.requested"),
    "mail.replied",
)


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
            models.Index(fields=["at"], condition=Q(name__in=TOLD_TO_RULES), name="event_for_rules"),
        ]
        constraints = [models.CheckConstraint(condition=Q(by_kind__in=ActorKind.values), name="event_actor_known")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"


def random_key(document: Document, filename: str) -> str:
    """Where a document is stored: nothing of its name or owner can be guessed from it."""
    key = uuid.uuid4().hex
    return f"{key[:2]}/{key}"


class Document(models.Model):
    """A file that somebody gave us. The only table that stores uploads.

    Without an application it is held for a while (for a form that is not sent yet, an import) and then deleted.
    """

    class Kind(models.TextChoices):
        RESUME = "resume", _("résumé")
        ANSWER = "answer", _("answer to a question")
        OTHER = "other", _("other document")
        IMPORT = "import", _("file of an import")
        OFFER = "offer", _("offer letter")
        MAIL = "mail", _("mail as it came")

    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("file name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=random_key, max_length=100)
    at = models.DateTimeField(_("received"))
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["resume", "answer", "other", "import", "offer", "mail"]),
                name="document_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(application=None, expires_at__isnull=False) | Q(application__isnull=False, expires_at=None),
                name="document_held_or_kept",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(application=None), name="document_held")]

    def __str__(self) -> str:
        return self.name


class DocumentText(models.Model):
    """The words of a document, for searching and for readers who may not see the file. Missing words block nothing."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be read")
        READ = "read", _("read")
        EMPTY = "empty", _("holds no text")
        FAILED = "failed", _("could not be read")

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="words")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    text = models.TextField(blank=True)
    vector = models.GeneratedField(
        expression=SearchVector("text", config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "read", "empty", "failed"]), name="document_text_state_known"
            )
        ]
        indexes = [
            GinIndex(fields=["vector"], name="document_text_search"),
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="document_text_due"),
            models.Index(fields=["-id"], condition=Q(state="failed"), name="document_text_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.state}"


class Answer(models.Model):
    """What somebody answered to a question of the job, with the question's words as they were then."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(JobQuestion, on_delete=models.PROTECT, related_name="answers")
    label = models.CharField(max_length=300)
    value = models.TextField(blank=True)  # as people read it
    data = models.JSONField(null=True)  # as it was given: text, number, list of choices, date
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    is_marked = models.BooleanField(default=False)

    class Meta:
        ordering = ["question__position", "pk"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["application", "question"], name="one_answer_each")]
        indexes = [GinIndex(words_of("value"), name="answer_words")]

    def __str__(self) -> str:
        return f"{self.label}: {self.value[:40]}"


class DataRequest(models.Model):
    """A candidate asks for a copy of their data, or for its deletion; a colleague sees to it."""

    class Kind(models.TextChoices):
        COPY = "copy", _("a copy of their data")
        ERASE = "erase", _("deletion of their data")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="data_requests")
    kind = models.CharField(_("asks for"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("due"))
    done_at = models.DateTimeField(_("done"), null=True)
    done_by_name = models.CharField(_("by"), max_length=200, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], condition=Q(done_at=None), name="one_open_data_request"
            ),
            models.CheckConstraint(condition=Q(kind__in=["copy", "erase"]), name="data_request_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_kind_display()}"


class Merge(models.Model):
    """Two rows were one person. `data` holds what an undo needs: which applications came over, what was filled in."""

    kept = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="merges")
    folded = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="folded_by")
    at = models.DateTimeField(_("merged"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(_("by"), max_length=200)
    data = models.JSONField(default=dict)
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.UniqueConstraint(fields=["folded"], condition=Q(undone_at=None), name="folded_once"),
            models.CheckConstraint(condition=~Q(kept=F("folded")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.folded} = {self.kept}"


class Apart(models.Model):
    """Two people who look like one, and a colleague said that they are not."""

    first = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="told_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


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
        indexes = [GinIndex(words_of("text"), name="note_words")]

    def __str__(self) -> str:
        return self.text[:60]

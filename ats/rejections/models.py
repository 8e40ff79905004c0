"""A rejection that somebody decided on and that is carried out later."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from candidates.people.actors import Actor, ActorKind
from candidates.people.models import Application
from candidates.stages import Stage

STANDING = Q(application__stage=F("stage"), application__stage_since=F("stage_since"), application__duplicate_of=None)


class PlannedRejectionQuerySet(models.QuerySet["PlannedRejection"]):
    """Planned rejections, by what can still become of them."""

    def open(self) -> PlannedRejectionQuerySet:
        """Neither carried out nor void as far as anybody has noticed."""
        return self.filter(done_at=None, void_at=None)

    def standing(self) -> PlannedRejectionQuerySet:
        """Those that hold: the application stands where it stood when somebody decided."""
        return self.open().filter(STANDING)

    def overtaken(self) -> PlannedRejectionQuerySet:
        """Open ones whose application moved or was set aside as a duplicate: they are not carried out any more."""
        return self.open().exclude(STANDING)

    def due(self, at: datetime) -> PlannedRejectionQuerySet:
        """Those to carry out now."""
        return self.standing().filter(due_at__lte=at)


class PlannedRejection(models.Model):
    """The application stays where it is until `due_at`; any move before that, or an undo, makes it void."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="planned_rejections")
    reason = models.CharField(_("reason"), max_length=20)
    stage = models.CharField(max_length=20, choices=Stage)
    stage_since = models.DateTimeField()
    at = models.DateTimeField(_("decided"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(_("by"), max_length=200)
    by_kind = models.CharField(max_length=10, choices=ActorKind, default=ActorKind.PERSON, db_default=ActorKind.PERSON)
    by_data = models.JSONField(default=dict, db_default={})  # of a rule: which one, and what it reacted to
    due_at = models.DateTimeField(_("carried out"))
    done_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)

    objects = PlannedRejectionQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("planned rejection")
        verbose_name_plural = _("planned rejections")
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(done_at=None, void_at=None), name="one_planned_rejection"
            ),
            models.CheckConstraint(condition=Q(done_at=None) | Q(void_at=None), name="planned_rejection_ends_once"),
            models.CheckConstraint(condition=Q(due_at__gte=F("at")), name="planned_rejection_is_later"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None, void_at=None), name="planned_rejection_due")
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def decided_by(self) -> Actor:
        """Who decided; also when the account is gone by now."""
        return Actor(ActorKind(self.by_kind), self.by_name, self.by, data=dict(self.by_data))

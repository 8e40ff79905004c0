"""Whom a candidate names, and what these people say."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from candidates.judging.models import Scorecard
from candidates.people.models import Application


class Referee(models.Model):
    """Somebody whom the candidate named, once per application and mail address."""

    class Relation(models.TextChoices):
        MANAGER = "manager", _("my manager")
        LEAD = "lead", _("my team lead")
        COLLEAGUE = "colleague", _("a colleague")
        CLIENT = "client", _("a client")
        TEACHER = "teacher", _("a teacher or trainer")
        OTHER = "other", _("somebody else I worked for")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="referees")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)
    company = models.CharField(_("company"), max_length=120)
    named_at = models.DateTimeField(_("named"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("referee")
        verbose_name_plural = _("referees")
        constraints = [
            models.UniqueConstraint("application", Lower("email"), name="one_referee_per_email"),
            models.CheckConstraint(
                condition=Q(relation__in=["manager", "lead", "colleague", "client", "teacher", "other"]),
                name="referee_relation_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReferenceQuerySet(models.QuerySet["Reference"]):
    """References, by what became of them."""

    def answered(self) -> ReferenceQuerySet:
        """Those that were given."""
        return self.filter(scorecard__locked_at__isnull=False)

    def declined(self) -> ReferenceQuerySet:
        """Those whose referee would rather not."""
        return self.exclude(declined_at=None)


class Reference(models.Model):
    """What one referee says: scores and examples on the scorecard, the facts of the job they shared here.

    The database refuses changes once the scorecard is locked. A referee who is asked again after the application
    came back to this stage gets a new scorecard; the old one was never locked.
    """

    class HireAgain(models.TextChoices):
        YES = "yes", _("Yes")
        UNSURE = "unsure", _("I am not sure")
        NO = "no", _("No")

    referee = models.OneToOneField(Referee, on_delete=models.PROTECT, related_name="reference")
    scorecard = models.OneToOneField(Scorecard, on_delete=models.PROTECT, related_name="reference")
    would_hire_again = models.CharField(_("would hire again"), max_length=6, choices=HireAgain, blank=True)
    role = models.CharField(_("role"), max_length=200, blank=True)
    worked_from = models.DateField(_("worked there from"), null=True, blank=True)
    worked_until = models.DateField(_("until"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        constraints = [
            models.CheckConstraint(
                condition=Q(would_hire_again__in=["", "yes", "unsure", "no"]), name="reference_hire_again_known"
            ),
            models.CheckConstraint(
                condition=Q(worked_until=None) | Q(worked_from=None) | Q(worked_until__gte=F("worked_from")),
                name="reference_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.referee)

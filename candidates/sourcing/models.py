"""Referral links of employees, the talent pool, invitations to a new job."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import Job
from candidates.people.models import Candidate

CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


def new_code() -> str:
    """The part of a referral link that tells whose it is; short enough to be read out."""
    return get_random_string(8, CODE_ALPHABET)


class Referrer(models.Model):
    """An employee who recommends people, with a link of their own; needs no account."""

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    code = models.CharField(_("code"), max_length=20, unique=True, default=new_code, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("employee who recommends")
        verbose_name_plural = _("employees who recommend")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_referrer_per_email")]

    def __str__(self) -> str:
        return self.name


class PoolMember(models.Model):
    """Somebody who wants to hear of new jobs. Counts from their confirmation by mail until they leave."""

    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="pool")
    interests = models.CharField(_("interested in"), max_length=300, blank=True)
    consent_at = models.DateTimeField(_("agreed"))
    consent_version = models.CharField(_("privacy notice"), max_length=20)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    left_at = models.DateTimeField(_("left"), null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("member of the talent pool")
        verbose_name_plural = _("talent pool")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(confirmed_at__gte=F("consent_at")), name="pool_consent_comes_first"
            )
        ]

    def __str__(self) -> str:
        return self.candidate.name


class Invitation(models.Model):
    """Somebody we know was invited to apply for a job; once per job."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="invitations")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="invitations")
    at = models.DateTimeField(_("invited"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("invitation to apply")
        verbose_name_plural = _("invitations to apply")
        constraints = [models.UniqueConstraint(fields=["candidate", "job"], name="one_invitation_per_job")]

    def __str__(self) -> str:
        return f"{self.candidate}: {self.job}"

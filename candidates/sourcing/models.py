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


class PoolMemberQuerySet(models.QuerySet["PoolMember"]):
    """Members, by whether they want mails."""

    def active(self) -> PoolMemberQuerySet:
        """Those who confirmed and did not leave, each person once."""
        return self.filter(confirmed_at__isnull=False, left_at=None, candidate__merged_into=None)


class PoolMember(models.Model):
    """Somebody who wants to hear of new jobs. Counts from their confirmation by mail until they leave.

    A person who applied before and is invited to a new job gets a row without consent: it is no membership, only
    the place where they can say that they want no more of it.
    """

    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="pool")
    interests = models.CharField(_("interested in"), max_length=300, blank=True)
    consent_at = models.DateTimeField(_("agreed"), null=True)
    consent_version = models.CharField(_("privacy notice"), max_length=20, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    left_at = models.DateTimeField(_("left"), null=True)

    objects = PoolMemberQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("member of the talent pool")
        verbose_name_plural = _("talent pool")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(consent_at__isnull=False, confirmed_at__gte=F("consent_at")),
                name="pool_consent_comes_first",
            )
        ]

    def __str__(self) -> str:
        return self.candidate.name

    @property
    def is_active(self) -> bool:
        """Whether they confirmed and did not leave."""
        return self.confirmed_at is not None and self.left_at is None


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

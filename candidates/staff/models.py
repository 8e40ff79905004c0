"""The people with an account: recruiters, managers, administrators."""

from datetime import time

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def monday_to_friday() -> list[int]:
    """Working days, as ISO numbers them."""
    return [1, 2, 3, 4, 5]


class User(AbstractUser):
    """A colleague who signs in. Interviewers, candidates and referees never need to."""

    zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", help_text=_("An IANA name: Europe/Amsterdam.")
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    country = models.CharField(
        _("country, for holidays"), max_length=2, blank=True, db_default="", help_text=_("Two letters: NL.")
    )
    subdivision = models.CharField(
        _("region, for holidays"), max_length=10, blank=True, db_default="", help_text=_("For example BY in Germany.")
    )
    working_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("working days"),
        default=monday_to_friday,
        db_default=[1, 2, 3, 4, 5],
    )
    quiet_from = models.TimeField(_("no reminders from"), default=time(20), db_default=time(20))
    quiet_until = models.TimeField(_("until"), default=time(7), db_default=time(7))
    digest_hour = models.PositiveSmallIntegerField(
        _("daily digest at"), null=True, blank=True, default=8, db_default=8, help_text=_("Empty: none.")
    )
    digest_on = models.DateField(null=True, editable=False)  # the day of their last digest, in their zone
    reminded_in_digest = models.BooleanField(
        _("reminders in the digest alone"), default=False, db_default=False, help_text=_("Instead of a mail for each.")
    )

    class Meta:
        verbose_name = _("colleague")
        verbose_name_plural = _("colleagues")
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_hour=None) | Q(digest_hour__lte=23), name="digest_hour_of_the_day"
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()

"""The people with an account: recruiters, managers, administrators."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A colleague who signs in. Interviewers, candidates and referees never need to."""

    zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", help_text=_("An IANA name: Europe/Amsterdam.")
    )
    language = models.CharField(_("language"), max_length=10, default="en")

    class Meta:
        verbose_name = _("colleague")
        verbose_name_plural = _("colleagues")

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()

"""What the public pages and the mails say of the company that hires; one row, edited by an administrator."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator, RegexValidator
from django.db import DatabaseError, models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from candidates.company import memory

ONLY = 1  # the key of the one row
COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write a colour like #0b6e6e."))


class Company(models.Model):
    """The company: name, logo, colours, texts. There is at most one row; `current()` gives it or what stands for it."""

    name = models.CharField(_("name"), max_length=120)
    website = models.URLField(_("website"), blank=True, help_text=_("Search engines show it beside the jobs."))
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        help_text=_("Two letters: NL. Phone numbers without +31 are read by it."),
    )
    intro = models.TextField(_("first words of the career page"), blank=True, max_length=600)
    about = models.TextField(_("about the company, under every job"), blank=True, max_length=4000)
    footer = models.CharField(_("last line of every public page"), blank=True, max_length=200)
    products = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("products"),
        default=list,
        blank=True,
        help_text=_("Names, separated by commas. Readers see whether a letter names one."),
    )
    accent = models.CharField(_("colour"), max_length=7, blank=True, validators=[COLOUR])
    accent_dark = models.CharField(_("colour on dark pages"), max_length=7, blank=True, validators=[COLOUR])
    logo = models.BinaryField(_("logo"), null=True, editable=False)
    logo_type = models.CharField(max_length=20, blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    embedded_by = ArrayField(
        models.URLField(),
        verbose_name=_("sites that may show the list of jobs in a frame"),
        default=list,
        blank=True,
        help_text=_("For example https://www.example.org, separated by commas."),
    )
    subdivision = models.CharField(
        _("region, for holidays"), max_length=10, blank=True, db_default="", help_text=_("For example BY in Germany.")
    )
    quiet_from = models.TimeField(
        _("no reminders from"), default=time(20), db_default=time(20), help_text=_("To people outside, in their zone.")
    )
    quiet_until = models.TimeField(_("until"), default=time(7), db_default=time(7))
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")
        constraints = [models.CheckConstraint(condition=Q(pk=ONLY), name="one_company")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Company:
        """The row, or an unsaved one with the name from the environment; without the logo's bytes.

        One query at most; other processes follow a change within seconds.
        """
        return memory.remember(cls._read)

    @classmethod
    def _read(cls) -> Company:
        try:
            found = cls.objects.defer("logo").filter(pk=ONLY).first()
        except DatabaseError:  # pages that tell of a failure show the name too
            found = None
        return found or cls(pk=ONLY, name=settings.COMPANY_NAME, subdivision="")

    @cached_property
    def version(self) -> str:
        """Changes whenever something is saved; stands in the addresses of what browsers may keep for long."""
        return format(int(self.changed_at.timestamp() * 1_000_000), "x") if self.changed_at else ""

    @cached_property
    def logo_url(self) -> str:
        """The address of the logo, or nothing."""
        return reverse("company:logo", args=[self.version]) if self.logo_type else ""

    @cached_property
    def style_url(self) -> str:
        """The address of the style sheet with the company's colours, or nothing."""
        return reverse("company:style", args=[self.version]) if self.accent or self.accent_dark else ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """This process shows it at once. Whatever the sequence of its table says, there is one."""
        self.pk = ONLY
        super().save(*args, **kwargs)
        memory.forget()


class PrivacyNotice(models.Model):
    """What the company adds to the privacy notice, in versions: which one somebody agreed to stays known."""

    version = models.PositiveSmallIntegerField(_("version"), unique=True, validators=[MinValueValidator(1)])
    text = models.TextField(_("what your company adds to the notice"), blank=True)
    at = models.DateTimeField(_("in force since"))

    class Meta:
        ordering = ["-version"]
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")

    def __str__(self) -> str:
        return str(self.version)

"""What a person should look at in a reference. A flag decides nothing."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Flag(models.Model):
    """One thing that may mean that a reference is not what it seems; a person says whether it matters."""

    class Kind(models.TextChoices):
        FREE_MAIL = "free_mail", _("writes from a free mail address")
        OTHER_DOMAIN = "other_domain", _("the address does not look like the company's")
        SAME_NETWORK = "same_network", _("answered from the network that the candidate used")
        SAME_BROWSER = "same_browser", _("answered with the same kind of browser as the candidate")
        QUICK = "quick", _("answered within a minute")
        SAME_TEXT = "same_text", _("uses the words of another reference")

    reference = models.ForeignKey("references.Reference", on_delete=models.PROTECT, related_name="flags")
    kind = models.CharField(_("what"), max_length=14, choices=Kind)
    data = models.JSONField(default=dict)
    raised_at = models.DateTimeField(_("noticed"))
    is_harmless = models.BooleanField(_("harmless"), null=True)
    note = models.TextField(_("because"), blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    judged_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind"], name="one_flag_per_reference_and_kind"),
            models.CheckConstraint(
                condition=Q(is_harmless=None, judged_at=None) | Q(is_harmless__isnull=False, judged_at__isnull=False),
                name="flag_judged_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["free_mail", "other_domain", "same_network", "same_browser", "quick", "same_text"]
                ),
                name="flag_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ReferencePrint(models.Model):
    """A sample of the rows of words in a given reference, as numbers, by which the same words are found again."""

    reference = models.OneToOneField(
        "references.Reference", primary_key=True, on_delete=models.PROTECT, related_name="print"
    )
    hashes = ArrayField(models.IntegerField())

    class Meta:
        verbose_name = _("fingerprint of a reference")
        verbose_name_plural = _("fingerprints of references")
        indexes = [GinIndex(fields=["hashes"], name="reference_print_hashes", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.pk)

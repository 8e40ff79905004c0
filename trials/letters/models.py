"""Templates of offer letters, and the letters that were sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Application, Ask, Document


class LetterTemplate(models.Model):
    """The words of an offer letter in one language, with places that are filled in from a fixed list."""

    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(_("language"), max_length=10, default="en")
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), max_length=20_000)
    is_retired = models.BooleanField(_("retired"), default=False, help_text=_("Not offered any more."))

    class Meta:
        ordering = ["name", "language"]
        verbose_name = _("template of offer letters")
        verbose_name_plural = _("templates of offer letters")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "language"],
                name="one_letter_template_per_name_and_language",
                violation_error_message=_("There is a template of this name in this language already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    @property
    def key(self) -> tuple[str, str]:
        """What tells one from another."""
        return self.name, self.language


class OfferLetter(models.Model):
    """A letter as it was sent, word for word, with its PDF, and what the candidate answered."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="offer_letters")
    template_name = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="offer_letter")
    ask = models.OneToOneField(Ask, on_delete=models.PROTECT, related_name="offer_letter")
    sent_at = models.DateTimeField(_("sent"))
    sent_by_name = models.CharField(_("by"), max_length=200)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    accepted_as = models.CharField(_("signed as"), max_length=200, blank=True)  # the name that they typed
    declined_at = models.DateTimeField(_("declined"), null=True)
    decline_reason = models.TextField(_("why declined"), blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("offer letter")
        verbose_name_plural = _("offer letters")
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(replaced_at=None), name="one_current_letter_per_application"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(declined_at=None), name="letter_accepted_or_declined"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | ~Q(accepted_as=""), name="accepted_letter_is_signed"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

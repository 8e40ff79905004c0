"""A to-do of a colleague: an ask with words of its own and a page that says "done"."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.post.models import Ask, Message


class ToDo(models.Model):
    """What somebody on the desk has to see to, beside an ask that names them, the deadline and the reminders."""

    class Kind(models.TextChoices):
        BOUNCE = "bounce", _("a mail came back")
        COMPLAINT = "complaint", _("a mail was called spam")
        REPLY = "reply", _("somebody wrote")
        RULE = "rule", _("a rule asks for it")

    ask = models.OneToOneField(Ask, on_delete=models.PROTECT, related_name="to_do")
    kind = models.CharField(_("why"), max_length=10, choices=Kind)
    words = models.TextField(_("what to do"))
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="to_dos")
    outcome = models.TextField(_("what came of it"), blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("to-do")
        verbose_name_plural = _("to-dos")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["bounce", "complaint", "reply", "rule"]), name="to_do_known")
        ]

    def __str__(self) -> str:
        return self.words[:60]

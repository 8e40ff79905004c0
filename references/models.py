"""Whom a candidate names, and what these people say."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from candidates.judging.models import Scorecard
from candidates.people.models import Application
from references.flags.models import Flag
from references.questionnaires.models import Criterion, CriterionWords, Questionnaire, ReferencePlan

__all__ = [
    "Criterion",
    "CriterionWords",
    "Flag",
    "Questionnaire",
    "Referee",
    "RefereeRequest",
    "Reference",
    "ReferencePlan",
    "SelfView",
]


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
    phone = models.CharField(_("phone"), max_length=40, blank=True, db_default="")
    language = models.CharField(_("language"), max_length=10, default="en", db_default="en")
    worked_from = models.DateField(_("worked together from"), null=True, blank=True)  # as the candidate says
    worked_until = models.DateField(_("until"), null=True, blank=True)
    named_at = models.DateTimeField(_("named"))
    consent_at = models.DateTimeField(null=True)  # the candidate said that they agree to be asked
    network = models.CharField(max_length=64, blank=True, db_default="")  # from which they were named, as a digest
    browser = models.CharField(max_length=64, blank=True, db_default="")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    forgotten_at = models.DateTimeField(null=True)  # at their wish; name, address and words are gone

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

    @property
    def is_manager(self) -> bool:
        """Whether the candidate worked for them."""
        return self.relation in (Referee.Relation.MANAGER, Referee.Relation.LEAD)


class ReferenceQuerySet(models.QuerySet["Reference"]):
    """References, by what became of them."""

    def answered(self) -> ReferenceQuerySet:
        """Those that were given."""
        return self.filter(scorecard__locked_at__isnull=False)

    def declined(self) -> ReferenceQuerySet:
        """Those whose referee would rather not."""
        return self.exclude(declined_at=None)

    def expired(self) -> ReferenceQuerySet:
        """Those whose referee never answered and is asked no more."""
        return self.exclude(expired_at=None)


class Reference(models.Model):
    """What one referee says: scores and examples on the scorecard, the facts of the job they shared here.

    The database refuses changes once the scorecard is locked. A referee who is asked again after the application
    came back to this stage gets a new scorecard; the old one was never locked.
    """

    class HireAgain(models.TextChoices):
        YES = "yes", _("Yes")
        UNSURE = "unsure", _("I am not sure")
        NO = "no", _("No")

    class Mode(models.TextChoices):
        LINK = "link", _("in writing, by link")
        PHONE = "phone", _("on the phone")

    class Why(models.TextChoices):
        TIME = "time", _("I have no time")
        POLICY = "policy", _("My company does not allow it, or confirms dates only")
        UNKNOWN = "unknown", _("I do not know their work well enough")
        WRONG = "wrong", _("I am not the person you mean")
        RATHER_NOT = "rather_not", _("I would rather not say")

    referee = models.OneToOneField(Referee, on_delete=models.PROTECT, related_name="reference")
    scorecard = models.OneToOneField(Scorecard, on_delete=models.PROTECT, related_name="reference")
    would_hire_again = models.CharField(_("would hire again"), max_length=6, choices=HireAgain, blank=True)
    role = models.CharField(_("role"), max_length=200, blank=True)
    worked_from = models.DateField(_("worked there from"), null=True, blank=True)
    worked_until = models.DateField(_("until"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    decline_reason = models.CharField(_("why not"), max_length=10, choices=Why, blank=True, db_default="")
    decline_note = models.TextField(_("in their words"), blank=True, db_default="")
    expired_at = models.DateTimeField(_("expired"), null=True, blank=True)
    mode = models.CharField(_("given"), max_length=5, choices=Mode, default=Mode.LINK, db_default=Mode.LINK)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )  # who wrote it down, of a reference on the phone
    began_at = models.DateTimeField(null=True)  # when the page was first shown to who answered it
    network = models.CharField(max_length=64, blank=True, db_default="")  # from which it was given, as a digest
    browser = models.CharField(max_length=64, blank=True, db_default="")

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
            models.CheckConstraint(condition=Q(mode__in=["link", "phone"]), name="reference_mode_known"),
            models.CheckConstraint(
                condition=Q(decline_reason__in=["", "time", "policy", "unknown", "wrong", "rather_not"]),
                name="reference_decline_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | Q(expired_at=None), name="reference_declined_or_expired"
            ),
        ]

    def __str__(self) -> str:
        return str(self.referee)


class SelfView(models.Model):
    """How the candidate sees themself on one criterion, said when they name referees: to read, never counted."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="self_views")
    criterion = models.CharField(max_length=40)
    competencies = models.JSONField(default=list)  # keys of the competencies that it told about then
    score = models.PositiveSmallIntegerField(_("score"))
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("candidate's own view")
        verbose_name_plural = _("candidates' own views")
        constraints = [
            models.UniqueConstraint(fields=["application", "criterion"], name="one_self_view_per_criterion"),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="self_view_on_the_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.score}"


class RefereeRequest(models.Model):
    """A referee wants a copy of what they said, or wants it deleted."""

    class Kind(models.TextChoices):
        COPY = "copy", _("a copy")
        DELETION = "deletion", _("deletion")

    referee = models.ForeignKey(Referee, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(_("wants"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("asked"))
    done_at = models.DateTimeField(_("seen to"), null=True)
    done_by_name = models.CharField(_("by"), max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("request of a referee")
        verbose_name_plural = _("requests of referees")
        constraints = [
            models.UniqueConstraint(
                fields=["referee", "kind"], condition=Q(done_at=None), name="one_open_request_per_referee_and_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=["copy", "deletion"]), name="referee_request_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.referee}: {self.get_kind_display()}"

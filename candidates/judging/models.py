"""One shape for every judgement of every stage, so that firewall, composite and reports are each written once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import Competency
from candidates.people.models import Application
from candidates.post.models import Ask
from candidates.stages import Stage


class Wording(models.Model):
    """The words that a scorecard was rated against: kept once, never changed, whatever a team edits later.

    `content` holds what `candidates.judging.wording` and the stages put into it:
    {"competencies": [{"key", "name", "meaning", "anchors": [5]}], ...}.
    """

    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")

    def __str__(self) -> str:
        return self.digest[:12]


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    """Scorecards, by their state."""

    def locked(self) -> ScorecardQuerySet:
        """Those that count."""
        return self.exclude(locked_at=None)


class Scorecard(models.Model):
    """One person's judgement of one application at one occasion; a draft until it is locked.

    The database refuses changes of a locked card and of its ratings.
    """

    class Kind(models.TextChoices):
        LETTER = "letter", _("cover letter read")
        PHONE = "phone", _("phone screen")
        INTERVIEW = "interview", _("interview")
        REFERENCE = "reference", _("reference")
        CHECK_IN = "check_in", _("trial check-in")
        EXERCISE = "exercise", _("written work")

    class Recommendation(models.TextChoices):
        STRONG_NO = "strong_no", _("strong no")
        NO = "no", _("no")
        YES = "yes", _("yes")
        STRONG_YES = "strong_yes", _("strong yes")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="scorecards")
    ask = models.OneToOneField(Ask, on_delete=models.PROTECT, related_name="scorecard")
    wording = models.ForeignKey(Wording, null=True, on_delete=models.PROTECT, related_name="scorecards")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="scorecards")
    rater_name = models.CharField(_("by"), max_length=200)
    recommendation = models.CharField(_("recommendation"), max_length=10, choices=Recommendation, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    saved_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(_("locked"), null=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["letter", "phone", "interview", "reference", "check_in", "exercise"]),
                name="scorecard_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(recommendation__in=["", "strong_no", "no", "yes", "strong_yes"]),
                name="scorecard_recommendation_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.rater_name}"

    @property
    def is_locked(self) -> bool:
        """Whether it counts and cannot be changed."""
        return self.locked_at is not None


class Rating(models.Model):
    """A score from 1 to 5 on one competency (or, for referees, one criterion), with the evidence in words."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="ratings")
    competency = models.ForeignKey(Competency, null=True, on_delete=models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=40, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    not_seen = models.BooleanField(_("not seen"), default=False, db_default=False)  # said so, not merely unrated yet
    evidence = models.TextField(_("evidence"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "competency", "criterion"], name="one_rating_each", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(1, 5)), name="rating_on_the_scale"),
            models.CheckConstraint(condition=Q(score=None) | Q(not_seen=False), name="rating_seen_or_not"),
            models.CheckConstraint(
                condition=Q(competency=None) & ~Q(criterion="") | Q(competency__isnull=False) & Q(criterion=""),
                name="rating_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competency or self.criterion}: {self.score}"


class Revision(models.Model):
    """A later edit of a locked scorecard, with its reason; the first lock stays as it was.

    `is_blind` says that its writer could not see others' judgements when it was made: only such a revision counts
    in the composite. Others are shown beside the card.
    """

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="revisions")
    at = models.DateTimeField(_("revised"))
    by_name = models.CharField(_("by"), max_length=200)
    reason = models.TextField(_("reason"))
    recommendation = models.CharField(_("recommendation"), max_length=10, choices=Scorecard.Recommendation, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    scores = models.JSONField(default=list)  # [{"competency": key, "score": 1-5 or null, "evidence": text}, ...]
    is_blind = models.BooleanField(_("counts"), default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="revision_has_a_reason"),
            models.CheckConstraint(
                condition=Q(recommendation__in=["", "strong_no", "no", "yes", "strong_yes"]),
                name="revision_recommendation_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard}: {self.reason}"


class Decision(models.Model):
    """What was decided on an application, by whom and why; and what the plan's rule said at that moment."""

    class Choice(models.TextChoices):
        GO_ON = "go_on", _("go on")
        WAIT = "wait", _("gather more evidence first")
        STOP = "stop", _("do not go on")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    choice = models.CharField(_("decision"), max_length=6, choices=Choice)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("decided"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(_("by"), max_length=200)
    rule_says = models.BooleanField(_("the rule says go on"), null=True)
    score = models.DecimalField(_("composite"), max_digits=3, decimal_places=2, null=True)
    is_override = models.BooleanField(_("against the rule"), default=False)
    data = models.JSONField(default=dict)  # the composite's lines as they were

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
            models.CheckConstraint(condition=Q(choice__in=["go_on", "wait", "stop"]), name="decision_choice_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="decision_stage_known"),
        ]
        indexes = [models.Index(fields=["application", "-at"], name="decision_by_application")]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_choice_display()}"

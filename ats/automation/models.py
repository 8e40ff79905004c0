"""Rules of plans, and what they made of what they met."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import HiringPlan
from candidates.people.models import Application, Event
from candidates.stages import Stage

AHEAD = "ahead"  # the occasion of a firing that keeps a rule from an application before anything happened
COMPLETE: dict[str, str] = {  # the event that tells that everything asked in a stage is in
    Stage.SCREENING: "screening.complete",
    Stage.INTERVIEWS: "interviews.complete",
    Stage.REFERENCES: "references.complete",
    Stage.TRIAL: "trial.verdict",
}
JUDGING = frozenset({"passes", "at_least", "below", "no_must_have_missed", "verdict", "no_flags"})  # conditions


class RuleQuerySet(models.QuerySet["Rule"]):
    """Rules, by whether they do anything."""

    def at_work(self) -> RuleQuerySet:
        """Those that suggest or act; written as the condition of the partial index."""
        return self.exclude(mode=Rule.Mode.OFF)


class Handling(models.Model):
    """One rule has dealt with one event, once. That it exists keeps the rule from acting again, also after an undo."""

    class Outcome(models.TextChoices):
        MOVED = "moved", _("moved")
        NOT_ALLOWED = "not_allowed", _("the plan does not allow it")
        NOT_MET = "not_met", _("the condition was not met")
        OVERTAKEN = "overtaken", _("a person moved it meanwhile")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="handlings")
    rule = models.CharField(max_length=60)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("automatic decision")
        verbose_name_plural = _("automatic decisions")
        constraints = [
            models.UniqueConstraint(fields=["event", "rule"], name="one_handling_per_event_and_rule"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["moved", "not_allowed", "not_met", "overtaken"]),
                name="handling_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.outcome}"


class Rule(models.Model):
    """What a plan does by itself, in plain words: when something happens, and things are so, then one thing is done."""

    class When(models.TextChoices):
        EVENT = "event", _("something happens")
        COMPLETE = "complete", _("everything that was asked in a stage is in")
        OVERDUE = "overdue", _("a deadline has passed")
        DAYS = "days", _("it stands in a stage for some days")
        OVER = "over", _("the composite reaches a score")
        UNDER = "under", _("the composite stays below a score")
        KNOCK_OUT = "knock_out", _("an answer of the form is a knock-out")

    class Then(models.TextChoices):
        MOVE = "move", _("go on to a stage")
        ASK = "ask", _("give a colleague a to-do")
        MAIL = "mail", _("write to the candidate")
        NOTE = "note", _("write a note")
        TELL = "tell", _("tell a colleague by mail")
        REJECT = "reject", _("plan a rejection")

    class Mode(models.TextChoices):
        OFF = "off", _("off")
        SUGGEST = "suggest", _("suggests")
        ACT = "act", _("acts")

    plan = models.ForeignKey(HiringPlan, on_delete=models.CASCADE, related_name="rules")
    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(max_length=60, blank=True)  # of a ready rule; empty for a team's own
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    when = models.CharField(_("when"), max_length=10, choices=When)
    event = models.CharField(_("which event"), max_length=60, blank=True)
    stage = models.CharField(_("in the stage"), max_length=20, blank=True)
    page = models.CharField(_("of which request"), max_length=60, blank=True)
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=3, decimal_places=2, null=True, blank=True)
    conditions = models.JSONField(_("and"), default=list, blank=True)
    then = models.CharField(_("then"), max_length=10, choices=Then)
    to_stage = models.CharField(_("to the stage"), max_length=20, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours until it is carried out"), null=True, blank=True)
    settings = models.JSONField(default=dict, blank=True)  # whom, in which words: what `then` needs
    mode = models.CharField(_("it"), max_length=10, choices=Mode, default=Mode.OFF, db_default=Mode.OFF)
    since = models.DateTimeField(_("since"), null=True, blank=True)  # what happened before is not acted on
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    changed_by_name = models.CharField(_("by"), max_length=200, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position", "pk"]
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        constraints = [
            models.UniqueConstraint(fields=["plan", "name"], name="one_rule_of_a_name_per_plan"),
            models.CheckConstraint(condition=models.Q(mode__in=["off", "suggest", "act"]), name="rule_mode_known"),
            models.CheckConstraint(
                condition=models.Q(mode="off") | models.Q(since__isnull=False), name="rule_at_work_since"
            ),
        ]
        indexes = [models.Index(fields=["plan"], condition=~models.Q(mode="off"), name="rule_at_work")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the event true that it listens to, by which the sweep finds its occasions."""
        self.event = self.listens_to
        super().save(*args, **kwargs)

    @property
    def listens_to(self) -> str:
        """The name of the event that is its occasion; empty for rules that look at the clock."""
        if self.when == self.When.EVENT:
            return self.event
        if self.when in (self.When.COMPLETE, self.When.OVER, self.When.UNDER):
            return COMPLETE.get(self.stage, "")
        return f"stage.{Stage.APPLIED}" if self.when == self.When.KNOCK_OUT else ""

    @property
    def moves(self) -> bool:
        """Whether it takes the application elsewhere; asking a manager for a hire and planning a no count as that."""
        return self.then in (self.Then.MOVE, self.Then.REJECT)

    @property
    def judges(self) -> bool:
        """Whether it looks at what people thought, so that that it acted tells something of it."""
        by_score = self.when in (self.When.OVER, self.When.UNDER) or self.event == COMPLETE[Stage.TRIAL]
        return by_score or any(one.get("kind") in JUDGING for one in self.conditions)

    @property
    def shipped_key(self) -> str:
        """What tells a ready rule from the others: its plan's name and its own key."""
        return f"{self.plan.name}: {self.key}"


class Firing(models.Model):
    """One rule met one occasion of one application, once: what it made of it, with the reason in words."""

    class Outcome(models.TextChoices):
        ACTED = "acted", _("acted")
        SUGGESTED = "suggested", _("suggests it")
        TAKEN = "taken", _("suggested it, and a person agreed")
        DISMISSED = "dismissed", _("suggested it, and a person did not agree")
        NOT_MET = "not_met", _("a condition was not met")
        OVERTAKEN = "overtaken", _("a person acted first")
        FAILED = "failed", _("could not be done")
        UNDONE = "undone", _("undone by a person")

    rule = models.ForeignKey(Rule, null=True, on_delete=models.SET_NULL, related_name="firings")
    rule_name = models.CharField(_("rule"), max_length=120)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="firings")
    occasion = models.CharField(max_length=100)  # "event:7", "ask:9", "stage:<since>": a rule meets each once
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="firings")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.TextField(_("because"), blank=True)
    at = models.DateTimeField(_("at"))
    data = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("firing of a rule")
        verbose_name_plural = _("firings of rules")
        constraints = [
            models.UniqueConstraint(fields=["rule", "application", "occasion"], name="one_firing_per_occasion"),
            models.CheckConstraint(
                condition=models.Q(
                    outcome__in=["acted", "suggested", "taken", "dismissed", "not_met", "overtaken", "failed", "undone"]
                ),
                name="firing_outcome_known",
            ),
        ]
        indexes = [
            models.Index(fields=["application", "-id"], name="firing_by_application"),
            models.Index(fields=["-at", "-id"], name="firing_by_time"),
            models.Index(fields=["-id"], condition=models.Q(outcome="suggested"), name="firing_suggested"),
            models.Index(
                fields=["-id"], condition=models.Q(outcome="failed", settled_at=None), name="firing_to_see_to"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_name}: {self.outcome}"

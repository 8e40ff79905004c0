"""What is asked of everybody, in the same words and order: as rows, so that a team can change it."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Competency, HiringPlan

FIVE = 5
LONGEST_PART = 120  # minutes


class Question(models.Model):
    """Something to ask, with what a weak and a strong answer sounds like. One in use is retired, never deleted."""

    class Family(models.TextChoices):
        BEHAVIOURAL = "behavioural", _("what you did")
        HYPOTHETICAL = "hypothetical", _("what you would do")
        OPINION = "opinion", _("opinion")
        OPEN = "open", _("open")
        MOTIVATION = "motivation", _("motivation")

    name = models.CharField(_("short name"), max_length=80, unique=True)
    text = models.TextField(_("question"), max_length=1000)
    family = models.CharField(_("family"), max_length=12, choices=Family)
    competencies: models.ManyToManyField[Competency, Any] = models.ManyToManyField(
        Competency, verbose_name=_("tells about"), related_name="+", blank=True
    )
    anchors = ArrayField(
        models.TextField(max_length=500), size=FIVE, default=list, blank=True, verbose_name=_("answers, from 1 to 5")
    )
    follow_ups = ArrayField(models.TextField(max_length=300), default=list, blank=True, verbose_name=_("follow-ups"))
    red_flags = ArrayField(models.TextField(max_length=300), default=list, blank=True, verbose_name=_("red flags"))
    is_scored = models.BooleanField(
        _("scored"), default=True, help_text=_("Small talk that ends interview mode is not.")
    )
    is_retired = models.BooleanField(_("retired"), default=False, help_text=_("Not offered for new kits."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(
                condition=Q(anchors__len=FIVE) | Q(is_scored=False), name="scored_question_has_five_anchors"
            ),
            models.CheckConstraint(
                condition=Q(family__in=["behavioural", "hypothetical", "opinion", "open", "motivation"]),
                name="question_family_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LadderRoute(models.Model):
    """A legitimate way to answer a behavioural question; none is an automatic zero."""

    class Key(models.TextChoices):
        DID = "did", _("did it")
        PROCEDURE = "procedure", _("followed the procedure, and says what they would do now")
        CUSTOMER = "customer", _("lived it as a customer, and says what they learned")
        NONE = "none", _("never had that, and did not try")  # a signal to note, no row of its own

    key = models.CharField(max_length=10, choices=Key, unique=True)
    name = models.CharField(_("route"), max_length=120)
    anchors = ArrayField(models.TextField(max_length=500), size=FIVE, verbose_name=_("answers, from 1 to 5"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("route to an answer")
        verbose_name_plural = _("routes to an answer")
        constraints = [
            models.CheckConstraint(condition=Q(anchors__len=FIVE), name="route_has_five_anchors"),
            models.CheckConstraint(condition=Q(key__in=["did", "procedure", "customer"]), name="route_known"),
        ]

    def __str__(self) -> str:
        return self.name


class DeescalationStep(models.Model):
    """One of the thirteen steps with an irate customer; coded yes, no or not applicable."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    name = models.CharField(_("step"), max_length=120)
    meaning = models.TextField(_("what counts"), max_length=500)
    in_writing = models.BooleanField(_("applies to writing"), default=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("step with an irate customer")
        verbose_name_plural = _("steps with an irate customer")
        constraints = [models.CheckConstraint(condition=Q(number__range=(1, 13)), name="step_number_known")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Exercise(models.Model):
    """A piece of work: in the conversation (teach, role-play, live edit) or in writing by link."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("support e-mail")
        INBOX = "inbox", _("inbox")
        SAMPLE = "sample", _("writing sample")
        ROLE_PLAY = "role_play", _("role-play")
        TEACH = "teach", _("teach me something")
        LIVE_EDIT = "live_edit", _("live edit")

    WRITTEN = (Kind.EMAIL, Kind.INBOX, Kind.SAMPLE)

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    brief = models.TextField(_("to the candidate"), max_length=4000)
    guide = models.TextField(_("to the interviewer or grader"), max_length=6000, blank=True)
    guards = ArrayField(
        models.TextField(max_length=500), default=list, blank=True, verbose_name=_("what to take care of")
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_PART)]
    )
    codes_steps = models.BooleanField(_("coded by the thirteen steps"), default=False)
    is_retired = models.BooleanField(_("retired"), default=False, help_text=_("Not offered for new kits and rounds."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["email", "inbox", "sample", "role_play", "teach", "live_edit"]),
                name="exercise_kind_known",
            ),
            models.CheckConstraint(condition=Q(minutes__range=(1, LONGEST_PART)), name="exercise_minutes_sensible"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_written(self) -> bool:
        """Whether candidates do it alone, by link, and others grade it blind."""
        return self.kind in self.WRITTEN


class RubricLine(models.Model):
    """What an exercise tells about one competency, with anchors of its own."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="rubric")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="+")
    look_for = models.TextField(_("what to look for"), max_length=500)
    anchors = ArrayField(models.TextField(max_length=500), size=FIVE, verbose_name=_("anchors, from 1 to 5"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("line of the rubric")
        verbose_name_plural = _("rubric")
        constraints = [
            models.UniqueConstraint(fields=["exercise", "competency"], name="one_rubric_line_per_competency"),
            models.CheckConstraint(condition=Q(anchors__len=FIVE), name="rubric_line_has_five_anchors"),
        ]

    def __str__(self) -> str:
        return str(self.competency)


class Case(models.Model):
    """One concrete case of an exercise: so that not everybody gets the one that stands on the internet."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="cases")
    name = models.CharField(_("name"), max_length=80)
    situation = models.TextField(_("situation, for the candidate"), max_length=4000)
    facts = models.TextField(_("what the representative can look up and do"), max_length=4000, blank=True)
    player = models.TextField(_("script of who plays the customer"), max_length=4000, blank=True)
    points = ArrayField(
        models.TextField(max_length=300), default=list, blank=True, verbose_name=_("what a complete answer has")
    )
    is_retired = models.BooleanField(_("retired"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [models.UniqueConstraint(fields=["exercise", "name"], name="one_case_per_name")]

    def __str__(self) -> str:
        return self.name


class CaseMail(models.Model):
    """What a customer writes in a case, and what they write back when they are answered."""

    class Urgency(models.IntegerChoices):
        NOW = 1, _("at once")
        TODAY = 2, _("today")
        CAN_WAIT = 3, _("can wait")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="mails")
    sender = models.CharField(_("customer"), max_length=80)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    text = models.TextField(_("text"), max_length=4000)
    writes_back = models.TextField(_("writes back when answered"), max_length=4000, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency, for graders"), choices=Urgency, default=Urgency.TODAY)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("customer's mail")
        verbose_name_plural = _("customers' mails")
        constraints = [models.CheckConstraint(condition=Q(urgency__range=(1, 3)), name="case_mail_urgency_known")]

    def __str__(self) -> str:
        return f"{self.sender}: {self.subject}"


class Kit(models.Model):
    """Questions and exercises in order, with minutes: the same for every candidate of a round."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    purpose = models.TextField(_("purpose"), max_length=1000)
    is_retired = models.BooleanField(_("retired"), default=False, help_text=_("Not offered for new rounds."))

    class Meta:
        ordering = ["name"]
        verbose_name = _("interview kit")
        verbose_name_plural = _("interview kits")

    def __str__(self) -> str:
        return self.name


class KitPart(models.Model):
    """One part of a kit: a question, an exercise (with one case, where it has some), or plain talk."""

    kit = models.ForeignKey(Kit, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.PROTECT, related_name="kit_parts")
    exercise = models.ForeignKey(Exercise, null=True, blank=True, on_delete=models.PROTECT, related_name="kit_parts")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="kit_parts")
    title = models.CharField(
        _("or plain talk"), max_length=120, blank=True, help_text=_("Welcome; their questions; what happens next.")
    )
    text = models.TextField(_("what to say"), max_length=2000, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=5, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_PART)]
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("part of the kit")
        verbose_name_plural = _("parts of the kit")
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=False, exercise=None, title="")
                | Q(question=None, exercise__isnull=False, title="")
                | Q(question=None, exercise=None) & ~Q(title=""),
                name="kit_part_is_one_thing",
                violation_error_message=_("Choose a question or an exercise, or write a title for plain talk."),
            ),
            models.CheckConstraint(
                condition=Q(case=None) | Q(exercise__isnull=False),
                name="kit_part_case_of_an_exercise",
                violation_error_message=_("A case goes with an exercise."),
            ),
            models.CheckConstraint(condition=Q(minutes__range=(1, LONGEST_PART)), name="kit_part_minutes_sensible"),
        ]

    def __str__(self) -> str:
        return str(self.question or self.exercise or self.title)


class Round(models.Model):
    """A step of a plan's interview stage: a conversation by a kit, or written work. Copied and locked with its plan."""

    class Kind(models.TextChoices):
        PANEL = "panel", _("one conversation with all interviewers")
        SEPARATE = "separate", _("one conversation with each interviewer")
        WRITTEN = "written", _("written work, graded blind")

    plan = models.ForeignKey(HiringPlan, on_delete=models.CASCADE, related_name="rounds")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PANEL)
    kit = models.ForeignKey(Kit, null=True, blank=True, on_delete=models.PROTECT, related_name="rounds")
    exercise = models.ForeignKey(Exercise, null=True, blank=True, on_delete=models.PROTECT, related_name="rounds")
    raters = models.PositiveSmallIntegerField(
        _("interviewers or graders"), default=2, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )

    class Meta:
        ordering = ["plan", "position", "pk"]
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["panel", "separate"], kit__isnull=False, exercise=None)
                | Q(kind="written", kit=None, exercise__isnull=False),
                name="round_has_its_content",
                violation_error_message=_("A conversation needs a kit, written work an exercise."),
            ),
            models.CheckConstraint(condition=Q(raters__range=(1, 10)), name="round_raters_sensible"),
            models.UniqueConstraint(fields=["plan", "name"], name="one_round_per_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_written(self) -> bool:
        """Whether it is done in writing, by link."""
        return self.kind == self.Kind.WRITTEN

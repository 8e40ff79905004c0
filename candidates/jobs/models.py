"""What is open, and by which plan people are hired for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from candidates.stages import OPEN, Stage

COUNTRY = RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters, as in NL."))
CURRENCY = RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters, as in EUR."))


class Competency(models.Model):
    """One trait on which people are judged, with five behavioural anchors from worst to best."""

    class Trainable(models.TextChoices):
        HARD = "hard", _("hard to train")
        PARTLY = "partly", _("partly trainable")
        TECHNIQUE = "technique", _("its technique is trainable")
        YES = "yes", _("trainable")

    name = models.CharField(_("name"), max_length=80, unique=True)
    meaning = models.TextField(_("what to look for"))
    trainable = models.CharField(_("trainable"), max_length=10, choices=Trainable)
    anchors = ArrayField(models.TextField(), size=5, verbose_name=_("anchors, from 1 to 5"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")
        constraints = [models.CheckConstraint(condition=Q(anchors__len=5), name="competency_has_five_anchors")]

    def __str__(self) -> str:
        return self.name


class HiringPlan(models.Model):
    """How one job hires: competencies, deadlines, the decision rule, what may happen by itself.

    A plan without a `copied_from` is a template. Opening a job copies it; the copy is locked by the first
    application (the database refuses changes from then on) and a later change is a copy with a higher version.
    """

    name = models.CharField(_("name"), max_length=120)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies")
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True, editable=False)
    competencies: models.ManyToManyField[Competency, Any] = models.ManyToManyField(Competency, through="PlanCompetency")
    interviewers = models.PositiveSmallIntegerField(_("interviewers"), default=2, validators=[MinValueValidator(1)])
    referees = models.PositiveSmallIntegerField(_("referees"), default=2, validators=[MinValueValidator(1)])
    trial_days = models.PositiveSmallIntegerField(_("days of trial"), default=28, validators=[MinValueValidator(1)])
    check_in_days = models.PositiveSmallIntegerField(
        _("days between check-ins"), default=7, validators=[MinValueValidator(1)]
    )
    line = models.DecimalField(
        _("composite needed to go on"),
        max_digits=3,
        decimal_places=2,
        default="3.50",
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    undo_minutes = models.PositiveSmallIntegerField(
        _("minutes to undo"), default=10, help_text=_("How long the mails of an automatic move wait for an undo.")
    )
    rejection_hours = models.PositiveSmallIntegerField(
        _("hours until a rejection is carried out"),
        default=24,
        db_default=24,
        help_text=_("Until then it can be taken back and nobody has heard of it. 0: at once."),
    )
    raters = models.PositiveSmallIntegerField(
        _("raters that a competency needs"),
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("The rule says go on only when every competency was rated by so many."),
    )
    shows_resume = models.BooleanField(
        _("show the résumé to interviewers"),
        default=True,
        db_default=True,
        help_text=_("Without it they judge what they hear."),
    )
    card_reminder_hours = models.PositiveSmallIntegerField(
        _("hours between reminders for a scorecard"),
        default=24,
        db_default=24,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("The first one comes an hour after the interview."),
    )
    card_reminders = models.PositiveSmallIntegerField(
        _("reminders for a scorecard"),
        default=2,
        db_default=2,
        validators=[MaxValueValidator(10)],
        help_text=_("After the last one the recruiters are told."),
    )
    reschedules = models.PositiveSmallIntegerField(
        _("how often a candidate may change a time"), default=2, db_default=2, validators=[MaxValueValidator(20)]
    )
    reschedule_hours = models.PositiveSmallIntegerField(
        _("hours before, until which they may"), default=12, db_default=12, validators=[MaxValueValidator(240)]
    )
    hides_identity = models.BooleanField(
        _("hide who wrote a letter from its reader"),
        default=False,
        db_default=False,
        help_text=_("Name, mail, phone, links and what the letter itself says of them are masked while it is read."),
    )

    class Meta:
        ordering = ["name", "-version"]
        verbose_name = _("hiring plan")
        verbose_name_plural = _("hiring plans")
        constraints = [
            models.CheckConstraint(condition=Q(line__gte=1, line__lte=5), name="plan_line_on_the_scale"),
            models.CheckConstraint(condition=Q(check_in_days__gte=1), name="plan_check_in_days_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def time_for(self, stage: str) -> PlanStage:
        """The deadline and reminder of `stage`; a plan that names none has a week and two days."""
        for row in self.stages.all():
            if row.stage == stage:
                return row
        return PlanStage(plan=self, stage=stage)


class PlanCompetency(models.Model):
    """How much one competency weighs in a plan, and whether missing it ends the matter."""

    plan = models.ForeignKey(HiringPlan, on_delete=models.CASCADE, related_name="weights")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    must_have = models.BooleanField(_("must have"), default=False, help_text=_("An average below 3 misses it."))

    class Meta:
        ordering = ["plan", "-weight", "competency__position"]
        verbose_name = _("competency of the plan")
        verbose_name_plural = _("competencies of the plan")
        constraints = [
            models.UniqueConstraint(fields=["plan", "competency"], name="one_weight_per_plan_and_competency"),
            models.CheckConstraint(condition=Q(weight__range=(1, 5)), name="plan_weight_on_the_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.competency} x {self.weight}"


class EscalateTo(models.TextChoices):
    """Who is told that nothing came."""

    RECRUITERS = "recruiters", _("the recruiters")
    MANAGER = "manager", _("the hiring manager")
    BOTH = "both", _("recruiters and hiring manager")


class PlanStage(models.Model):
    """How long people have in one stage, and how long before the deadline they are reminded."""

    plan = models.ForeignKey(HiringPlan, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(_("stage"), max_length=20, choices=[(stage.value, stage.label) for stage in OPEN])
    days = models.PositiveSmallIntegerField(_("days to answer"), default=7, validators=[MinValueValidator(1)])
    remind_days = models.PositiveSmallIntegerField(_("remind days before"), default=2)
    remind_again_days = models.PositiveSmallIntegerField(
        _("and once more, days before"), null=True, blank=True, help_text=_("Empty: not.")
    )
    remind_last_days = models.PositiveSmallIntegerField(
        _("last reminder, days after"), null=True, blank=True, default=0, db_default=0, help_text=_("Empty: none.")
    )
    escalate_days = models.PositiveSmallIntegerField(
        _("tell others, days after"), null=True, blank=True, help_text=_("Empty: never.")
    )
    escalate_to = models.CharField(
        _("whom"), max_length=10, choices=EscalateTo, default=EscalateTo.RECRUITERS, db_default=EscalateTo.RECRUITERS
    )
    working_days = models.BooleanField(
        _("count working days"),
        default=False,
        db_default=False,
        help_text=_("Weekends and holidays of the person asked do not count."),
    )

    class Meta:
        ordering = ["plan", "id"]
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            models.UniqueConstraint(fields=["plan", "stage"], name="one_deadline_per_plan_and_stage"),
            models.CheckConstraint(condition=Q(stage__in=[stage.value for stage in OPEN]), name="plan_stage_open"),
        ]

    def __str__(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def allowed(self) -> timedelta:
        """From the request to the deadline."""
        return timedelta(days=self.days)

    @property
    def notice(self) -> timedelta:
        """From the first reminder to the deadline."""
        return timedelta(days=self.remind_days)


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs, by who may see them."""

    def listed(self) -> JobQuerySet:
        """What the career page shows."""
        return self.filter(status=Job.Status.OPEN)

    def open_at(self, at: datetime) -> JobQuerySet:
        """What takes applications at `at`: open, and its closing date has not come, swept or not."""
        return self.listed().filter(Q(closes_at=None) | Q(closes_at__gt=at))

    def visible_to(self, user: Any) -> JobQuerySet:
        """The jobs that `user` recruits or decides on; administrators see all, strangers none."""
        if not (user.is_active and user.is_staff):
            return self.none()
        if user.is_superuser:
            return self
        mine = Q(pk__in=Job.recruiters.through.objects.filter(user_id=user.pk).values("job_id"))
        return self.filter(mine | Q(hiring_manager=user))


class Job(models.Model):
    """A requisition: what is open, where, for whom it works, and who hires for it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")

    class Channel(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        CHAT = "chat", _("chat")
        SOCIAL = "social", _("social media")

    class Employment(models.TextChoices):
        FULL_TIME = "FULL_TIME", _("full time")
        PART_TIME = "PART_TIME", _("part time")
        CONTRACTOR = "CONTRACTOR", _("freelance")
        TEMPORARY = "TEMPORARY", _("temporary")
        INTERN = "INTERN", _("internship")

    class Period(models.TextChoices):
        HOUR = "HOUR", _("an hour")
        DAY = "DAY", _("a day")
        WEEK = "WEEK", _("a week")
        MONTH = "MONTH", _("a month")
        YEAR = "YEAR", _("a year")

    title = models.CharField(_("title"), max_length=150)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    description = models.TextField(_("description"))
    letter_prompt = models.TextField(_("question for the cover letter"), blank=True)
    team = models.CharField(_("team"), max_length=80, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    street = models.CharField(_("street and number"), max_length=120, blank=True, db_default="")
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True, db_default="")
    region = models.CharField(_("region"), max_length=80, blank=True, db_default="")
    country = models.CharField(
        _("country"), max_length=2, blank=True, db_default="", validators=[COUNTRY], help_text=_("Two letters: NL.")
    )
    remote = models.BooleanField(_("remote"), default=False)
    remote_countries = ArrayField(
        models.CharField(max_length=2, validators=[COUNTRY]),
        verbose_name=_("remote from"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_("Countries from which people may work, two letters each, separated by commas: NL, BE."),
    )
    zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", help_text=_("An IANA name: Europe/Amsterdam.")
    )
    employment = models.CharField(
        _("employment"),
        max_length=10,
        choices=Employment,
        default=Employment.FULL_TIME,
        db_default=Employment.FULL_TIME,
    )
    language = models.CharField(
        _("language of the advert"), max_length=10, default="en", db_default="en", help_text=_("Two letters: en.")
    )
    hours = models.CharField(_("hours a week"), max_length=40, blank=True)
    pay_from = models.PositiveIntegerField(_("pay from"), null=True, blank=True)
    pay_to = models.PositiveIntegerField(_("pay to"), null=True, blank=True)
    pay_currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        db_default="",
        validators=[CURRENCY],
        help_text=_("Three letters: EUR."),
    )
    pay_period = models.CharField(
        _("pay per"), max_length=5, choices=Period, default=Period.MONTH, db_default=Period.MONTH
    )
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel), verbose_name=_("channels"), default=list, blank=True
    )
    languages = ArrayField(
        models.CharField(max_length=40), verbose_name=_("languages served"), default=list, blank=True
    )
    openings = models.PositiveSmallIntegerField(_("openings"), default=1)
    hiring_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="jobs_managed",
        verbose_name=_("hiring manager"),
    )
    recruiters: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="jobs_recruited", verbose_name=_("recruiters"), blank=True
    )
    plan = models.ForeignKey(HiringPlan, on_delete=models.PROTECT, related_name="jobs", verbose_name=_("hiring plan"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True, editable=False)
    closes_at = models.DateTimeField(
        _("closes"), null=True, blank=True, help_text=_("From then on it takes no applications, by itself.")
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "open", "paused", "closed"]), name="job_status_known"
            ),
            models.CheckConstraint(
                condition=Q(pay_from=None) | Q(pay_to=None) | Q(pay_from__lte=models.F("pay_to")),
                name="job_pay_in_order",
            ),
            models.CheckConstraint(
                condition=Q(pay_period__in=["HOUR", "DAY", "WEEK", "MONTH", "YEAR"]), name="job_pay_period_known"
            ),
            models.CheckConstraint(
                condition=Q(employment__in=["FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN"]),
                name="job_employment_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_open_at(self, at: datetime) -> bool:
        """Whether it takes applications at `at`; the same as `open_at` for a row that was read."""
        return self.status == self.Status.OPEN and (self.closes_at is None or self.closes_at > at)

    def get_absolute_url(self) -> str:
        """The job's public page."""
        return reverse("careers:job", args=[self.slug])


class JobQuestion(models.Model):
    """A question on a job's application form. Some answers mark an application; none ever rejects one."""

    class Kind(models.TextChoices):
        TEXT = "text", _("a line of text")
        LONG_TEXT = "long_text", _("a longer text")
        CHOICE = "choice", _("one of several")
        SEVERAL = "several", _("several of several")
        YES_NO = "yes_no", _("yes or no")
        NUMBER = "number", _("a number")
        DATE = "date", _("a date")
        FILE = "file", _("a file")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("answered by"), max_length=10, choices=Kind, default=Kind.TEXT)
    label = models.CharField(_("question"), max_length=300)
    help = models.CharField(_("explanation"), max_length=300, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    choices = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("choices"),
        default=list,
        blank=True,
        help_text=_("For one or several of several."),
    )
    marking = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("answers that mark an application"),
        default=list,
        blank=True,
        help_text=_("For choices: those of them; for yes or no: yes or no. A person still decides."),
    )
    at_least = models.DecimalField(
        _("marked below"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=_("For a number.")
    )
    at_most = models.DecimalField(
        _("marked above"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=_("For a number.")
    )
    is_retired = models.BooleanField(_("no longer asked"), default=False)

    class Meta:
        ordering = ["job", "position", "pk"]
        verbose_name = _("question of the form")
        verbose_name_plural = _("questions of the form")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["text", "long_text", "choice", "several", "yes_no", "number", "date", "file"]),
                name="job_question_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["choice", "several"]) | Q(choices__len__gte=2), name="job_question_has_choices"
            ),
        ]

    def __str__(self) -> str:
        return self.label

"""Which pages `make shots` takes: a table of name, who looks, and where. Run inside an instance, it prints JSON.

A new page is a new line in PAGES.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass

import django
from django.urls import reverse

django.setup()

from django.db.models import Count, Q  # noqa: E402 - models exist only after setup

from ats.automation.models import Firing, Rule  # noqa: E402
from candidates.jobs.models import HiringPlan, Job  # noqa: E402
from candidates.people.models import Application  # noqa: E402
from candidates.post import links  # noqa: E402
from candidates.post.models import Ask, Message  # noqa: E402
from candidates.stages import Stage  # noqa: E402
from interviews.models import Interviewer, Kit  # noqa: E402
from references.models import Questionnaire  # noqa: E402
from trials.models import Trial  # noqa: E402


class Missing(Exception):
    """The demo has no row for this page."""


@dataclass(frozen=True)
class Page:
    """One picture: its name, who looks (`public`, a role, or a user name of the demo), and what gives its address."""

    name: str
    who: str
    address: Callable[[], str]


def named(view: str, *arguments: object) -> Callable[[], str]:
    """The address of a view."""
    return lambda: reverse(view, args=arguments)


def of_job(view: str) -> Callable[[], str]:
    """A page of an open job."""
    return lambda: reverse(view, args=[_first(Job.objects.filter(status="open"), "open job").slug])


def of_kit(view: str) -> Callable[[], str]:
    """A page of a kit."""
    return lambda: reverse(view, args=[_first(Kit.objects.order_by("pk"), "interview kit").pk])


def of_questionnaire(view: str) -> Callable[[], str]:
    """A page of a questionnaire for referees."""
    return lambda: reverse(view, args=[_first(Questionnaire.objects.order_by("pk"), "questionnaire").pk])


def of_application(view: str, stage: Stage, *more: object) -> Callable[[], str]:
    """A page of the desk about an application in `stage`."""
    return lambda: reverse(view, args=[_in(stage).pk, *more])


def of_candidate(stage: Stage) -> Callable[[], str]:
    """The candidate's own page, by the link of a mail."""
    return lambda: links.application_url(_in(stage))


def of_ask(page: str, *, answered: bool = False, role: str = "") -> Callable[[], str]:
    """The page that answers a request, by the link of its mail; of somebody in this role, where one is named."""
    return lambda: links.ask_url(_ask(page, answered, role))


def of_debrief() -> str:
    """The debrief of an application with graded work that left the interviews: all is in."""
    later = Application.objects.filter(stage__in=(Stage.REFERENCES, Stage.TRIAL, Stage.HIRED))
    graded = later.filter(submissions__gradings__scorecard__locked_at__isnull=False).order_by("-stage_since", "pk")
    return reverse("desk:debrief", args=[_first(graded, "application with graded work").pk])


def of_interviewer() -> str:
    """An interviewer's own times, by their personal link."""
    one = _first(Interviewer.objects.order_by("pk"), "interviewer")
    return reverse("interviews:times", args=[links.personal_token("interviewer", one.pk)])


def of_reference(view: str) -> Callable[[], str]:
    """A page of the desk about a reference that is waited for."""
    return lambda: reverse(view, args=[_ask("references:answer", False).scorecard.reference.pk])


def of_trial(what: str) -> Callable[[], str]:
    """The page on which a recruiter does something with a trial that goes on."""
    going = Trial.objects.current().filter(application__stage=Stage.TRIAL, verdicts=None).exclude(agreed_at=None)
    return lambda: reverse("desk:trial_act", args=[_first(going, "trial that goes on").pk, what])


def of_rules(view: str) -> Callable[[], str]:
    """A page about the rules of the plan of which most are at work."""
    at_work = Count("rules", filter=~Q(rules__mode=Rule.Mode.OFF))
    plans = HiringPlan.objects.annotate(at_work=at_work).filter(at_work__gt=0).order_by("-at_work", "pk")
    return lambda: reverse(view, args=[_first(plans, "plan with rules at work").pk])


def of_firing(view: str, *outcomes: str) -> Callable[[], str]:
    """The page on which a person answers to what a rule did or suggests."""
    firings = Firing.objects.filter(outcome__in=outcomes, rule__isnull=False).order_by("-pk")
    return lambda: reverse(view, args=[_first(firings, f"firing that is {outcomes[0]}").pk])


def of_waiting_mail() -> str:
    """The page on which a recruiter decides on a mail that has not left."""
    waiting = Message.objects.filter(status__in=["queued", "held"], application__isnull=False).order_by("next_try_at")
    return reverse("admin:candidates_message_change", args=[_first(waiting, "mail that waits").pk])


def of_person(view: str) -> Callable[[], str]:
    """A page of the desk about a candidate."""
    return lambda: reverse(view, args=[_in(Stage.REJECTED).candidate_id])


def of_mail() -> str:
    """The newest mail, found on the list by whoever takes the picture."""
    return reverse("dev:mailbox") + "#first"


def _ask(page: str, answered: bool, role: str = "") -> Ask:
    asks = Ask.objects.filter(page=page, cancelled_at=None, answered_at__isnull=not answered)
    asks = asks.filter(role=role) if role else asks
    return _first(asks.order_by("-expires_at"), f"request for {page}")


def _in(stage: Stage) -> Application:
    return _first(Application.objects.filter(stage=stage).order_by("pk"), f"application in {stage}")


def _first(rows, what):  # type: ignore[no-untyped-def]
    row = rows.first()
    if row is None:
        raise Missing(f"the demo has no {what}")
    return row


DETAIL = "admin:candidates_application_change"
PAGES = [
    Page("career-list", "public", named("careers:jobs")),
    Page("career-job", "public", of_job("careers:job")),
    Page("career-apply", "public", of_job("careers:apply")),
    Page("career-draft-over", "public", named("careers:resume", "unknown")),
    Page("career-thanks", "public", of_job("careers:thanks")),
    Page("career-privacy", "public", named("careers:privacy")),
    Page("candidate", "public", of_candidate(Stage.INTERVIEWS)),
    Page("candidate-ended", "public", of_candidate(Stage.REJECTED)),
    Page("sign-in", "public", named("admin:login")),
    Page("desk-home", "recruiter", named("admin:index")),
    Page("desk-applications", "recruiter", named("admin:candidates_application_changelist")),
    *[Page(f"desk-application-{stage}", "recruiter", of_application(DETAIL, stage)) for stage in Stage],
    Page("desk-confirm-reject", "recruiter",
         of_application("admin:candidates_application_move", Stage.SCREENING, Stage.REJECTED)),
    Page("desk-confirm-interviews", "recruiter",
         of_application("admin:candidates_application_move", Stage.SCREENING, Stage.INTERVIEWS)),
    Page("desk-interview-arrange", "recruiter", of_application("desk:interview_arrange", Stage.INTERVIEWS)),
    Page("desk-reference-name", "recruiter", of_application("desk:reference_name", Stage.REFERENCES)),
    Page("desk-reference-replace", "recruiter", of_reference("desk:reference_replace")),
    Page("desk-trial-pause", "recruiter", of_trial("pause")),
    Page("desk-trial-extend", "recruiter", of_trial("extend")),
    Page("desk-letter-send", "recruiter", of_application("desk:letter_send", Stage.HIRED)),
    Page("desk-development", "recruiter", of_application("desk:development", Stage.HIRED)),
    Page("desk-queue", "recruiter", named("desk:queue")),
    Page("desk-planned-rejections", "recruiter", named("desk:rejections")),
    Page("desk-agreement", "recruiter", named("desk:agreement")),
    Page("desk-engine", "administrator", named("desk:engine")),
    Page("desk-rules-plans", "recruiter", named("desk:rules_plans")),
    Page("desk-rules", "recruiter", of_rules("desk:rules")),
    Page("desk-rule-new", "recruiter", of_rules("desk:rule_new")),
    Page("desk-rule-suggested", "recruiter", of_firing("desk:rule_take", "suggested")),
    Page("desk-rule-undo", "recruiter", of_firing("desk:rule_undo", "acted")),
    Page("desk-firings", "recruiter", named("admin:ats_firing_changelist")),
    Page("desk-mails", "recruiter", named("admin:candidates_message_changelist")),
    Page("desk-mail", "recruiter", of_waiting_mail),
    Page("desk-mail-text", "administrator", named("admin:candidates_mailtext_add")),
    Page("desk-replies", "recruiter", named("desk:replies")),
    Page("desk-erase", "recruiter", of_person("desk:erase")),
    Page("desk-deliverability", "administrator", named("desk:deliverability")),
    Page("desk-connections", "recruiter", named("desk:connections")),
    Page("desk-debrief", "recruiter", of_debrief),
    Page("desk-overrides", "recruiter", named("desk:overrides")),
    Page("desk-kits", "recruiter", named("admin:interviews_kit_changelist")),
    Page("desk-kit", "recruiter", of_kit("admin:interviews_kit_change")),
    Page("desk-kit-print", "recruiter", of_kit("desk:kit")),
    Page("desk-questionnaire", "recruiter", of_questionnaire("admin:references_questionnaire_change")),
    Page("desk-questionnaire-preview", "recruiter", of_questionnaire("admin:references_questionnaire_preview")),
    Page("desk-questions", "recruiter", named("admin:interviews_question_changelist")),
    Page("desk-jobs", "recruiter", named("admin:candidates_job_changelist")),
    Page("desk-imports", "recruiter", named("importing:imports")),
    Page("desk-import-new", "recruiter", named("importing:upload")),
    Page("screening-letter", "public", of_ask("screening:letter")),
    Page("screening-phone", "public", of_ask("screening:phone")),
    Page("candidate-call-time", "public", of_ask("screening:choose_time")),
    Page("desk-call-times", "recruiter", named("desk:calls")),
    Page("desk-my-reminders", "recruiter", named("desk:my_reminders")),
    Page("desk-reminders", "recruiter", named("admin:candidates_reminder_changelist")),
    Page("candidate-interview-time", "public", of_ask("interviews:choose_time")),
    Page("interviewer-times", "public", of_interviewer),
    Page("candidate-exercise", "public", of_ask("interviews:exercise")),
    Page("grader-work", "public", of_ask("interviews:grade")),
    Page("desk-interviewers", "recruiter", named("admin:interviews_interviewer_changelist")),
    Page("interviewer-scorecard", "public", of_ask("interviews:scorecard")),
    Page("interviewer-locked", "public", of_ask("interviews:scorecard", answered=True)),
    Page("candidate-referees", "public", of_ask("references:name_referees")),
    Page("referee-answer", "public", of_ask("references:answer")),
    Page("referee-given", "public", of_ask("references:answer", answered=True)),
    Page("desk-reference-phone", "recruiter", of_reference("desk:reference_phone")),
    Page("trial-offer", "public", of_ask("trials:offer")),
    Page("trial-check-in", "public", of_ask("trials:check_in", role="buddy")),
    Page("trial-check-in-own", "public", of_ask("trials:check_in", role="candidate")),
    Page("trial-verdict", "public", of_ask("trials:verdict")),
    Page("trial-letter", "public", of_ask("trials:letter", answered=True)),
    Page("approval", "milan", of_ask("desk:approval")),
    Page("pool-join", "public", named("sourcing:join")),
    Page("pool-sent", "public", named("sourcing:sent")),
    Page("desk-duplicates", "recruiter", named("desk:duplicates")),
    Page("desk-figures", "recruiter", named("desk:figures")),
    Page("desk-figures-new", "recruiter", named("desk:figures_new")),
    Page("desk-agents", "recruiter", named("desk:agents")),
    Page("desk-pool", "recruiter", named("admin:candidates_poolmember_changelist")),
    Page("desk-referrers", "recruiter", named("admin:candidates_referrer_changelist")),
    Page("mailbox", "public", named("dev:mailbox")),
    Page("mailbox-mail", "public", of_mail),
    Page("error-404", "public", lambda: "/no-such-page/"),
    Page("error-link", "public", named("post:enter", "unknown")),
]  # fmt: skip


def main() -> None:
    """Print the table: for every page who looks and where, or why there is nothing to see."""
    rows = []
    for page in PAGES:
        try:
            rows.append({"name": page.name, "who": page.who, "address": page.address()})
        except Missing as missing:
            rows.append({"name": page.name, "who": page.who, "missing": str(missing)})
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    main()

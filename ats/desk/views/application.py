"""One application on one page: who, evidence, next, and the timeline; with what is done in place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ats import pipeline
from ats.automation import coming, undoing
from ats.automation.coming import Next
from ats.automation.models import Firing, Rule
from ats.desk import evidence, identity, reminding, roles, timeline, trial, words
from ats.desk.actions import add_note
from ats.desk.forms import NoteForm, OverrideForm
from ats.rejections import actions as rejections
from ats.rejections.models import PlannedRejection
from candidates.judging import firewall
from candidates.people.actors import Actor, ActorKind
from candidates.people.models import Answer, Application, Document, Event
from candidates.pipeline import NotAllowed
from candidates.post import holding
from candidates.post.inbound.models import Reply
from candidates.post.models import GRADING, Ask
from candidates.stages import OPEN, Stage
from interviews.models import Submission
from references.models import SelfView

PUT_AWAY = timedelta(days=1000)  # what opens later belongs to a paused trial, and to nobody's day
SHOWN = 3  # of what rules did last
TEMPLATE = "admin/candidates/application/change_form.html"


@dataclass(frozen=True)
class Button:
    """A step that can be taken from here; one is the way forward, others lead back or end the way."""

    label: str | Promise
    detail: str | Promise
    url: str
    is_forward: bool
    is_end: bool


@dataclass(frozen=True)
class Waiting:
    """An open ask and how it stands."""

    ask: Ask
    is_begun: bool
    is_late: bool


@dataclass(frozen=True)
class Undo:
    """An automatic move that can be taken back."""

    rule: str
    at: datetime
    url: str


@dataclass(frozen=True)
class Panel:
    """What rules did, suggest and will do; nothing of it for who owes a rating, as it tells what others thought."""

    asking: list[Firing]  # suggestions, and what could not be done
    done: list[tuple[Firing, str]]  # with why it cannot be undone; empty when it can
    next: list[Next]


def find(request: HttpRequest, pk: int) -> Any:
    """The application with what its pages show.

    Raises:
        Http404: none, or none that the signed-in person may see.
    """
    visible = Application.objects.visible_to(request.user)
    related = visible.select_related("candidate", "job__hiring_manager", "plan__reference_plan").annotate(
        has_answers=Exists(Answer.objects.filter(application=OuterRef("pk"))),
        is_planned=Exists(PlannedRejection.objects.standing().filter(application=OuterRef("pk"))),
        has_self_views=Exists(SelfView.objects.filter(application=OuterRef("pk"))),
        has_works=Exists(Submission.objects.filter(application=OuterRef("pk"))),
        owes_nothing=ExpressionWrapper(firewall.owes_nothing(request.user, now()), BooleanField()),
        has_waiting=Exists(holding.waiting(OuterRef("pk"))),
        is_told=ExpressionWrapper(firewall.open_for(request.user, now()), BooleanField()),
        is_hidden=identity.hides(request.user, "pk"),
        has_rules=Exists(Rule.objects.at_work().filter(plan=OuterRef("plan"))),
        has_replies=Exists(Reply.objects.filter(application=OuterRef("pk"), state=Reply.State.TAKEN)),
        has_firings=Exists(Firing.objects.filter(application=OuterRef("pk"))),
    )
    return get_object_or_404(related.prefetch_related("job__recruiters"), pk=pk)


def url_of(application: Application) -> str:
    """The page of `application`."""
    return reverse("admin:candidates_application_change", args=[application.pk])


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything that is needed to decide; writes nothing. Who is to read it blind is led to the reading."""
    application = find(request, pk)
    if application.is_hidden:
        return identity.lead(request, pk)
    return _render(request, application, now(), NoteForm())


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a note."""
    application = find(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _render(request, application, now(), form)
    add_note(application, text=form.cleaned_data["text"], at=now(), by=_user(request))
    return redirect(url_of(application) + "#timeline")


@require_POST
def override(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the judgements before all are in, with a reason that stays on the timeline."""
    application = find(request, pk)
    if not roles.may_work_on(request.user, application):
        raise PermissionDenied
    form = OverrideForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        firewall.override(application, reason=reason, at=now(), by=Actor.person(_user(request)))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(url_of(application) + "#evidence")


@require_POST
def undo_rejection(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a planned rejection back; goes back to the page of ours on which it was pressed."""
    application = find(request, pk)
    if not roles.recruits(request.user, application.job):
        raise PermissionDenied
    planned = PlannedRejection.objects.filter(application=application).order_by("pk").last()
    try:
        if planned is None:
            raise NotAllowed(_("No rejection of this application is planned."))
        rejections.undo(planned, at=now(), by=Actor.person(_user(request)))
    except NotAllowed as refusal:
        messages.error(request, f"{application.candidate.name}: {refusal}")
    else:
        messages.success(
            request, _("Undone. %(name)s is not rejected and gets no mail.") % {"name": application.candidate.name}
        )
    return _back(request, application)


def _back(request: HttpRequest, application: Application) -> HttpResponseRedirect:
    """To the page that `back` names, if it is one of ours, or to the application's own."""
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.isprintable()
    return redirect(back if is_ours else url_of(application))


def _render(request: HttpRequest, application: Any, at: datetime, form: NoteForm) -> HttpResponse:
    happened, owes = timeline.events(application), not application.owes_nothing
    waiting = _waiting(application, at)
    is_told = not owes and (application.has_rules or application.has_firings)
    panel = _panel(application, waiting["asks"]) if is_told else None
    context = {
        "application": application,
        "in_stage": words.days_in_stage(application.days_in_stage(at)),
        **waiting,
        "owes": owes,
        "by_itself": panel,
        **_who(request, application),
        **_evidence(request, application, at, owes),
        **_next(request, application, happened, panel),
        **_timeline(request, application, happened, not owes),
        "note_form": form,
    }
    return render(request, TEMPLATE, admin.site.each_context(request) | context)


def _who(request: HttpRequest, application: Application) -> dict[str, Any]:
    visible = Application.objects.visible_to(request.user).filter(candidate=application.candidate_id)
    others = visible.filter(identity.named_to(request.user, "pk"))
    return {
        "candidate": application.candidate,
        "job": application.job,
        "others": others.exclude(pk=application.pk).select_related("job").defer("letter"),
    }


def _evidence(request: HttpRequest, application: Any, at: datetime, owes: bool) -> dict[str, Any]:
    gathered = evidence.gather(application, at=at, reader=request.user, is_open=application.is_told)
    return {
        "documents": _documents(application),
        "answers": _answers(request, application),
        "evidence": gathered,
        "may_override": not (gathered.is_open or owes) and roles.may_work_on(request.user, application),
        "override_form": OverrideForm(),
        "trial": trial.of(application),
    }


def _answers(request: HttpRequest, application: Any) -> Iterable[Answer]:
    """What was answered to the job's questions, for its recruiters alone."""
    if not (application.has_answers and roles.recruits(request.user, application.job)):
        return []
    return application.answers.select_related("document")


def _documents(application: Application) -> QuerySet[Document]:
    """Its files, and whether their words could be read, without the words themselves."""
    apart = (Document.Kind.ANSWER, Document.Kind.OFFER)  # those stand beside their questions, and in a panel of letters
    files = application.documents.exclude(kind__in=apart)
    return files.select_related("words").defer("words__text", "words__vector")


def _next(request: HttpRequest, application: Application, happened: list[Event], panel: Panel | None) -> dict[str, Any]:
    may_work = roles.may_work_on(request.user, application)
    return {
        "buttons": buttons(application) if may_work else [],
        "undo": _undo(application, happened, panel) if may_work else None,
        "planned": _planned(application),
        "may_work": may_work,
    }


def _planned(application: Any) -> PlannedRejection | None:
    return (
        PlannedRejection.objects.standing().filter(application=application).first() if application.is_planned else None
    )


def _timeline(request: HttpRequest, application: Any, happened: list[Event], remarks: bool) -> dict[str, Any]:
    only, gradings = request.GET.get("show", ""), application.is_told
    written = timeline.mails(application, gradings=gradings)
    told = timeline.entries(application, happened, only=only, remarks=remarks, gradings=gradings, written=written)
    return {
        "entries": told,
        "written": written,
        "remarks": remarks,
        "kinds": timeline.Kind.choices,
        "only": only,
    }


def buttons(application: Application) -> list[Button]:
    """The steps of `application`: forward first, then back, then those that end its way."""
    order = list(Stage)
    found = []
    for to, step in pipeline.steps(application).items():
        is_end = to in (Stage.REJECTED, Stage.WITHDRAWN)
        is_forward = not is_end and order.index(to) > order.index(Stage(application.stage))
        detail = "" if is_end or is_forward else to.label
        url = reverse("admin:candidates_application_move", args=[application.pk, to])
        found.append(Button(step.label, detail, url, is_forward, is_end))
    return sorted(found, key=lambda button: (not button.is_forward, button.is_end))


def _waiting(application: Any, at: datetime) -> dict[str, Any]:
    """The open asks; those of graders as one, without who and until when, where the firewall is closed."""
    waiting = Ask.objects.open().filter(application=application, opens_at__lt=at + PUT_AWAY)
    asks = list(reminding.with_last(waiting))
    told = [ask for ask in asks if application.is_told or ask.page != GRADING]
    graders = [ask for ask in asks if ask not in told]
    return {
        "asks": [Waiting(ask, ask.opens_at <= at, ask.is_overdue(at)) for ask in told],
        "graders_asked": bool(graders),
        "graders_late": any(ask.is_overdue(at) for ask in graders),
    }


def _panel(application: Any, asks: list[Waiting]) -> Panel:
    """What rules make of it; two queries, and one for each of the few that may be undone."""
    firings = _firings(application) if application.has_firings else []
    asking = [one for one in firings if one.outcome in (Firing.Outcome.SUGGESTED, Firing.Outcome.FAILED)]
    return Panel(asking, _done(firings), coming.of(application, firings, [one.ask for one in asks]))


def _firings(application: Any) -> list[Firing]:
    firings = coming.firings_of(application)
    for one in firings:
        one.application = application
    return firings


def _done(firings: list[Firing]) -> list[tuple[Firing, str]]:
    """What rules did last, and why it cannot be undone; empty when it can."""
    done = [one for one in firings if one.outcome in undoing.DID][:SHOWN]
    return [(one, undoing.obstacle(one)) for one in done]


def _undo(application: Any, happened: list[Event], panel: Panel | None) -> Undo | None:
    """The way back from an automatic move, until somebody acted on it; then it is a step back like any other."""
    last = happened[0] if happened else None
    if last is None or last != timeline.last_move(happened) or last.by_kind != ActorKind.RULE:
        return None
    came_from = last.data.get("came_from")
    if came_from not in OPEN or came_from not in pipeline.steps(application):
        return None
    url = reverse("admin:candidates_application_move", args=[application.pk, came_from])
    done = panel.done if panel else _done(_firings(application))
    made = [one for one, told in done if not told and one.event_id == last.data.get("event")]
    if made:  # what else the rule did goes back with it, also where its name is not told
        url = reverse("desk:rule_undo", args=[made[0].pk])
    return Undo(rule=last.by_name if application.owes_nothing else _("A rule of the plan"), at=last.at, url=url)


def _user(request: HttpRequest) -> Any:
    """The signed-in colleague: the admin lets nobody else through."""
    return request.user

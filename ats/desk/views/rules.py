"""The rules of a plan: read, written, switched, tried; and what a person says to what one of them did or suggests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ats.automation import actions, keeping, trying, undoing, words
from ats.automation.forms import RuleForm
from ats.automation.models import Firing, Rule
from ats.desk import identity, roles
from ats.desk.views import acts
from ats.desk.views.application import find, url_of
from candidates.jobs.models import HiringPlan, Job
from candidates.judging import firewall
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed

LAST = 5  # firings shown of a plan
MOST = 200
SHOW, SAVE, CONFIRM = "show", "save", "confirm"
Mode = Rule.Mode


def visible_plans(user: Any) -> QuerySet[HiringPlan]:
    """Templates, and the plans of jobs and applications that `user` may see; for whoever may read plans."""
    if not user.has_perm("candidates.view_hiringplan"):
        return HiringPlan.objects.none()
    if user.is_superuser:
        return HiringPlan.objects.all()
    jobs = Job.objects.visible_to(user).filter(plan=OuterRef("pk"))
    under = Application.objects.visible_to(user).filter(plan=OuterRef("pk"))
    return HiringPlan.objects.filter(Q(copied_from=None) | Exists(jobs) | Exists(under))


def may_change(user: Any, plan: HiringPlan) -> bool:
    """Whether `user` may say what happens by itself: also under a locked plan, for it judges nobody anew."""
    if not user.has_perm("candidates.change_hiringplan"):
        return False
    if user.is_superuser or plan.copied_from_id is None:
        return True
    jobs = Job.objects.filter(Q(plan=plan) | Q(applications__plan=plan)).distinct()
    return any(roles.may_change_job(user, job) for job in jobs.prefetch_related("recruiters"))


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan with how many of its rules are at work, those in use first."""
    at_work = Count("rules", filter=~Q(rules__mode=Mode.OFF), distinct=True)
    found = visible_plans(request.user).annotate(at_work=at_work, of=Count("rules", distinct=True))
    rows = found.order_by("-at_work", "name", "-version", "pk")[:MOST]
    return _render(request, "desk/rules_plans.html", {"title": _("What happens by itself"), "plans": rows})


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The rules of one plan as sentences, each with its switch; and what they did last."""
    plan = _plan(request, pk)
    rules = list(Rule.objects.filter(plan=plan).order_by("position", "pk"))
    names = words.named(rules)
    context = {
        "title": _("Rules: %s") % plan,
        "plan": plan,
        "rows": [(rule, words.sentence(rule, people=names)) for rule in rules],
        "modes": Mode.choices,
        "may_change": may_change(request.user, plan),
        "firings": _last(request.user, plan, now()),
    }
    return _render(request, "desk/rules.html", context)


def _last(user: Any, plan: HiringPlan, at: datetime) -> list[Firing]:
    """What its rules did last; nothing of applications on which `user` owes a rating."""
    found = Firing.objects.filter(rule__plan=plan).exclude(outcome__in=["not_met", "overtaken"])
    mine = found.filter(application__in=Application.objects.visible_to(user)).exclude(firewall.owes(user, at))
    related = mine.select_related("application__candidate", "application__job")
    rows = list(related.defer("application__letter", "application__job__description")[:LAST])
    identity.mask(user, [one.application for one in rows])
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write another rule."""
    plan = _changeable(request, pk)
    return _edit(request, Rule(plan=plan, when=Rule.When.COMPLETE, then=Rule.Then.MOVE, name=""))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    return _edit(request, _rule(request, pk))


def _edit(request: HttpRequest, rule: Rule) -> HttpResponse:
    is_new, said = rule.pk is None, request.POST.get("action")
    form = RuleForm(request.POST if request.method == "POST" else None, rule=rule)
    if said == SAVE and form.is_valid():
        try:
            keeping.save(form.apply(), at=now(), by=_user(request))
        except keeping.Refused as refused:
            form.refuse(refused.objections)
        else:
            messages.success(request, _("Kept. A new rule is off until you switch it on.") if is_new else _("Kept."))
            return redirect("desk:rules", pk=rule.plan_id)
    preview = ""
    if request.method == "POST":
        form.is_valid()
        preview = words.sentence(form.apply())
    elif not is_new:
        preview = words.sentence(rule)
    if said == SHOW:
        form.errors.clear()
    title = _("New rule") if is_new else _("Change the rule")
    context = {"title": title, "form": form, "rule": rule, "plan": rule.plan, "is_new": is_new, "sentence": preview}
    return _render(request, "desk/rule_form.html", context)


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Off, suggests or acts; before a rule begins to act, what it would do now is shown."""
    rule = _rule(request, pk)
    mode = request.POST.get("mode", "")
    if mode not in Mode.values:
        raise Http404
    if mode == Mode.ACT and rule.mode == Mode.OFF and request.POST.get("action") != CONFIRM:
        return _try(request, [rule], mode=mode)
    try:
        keeping.switch(rule, Mode(mode), at=now(), by=_user(request), also_now="also_now" in request.POST)
    except keeping.Refused as refused:
        messages.error(request, f"{rule.name}: {refused}")
    else:
        messages.success(request, _("“%(name)s”: %(mode)s.") % {"name": rule.name, "mode": Mode(mode).label})
    return redirect("desk:rules", pk=rule.plan_id)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a rule that is off."""
    rule = _rule(request, pk)
    try:
        keeping.delete(rule, by=_user(request))
    except NotAllowed as refused:
        messages.error(request, f"{rule.name}: {refused}")
    else:
        messages.success(request, _("Deleted: “%s”.") % rule.name)
    return redirect("desk:rules", pk=rule.plan_id)


@require_POST
def add_ready(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the ready rules that are missing, all off."""
    plan = _changeable(request, pk)
    added = keeping.add_ready(plan, at=now(), by=_user(request))
    told = _("%d ready rules are there now, all off.") % added if added else _("All ready rules are there already.")
    messages.success(request, told)
    return redirect("desk:rules", pk=pk)


@require_POST
def try_all(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rules of a plan would do now; nothing stays written."""
    plan = _changeable(request, pk)
    return _try(request, list(Rule.objects.filter(plan=plan).select_related("plan").order_by("position", "pk")))


@require_POST
def try_one(request: HttpRequest, pk: int) -> HttpResponse:
    """What one rule would do now; nothing stays written."""
    return _try(request, [_rule(request, pk)])


def _try(request: HttpRequest, rules: list[Rule], *, mode: str = "") -> HttpResponse:
    at, names = now(), words.named(rules)
    trials = [trying.of(rule, reader=request.user, at=at) for rule in rules]
    everybody = [one for trial in trials for one, _why in (*trial.yes, *trial.no)]
    identity.mask(request.user, everybody)
    context = {
        "title": _("What it would do now") if len(rules) == 1 else _("What they would do now"),
        "plan": rules[0].plan if rules else None,
        "rows": [(trial, words.sentence(trial.rule, people=names)) for trial in trials],
        "mode": mode,
        "most": trying.LOOKED_AT,
    }
    return _render(request, "desk/rule_tried.html", context)


class NothingForm(forms.Form):
    """For what needs no further word."""


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what a rule suggested, or what it could not do, after a look at everything that goes out."""
    firing, application = _firing(request, pk)
    if firing.rule is None:
        raise Http404
    verb = partial(_take, firing, _user(request))
    about = words.sentence(firing.rule)
    act = acts.Act(gettext_lazy("Do it"), about, application, NothingForm({}), verb)
    return acts.page(request, act)


def _take(firing: Firing, user: Any, at: datetime, by: Actor) -> None:
    actions.take(firing, at=at, by=user)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what a rule did; a move also by who owes a rating, for the move itself is no secret to them."""
    firing, application = _firing(request, pk, is_move_enough=True)
    name = firing.rule_name if application.owes_nothing else _("A rule of the plan")

    def verb(at: datetime, by: Actor) -> None:
        undoing.undo(firing, at=at, by=by)

    done = _("Undone. The rule does not do it again.")
    act = acts.Act(gettext_lazy("Undo"), name, application, NothingForm({}), verb)
    return acts.page(request, replace(act, done=done))


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Not this time."""
    firing, application = _firing(request, pk)
    try:
        actions.dismiss(firing, at=now(), by=_user(request))
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Not this time: “%s” is put away.") % firing.rule_name)
    return redirect(url_of(application))


@require_POST
def keep_away(request: HttpRequest, pk: int, rule: int) -> HttpResponse:
    """Keep a rule from an application, or let it act on it again."""
    application = acts.workable(request, pk)
    found = get_object_or_404(Rule, pk=rule, plan=application.plan_id)
    if "again" in request.POST:
        actions.let_act(found, application, at=now(), by=_user(request))
        messages.success(request, _("“%s” may act on this application again.") % found.name)
    else:
        actions.keep_away(found, application, at=now(), by=_user(request))
        messages.success(request, _("“%s” leaves this application alone.") % found.name)
    return redirect(url_of(application))


def _firing(request: HttpRequest, pk: int, *, is_move_enough: bool = False) -> tuple[Firing, Any]:
    """A firing, and its application that `request` may work on.

    With `is_move_enough` a move is found whatever its rule looks at; the caller then keeps the rule's name to itself.

    Raises:
        Http404: none that the signed-in person may see, or one that looks at judgements while they owe a rating.
        PermissionDenied: not theirs to work on.
    """
    firing = get_object_or_404(Firing.objects.select_related("rule__plan"), pk=pk)
    application: Any = find(request, firing.application_id)
    tells = firing.rule is None or firing.rule.judges  # its name and reason would tell of what others thought
    may_know = application.owes_nothing or not tells or (is_move_enough and undoing.kind_of(firing) == Rule.Then.MOVE)
    if application.is_hidden or not may_know:
        raise Http404
    if not roles.recruits(request.user, application.job):
        raise PermissionDenied
    firing.application = application
    return firing, application


def _plan(request: HttpRequest, pk: int) -> HiringPlan:
    return get_object_or_404(visible_plans(request.user), pk=pk)


def _changeable(request: HttpRequest, pk: int) -> HiringPlan:
    plan = _plan(request, pk)
    if not may_change(request.user, plan):
        raise PermissionDenied
    return plan


def _rule(request: HttpRequest, pk: int) -> Rule:
    """A rule that `request` may change."""
    rule = get_object_or_404(Rule.objects.select_related("plan"), pk=pk)
    rule.plan = _changeable(request, rule.plan_id)
    return rule


def _user(request: HttpRequest) -> Any:
    """The signed-in colleague: the admin lets nobody else through."""
    return request.user


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, admin.site.each_context(request) | context)

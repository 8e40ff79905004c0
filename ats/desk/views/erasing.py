"""Erasing a person: what goes, what stays, what cannot be undone; their name typed as the second step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ats.desk import identity, roles
from ats.privacy import erasing
from candidates.people import duplicates, family
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate
from candidates.pipeline import NotAllowed
from candidates.stages import Stage


class EraseForm(forms.Form):
    """The name once more, so that nobody is erased by one press."""

    name = forms.CharField(
        label=gettext_lazy("Type their name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, person: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_name(self) -> str:
        """As it stands on the page; spaces and capitals do not matter."""
        typed = str(self.cleaned_data["name"])
        if _compared(typed) != _compared(self.person.name):
            raise forms.ValidationError(_("This is not the name that stands above. Nothing was erased."))
        return typed


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what becomes of whom; erase them when their name is typed."""
    people = duplicates.visible_to(request.user).filter(identity.people_named_to(request.user))
    person = get_object_or_404(people, pk=pk)
    applications = _applications(person)
    blocked = who_could(request.user, applications)
    form = EraseForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and blocked is None and form.is_valid():
        try:
            erasing.erase(person, at=now(), by=Actor.person(request.user))  # type: ignore[arg-type]
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Erased. Their name, address, words and files are gone."))
            return redirect("admin:candidates_candidate_changelist")
    return _show(request, person, applications, blocked, form)


def who_could(user: Any, applications: list[Application]) -> str | None:
    """None when `user` may erase who wrote these: an administrator, who recruits for each; else who does, in names."""
    foreign = [one.job for one in applications if not roles.recruits(user, one.job)]
    if not foreign and roles.is_recruiter(user):
        return None
    names = sorted({str(recruiter) for job in foreign for recruiter in job.recruiters.all()})
    return ", ".join(names) or _("an administrator")


def _applications(person: Candidate) -> list[Application]:
    theirs = Application.objects.filter(candidate__in=family.members(person)).defer("letter", "job__description")
    return list(theirs.select_related("job").prefetch_related("job__recruiters").order_by("-applied_at", "-pk"))


def _show(
    request: HttpRequest,
    person: Candidate,
    applications: list[Application],
    blocked: str | None,
    form: EraseForm,
) -> HttpResponse:
    context = {
        "person": person,
        "applications": applications if blocked is None else [],
        "was_hired": any(one.stage == Stage.HIRED for one in applications),
        "is_on_trial": any(one.stage == Stage.TRIAL and one.is_open for one in applications),
        "is_erased": erasing.is_erased(person),
        "blocked": blocked,
        "form": form,
        "title": _("Erase this person"),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/erase.html", admin.site.each_context(request) | context, status=status)


def _compared(name: str) -> str:
    return " ".join(name.split()).casefold()

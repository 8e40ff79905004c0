"""The candidate names referees, behind a mailed link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from candidates.people.actors import Actor
from candidates.post import asks
from candidates.post.models import Ask
from references.naming import actions
from references.naming.forms import NameRefereesForm
from references.pages import context, done


@asks.page
def name_referees(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The candidate names the referees."""
    application = asked.application
    form = NameRefereesForm(request.POST if request.method == "POST" else None, application=application)
    if form.is_bound and form.is_valid():
        by = Actor.candidate(application.candidate.name)
        actions.name_referees(asked, form.named(), at=now(), by=by)
        return done(request, _("Thank you"), _("We have asked them by mail and told them that you named them."))
    return render(request, "references/name_referees.html", context(asked, form=form))

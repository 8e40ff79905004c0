"""The candidate names referees, behind a mailed link."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.models import Ask
from references.flags import fingerprints
from references.naming import actions, requests
from references.naming.forms import NameRefereesForm
from references.pages import context, done


@asks.page
def name_referees(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The candidate names the referees, or somebody instead of one who did not answer."""
    application, at = asked.application, now()
    words = actions.words(application)
    form = NameRefereesForm(
        request.POST if request.method == "POST" else None,
        application=application,
        today=at.astimezone(ZoneInfo(asked.zone)).date(),
        wanted=actions.wanted(asked),
        criteria=[] if application.self_views.exists() else words["criteria"],  # asked once
    )
    if form.is_bound and form.is_valid():
        try:
            _name(request, asked, form)
        except NotAllowed as refused:  # somebody was named or asked elsewhere at the same moment
            form.add_error(None, str(refused))
        else:
            return done(request, _("Thank you"), _("We have asked them by mail and told them that you named them."))
    gone = [] if asked.template != requests.ANOTHER else list(requests.ended(application))
    return render(
        request, "references/name_referees.html", context(asked, form=form, gone=gone, minutes=words["minutes"])
    )


def _name(request: HttpRequest, asked: Ask, form: NameRefereesForm) -> None:
    application = asked.application
    actions.name_referees(
        asked,
        form.named(),
        self_views=form.scores(),
        network=fingerprints.network(request, application),
        browser=fingerprints.browser(request, application),
        at=now(),
        by=Actor.candidate(application.candidate.name),
    )

"""The page of a to-do, by the link in its mail or signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from candidates.people.actors import Actor, ActorKind
from candidates.post import asks
from candidates.post.models import Ask
from candidates.post.to_dos import actions
from candidates.post.to_dos.forms import DoneForm
from candidates.post.to_dos.models import ToDo


@asks.page
@require_http_methods(["GET", "HEAD", "POST"])
def to_do(request: HttpRequest, asked: Ask) -> HttpResponse:
    """What is to be done and about whom, with one button. Who must not know yet whose it is reads that first."""
    found = get_object_or_404(ToDo.objects.select_related("message"), ask=asked)
    found.ask = asked
    if asked.user and actions.is_blind(asked.user, asked.application):
        return render(request, "post/to_do_later.html", {"title": _("Not yet")})
    form = DoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.finish(found, at=now(), by=_who(asked), outcome=form.cleaned_data["outcome"])
        return render(request, "asks/done.html", {"title": _("Done. Thank you.")})
    return render(request, "post/to_do.html", {"to_do": found, "ask": asked, "form": form, "title": asked.title})


def _who(asked: Ask) -> Actor:
    return Actor(ActorKind.PERSON, asked.name, asked.user)

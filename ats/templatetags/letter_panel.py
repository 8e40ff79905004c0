"""The offer letter of somebody who was hired, for the application's page."""

from __future__ import annotations

from typing import Any

from django import template

from ats.desk import roles
from candidates.people.models import Application
from candidates.stages import Stage
from trials.models import OfferLetter

register = template.Library()


@register.inclusion_tag("desk/letter_panel.html", takes_context=True)
def letter_panel(context: Any, application: Application) -> dict[str, Any]:
    """The letters, the one that counts first, and the button to send one. One query; none before the hire and
    for who neither recruits for the job nor decides on it."""
    if application.stage != Stage.HIRED or not roles.hires(context["request"].user, application.job):
        return {"is_shown": False}
    letters = list(
        OfferLetter.objects.filter(application=application).select_related("document", "ask").order_by("-pk")
    )
    is_accepted = any(one.accepted_at and not one.replaced_at for one in letters)
    may_send = roles.recruits(context["request"].user, application.job) and not is_accepted
    return {"is_shown": True, "letters": letters, "may_send": may_send, "application": application}

"""The box about who may be the same person, for the page of a person."""

from __future__ import annotations

from typing import Any

from django import template

from ats.desk.same_person import box
from candidates.people.models import Candidate

register = template.Library()


@register.inclusion_tag("desk/duplicates_box.html", takes_context=True)
def same_person(context: Any, candidate: Candidate) -> dict[str, Any]:
    """Who may be the same person as `candidate`, and what was merged."""
    request = context["request"]
    return box(request, candidate, None, next=request.path)

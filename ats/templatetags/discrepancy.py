"""Where referees, interviews and the candidate differ, for the application's page and the approval."""

from __future__ import annotations

from typing import Any

from django import template

from ats.desk import discrepancy
from ats.desk.evidence import Evidence
from candidates.people.models import Application

register = template.Library()


@register.inclusion_tag("desk/discrepancy.html")
def discrepancy_panel(application: Application, evidence: Evidence, classes: str = "desk-card") -> dict[str, Any]:
    """The panel, or nothing; one query. `evidence` decides what may be shown, so gather it for who reads the page.

    Args:
        classes: of the box around it.
    """
    return {"found": discrepancy.of(application, evidence), "classes": classes}

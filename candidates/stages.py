"""The stages that an application can stand in; the moves between them are in `candidates/pipeline.py`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where an application stands, in the order of the process; the last three are ends."""

    APPLIED = "applied", _("Applied")
    SCREENING = "screening", _("Screening")
    INTERVIEWS = "interviews", _("Interviews")
    REFERENCES = "references", _("References")
    TRIAL = "trial", _("Trial")
    HIRED = "hired", _("Hired")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CLOSED = (Stage.HIRED, Stage.REJECTED, Stage.WITHDRAWN)
OPEN = tuple(stage for stage in Stage if stage not in CLOSED)

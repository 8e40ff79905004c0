"""All models of the app, for Django; each is written in the room of its noun."""

from ats.automation.models import Firing, Handling, Rule
from ats.engine.models import HighWaterMark
from ats.importing.models import Import, ImportMapping, ImportRow
from ats.privacy.models import Erasure
from ats.rejections.models import PlannedRejection

__all__ = [
    "Erasure",
    "Firing",
    "Handling",
    "HighWaterMark",
    "Import",
    "ImportMapping",
    "ImportRow",
    "PlannedRejection",
    "Rule",
]

"""All models of the app, for Django; each is written in the room of its noun."""

from ats.automation.models import Handling
from ats.importing.models import Import, ImportMapping, ImportRow
from ats.rejections.models import PlannedRejection

__all__ = ["Handling", "Import", "ImportMapping", "ImportRow", "PlannedRejection"]

"""All models of the app, for Django; each is written in the room of its noun."""

from ats.automation.models import Handling

__all__ = ["Handling"]

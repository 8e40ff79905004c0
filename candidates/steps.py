"""What a form needs to be so that the desk can put it on a button of the pipeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from candidates.people.models import Application


class StepForm(forms.Form):
    """Asks a recruiter what a verb of the pipeline needs to know.

    Subclasses set `initial` from the application's plan and give the verb's keyword arguments by `arguments`.

    Args:
        application: which one is to be moved.
        at: the time of the request, for deadlines.
    """

    def __init__(self, *args: Any, application: Application, at: datetime, **kwargs: Any) -> None:
        self.application, self.at = application, at
        super().__init__(*args, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for the verb, besides the application, `at` and `by`."""
        return dict(self.cleaned_data)

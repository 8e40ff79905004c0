"""The form that changes a locked card, and how a revision is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from candidates.judging import revisions
from candidates.judging.forms import ScorecardForm, shown
from candidates.judging.models import Revision, Scorecard
from candidates.judging.wording import Trait


class RevisionForm(ScorecardForm):
    """The whole card as the rater sees it now, and why. `seen` counts the revisions that the page was made from."""

    def __init__(self, data: Any = None, *, card: Scorecard) -> None:
        super().__init__(data, card=card, locking=True)
        self.fields["reason"] = forms.CharField(
            label=_("Why do you change it?"),
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=revisions.LONGEST_REASON,
            error_messages={"required": _("Say why you change it.")},
        )

    def kept(self, card: Scorecard) -> dict[str, str]:
        """What the rater said last."""
        said = revisions.current(card)
        kept = {
            "seen": str(card.revisions.count()),
            "recommendation": said.recommendation,
            "summary": said.summary,
        }
        for score in said.scores:
            kept |= shown(score.competency, score.score, score.evidence, not_seen=score.not_seen)
        return kept

    def clean(self) -> dict[str, Any]:
        """Refuses what was made from an older state: the rater first sees the newer one."""
        super().clean()
        if self.cleaned_data.get("seen") != self.initial["seen"]:
            self.add_error(None, _("You changed it in another window meanwhile. Look at that, then change it again."))
            self.settled["seen"] = self.initial["seen"]
            self.data = self.redrawn()
        return self.cleaned_data

    def _settle(self) -> None:
        """Nothing to settle: a revision is sent once, and whole."""

    @property
    def reason(self) -> str:
        """Why, as typed."""
        return str(self.cleaned_data["reason"])


def described(revision: Revision, competencies: Iterable[Trait]) -> dict[str, Any]:
    """A revision in words: what differs from nothing is left out."""
    names = {one.pk: one.name for one in competencies}
    lines = [
        {
            "name": names.get(row["competency"], ""),
            "score": _now("not seen") if row["score"] is None else str(row["score"]),
            "evidence": row["evidence"],
        }
        for row in revision.scores
        if row["score"] is not None or row["evidence"]
    ]
    return {"revision": revision, "lines": lines}

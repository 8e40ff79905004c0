"""Two rows of one person, an employee who recommends people, members of the talent pool."""

from __future__ import annotations

from datetime import datetime, timedelta

from ats.dev.demo.people import Crowd, address
from candidates.people.models import Application, Candidate
from candidates.sourcing import actions
from candidates.sourcing.models import Referrer

INTERESTS = ("chat and e-mail, evenings", "phone, Spanish")


def add(crowd: Crowd, *, now: datetime) -> None:
    """Add them to a company that is there; by the verbs, a week ago."""
    at = now - timedelta(days=7)
    actions.add_referrer(Referrer(name="Erik Lund", email=address("Erik Lund")), at=at)
    for interests in INTERESTS:
        person = crowd.next()
        member = actions.join(
            name=person.name, email=person.email, interests=interests, consent_version="1", language="en",
            zone=person.zone, at=at,
        )  # fmt: skip
        actions.confirm(member, interests=interests, consent_version="1", at=at + timedelta(hours=1))
    _make_twins()


def _make_twins() -> None:
    """The two newest who applied gave one phone number: the same person, as it seems."""
    newest = Application.objects.order_by("-applied_at", "-pk").select_related("candidate")[:2]
    people: list[Candidate] = [one.candidate for one in newest]
    if len(people) == 2 and people[0] != people[1]:
        people[0].phone = people[1].phone
        people[0].save(update_fields=["phone"])

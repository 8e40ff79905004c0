"""One interviewer with the page of a scorecard open twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from django.utils.timezone import now

from candidates.builders import make_application
from candidates.judging.models import Rating, Scorecard
from candidates.people.actors import Actor
from candidates.post.builders import link_to
from candidates.post.models import Ask
from candidates.stages import Stage
from faults import people
from faults.scenarios.races import at_once
from faults.stand import forms
from faults.stand.stand import Stand
from faults.stand.visitor import Page, Visitor
from faults.verdict import expect
from interviews import actions as interviews
from interviews.actions import Invited

FIRST, SECOND = "She named the worry first.", "He asked what had been tried."
TIMES = 10


def two_tabs(stand: Stand) -> str:
    """F29: a scorecard is open in two tabs of one browser. One after the other and at the same moment they save other
    boxes, then the same box, then one locks while the other saves. No text is lost: kept, or on the page that comes
    back."""
    for _number in range(TIMES):
        card, visitor = _asked_card(), stand.visitor()
        _other_boxes(visitor, card)
        _one_box(visitor, card)
        _lock_against_save(visitor, card)
    return (
        f"{TIMES * 3} pairs at one moment: both boxes kept, two texts in one box both shown for the rater to decide, "
        "locked with one whole answer"
    )


def _asked_card() -> Scorecard:
    """The first interviewer's scorecard of a conversation that is just over."""
    at, job = now() - timedelta(hours=3), people.job(opened_at=now() - timedelta(days=9))
    [person] = people.persons(1)
    application = make_application(Stage.SCREENING, at=at, job=job, candidate=person)
    panel = [Invited(name, f"{people.unique(name.lower())}@example.org") for name in ("Ida", "Ivan")]
    interviews.invite(
        application, interviewers=panel, starts_at=at + timedelta(hours=2), minutes=45, place="Room 1", at=at,
        by=Actor.person(job.recruiters.get()),
    )  # fmt: skip
    return Scorecard.objects.get(ask=Ask.objects.get(application=application, email=panel[0].email))


def _open(visitor: Visitor, card: Scorecard) -> tuple[str, dict[str, list[str]]]:
    """One more tab: its address, and what stands in it."""
    page = visitor.get(link_to(card.ask))
    expect(page.status == 200 and "evidence_" in page.text, f"the page answers {page.status}")
    return page.path, forms.standing(page.text)


def _boxes(card: Scorecard) -> list[str]:
    return [f"evidence_{pk}" for pk in card.application.plan.competencies.order_by("pk").values_list("pk", flat=True)]


def _press(visitor: Visitor, address: str, form: Mapping[str, list[str]], action: str = "save", **typed: str) -> Page:
    return visitor.post(address, {**form, **typed, "action": action})


def _kept(card: Scorecard) -> dict[str, str]:
    rows = Rating.objects.filter(scorecard=card).values_list("competency_id", "evidence")
    return {f"evidence_{pk}": evidence for pk, evidence in rows}


def _other_boxes(visitor: Visitor, card: Scorecard) -> None:
    (address, one), (_same, other) = _open(visitor, card), _open(visitor, card)
    first, second = _boxes(card)
    pages = at_once(
        partial(_press, visitor, address, one, **{first: FIRST}),
        partial(_press, visitor, address, other, **{second: SECOND}),
    )
    expect([page.status for page in pages] == [200, 200], f"they got {[page.status for page in pages]}")
    expect(_kept(card) == {first: FIRST, second: SECOND}, f"of two boxes are kept {_kept(card)}")


def _one_box(visitor: Visitor, card: Scorecard) -> None:
    (address, one), (_same, other) = _open(visitor, card), _open(visitor, card)
    box = _boxes(card)[0]
    mine, theirs = f"{FIRST} And again.", "Something else."
    pages = at_once(
        partial(_press, visitor, address, one, **{box: mine}), partial(_press, visitor, address, other, **{box: theirs})
    )
    kept = _kept(card)[box]
    expect(kept in (mine, theirs), f"kept is {kept!r}")
    asked = pages[1] if kept == mine else pages[0]
    expect(mine in asked.text and theirs in asked.text, f"who came second is not shown both ({asked.status})")
    answer = _press(visitor, address, forms.standing(asked.text), **{box: f"{mine} {theirs}"})
    expect(answer.status == 200 and _kept(card)[box] == f"{mine} {theirs}", "who saw both could not decide")


def _lock_against_save(visitor: Visitor, card: Scorecard) -> None:
    (address, one), (_same, other) = _open(visitor, card), _open(visitor, card)
    first, second = _boxes(card)
    scores = {name.replace("evidence", "score"): "4" for name in (first, second)}
    late = "Typed in the other tab."
    pages = at_once(
        partial(_press, visitor, address, one, "lock", recommendation="yes", summary="Warm.", **scores),
        partial(_press, visitor, address, other, **{second: late}),
    )
    expect(all(page.status < 500 for page in pages), f"they got {[page.status for page in pages]}")
    card.refresh_from_db()
    if not card.is_locked:  # the other tab came first: the lock shows its text before it counts
        expect(late in pages[0].text, "a lock passed over a text without showing it")
        again = {**forms.standing(pages[0].text), "recommendation": ["yes"], **{k: [v] for k, v in scores.items()}}
        _press(visitor, address, again, "lock")
        card.refresh_from_db()
    expect(card.is_locked, "it cannot be locked any more")
    kept, expected = _kept(card), {SECOND, late}
    expect(kept[second] in expected, f"locked with {kept[second]!r}")
    expect(kept[second] == late or late in pages[1].text, f"the late tab's text is nowhere: {pages[1].path}")

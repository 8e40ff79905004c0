"""The candidate's page of a written exercise: what it is, the button that begins it, the paper, and what comes after.

Reading it never begins anything: mail programs open links. The clock of the server decides.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from candidates.pipeline import NotAllowed
from candidates.post import asks, language, links
from candidates.post.models import Ask
from interviews.exercises import actions
from interviews.exercises.forms import REPLY, SEEN, PaperForm
from interviews.exercises.models import Submission
from interviews.exercises.paper import Box, Paper, mark

BEGIN, AUTOSAVE, SEND, POST = "begin", "autosave", "send:", "post"


@require_http_methods(["GET", "HEAD", "POST"])
def exercise(request: HttpRequest, pk: int) -> HttpResponse:
    """The page behind the link; once handed in it says so, and still takes what comes late."""
    asked = _handed_in(request, pk)
    if asked is None:
        return _working(request, pk)
    spoken = language.of_reader(request, asked.language)
    with translation.override(spoken), timezone.override(ZoneInfo(asked.zone)):
        try:
            return asks.private(_page(request, asked))
        except asks.NotOpen:
            return _working(request, pk)


@asks.page
def _working(request: HttpRequest, asked: Ask) -> HttpResponse:
    return _page(request, asked)


def _handed_in(request: HttpRequest, pk: int) -> Ask | None:
    """The answered ask whose link this browser holds: the gate would only say that it was answered."""
    asked = asks.find(pk)
    if asked is None or not asked.answered_at or not asked.application.is_open or asked.is_expired(now()):
        return None
    read = links.read_ask_token(request.COOKIES.get(asks.COOKIE, ""))
    return asked if read == (asked.pk, asked.generation) and asked.page == "interviews:exercise" else None


def _page(request: HttpRequest, asked: Ask) -> HttpResponse:
    at = now()
    submission = Submission.objects.select_related("wording", "ask").filter(ask=asked).first()
    if submission is None:
        raise asks.NotOpen
    submission.ask, submission.application = asked, asked.application
    action = request.POST.get("action", "") if request.method == "POST" else ""
    if action == BEGIN:
        actions.begin(submission, at=at)
        return redirect(asked.get_absolute_url())
    if request.method == "POST" and submission.begun_at:
        return _answer(request, submission, action, at)
    return _show(request, submission, at)


def _answer(request: HttpRequest, submission: Submission, action: str, at: datetime) -> HttpResponse:
    """Keep everything that was typed, then do what the button says."""
    with transaction.atomic():
        actions.lock(submission)
        form = PaperForm(request.POST, paper=Paper(submission), is_late=_is_late(submission, at))
        actions.keep(submission, form.texts(), at=at)
        is_clean = not form.errors and not form.strays()
        problem = _press(submission, action, at) if is_clean and not submission.posted_at else ""
    if action == AUTOSAVE:
        return JsonResponse(_told(submission, form, at))
    if problem or not is_clean:
        return _show(request, submission, at, form=form, problem=problem)
    return redirect(submission.ask.get_absolute_url() + _place(action))


def _press(submission: Submission, action: str, at: datetime) -> str:
    """Send one answer, or hand in. Gives what stands against it, in words."""
    if action == POST:
        return _tried(partial(actions.post, submission, at=at))
    if action.startswith(SEND):
        mail, _colon, turn = action.removeprefix(SEND).partition("_")
        box = Box(int(mail), int(turn)) if _is_number(mail) and _is_number(turn) else Box(0, 0)
        return _tried(partial(actions.send_reply, submission, box, at=at))
    return ""


def _tried(act: Callable[[], None]) -> str:
    try:
        act()
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5


def _place(action: str) -> str:
    """Back to the mail that was answered: what its customer wrote back stands below it."""
    mail = action.removeprefix(SEND).partition("_")[0] if action.startswith(SEND) else ""
    return f"#mail-{mail}" if _is_number(mail) else ""


def _show(
    request: HttpRequest, submission: Submission, at: datetime, *, form: PaperForm | None = None, problem: str = ""
) -> HttpResponse:
    paper = Paper(submission)
    context: dict[str, Any] = {
        "ask": submission.ask,
        "job": submission.application.job,
        "submission": submission,
        "paper": paper,
        "minutes": submission.minutes + submission.extra_minutes,
        "problem": problem,
        "strays": form.strays() if form else [],
    }
    if submission.begun_at is None:
        return render(request, "interviews/exercise_begin.html", context)
    if _is_late(submission, at):
        refused = form.refused() if form else []
        return render(request, "interviews/exercise_over.html", context | {"strays": context["strays"] + refused})
    left = _seconds_left(submission, at)
    context |= {"left": left, "left_in_words": _in_words(left), "rows": _rows(paper, form)}
    return render(request, "interviews/exercise.html", context)


def _rows(paper: Paper, typed: PaperForm | None) -> list[dict[str, Any]]:
    """Each customer with what was written, and the box where something is open: as typed, or as kept."""
    fresh = PaperForm(paper=paper)
    rows = []
    for conversation in paper.conversations:
        turns = [{"turn": turn, **_box(turn.box, fresh, typed)} for turn in conversation.turns]
        rows.append({"conversation": conversation, "turns": turns})
    return rows


def _box(box: Box, fresh: PaperForm, typed: PaperForm | None) -> dict[str, Any]:
    """What was valid is kept and shown as kept; what was not stands there as typed, with what is wrong."""
    name = REPLY + box.name
    if name not in fresh.fields:
        return {}
    error = typed.error_of(box) if typed else ""
    if typed is None or not error:
        return {"box": fresh[name], "seen": fresh[SEEN + box.name].value(), "error": ""}
    other = typed.others.get(box.name, "")
    seen = fresh[SEEN + box.name].value() if other else typed[SEEN + box.name].value()
    return {"box": typed[name], "seen": seen, "error": error, "other": other}


def _is_late(submission: Submission, at: datetime) -> bool:
    """Whether what comes now is kept beside what stood there at the end."""
    return submission.posted_at is not None or submission.is_over(at)


def _seconds_left(submission: Submission, at: datetime) -> int:
    return max(int((submission.ends_at - at).total_seconds()), 0) if submission.ends_at else 0


def _in_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext("%d minute left", "%d minutes left", minutes) % minutes


def _told(submission: Submission, form: PaperForm, at: datetime) -> dict[str, Any]:
    """What autosave answers: per box what is known now and what is wrong with what came; the clock."""
    boxes = {
        box.name: {"seen": mark(turn.written), "error": form.error_of(box), "other": form.others.get(box.name, "")}
        for box, turn in Paper(submission).open.items()
    }
    return {
        "boxes": boxes,
        "kept": [box.name for box in form.texts() if REPLY + box.name in form.data],
        "strays": [{"message": stray.message, "text": stray.text} for stray in form.strays()],
        "saved": _("Saved %s") % date_format(localtime(at), "H:i"),
        "is_over": _is_late(submission, at),
        "left": _seconds_left(submission, at),
    }

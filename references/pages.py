"""What the pages of references share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from candidates.post.models import Ask


def context(asked: Ask, **more: Any) -> dict[str, Any]:
    """What each page shows of the job it is about."""
    application = asked.application
    return {"ask": asked, "application": application, "job": application.job, "title": asked.spoken_title} | more


def done(request: HttpRequest, title: str, text: str) -> HttpResponse:
    """The plain page after an answer."""
    return render(request, "asks/done.html", {"title": title, "text": text})

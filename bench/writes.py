"""Lines about writing by POST: an application with its file, and a move with all that comes with it."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from ats.desk.forms import Seen
from bench import words
from bench.ground import COUNTING, Ground, NotMeasured, expect, queries, with_token
from bench.measure import TURNS, WARM_UP, Answer, Site, in_turn
from bench.papers import resume
from bench.report import Measured, measured
from candidates.jobs.models import Job
from candidates.people.models import Application, Document
from candidates.screening.actions import team
from candidates.stages import Stage

BOUNDARY = "----------------rapport"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
URLENCODED = "application/x-www-form-urlencoded"
_numbers = itertools.count(1)


class Poster:
    """Sends forms to one site, with the CSRF token of the page at `path`."""

    def __init__(self, site: Site, path: str) -> None:
        self.site, self.token = with_token(site, path)

    def post(self, path: str, body: bytes, type_of_body: str, headers: dict[str, str] | None = None) -> Answer:
        """Send a form that has to be taken."""
        sent = {"Content-Type": type_of_body, "X-CSRFToken": self.token, **(headers or {})}
        return expect(self.site.ask(path, body=body, headers=sent), 302, path)


def apply(ground: Ground) -> Measured:
    """An application with a résumé of a megabyte, each by another person."""
    slug = Job.objects.listed().exclude(pk=ground.company.large.pk)[0].slug
    path, path_of_limit = reverse("careers:apply", args=[slug]), f"/job/{slug}/apply/"
    ours, limit = Poster(Site(ground.ours.port), path), Poster(Site(ground.limit.port), path_of_limit)
    before, shown = Document.objects.count(), _shown(ours.site, path)
    turns = in_turn(
        lambda: ours.post(path, _application(shown), MULTIPART).milliseconds,
        lambda: limit.post(path_of_limit, _application(), MULTIPART).milliseconds,
    )
    counted = ours.post(path, _application(shown), MULTIPART, COUNTING)
    if Document.objects.count() != before + 2 * (TURNS + WARM_UP) + 1:
        raise NotMeasured("not every application was kept")
    return measured(turns, queries=queries(counted), rows=1)


def _shown(site: Site, path: str) -> str:
    """The stamp of the form, once so much time is over that a person can have filled it."""
    found = re.search(rb'name="shown" value="([^"]+)"', site.ask(path).body)
    if found is None:
        raise NotMeasured(f"{path} shows no form")
    time.sleep(settings.APPLY_SECONDS)
    return found[1].decode()


def _application(shown: str = "") -> bytes:
    """What the browser of yet another person sends."""
    number = next(_numbers)
    typed = {
        "name": "Nora Newcomer",
        "email": f"newcomer{number}@example.net",
        "phone": "",
        "letter": " ".join(words.SENTENCES)[:1500],
        "consent": "on",
        "zone": "Europe/Amsterdam",
        "shown": shown,
    }
    parts = [_part(f'name="{name}"', value.encode()) for name, value in typed.items()]
    file = _part('name="resume"; filename="resume.pdf"\r\nContent-Type: application/pdf', resume(mark=number))
    return b"".join([*parts, file, f"--{BOUNDARY}--\r\n".encode()])


def _part(disposition: str, content: bytes) -> bytes:
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


def move(ground: Ground) -> Measured:
    """From applied to screening: the event, two asks, two scorecards, two mails."""
    fresh = _fresh()
    first = next(fresh)
    ours, limit = Poster(ground.ours, _move_path(first)), Poster(ground.limit, "/list/")

    def move_ours() -> float:
        one = next(fresh)
        return ours.post(_move_path(one), _confirmed(one), URLENCODED).milliseconds

    def move_limit() -> float:
        one = next(fresh)
        return limit.post(f"/application/{one.pk}/move/", _confirmed(one), URLENCODED).milliseconds

    turns = in_turn(move_ours, move_limit)
    counted = ours.post(_move_path(first), _confirmed(first), URLENCODED, COUNTING)
    first.refresh_from_db(fields=["stage"])
    if first.stage != Stage.SCREENING:
        raise NotMeasured("the application was not moved")
    return measured(turns, queries=queries(counted), rows=1)


def _fresh() -> Iterator[Application]:
    """Applications that nobody has moved yet, each once."""
    waiting = Application.objects.filter(stage=Stage.APPLIED).select_related("job").order_by("pk")
    return iter(list(waiting[: 2 * (TURNS + WARM_UP) + 1]))


def _move_path(application: Application) -> str:
    return reverse("admin:candidates_application_move", args=[application.pk, Stage.SCREENING])


def _confirmed(application: Application) -> bytes:
    """What the confirm page sends."""
    reader, caller = team(application.job)[:2]
    typed = {"seen": str(Seen.now(application)), "reader": reader.pk, "caller": caller.pk, "action": "confirm"}
    return urlencode(typed).encode()

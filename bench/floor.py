"""The limit: one Django app in one file, over the same database, that does the same work the bare way.

Session, sign-in and CSRF as the product has them; per page one main query that reads only what is shown, and a
template without a line too many. No permissions beyond the recruiter's own jobs, no languages, no policy headers.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from datetime import datetime, timedelta
from typing import Any

import django
import environ
from django.conf import settings

settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF="bench.floor",
    INSTALLED_APPS=[
        "candidates",
        "interviews",
        "references",
        "trials",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.postgres",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    AUTH_USER_MODEL="candidates.User",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    FILE_UPLOAD_MAX_MEMORY_SIZE=1024 * 1024,
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery  # noqa: E402
from django.db.models.functions import Upper  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import get_object_or_404, redirect  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils.timezone import now  # noqa: E402

from bench import floor_evidence  # noqa: E402
from candidates.models import (  # noqa: E402
    Application,
    Ask,
    Candidate,
    Document,
    DocumentText,
    Event,
    Job,
    Message,
    Rating,
    Scorecard,
    User,
)
from candidates.stages import CLOSED, OPEN, Stage  # noqa: E402
from interviews.models import KitAnswer  # noqa: E402

PAGE = 50
DOCUMENTS = os.environ["DOCUMENTS_DIR"]


def template(source: str) -> Any:
    """A page that is compiled once."""
    return engines["django"].from_string(f"<!DOCTYPE html><title>Limit</title>{source}")


def show(page: Any, request: HttpRequest, **context: Any) -> HttpResponse:
    """`page` as an answer."""
    return HttpResponse(page.render(context, request))


LIST = template(
    """<form method="post">{% csrf_token %}</form><table>{% for one in rows %}
<tr><td><a href="/application/{{ one.pk }}/">{{ one.candidate.name }}</a><td>{{ one.job.title }}<td>{{ one.stage }}
<td>{{ one.stage_since|date:"Y-m-d" }}<td>{{ one.waiting }}{% endfor %}</table>"""
)


def own(user: Any) -> QuerySet[Application]:
    """The open applications for the recruiter's jobs, with whom each waits for, in one query."""
    asks = Ask.objects.filter(application=OuterRef("pk"), answered_at=None, cancelled_at=None).order_by("due_at")
    jobs = Job.recruiters.through.objects.filter(user_id=user.pk).values("job_id")
    rows = Application.objects.exclude(stage__in=CLOSED).filter(job_id__in=jobs).select_related("candidate", "job")
    rows = rows.only("stage", "stage_since", "candidate__name", "job__title")
    return rows.annotate(waiting=Subquery(asks.values("name")[:1])).order_by("-stage_since", "-pk")


@login_required
def listing(request: Any) -> HttpResponse:
    """The first fifty."""
    return show(LIST, request, rows=own(request.user)[:PAGE])


@login_required
def search(request: Any) -> HttpResponse:
    """Those whose name or mail holds the words; `alike` asks for names much like them."""
    if "alike" in request.GET:
        people: Any = Candidate.objects.annotate(upper=Upper("name"))
        people = people.filter(upper__trigram_word_similar=request.GET["alike"].upper())
    else:
        people = Candidate.objects.filter(Q(name__icontains=request.GET["q"]) | Q(email__icontains=request.GET["q"]))
    return show(LIST, request, rows=own(request.user).filter(candidate__in=people.order_by())[:PAGE])


PASSAGES = template(
    """<form method="post">{% csrf_token %}</form><ol>{% for one in rows %}{% with of=one.document.application %}
<li><a href="/application/{{ of.pk }}/">{{ of.candidate.name }}</a> {{ of.job.title }} {{ of.stage }}
{{ one.document.name }} {{ one.passage }}{% endwith %}{% endfor %}</ol>"""
)


@login_required
def cv_search(request: Any) -> HttpResponse:
    """The best of the newest two hundred résumés with the word, each with the passage where it stands."""
    query = SearchQuery(request.GET["q"], config="simple", search_type="websearch")
    jobs = Job.recruiters.through.objects.filter(user_id=request.user.pk).values("job_id")
    found = DocumentText.objects.filter(vector=query, document__application__job_id__in=jobs).order_by("-pk")
    rows = DocumentText.objects.filter(pk__in=found.values("pk")[:200]).annotate(rank=SearchRank(F("vector"), query))
    passage = SearchHeadline("text", query, config="simple", max_words=32, min_words=12, max_fragments=2)
    rows = rows.annotate(passage=passage).select_related(
        "document__application__candidate", "document__application__job"
    )
    application = "document__application__"
    rows = rows.only(
        "document__name", f"{application}stage", f"{application}candidate__name", f"{application}job__title"
    )
    return show(PASSAGES, request, rows=rows.order_by("-rank")[:20])


DETAIL = template(
    """<form method="post">{% csrf_token %}</form><h1>{{ one.candidate.name }}</h1>
<p>{{ one.job.title }}, {{ one.stage }}<p>{{ one.letter }}
{% for card in cards %}<h2>{{ card.rater_name }}</h2><p>{{ card.summary }}{% for rating in card.ratings.all %}
<p>{{ rating.competency.name }}: {{ rating.score }}, {{ rating.evidence }}{% endfor %}{% endfor %}
<ul>{% for event in events %}<li>{{ event.at|date:"Y-m-d H:i" }} {{ event.name }} {{ event.by_name }}{% endfor %}</ul>
<ul>{% for mail in mails %}<li>{{ mail.sent_at|date:"Y-m-d H:i" }} {{ mail.subject }} {{ mail.text }}{% endfor %}</ul>
<ul>{% for ask in asks %}<li>{{ ask.title }} {{ ask.name }} {{ ask.due_at|date:"Y-m-d" }}{% endfor %}</ul>"""
)


@login_required
def detail(request: Any, pk: int) -> HttpResponse:
    """One application with all that hangs on it."""
    one = get_object_or_404(Application.objects.select_related("candidate", "job"), pk=pk)
    return show(
        DETAIL,
        request,
        one=one,
        cards=one.scorecards.prefetch_related("ratings__competency"),
        events=one.events.all(),
        mails=one.messages.all(),
        asks=one.asks.filter(answered_at=None, cancelled_at=None),
    )


HOME = template(
    """<form method="post">{% csrf_token %}</form>
{% for ask in asks %}<p>{{ ask.title }} {{ ask.application.candidate.name }} {{ ask.due_at|date:"Y-m-d" }}{% endfor %}
{% for one in idle %}<p><a href="/application/{{ one.pk }}/">{{ one.candidate.name }}</a> {{ one.job.title }}
{% endfor %}<table>{% for row in counts %}<tr><td>{{ row.job__title }}<td>{{ row.stage }}<td>{{ row.n }}
{% endfor %}</table>"""
)


@login_required
def home(request: Any) -> HttpResponse:
    """What waits for me, what has no next step, and how many stand where."""
    mine = Ask.objects.filter(user=request.user, answered_at=None, cancelled_at=None, opens_at__lte=now())
    jobs = Job.recruiters.through.objects.filter(user_id=request.user.pk).values("job_id")
    applications = Application.objects.filter(job_id__in=jobs)
    asked = Ask.objects.filter(application=OuterRef("pk"), answered_at=None, cancelled_at=None)
    idle = applications.exclude(stage__in=CLOSED).exclude(Exists(asked)).order_by("stage_since", "pk")
    counts = applications.filter(stage__in=[*OPEN, Stage.HIRED]).order_by().values("job_id", "job__title", "stage")
    return show(
        HOME,
        request,
        asks=mine.select_related("application__candidate").order_by("due_at")[:20],
        idle=idle.select_related("candidate", "job").only("candidate__name", "job__title")[:20],
        counts=counts.annotate(n=Count("*")),  # not of the key, which the index by job does not hold
    )


CAREER = template(
    '{% for job in jobs %}<p><a href="/job/{{ job.slug }}/">{{ job.title }}</a> {{ job.place }}{% endfor %}'
)
JOB = template(
    "<h1>{{ job.title }}</h1><p>{{ job.place }} {{ job.hours }} {{ job.pay_from }} {{ job.pay_to }}"
    "{{ job.description|linebreaks }}"
    "{% for step in job.plan.stages.all %}<p>{{ step.stage }} {{ step.days }}{% endfor %}"
)
APPLY = template('<form method="post" enctype="multipart/form-data">{% csrf_token %}</form>')


def career(request: Any) -> HttpResponse:
    """What is open."""
    return show(CAREER, request, jobs=Job.objects.filter(status="open"))


def job(request: Any, slug: str) -> HttpResponse:
    """One job and its stages."""
    jobs = Job.objects.select_related("plan").prefetch_related("plan__stages")
    return show(JOB, request, job=get_object_or_404(jobs, slug=slug, status="open"))


def apply(request: Any, slug: str) -> HttpResponse:
    """Keep a file, durably, and write person, application and document."""
    if request.method != "POST":
        return show(APPLY, request)
    upload, key, at = request.FILES["resume"], uuid.uuid4().hex, now()
    digest = _keep(upload, key)
    with transaction.atomic():
        found = Job.objects.only("plan_id").get(slug=slug)
        person = Candidate.objects.create(name=request.POST["name"], email=request.POST["email"])
        application = Application.objects.create(
            candidate=person, job=found, plan_id=found.plan_id, stage_since=at, applied_at=at,
            letter=request.POST["letter"],
        )  # fmt: skip
        Document.objects.create(
            application=application, kind="resume", name=upload.name, content_type="application/pdf",
            size=upload.size, sha256=digest, file=key, at=at,
        )  # fmt: skip
    return redirect("/")


def _keep(upload: Any, key: str) -> str:
    digest = hashlib.sha256()
    with open(os.path.join(DOCUMENTS, key), "wb") as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


@login_required
def move(request: Any, pk: int) -> HttpResponse:
    """To screening: the row, an event, two asks with their scorecards and mails; no more."""
    at = now()
    with transaction.atomic():
        one = Application.objects.select_for_update(no_key=True).only("stage").get(pk=pk, stage=Stage.APPLIED)
        # Only the limit may do without the product's own verb: it is what the verb is compared with.
        Application.objects.filter(pk=one.pk).update(**{"stage": Stage.SCREENING, "stage_since": at})
        Event.objects.create(application=one, name="stage.screening", at=at, by_kind="person", by=request.user)
        readers = User.objects.filter(pk__in=[request.POST["reader"], request.POST["caller"]])
        asks = Ask.objects.bulk_create([_ask(one, reader, at) for reader in readers])
        Scorecard.objects.bulk_create(
            Scorecard(application=one, ask=ask, kind="phone", stage=ask.stage) for ask in asks
        )
        Message.objects.bulk_create(_message(one, ask, at) for ask in asks)
    return redirect(f"/application/{pk}/")


def _ask(one: Application, reader: User, at: datetime) -> Ask:
    due = at + timedelta(days=7)
    return Ask(
        application=one, stage=Stage.SCREENING, page="screening:phone", template="screening/phone", title="Scorecard",
        role="recruiter", name=str(reader), email=reader.email, user=reader, created_at=at, opens_at=at, due_at=due,
        remind_at=due, expires_at=due,
    )  # fmt: skip


def _message(one: Application, ask: Ask, at: datetime) -> Message:
    # Held back, so that the limit's mails do not take part in the sweep.
    return Message(
        key=f"ask:{ask.pk}", template=ask.template, application=one, ask=ask, to=ask.email, status="held",
        created_at=at, next_try_at=at,
    )  # fmt: skip


CARD = template(
    """<form method="post">{% csrf_token %}<h1>{{ card.application.candidate.name }}</h1>
{% for part in parts %}<h3>{{ part.title }}</h3><p>{{ part.text }}<ol>{% for line in part.anchors %}<li>{{ line }}
{% endfor %}</ol>{% for line in part.follow_ups %}<p>{{ line }}{% endfor %}{% for line in part.red_flags %}<p>{{ line }}
{% endfor %}<textarea name="notes_{{ part.number }}">{{ part.notes }}</textarea>
<select name="route_{{ part.number }}">{% for one in routes %}<option value="{{ one.key }}">{{ one.name }}{% endfor %}
</select>{% for route in routes %}{% for line in route.anchors %}<li>{{ line }}{% endfor %}{% endfor %}{% endfor %}
{% for one in traits %}<fieldset><legend>{{ one.name }}</legend><p>{{ one.meaning }}{% for line in one.anchors %}
<label><input type="radio" name="score_{{ one.key }}" value="{{ forloop.counter }}"
{% if one.score == forloop.counter %}checked{% endif %}>{{ line }}</label>{% endfor %}
<textarea name="evidence_{{ one.key }}">{{ one.evidence }}</textarea></fieldset>{% endfor %}
{% for step in steps %}<p>{{ step.name }} {{ step.meaning }}
<input type="radio" name="step_{{ step.number }}" value="yes">
<input type="radio" name="step_{{ step.number }}" value="no">
<input type="radio" name="step_{{ step.number }}" value="na">
<textarea name="quote_{{ step.number }}"></textarea>{% endfor %}
<textarea name="summary">{{ card.summary }}</textarea></form>"""
)


def card(request: Any, pk: int) -> HttpResponse:
    """An interviewer's card with its kit; a POST keeps a note and the words beside a rating."""
    cards = Scorecard.objects.select_related("application__candidate", "wording")
    if request.method == "POST":
        return _keep_words(request, pk)
    one = get_object_or_404(cards, ask=pk)
    ratings = {rating.competency_id: rating for rating in one.ratings.all()}
    heard = {note.part: note.notes for note in KitAnswer.objects.filter(scorecard=one)}
    words = one.wording.content
    for part in words["parts"]:
        part["notes"] = heard.get(part["number"], "")
    for trait in words["competencies"]:
        rating = ratings.get(trait["key"])
        trait["score"], trait["evidence"] = (rating.score, rating.evidence) if rating else (None, "")
    shown = {"parts": words["parts"], "traits": words["competencies"], "routes": words["routes"]}
    return show(CARD, request, card=one, steps=words["steps"], **shown)


def _keep_words(request: Any, pk: int) -> HttpResponse:
    at, typed = now(), request.POST
    with transaction.atomic():
        one = Scorecard.objects.select_for_update().get(ask=pk, locked_at=None)
        Scorecard.objects.filter(pk=one.pk).update(saved_at=at)
        for name, text in typed.items():
            kind, _underscore, key = name.partition("_")
            if kind == "notes":
                KitAnswer.objects.update_or_create(scorecard=one, part=int(key), defaults={"notes": text})
            elif kind == "evidence":
                Rating.objects.update_or_create(scorecard=one, competency_id=int(key), defaults={"evidence": text})
    return HttpResponse(f"<p>Saved {at:%H:%M}")


urlpatterns = [
    path("card/<int:pk>/", card),
    path("referee/<int:pk>/", floor_evidence.referee),
    path("check-in/<int:pk>/", floor_evidence.check_in),
    path("approval/<int:pk>/", login_required(floor_evidence.approval)),
    path("", career),
    path("list/", listing),
    path("search/", search),
    path("cv-search/", cv_search),
    path("application/<int:pk>/", detail),
    path("application/<int:pk>/move/", move),
    path("home/", home),
    path("job/<slug:slug>/", job),
    path("job/<slug:slug>/apply/", apply),
]
application = get_wsgi_application()

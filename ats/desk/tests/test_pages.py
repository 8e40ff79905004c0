"""The page of one application."""

import ast
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats import pipeline
from ats.desk import words
from ats.desk.tests.conftest import LATER, signed_in
from candidates import pipeline as moves
from candidates.builders import NOW, make_application, make_candidate, make_job
from candidates.company.models import Company
from candidates.judging.builders import make_card, make_locked_card
from candidates.models import Document, Event, Note, Stage
from candidates.people.actors import Actor
from candidates.pipeline import MOVES
from candidates.post import mail
from references.builders import give, make_references
from trials.builders import make_approval

pytestmark = pytest.mark.django_db
EVERY_BUTTON = [(stage, to) for stage, moves in MOVES.items() for to in sorted(moves)]


def address(name, application, *args):
    return reverse(f"admin:candidates_application_{name}", args=[application.pk, *args])


def page_of(client, application, query=""):
    return client.get(address("change", application) + query)


@pytest.mark.parametrize("stage", Stage)
def test_a_recruiter_sees_a_button_for_every_move_that_is_possible(desk, stage):
    application = make_application(stage)
    page = page_of(desk, application)
    assert page.status_code == 200
    shown = {to for to in Stage if address("move", application, to) in page.content.decode()}
    assert shown == MOVES[stage]


@pytest.mark.parametrize(("stage", "to"), EVERY_BUTTON)
def test_every_button_of_every_stage_opens_its_form(desk, stage, to):
    application = make_application(stage)
    page = desk.get(address("move", application, to))
    assert page.status_code == 200
    assert str(pipeline.step(application, to).label) in page.content.decode()


@pytest.mark.parametrize("stage", [stage for stage in Stage if MOVES[stage]])
def test_one_button_is_the_way_forward(desk, stage):
    buttons = page_of(desk, make_application(stage)).context["buttons"]
    assert [button.is_forward for button in buttons][:2] == [True, False]


def test_the_page_writes_nothing_when_something_is_posted_to_it(desk):
    assert desk.post(address("change", make_application())).status_code == 405


def test_the_persons_other_applications_are_linked_where_one_may_see_them(desk, stranger):
    person = make_candidate()
    application = make_application(candidate=person)
    mine = make_application(candidate=person, job=make_job("Second job"))
    make_application(candidate=person, job=make_job("Their job", recruiters=[stranger]))
    others = page_of(desk, application).context["others"]
    assert [other.pk for other in others] == [mine.pk]


def test_documents_are_linked(desk):
    application = make_application()
    document = Document.objects.create(
        application=application, kind="resume", name="cv.pdf", content_type="application/pdf", size=9, sha256="0" * 64,
        file="ab/abc", at=NOW,
    )  # fmt: skip
    assert reverse("people:document", args=[document.pk]) in page_of(desk, application).content.decode()


def test_what_candidates_wrote_is_shown_as_text(desk):
    application = make_application(letter="<script>alert(1)</script>", candidate=make_candidate("<b>Bold</b>"))
    page = page_of(desk, application).content.decode()
    assert "<script>alert" not in page
    assert "<b>Bold" not in page


def test_references_are_told_with_their_facts(desk):
    application = make_application(Stage.INTERVIEWS)
    for reference in make_references(application):
        give(reference, would_hire_again="yes")
    page = page_of(desk, application).content.decode()
    assert page.count("Would hire again: <strong>Yes") == 2
    assert "Reliability" in page


def test_what_a_referee_says_stays_hidden_while_another_is_waited_for(desk):
    application = make_application(Stage.INTERVIEWS)
    first, *_others = make_references(application)
    give(first, would_hire_again="yes")
    assert "Would hire again" not in page_of(desk, application).content.decode()


def test_trial_verdict_and_approval_are_told(desk):
    approval = make_approval()
    page = page_of(desk, approval.trial.application).content.decode()
    assert "Bob Buddy" in page
    assert "Mona Manager" in page[page.index("Approval") :]


def test_the_stream_is_newest_first_and_holds_events_mails_and_notes(desk, rita):
    application = make_application(Stage.SCREENING)
    mail.queue(application, "candidates/rejected", key="test", at=NOW)
    desk.post(address("note", application), {"text": "Called her."})
    kinds = [entry.kind for entry in page_of(desk, application).context["entries"]]
    times = [entry.at for entry in page_of(desk, application).context["entries"]]
    assert set(kinds) == {"events", "mails", "notes"}
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("kind", ["events", "mails", "notes"])
def test_the_stream_can_be_narrowed(desk, kind):
    application = make_application(Stage.SCREENING)
    mail.queue(application, "candidates/rejected", key="test", at=NOW)
    desk.post(address("note", application), {"text": "Called her."})
    assert {entry.kind for entry in page_of(desk, application, f"?show={kind}").context["entries"]} == {kind}


def test_a_note_is_kept_with_its_author(desk, rita):
    application = make_application()
    assert desk.post(address("note", application), {"text": "Called her."}).status_code == 302
    note = Note.objects.get()
    assert (note.author, note.author_name, note.text) == (rita, "Rita Recruiter", "Called her.")


def test_an_empty_note_is_not_kept(desk):
    page = desk.post(address("note", make_application()), {"text": "  "})
    assert page.context["note_form"].errors
    assert not Note.objects.exists()


def test_a_manager_may_keep_a_note(manager):
    assert signed_in(manager).post(address("note", make_application()), {"text": "Hm."}).status_code == 302
    assert Note.objects.get().author == manager


def move_by_rule(application):
    rule = Actor.rule("Ask for references by itself", rule="references_by_itself", event=1)
    moves.move(application, Stage.REFERENCES, at=NOW, by=rule)


def test_an_automatic_move_offers_its_undo(desk):
    application = make_application(Stage.INTERVIEWS)
    assert page_of(desk, application).context["undo"] is None
    move_by_rule(application)
    undo = page_of(desk, application).context["undo"]
    assert undo.rule == "Ask for references by itself"
    assert undo.url == address("move", application, Stage.INTERVIEWS)


def test_the_undo_goes_back_and_is_then_gone(desk):
    application = make_application(Stage.INTERVIEWS)
    move_by_rule(application)
    seen = f"{application.stage}@{application.stage_since.isoformat()}"
    typed = {"seen": seen, "action": "confirm", "reason": "Talk first"}
    assert desk.post(page_of(desk, application).context["undo"].url, typed).status_code == 302
    application.refresh_from_db()
    assert application.stage == Stage.INTERVIEWS
    assert page_of(desk, application).context["undo"] is None


def test_a_manager_has_no_undo(manager):
    application = make_application(Stage.INTERVIEWS)
    move_by_rule(application)
    assert page_of(signed_in(manager), application).context["undo"] is None


def fill(application, number):
    for n in range(number):
        make_locked_card(application, {"Empathy": 4, "Patience": 3}, name=f"R{n}", email=f"r{n}@example.org")
        mail.queue(application, "candidates/rejected", key=f"{application.pk}:{n}", at=NOW)
        Event.objects.create(application=application, name="note", at=NOW, by_kind="person", by_name="Rita")
        make_card(application, name=f"O{n}", email=f"o{n}@example.org", opens_at=LATER.replace(year=2031), at=NOW,
                  due_at=LATER.replace(year=2032))  # fmt: skip


@pytest.mark.parametrize("user", ["desk", "admin"])
def test_much_and_little_cost_the_same_queries(request, user):
    who = request.getfixturevalue(user)
    client = who if user == "desk" else signed_in(who)
    counts = []
    for number in (1, 8):
        application = make_application(Stage.REFERENCES)
        fill(application, number)
        Company.current()  # remembered for some seconds, whichever page read it
        with CaptureQueriesContext(connection) as queries:
            assert page_of(client, application).context["evidence"].is_open
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_a_trial_costs_no_more_queries_than_a_page_may(desk):
    application = make_approval().trial.application
    with CaptureQueriesContext(connection) as queries:
        assert page_of(desk, application).context["trial"]
    assert len(queries) <= 30  # days, check-ins, figures, warnings, approvals and references besides the page


EVENT = re.compile(r"[a-z_]+\.[a-z_]+")


def constants(tree):
    """The words behind the names of a module: `CHOSEN = "a.b"`, and `PLANNED, UNDONE = "a.b", "a.c"`."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names, values = (getattr(one, "elts", [one]) for one in (node.targets[0], node.value))
            pairs = zip(names, values, strict=False)
            found |= {name.id: getattr(value, "value", "") for name, value in pairs if isinstance(name, ast.Name)}
    return found


def tables(tree):
    """The words of a module's tables: `EVENTS = {"page": "a.b"}`."""
    plain = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)]
    return {node.targets[0].id: [getattr(one, "value", "") for one in node.value.values] for node in plain}


def written(source, elsewhere=()):
    """The events that a module writes: what is handed to `record`, or to a function of its own that ends in it."""
    tree = ast.parse(source)
    known, held = dict(elsewhere) | constants(tree), tables(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    recorded = [one for one in calls if getattr(one.func, "attr", getattr(one.func, "id", "")).endswith("record")]
    told = []
    for word in (word for one in recorded for word in one.args):
        name = getattr(word, "id", getattr(word, "attr", ""))
        told += held.get(getattr(getattr(word, "value", None), "id", ""), [])
        told.append(known.get(name, getattr(word, "value", "")))
    return {word for word in told if isinstance(word, str) and EVENT.fullmatch(word)}


@pytest.mark.parametrize(
    "source",
    [
        'record(one, "a.b", at=at)',
        'pipeline.record(\n    locked, "a.b", at=at)',
        'NAME = "a.b"\n_record(one, NAME, asked)',
        'OTHER, NAME = "a.c", "a.b"\npipeline.record(one, NAME)',
        'TOLD = {"page": "a.b"}\npipeline.record(one, TOLD[asked.page])',
    ],
)
def test_an_event_is_found_however_it_is_written(source):
    assert written(source) == {"a.b"}


def test_every_event_that_the_code_writes_has_words():
    sources = [
        path
        for app in ("ats", "candidates", "interviews", "references", "trials")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "tests" not in path.parts
    ]
    texts = [path.read_text() for path in sources]
    everywhere = {name: word for text in texts for name, word in constants(ast.parse(text)).items()
                  if isinstance(word, str) and EVENT.fullmatch(word)}  # fmt: skip
    names = set().union(*(written(text, everywhere) for text in texts))
    assert names | {f"stage.{stage}" for stage in Stage} == set(words.EVENTS)


def test_what_one_locked_is_told_by_its_kind(desk):
    application = make_application(Stage.INTERVIEWS)
    make_locked_card(application, {"Empathy": 4})
    assert "Scorecard locked: interview" in page_of(desk, application).content.decode()


def test_times_are_told_in_the_zone_of_whoever_looks(desk, rita):
    application = make_application(at=NOW)
    rita.zone = "Asia/Tokyo"
    rita.save()
    assert "Mon 7 Jan 2030, 18:00" in page_of(desk, application).content.decode()


def test_a_zone_that_does_not_exist_is_no_reason_to_fail(desk, rita):
    rita.zone = "Europe/Atlantis"
    rita.save()
    assert page_of(desk, make_application()).status_code == 200


@pytest.mark.parametrize("key", ["x", "1/change/widgets.css", "%00", "9" * 30, "-1", "\u0663"])
def test_what_is_no_key_is_no_page(desk, key):
    assert desk.get(f"/admin/candidates/application/{key}/change/").status_code == 404

"""F34, I9: a person is erased: nothing leaves any more, and no table, file, log or mail names them."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from ats.engine import erased
from ats.privacy import erasing
from ats.privacy.models import Erasure
from ats.privacy.tests.everything import (
    EMAIL,
    NAME,
    OTHER,
    PHONE,
    PLANTED,
    columns_of_words,
    make_everything,
    models_about_people,
    plant,
    rows_of,
    where,
)
from ats.rejections import actions as rejections
from candidates import pipeline
from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.judging.models import Rating
from candidates.people import merging, requests
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate, DataRequest, Document, Event, Note
from candidates.pipeline import NotAllowed
from candidates.post import delivery, links, mail
from candidates.post.models import Ask, Message
from candidates.post.reminding import actions as reminding
from candidates.screening.builders import begin_screening
from candidates.stages import Stage
from candidates.tests.together import together
from interviews.builders import make_interview
from references.builders import ask_for_referees, make_references
from references.models import Referee

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=400)
# What may stay, and why: a column that is not here must be empty of words when somebody is erased.
STAYS = {
    "keys and names of ours": """
        ats_firing.rule_name ats_firing.occasion ats_handling.rule candidates_ask.page candidates_ask.template
        candidates_event.name candidates_message.key candidates_message.template candidates_rating.criterion
        interviews_submission.code_name references_selfview.criterion references_selfview.competencies
        trials_earlywarning.occurrence candidates_application.consent_version""",
    "a language or zone is that of thousands": """
        candidates_ask.language candidates_ask.zone candidates_message.language candidates_message.zone
        interviews_interview.zone interviews_interview.wall_clock references_referee.language""",
    "by what way people come is counted": "candidates_application.source",
    "colleagues": """
        ats_firing.settled_by_name ats_plannedrejection.by_name candidates_ask.name candidates_ask.email
        candidates_datarequest.done_by_name candidates_decision.by_name candidates_event.by_name
        candidates_revision.by_name candidates_scorecard.rater_name interviews_grading.name interviews_grading.email
        interviews_panelist.name interviews_panelist.email references_flag.judged_by_name
        references_refereerequest.done_by_name trials_agent.matched_by_name trials_earlywarning.seen_by_name
        trials_pause.by_name trials_trial.buddy_name trials_trial.buddy_email""",
}
NO_ROWS = {"Handling"}  # rules as they were before there was a ledger of them; it holds a rule's key alone


def stays():
    return {column for columns in STAYS.values() for column in columns.split()}


def by():
    return Actor.person(make_user("Ada Admin"))


def make_person(stage=Stage.APPLIED, **fields):
    """Zacharias with one application."""
    return make_application(stage, candidate=make_candidate(NAME, email=EMAIL, phone=PHONE), **fields)


def erase(application, at=NOW):
    return erasing.erase(application.candidate, at=at, by=by())


def scores_of(person):
    """What was judged, without the words."""
    given = Rating.objects.filter(scorecard__application__candidate=person, scorecard__locked_at__isnull=False)
    return list(given.order_by("pk").values_list("pk", "score"))


def test_no_word_about_the_person_is_left_in_any_column(settings, tmp_path, django_capture_on_commit_callbacks):
    """Also no file, and nothing in the mailbox of this machine; a new table or column is found by this."""
    settings.MAILBOX_DIR = str(tmp_path)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_text(f"To: {EMAIL}")
    (tmp_path / "new" / "2").write_text("To: rita@rapport.test")
    person = make_everything()
    rows = rows_of(person)
    assert {one.__name__ for one in models_about_people() if not rows[one]} == NO_ROWS
    others = Application.objects.exclude(candidate=person).count()
    files = list(Document.objects.filter(content_type="text/plain").values_list("file", flat=True))
    plant(person, stays())
    assert set(where(PLANTED)) >= columns_of_words() - stays()
    scores = scores_of(person)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(person, at=NOW, by=by())
    assert where(PLANTED, NAME, EMAIL, OTHER, PHONE) == []
    assert erased.nobody_is_named(NOW) == ("2 erased", [])
    assert (len(files) > 4, [one for one in files if default_storage.exists(one)]) == (True, [])
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["2"]
    assert (len(scores) > 9, scores_of(person)) == (True, scores)
    assert Application.objects.exclude(candidate=person).exclude(letter="").count() == others


def test_what_stays_is_that_somebody_was_there():
    application = make_person(Stage.INTERVIEWS)
    moves = list(application.events.values_list("name", "at"))
    kept = erase(application, at=LATER)
    application = Application.objects.get(pk=application.pk)
    assert (application.candidate.name, application.stage) == ("Erased person", Stage.WITHDRAWN)
    assert (application.letter, application.consent_version) == ("", "1")
    assert list(application.events.values_list("name", "at")) == [
        *moves, ("stage.withdrawn", LATER), (erasing.EVENT, LATER),
    ]  # fmt: skip
    assert (kept.by_name, kept.counts["applications"], EMAIL in kept.digest) == ("Ada Admin", 1, False)


def test_nothing_leaves_afterwards(mailoutbox):
    """Reminders, waiting and held mails, a planned rejection: none of it, however long the sweeps go on."""
    application = begin_screening(make_person())
    ask_for_referees(make_application(Stage.INTERVIEWS, candidate=application.candidate))
    mail.queue(application, "candidates/withdrawn", key="late", at=NOW, wait=timedelta(days=2))
    rejections.plan(application, reason="skills", hours=24, at=NOW, by=by())
    erase(application)
    reminding.remind_due(at=LATER)
    rejections.carry_out_due(at=LATER)
    delivery.sweep(clock=lambda: LATER)
    assert (mailoutbox, Message.objects.filter(status="queued").count(), Ask.objects.open().count()) == ([], 0, 0)


def test_a_worker_that_sends_at_that_moment_writes_no_words_back(mailoutbox):
    application = make_person()
    message = mail.queue(application, "candidates/withdrawn", key="k", at=NOW)
    Message.objects.filter(pk=message.pk).update(status="sending", claimed_at=NOW, attempts=1)
    erase(application)
    delivery.sweep(clock=lambda: LATER)
    message.refresh_from_db()
    assert (message.status, message.to, message.text, mailoutbox) == ("cancelled", "", "", [])


def test_colleagues_hear_that_an_interview_is_off_without_the_name(mailoutbox):
    application = make_person(Stage.SCREENING)
    interview = make_interview(application)
    erase(application)
    delivery.sweep(clock=lambda: NOW)
    told = [one.to for one in mailoutbox]
    assert sorted(told) == [["ida@example.org"], ["ivan@example.org"]]
    assert not [one for one in mailoutbox if "Zacharias" in one.message().as_string() or "Quill" in one.body]
    interview.refresh_from_db()
    assert interview.cancelled_at == NOW


def test_whoever_was_folded_in_goes_as_well():
    kept, folded = make_person(), make_application(candidate=make_candidate(NAME, email=OTHER))
    merging.merge(kept.candidate, folded.candidate, at=NOW, by=by())
    erase(folded)  # by whichever entry
    assert (Erasure.objects.count(), where(NAME, EMAIL, OTHER)) == (2, [])


def test_their_requests_are_done_with_them():
    application = make_person()
    requests.request(application, DataRequest.Kind.ERASE, at=NOW, by=Actor.candidate(NAME))
    erase(application)
    assert DataRequest.objects.get().done_by_name == "Ada Admin"


def test_nobody_is_erased_twice():
    application = make_person()
    erase(application)
    with pytest.raises(NotAllowed, match="already"):
        erase(Application.objects.get(pk=application.pk))


def test_who_is_still_asked_as_a_referee_is_not_erased_yet():
    application = make_person()
    references = make_references()
    asked = Ask.objects.filter(scorecard__reference=references[0])
    asked.update(email=EMAIL)
    Referee.objects.filter(reference=references[0]).update(email=EMAIL.upper())
    with pytest.raises(NotAllowed, match="referee for somebody else"):
        erase(application)
    assert Candidate.objects.get(pk=application.candidate_id).name == NAME
    asked.update(cancelled_at=NOW, remind_at=None)
    erase(application)
    assert where(NAME, EMAIL) == []


def test_all_links_of_the_person_are_dead(client):
    application = make_person()
    assert client.get(links.application_url(application), follow=True).status_code == 200
    erase(application)
    assert client.get(links.application_url(application), follow=True).status_code == 404
    assert client.get(f"/my/{application.pk}/").status_code == 404


def test_who_applies_again_is_somebody_new():
    application = make_person()
    erase(application)
    again = make_application(candidate=make_candidate(NAME, email=EMAIL), job=application.job, at=LATER)
    assert again.candidate_id != application.candidate_id
    assert erased.nobody_is_named(LATER)[1] == []


def test_what_was_being_written_meanwhile_goes_an_hour_later():
    application = make_person()
    erase(application)
    Note.objects.create(application=application, text=f"Called {NAME}", at=NOW, author_name="Rita")
    other = make_application(job=make_job())
    Note.objects.create(application=other, text="Stays", at=NOW, author_name="Rita")
    erasing.take_what_came_late(at=NOW + timedelta(hours=1))
    assert [one.text for one in Note.objects.all()] == ["Stays"]


def test_a_mail_that_arrives_here_a_moment_later_goes_too(settings, tmp_path):
    settings.MAILBOX_DIR = str(tmp_path)
    (tmp_path / "new").mkdir()
    erase(make_person())
    for name, to in (("1", EMAIL), ("2", "rita@rapport.test")):
        (tmp_path / "new" / name).write_text(f"To: <{to}>")
    erasing.take_what_came_late(at=NOW + timedelta(hours=1))
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["2"]


def test_a_name_that_is_a_word_takes_no_other_mail_along():
    candidate = make_candidate("Li", email="li@example.org")
    make_application(candidate=candidate)
    digest = {"to": "rita@rapport.test", "language": "en", "zone": "UTC", "at": NOW}
    mail.queue_to("sourcing/confirm", **digest, key="p", data={"name": "Li"})
    mail.queue_to("desk/digest", **digest, key="d1", data={"sections": ["What is the deadline?"]})
    mail.queue_to("desk/digest", **digest, key="d2", data={"sections": ["Read the letter of Li"]})
    erasing.erase(candidate, at=NOW, by=by())
    assert set(Message.objects.filter(status="queued").values_list("key", flat=True)) == {"p", "d1"}


def test_outside_of_erasing_events_stay_as_they_were_written():
    application = make_person()
    erase(application)
    pipeline.record(application, "x.y", at=NOW, by=by(), reason="words")
    assert Event.objects.last().data == {"reason": "words"}


@pytest.mark.django_db(transaction=True)
def test_of_those_who_erase_and_move_at_once_one_erases_and_nothing_is_half_done():
    application, actor = make_person(), by()
    seen = Application.objects.get(pk=application.pk)
    told = together(
        lambda: erasing.erase(application.candidate, at=NOW, by=actor),
        lambda: erasing.erase(Candidate.objects.get(pk=application.candidate_id), at=NOW, by=actor),
        lambda: pipeline.move(seen, Stage.SCREENING, at=NOW, by=actor, reason=f"{NAME} writes well"),
    )
    assert sorted(type(one).__name__ for one in told[:2]) == ["Erasure", "NotAllowed"]
    assert isinstance(told[2], Event | NotAllowed)
    assert Application.objects.get(pk=application.pk).stage == Stage.WITHDRAWN
    assert where(NAME, EMAIL) == []

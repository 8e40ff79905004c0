"""A referee's words, name and addresses go from everywhere; scores stay."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from candidates.builders import NOW, make_user
from candidates.models import Message, Note, Rating
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import delivery
from candidates.post.builders import open_link
from references import actions
from references.actions import Trace
from references.builders import decline, give, make_answers, make_facts, make_references
from references.models import Flag, Referee, Reference

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
RITA = "Rita Recruiter"
COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')
"""


def found(*words):
    """Every column of the database that holds one of these words."""
    places = set()
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column in cursor.fetchall():
            for word in words:
                # as a pattern, because it may stand in the middle of a text
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s', [f"%{word}%"])
                if cursor.fetchone()[0]:
                    places.add(f"{table}.{column}: {word}")
    return places


def forget(reference, at=LATER):
    actions.forget(Referee.objects.get(pk=reference.referee_id), at=at, by=Actor.person(make_user(RITA)))


@pytest.fixture
def nora(mailoutbox):
    """Nora, with everything that can be kept of her: mails that left, a copy, a wish, a flag, a note, a phone."""
    [reference, _leo] = make_references()
    Referee.objects.filter(pk=reference.referee_id).update(phone="+31 6 1234 5678", network="n1", browser="b1")
    reference.referee.refresh_from_db()
    words = make_answers()
    words.scores[0] = words.scores[0].__class__(
        criterion=words.scores[0].criterion, score=4, evidence="Rare words. " * 9
    )
    by = Actor.outsider("Nora Former")
    actions.answer(reference, make_facts(role="Rare role"), words, at=NOW, by=by, trace=Trace("n1", "b1"))
    actions.want_copy(reference, at=NOW)
    actions.want_deletion(reference, at=NOW, by=by)
    delivery.sweep(clock=lambda: NOW + timedelta(minutes=1))
    application = reference.referee.application
    Note.objects.create(application=application, at=NOW, author_name=RITA, text="Rang Nora Former at +31 6 1234 5678.")
    return reference


def test_name_address_and_words_are_nowhere_in_the_database(nora):
    told = ("Nora Former", "nora@former.example", "Rare words", "Rare role", "1234 5678")
    assert len(found(*told)) > 8
    forget(nora)
    assert found(*told) == set()


def test_the_scores_stay_and_nobodys_name_stands_beside_them(nora):
    forget(nora)
    reference = Reference.objects.select_related("scorecard").get(pk=nora.pk)
    assert set(reference.scorecard.ratings.values_list("score", flat=True)) == {4}
    assert reference.would_hire_again == "yes"
    assert reference.scorecard.rater_name == "A referee"


def test_what_others_said_stays(nora):
    leo = Reference.objects.exclude(pk=nora.pk).select_related("referee", "scorecard__ask").get()
    give(leo)
    forget(nora)
    assert found("Leo Lead") >= {"references_referee.name: Leo Lead", "candidates_ask.name: Leo Lead"}
    assert Rating.objects.filter(scorecard=leo.scorecard, evidence="").count() == 0


def test_the_traces_and_flags_tell_nothing_any_more(nora):
    assert Flag.objects.filter(reference=nora).count() >= 2
    forget(nora)
    reference = Reference.objects.select_related("referee").get(pk=nora.pk)
    assert (reference.network, reference.browser, reference.referee.network, reference.referee.phone) == ("",) * 4
    assert [flag.data for flag in reference.flags.all()] == [{}] * reference.flags.count()
    assert not hasattr(reference, "print")


def test_the_wish_is_seen_to_and_the_timeline_says_who_did_it(nora):
    forget(nora)
    wish = nora.referee.requests.get(kind="deletion")
    assert (wish.done_at, wish.done_by_name) == (LATER, RITA)
    assert nora.referee.application.events.get(name="references.forgotten").by_name == RITA


def test_a_mail_to_them_that_has_not_left_never_does(nora):  # F34
    actions.want_copy(nora, at=NOW + timedelta(hours=1))
    forget(nora)
    waiting = Message.objects.filter(ask=nora.scorecard.ask).exclude(status=Message.Status.SENT)
    assert set(waiting.values_list("status", flat=True)) == {Message.Status.CANCELLED}


def test_afterwards_their_link_says_so(client, nora, time_machine):
    forget(nora)
    time_machine.move_to(LATER)
    page = open_link(client, nora.scorecard.ask).content.decode()
    assert "What you said was deleted" in page
    assert "Mail me a copy" not in page


def test_it_happens_once(nora):
    forget(nora)
    with pytest.raises(NotAllowed):
        forget(nora)


def test_who_is_still_asked_is_not_forgotten(nora):  # F34
    leo = Reference.objects.exclude(pk=nora.pk).get()
    with pytest.raises(NotAllowed):
        forget(leo)


def test_who_declined_can_be_forgotten():
    [nora, _leo] = make_references()
    decline(nora)
    forget(nora)
    assert found("Nora Former", "nora@former.example") == set()


def test_the_database_keeps_everything_else_as_it_was_afterwards(nora):
    forget(nora)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.filter(scorecard=nora.scorecard).update(evidence="changed")

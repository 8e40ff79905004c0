"""Two rows are one person: what comes over, what is set aside, and the way back."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from ats.engine import invariants
from candidates import pipeline
from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.careers import actions as careers
from candidates.models import Application, Ask, Candidate, Document, Invitation, Merge, Message, PoolMember, Stage
from candidates.people import family, merging
from candidates.people.actors import Actor
from candidates.people.tests import files
from candidates.pipeline import NotAllowed
from candidates.post import asks, delivery, links, mail, rendering
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
LATEST = NOW + timedelta(days=2)


@pytest.fixture
def by():
    return Actor.person(make_user())


@pytest.fixture
def kept():
    return make_candidate("Ana López", email="ana@example.org")


@pytest.fixture
def folded():
    return make_candidate("Ana Lopez", email="old@example.org", phone="0612345678", country="NL", zone="Asia/Tokyo")


def ask(application, email="", role=Ask.Role.CANDIDATE):
    return asks.ask(
        application, page="portal:home", template="candidates/received", title="Name a slot", role=role,
        name=application.candidate.name,
        email=email or application.candidate.email, due_at=NOW + timedelta(days=5), at=NOW,
        zone=application.candidate.zone,
    )  # fmt: skip


def again(row):
    return type(row).objects.get(pk=row.pk)


def undo(by, at=LATEST):
    return merging.undo(Merge.objects.latest("pk"), at=at, by=by)


def broken():
    return [line for finding in invariants.check(at=NOW) for line in finding.violations]


def apply(job, email, at=LATEST):
    return careers.apply(
        job, name="Ana", email=email, phone="", letter="Hello again", resume=files.upload(name="cv.pdf"),
        source="", consent_version="1", at=at,
    )  # fmt: skip


def picture():
    """All that a merge may change, to compare."""
    return {
        "people": list(
            Candidate.objects.order_by("pk").values("email", "phone", "country", "phone_key", "merged_into")
        ),
        "applications": list(Application.objects.order_by("pk").values("pk", "candidate", "stage", "duplicate_of")),
        "asks": list(Ask.objects.order_by("pk").values()),
        "mails": list(Message.objects.order_by("pk").values("pk", "to", "status")),
        "pool": list(PoolMember.objects.order_by("pk").values()),
        "invitations": list(Invitation.objects.order_by("pk").values("pk", "candidate")),
    }


def test_applications_come_over_with_their_timeline_and_files(kept, folded, by):
    theirs = make_application(Stage.SCREENING, candidate=folded)
    file = Document.objects.create(
        application=theirs, kind="resume", name="cv.pdf", content_type="application/pdf", size=1, sha256="", at=NOW,
        file=ContentFile(b"x", "cv.pdf"),
    )  # fmt: skip
    before = list(theirs.events.values_list("name", flat=True))
    merging.merge(kept, folded, at=LATER, by=by)
    assert again(theirs).candidate == kept
    assert again(file).application == theirs
    assert list(theirs.events.order_by("pk").values_list("name", flat=True)) == [*before, "people.merged"]


def test_empty_contact_fields_are_filled_in_and_others_stay(kept, folded, by):
    merging.merge(kept, folded, at=LATER, by=by)
    kept = again(kept)
    assert (kept.email, kept.phone, kept.phone_key) == ("ana@example.org", "0612345678", "+31612345678")
    third = make_candidate(phone="+49 30 1234567")
    merging.merge(kept, third, at=LATER, by=by)
    assert again(kept).phone == "0612345678"


def test_what_waits_for_the_candidate_follows_the_kept_address(kept, folded, by):
    theirs = make_application(candidate=folded)
    asked, colleague = ask(theirs), ask(theirs, "rita@rapport.test", Ask.Role.RECRUITER)
    merging.merge(kept, folded, at=LATER, by=by)
    assert (again(asked).email, again(asked).zone, again(colleague).email) == (kept.email, "UTC", "rita@rapport.test")
    message = Message.objects.select_related("ask").get(ask=asked)
    assert (rendering.address(message), message.status) == (kept.email, "queued")


def test_who_applies_with_the_old_address_is_the_kept_person(kept, folded, by):
    merging.merge(kept, folded, at=LATER, by=by)
    assert apply(make_job(), "old@example.org").candidate == kept


def test_of_two_applications_for_one_job_the_less_far_one_is_set_aside(kept, folded, by):
    job = make_job()
    own, theirs = (
        make_application(job=job, candidate=kept),
        make_application(Stage.SCREENING, job=job, candidate=folded),
    )
    merging.merge(kept, folded, at=LATER, by=by)
    assert (again(own).duplicate_of, again(theirs).duplicate_of) == (theirs, None)
    assert list(Application.objects.open()) == [theirs]


def test_of_two_equally_far_the_younger_is_set_aside(kept, folded, by):
    job = make_job()
    younger = make_application(job=job, candidate=kept, at=NOW + timedelta(hours=3))
    older = make_application(job=job, candidate=folded)
    merging.merge(kept, folded, at=LATER, by=by)
    assert (again(younger).duplicate_of, again(older).duplicate_of) == (older, None)


def test_what_was_set_aside_waits_for_nobody_and_cannot_be_moved(kept, folded, by):
    job = make_job()
    make_application(Stage.SCREENING, job=job, candidate=kept)
    double = make_application(job=job, candidate=folded)
    asked = ask(double)
    merging.merge(kept, folded, at=LATER, by=by)
    assert again(asked).cancelled_at == LATER
    double = again(double)
    with pytest.raises(NotAllowed, match="sent twice"):
        pipeline.move(double, Stage.SCREENING, at=LATEST, by=by)
    assert not double.is_open


def test_every_application_that_is_touched_tells_it(kept, folded, by):
    job = make_job()
    main, double = (
        make_application(Stage.SCREENING, job=job, candidate=kept),
        make_application(job=job, candidate=folded),
    )
    merging.merge(kept, folded, at=LATER, by=by)
    assert main.events.last().name == "application.sent_twice"
    assert list(double.events.filter(at=LATER).values_list("name", flat=True)) == [
        "people.merged", "application.set_aside",
    ]  # fmt: skip
    assert double.events.last().by_name == by.name


def test_an_undone_merge_leaves_everything_as_it_was(kept, folded, by):
    job = make_job()
    make_application(Stage.SCREENING, job=job, candidate=kept)
    double = make_application(job=job, candidate=folded)
    ask(double)
    ask(make_application(candidate=folded))
    PoolMember.objects.create(candidate=folded, consent_at=NOW, consent_version="1", confirmed_at=NOW)
    Invitation.objects.create(candidate=folded, job=job, at=NOW, by_name="Rita")
    before = picture()
    merging.merge(kept, folded, at=LATER, by=by)
    assert picture() != before
    assert undo(by) == []
    assert picture() == before
    assert double.events.last().name == "merge.undone"
    assert broken() == []


def test_a_mail_that_was_dropped_meanwhile_leaves_after_the_undo(kept, folded, by, mailoutbox):
    job = make_job()
    make_application(Stage.SCREENING, job=job, candidate=kept)
    ask(make_application(job=job, candidate=folded))
    merging.merge(kept, folded, at=LATER, by=by)
    delivery.sweep(clock=lambda: LATER)
    assert (len(mailoutbox), Message.objects.get().status) == (0, "cancelled")
    undo(by)
    delivery.sweep(clock=lambda: LATEST)
    assert [one.to for one in mailoutbox] == [["old@example.org"]]


def test_an_undo_says_what_stays(kept, folded, by):
    merging.merge(kept, folded, at=LATER, by=by)
    apply(make_job("Chat hero"), "old@example.org")
    Candidate.objects.filter(pk=kept.pk).update(phone="+31 20 123 4567")
    told = " ".join(undo(by, at=LATEST + timedelta(days=1)))
    assert "Chat hero" in told
    assert "The phone of Ana López was changed" in told
    assert again(kept).phone == "+31 20 123 4567"


def test_an_undo_leaves_aside_what_would_be_a_second_open_application(kept, folded, by):
    job = make_job()
    own = make_application(job=job, candidate=kept)
    theirs = make_application(Stage.SCREENING, job=job, candidate=folded)
    merging.merge(kept, folded, at=LATER, by=by)
    pipeline.move(again(theirs), Stage.WITHDRAWN, at=LATER, by=by)
    anew = apply(job, "ana@example.org")
    assert any("stays set aside" in line for line in undo(by))
    assert again(own).duplicate_of == anew


def test_a_merge_is_undone_once(kept, folded, by):
    done = merging.merge(kept, folded, at=LATER, by=by)
    merging.undo(done, at=LATEST, by=by)
    with pytest.raises(NotAllowed, match="before"):
        merging.undo(done, at=LATEST, by=by)


def test_two_merges_of_one_chain_are_followed_and_undone_in_any_order(kept, folded, by):
    third = make_candidate("Ana L.", email="third@example.org")
    theirs = make_application(candidate=folded)
    before = picture()
    first = merging.merge(kept, folded, at=LATER, by=by)
    second = merging.merge(third, kept, at=LATER, by=by)
    assert again(theirs).candidate == third
    assert apply(make_job(), "old@example.org").candidate == third
    assert set(family.members(again(folded))) == {third.pk, kept.pk, folded.pk}
    merging.undo(first, at=LATEST, by=by)
    assert again(theirs).candidate == folded
    merging.undo(second, at=LATEST, by=by)
    assert (again(kept).merged_into, again(theirs).candidate) == (None, folded)
    assert [one["merged_into"] for one in picture()["people"]] == [one["merged_into"] for one in before["people"]]


def test_an_undo_inside_a_chain_of_duplicates_keeps_one_open_application_each(kept, folded, by):
    job = make_job()
    third = make_candidate(email="third@example.org")
    own = make_application(job=job, candidate=kept)
    theirs = make_application(Stage.SCREENING, job=job, candidate=folded)
    furthest = make_application(Stage.INTERVIEWS, job=job, candidate=third)
    first = merging.merge(kept, folded, at=LATER, by=by)
    merging.merge(kept, third, at=LATER, by=by)
    assert list(Application.objects.open()) == [furthest]
    merging.undo(first, at=LATEST, by=by)
    assert (again(theirs).duplicate_of, again(theirs).candidate) == (None, folded)
    assert again(own).duplicate_of == furthest
    undo(by)
    assert set(Application.objects.open()) == {own, theirs, furthest}


def test_who_was_folded_is_not_merged_again(kept, folded, by):
    merging.merge(kept, folded, at=LATER, by=by)
    for pair in ((folded, kept), (make_candidate(), folded), (kept, folded)):
        with pytest.raises(NotAllowed, match="meanwhile"):
            merging.merge(*pair, at=LATER, by=by)
    with pytest.raises(NotAllowed, match="same already"):
        merging.merge(kept, kept, at=LATER, by=by)


def test_membership_of_the_pool_comes_over_with_the_mails_that_wait(kept, folded, by):
    member = PoolMember.objects.create(candidate=folded, consent_at=NOW, consent_version="1", confirmed_at=NOW)
    message = mail.queue_to(
        "sourcing/confirm", to=folded.email, language="en", zone="UTC", key="x", at=NOW,
        link=links.personal("pool", member.pk),
    )  # fmt: skip
    merging.merge(kept, folded, at=LATER, by=by)
    assert (again(member).candidate, again(message).to) == (kept, kept.email)
    undo(by)
    assert (again(member).candidate, again(message).to) == (folded, folded.email)


def test_who_left_the_pool_by_one_address_has_left_it(kept, folded, by):
    own = PoolMember.objects.create(candidate=kept, consent_at=NOW, consent_version="1", confirmed_at=NOW)
    PoolMember.objects.create(candidate=folded, consent_at=NOW, consent_version="1", confirmed_at=NOW, left_at=LATER)
    merging.merge(kept, folded, at=LATER, by=by)
    assert again(own).left_at == LATER
    assert undo(by) == []
    assert again(own).left_at is None


def test_consent_by_the_other_address_counts_for_who_had_not_confirmed(kept, folded, by):
    own = PoolMember.objects.create(candidate=kept, consent_at=LATER, consent_version="2")
    PoolMember.objects.create(candidate=folded, consent_at=NOW, consent_version="1", confirmed_at=NOW)
    merging.merge(kept, folded, at=LATER, by=by)
    assert (again(own).confirmed_at, again(own).consent_version) == (NOW, "1")
    PoolMember.objects.filter(pk=own.pk).update(left_at=LATEST)
    assert undo(by) == ["What was said about the talent pool after the merge stays."]
    assert again(own).left_at == LATEST


def test_invitations_come_over_once_for_each_job(kept, folded, by):
    both, one = make_job(), make_job()
    for person, job in ((kept, both), (folded, both), (folded, one)):
        Invitation.objects.create(candidate=person, job=job, at=NOW, by_name="Rita")
    merging.merge(kept, folded, at=LATER, by=by)
    assert set(Invitation.objects.filter(candidate=kept).values_list("job", flat=True)) == {both.pk, one.pk}
    undo(by)
    assert list(Invitation.objects.filter(candidate=kept).values_list("job", flat=True)) == [both.pk]


def test_the_invariants_hold_after_merge_move_and_undo(kept, folded, by):
    job = make_job()
    main, double = (
        make_application(Stage.SCREENING, job=job, candidate=kept),
        make_application(job=job, candidate=folded),
    )
    ask(double)
    merging.merge(kept, folded, at=LATER, by=by)
    assert broken() == []
    pipeline.move(again(main), Stage.INTERVIEWS, at=LATER, by=by)
    undo(by)
    assert broken() == []


class TestRaces:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_two_who_fold_each_into_the_other(self, kept, folded, by):
        results = together(
            lambda: merging.merge(kept, folded, at=LATER, by=by), lambda: merging.merge(folded, kept, at=LATER, by=by)
        )
        assert sorted(type(one).__name__ for one in results) == ["Merge", "NotAllowed"]
        assert Candidate.objects.filter(merged_into=None).count() == 1

    def test_a_chain_of_two_merges_at_once(self, kept, folded, by):
        third = make_candidate()
        theirs = make_application(candidate=folded)
        together(
            lambda: merging.merge(kept, folded, at=LATER, by=by), lambda: merging.merge(third, kept, at=LATER, by=by)
        )
        assert family.head(again(theirs).candidate) == again(theirs).candidate
        assert broken() == []

    def test_a_merge_against_a_move(self, kept, folded, by):  # F30
        job = make_job()
        main = make_application(Stage.SCREENING, job=job, candidate=kept)
        double = make_application(job=job, candidate=folded)
        merged, moved = together(
            lambda: merging.merge(kept, folded, at=LATER, by=by),
            lambda: pipeline.move(double, Stage.SCREENING, at=LATER, by=by),
        )
        assert isinstance(merged, Merge)
        assert Application.objects.open().count() == 1
        assert again(double).stage == (Stage.APPLIED if isinstance(moved, NotAllowed) else Stage.SCREENING)
        assert main in Application.objects.open() or isinstance(moved, pipeline.Event)
        assert broken() == []

    def test_a_merge_against_applications_by_both_addresses(self, kept, folded, by):
        job = make_job()
        results = together(
            lambda: apply(job, kept.email, at=NOW),
            lambda: merging.merge(kept, folded, at=LATER, by=by),
            lambda: apply(job, folded.email, at=NOW),
        )
        assert not [one for one in results if isinstance(one, Exception)]
        assert [one.candidate for one in Application.objects.open()] == [kept]
        assert broken() == []

    def test_an_undo_against_an_application_by_the_old_address(self, kept, folded, by):
        done = merging.merge(kept, folded, at=LATER, by=by)
        job = make_job()
        left, applied = together(
            lambda: merging.undo(done, at=LATEST, by=by), lambda: apply(job, folded.email, at=LATEST)
        )
        assert isinstance(left, list)
        assert again(applied).candidate in (kept, folded)
        assert broken() == []

    def test_two_who_undo_one_merge(self, kept, folded, by):
        done = merging.merge(kept, folded, at=LATER, by=by)
        results = together(*[lambda: merging.undo(done, at=LATEST, by=by)] * 2)
        assert sorted(type(one).__name__ for one in results) == ["NotAllowed", "list"]

"""Many at once: who takes part, what is shown before, a result for every row."""

import logging
import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk import bulk
from ats.desk.tests.conftest import LATER, signed_in
from ats.desk.tests.test_list import make_many
from ats.rejections import actions
from ats.rejections.models import PlannedRejection
from candidates import pipeline
from candidates.builders import make_application, make_candidate, make_job, make_plan, make_user
from candidates.models import Application, Ask, Event, Message, Stage
from candidates.people.actors import Actor
from candidates.post import delivery
from candidates.post.builders import without_links

pytestmark = pytest.mark.django_db
BULK = reverse("desk:bulk")
LIST = reverse("admin:candidates_application_changelist")
AFTER = LATER + timedelta(hours=25)
REJECT = {"verb": "reject", "reason": "skills", "when": "later"}


@pytest.fixture
def many(rita):
    return make_many(6)


def post(client, applications, action="", **typed):
    """A page with these rows ticked; they are told as they stood when `applications` were read."""
    chosen = [f"{one.pk}@{one.stage}@{one.stage_since.isoformat()}" for one in applications]
    return client.post(BULK, {"chosen": chosen, "action": action} | typed)


def raw(client, **typed):
    """As a program would send it that does not care whether a text is one."""
    body = urlencode(typed, errors="surrogatepass")
    return client.post(BULK, body, content_type="application/x-www-form-urlencoded")


def confirm(client, applications, **typed):
    return post(client, applications, "confirm", **REJECT | typed)


def states(page):
    return {row.application.pk: row.state for row in page.context["rows"]}


def move(application, to):
    pipeline.move(
        Application.objects.get(pk=application.pk), to, at=LATER, by=Actor.person(make_user("Rosa Recruiter"))
    )


def break_moves_of(application):
    """Make the database refuse every event of this application, as a full disk would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER broken BEFORE INSERT ON candidates_event FOR EACH ROW"
            f" WHEN (NEW.application_id = {application.pk}) EXECUTE FUNCTION broken()"
        )


def test_the_list_offers_the_verbs_to_recruiters_only(desk, manager):
    make_application()
    assert "Reject…" in desk.get(LIST).content.decode()
    assert "Reject…" not in signed_in(manager).get(LIST).content.decode()


def test_ticking_leads_to_the_form_and_changes_nothing(desk, many):
    page = desk.post(BULK, {"verb": "reject", "chosen": [one.pk for one in many]})
    assert "Reject: 6 applications" in page.content.decode()
    assert page.context["form"]["when"].initial == "later"
    assert not Event.objects.exists()


def test_nothing_ticked_leads_back_to_the_list_as_it_was(desk):
    answer = desk.post(BULK, {"verb": "reject", "back": f"{LIST}?stage=applied"})
    assert answer.url == f"{LIST}?stage=applied"
    assert "Tick at least one" in desk.get(answer.url).content.decode()


def test_reading_the_address_leads_to_the_list(desk):
    assert desk.get(BULK).url == LIST


def test_what_the_form_lacks_is_said_beside_it(desk, many):
    page = post(desk, many, "preview", verb="reject", reason="because", when="later")
    assert page.context["form"].errors.keys() == {"reason"}
    assert not PlannedRejection.objects.exists()


def test_the_preview_shows_the_first_mails_and_counts_the_rest(desk, many):
    page = post(desk, many, "preview", **REJECT)
    outlook = page.context["outlook"]
    assert [len(sample.letters) for sample in outlook.samples] == [1, 1, 1]
    assert (outlook.mails, outlook.unseen_mails) == (6, 3)
    assert not PlannedRejection.objects.exists()
    assert not Event.objects.exists()


def test_the_mail_of_any_row_can_be_looked_at(desk, many):
    page = post(desk, many, "", **REJECT, look=many[5].pk)
    assert page.context["outlook"].samples[0].row.application == many[5]


def test_the_preview_names_for_whom_it_is_not_done_and_why(desk, many, stranger):
    elsewhere = make_application(job=make_job(recruiters=[stranger], hiring_manager=make_user("Rita Recruiter")))
    ended = make_application(Stage.WITHDRAWN, job=many[0].job, candidate=make_candidate())
    move(many[0], Stage.SCREENING)
    actions.plan(many[1], reason="skills", hours=24, at=LATER, by=Actor.person(make_user("Rosa Recruiter")))
    page = post(desk, [*many, elsewhere, ended], "preview", **REJECT)
    left_out = {row.application.pk: str(row.text) for row in page.context["outlook"].left_out}
    assert left_out == {
        many[0].pk: "Moved meanwhile: at Screening since Mon 7 Jan, 10:00.",
        many[1].pk: "Planned already by Rosa Recruiter, for Tue 8 Jan, 10:00.",
        elsewhere.pk: "Only the recruiters of this job move it on.",
        ended.pk: "From Withdrawn there is no way there.",
    }
    assert page.context["outlook"].mails == 4


def test_what_one_may_not_see_takes_no_part_and_is_not_named(desk, many, stranger):
    hidden = make_application(job=make_job(recruiters=[stranger]), candidate=make_candidate("Secret Name"))
    page = confirm(desk, [*many, hidden])
    assert "Secret Name" not in page.content.decode()
    assert Application.objects.get(pk=hidden.pk).planned_rejections.count() == 0
    assert PlannedRejection.objects.count() == 6


def test_of_twenty_rejected_and_one_undone_nineteen_get_a_mail(desk, rita):  # check 9
    twenty = make_many(20)
    assert "Done for 20 applications" in confirm(desk, twenty).content.decode()
    assert actions.carry_out_due(at=LATER + timedelta(hours=23)) == 0
    desk.post(reverse("admin:candidates_application_undo_rejection", args=[twenty[7].pk]))
    assert actions.carry_out_due(at=AFTER) == 19
    delivery.sweep(clock=lambda: AFTER)
    assert len(outbox.outbox) == 19
    assert twenty[7].candidate.email not in {to for sent in outbox.outbox for to in sent.to}
    assert Application.objects.filter(stage=Stage.APPLIED).get() == twenty[7]


def test_what_was_previewed_is_what_each_one_gets(desk, many):
    shown = {
        sample.letters[0].address: sample.letters[0]
        for sample in post(desk, many, "preview", **REJECT).context["outlook"].samples
    }
    confirm(desk, many)
    actions.carry_out_due(at=AFTER)
    delivery.sweep(clock=lambda: AFTER)
    sent = {message.to[0]: message for message in outbox.outbox}
    for one in Application.objects.filter(candidate__email__in=shown):
        letter = shown[one.candidate.email]
        assert without_links(sent[letter.address].body, instead="[their personal link]") == letter.text


def test_at_once_means_at_once(desk, many):
    confirm(desk, many, when="now")
    assert Application.objects.filter(stage=Stage.REJECTED).count() == 6
    assert Message.objects.count() == 6


def test_each_waits_for_as_long_as_its_own_hiring_plan_says(desk, rita):
    quick = make_application(job=make_job(plan=make_plan(rejection_hours=2)), candidate=make_candidate())
    slow = make_application(job=make_job(plan=make_plan(rejection_hours=48)), candidate=make_candidate())
    confirm(desk, [quick, slow])
    waits = [round((one.due_at - LATER) / timedelta(hours=1)) for one in PlannedRejection.objects.order_by("due_at")]
    assert waits == [2, 48]


def test_pressing_again_does_nothing_twice_and_says_so(desk, many):
    confirm(desk, many[:4])
    page = confirm(desk, many)
    assert [states(page)[one.pk] for one in many] == ["before"] * 4 + ["done"] * 2
    assert PlannedRejection.objects.count() == 6


@pytest.mark.parametrize("when", ["later", "now"])
def test_of_five_hundred_three_cannot_be_done_and_are_named(desk, rita, caplog, when):  # check 10, F31
    rows = make_many(500)
    confirmed = Application.objects.in_bulk([one.pk for one in rows])
    move(rows[10], Stage.SCREENING)
    move(rows[400], Stage.WITHDRAWN)
    break_moves_of(rows[249])
    with caplog.at_level(logging.ERROR):
        page = confirm(desk, confirmed.values(), when=when)
    not_done = {pk for pk, state in states(page).items() if state == "not"}
    assert page.context["counts"] == {"not": 3, "before": 0, "done": 497}
    assert not_done == {rows[10].pk, rows[249].pk, rows[400].pk}
    text = page.content.decode()
    assert "3 were not done" in text
    assert "Something went wrong on our side" in text
    assert "the disk is full" not in text
    assert "failed" in caplog.text


def test_what_failed_is_done_when_pressed_again_later(desk, many):
    break_moves_of(many[2])
    confirm(desk, many)
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION broken CASCADE")
    page = confirm(desk, many)
    assert page.context["counts"] == {"not": 0, "before": 5, "done": 1}


def test_five_hundred_take_less_than_ten_seconds(desk, rita):
    rows = make_many(500)
    began = time.process_time()  # ours alone: other tests may keep the machine busy
    assert confirm(desk, rows, when="now").context["counts"]["done"] == 500
    took = time.process_time() - began
    assert took < 10


def test_a_preview_of_six_and_of_sixty_costs_the_same_queries(desk, rita):
    rows, counts = make_many(66), []
    for some in (rows[:6], rows[6:]):
        with CaptureQueriesContext(connection) as queries:
            post(desk, some, "preview", **REJECT)
        counts.append(len(queries))
    assert counts[0] >= counts[1]
    assert counts[1] <= 110  # three of them are tried in full


def test_each_row_more_costs_the_same_few_queries(desk, rita):
    rows, counts = make_many(33), []
    for some in (rows[:3], rows[3:33]):
        with CaptureQueriesContext(connection) as queries:
            confirm(desk, some)
        counts.append(len(queries))
    assert (counts[1] - counts[0]) / 27 <= 9


def test_screening_begins_for_many_with_one_reader_and_one_caller(desk, rita, manager, many):
    page = post(desk, many, "confirm", verb="screening", reader=rita.pk, caller=manager.pk)
    assert page.context["counts"]["done"] == 6
    assert Ask.objects.filter(user=rita).count() == Ask.objects.filter(user=manager).count() == 6


def test_the_preview_of_screening_counts_two_mails_a_row(desk, rita, manager, many):
    page = post(desk, many, "preview", verb="screening", reader=rita.pk, caller=manager.pk)
    assert page.context["outlook"].mails == 12
    assert not Ask.objects.exists()


def test_a_reader_who_does_not_hire_for_a_job_leaves_it_out_by_name(desk, rita, manager, many):
    other = make_application(job=make_job("Other job", hiring_manager=make_user("Mona Manager")))
    page = post(desk, [*many, other], "preview", verb="screening", reader=rita.pk, caller=manager.pk)
    assert [(row.application, row.text) for row in page.context["outlook"].left_out] == [
        (other, "Max Manager does not hire for Other job.")
    ]
    done = post(desk, [*many, other], "confirm", verb="screening", reader=rita.pk, caller=manager.pk)
    assert done.context["counts"] == {"not": 1, "before": 0, "done": 6}


def test_planned_rejections_are_undone_together(desk, many):
    confirm(desk, many[:4])
    page = desk.post(BULK, {"verb": "undo", "chosen": [one.pk for one in many]})
    assert len(page.context["outlook"].doable) == 4
    page = post(desk, many, "confirm", verb="undo")
    assert page.context["counts"] == {"not": 0, "before": 2, "done": 4}
    assert actions.carry_out_due(at=AFTER) == 0


def test_all_that_match_the_filter_are_taken_up_to_a_limit(desk, rita, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 5)
    job = make_job()
    make_many(8, job)
    make_application(Stage.SCREENING, candidate=make_candidate())
    page = desk.post(BULK, {"verb": "reject", "everything": "1", "filter": f"job={job.pk}&after=x"})
    assert {row.application.job_id for row in page.context["rows"]} == {job.pk}
    assert len(page.context["rows"]) == 5
    assert "these are the first 5" in page.content.decode()


def test_the_search_counts_as_a_filter(desk, rita):
    make_many(8)
    page = desk.post(BULK, {"verb": "reject", "everything": "1", "filter": "q=Person+003"})
    assert [row.application.candidate.name for row in page.context["rows"]] == ["Person 003"]


@pytest.mark.parametrize(
    "chosen",
    ["x", "", "-1", "1" * 400, "١", "0x1", "1@", "@", "1\x00", "\ud800", "999999999999999999", "1@applied@now"],
)
def test_rows_that_make_no_sense_do_no_harm(desk, many, chosen):
    assert raw(desk, chosen=chosen, action="confirm", **REJECT).status_code in (200, 302)
    assert not PlannedRejection.objects.exists()


@pytest.mark.parametrize(
    "text", ["stage=\x00", "\ud800", "q=" + "x" * 100_000, "job=" + "9" * 50, "o=99", "nonsense=1"]
)
def test_filters_that_make_no_sense_do_no_harm(desk, many, text):
    assert raw(desk, verb="reject", everything="1", filter=text).status_code in (200, 302)


def test_strangers_reach_nothing(client, stranger, many):
    assert client.post(BULK, {"verb": "reject"}).status_code == 302
    assert confirm(signed_in(stranger), many).status_code == 302
    assert not PlannedRejection.objects.exists()

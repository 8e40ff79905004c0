"""The pages of check-ins and of the verdict, behind their links; the forms of the desk's buttons."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from candidates.builders import NOW, make_application, make_user
from candidates.judging.builders import make_answers
from candidates.models import Application, Ask, Event, Message, Rating, Scorecard, Stage
from candidates.post import asks, links, rendering
from candidates.post.builders import open_link
from trials.approvals.forms import ApprovalForm
from trials.builders import decide, make_approval, make_manager, make_trial
from trials.models import Trial, Verdict

pytestmark = pytest.mark.django_db
GARBAGE = "\x00<script>" + "x" * 30_000
THEN = datetime(2030, 2, 12, 10, tzinfo=UTC)  # every check-in and the verdict have been asked for


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(THEN, tick=False)


@pytest.fixture
def trial():
    return make_trial()


@pytest.fixture
def leader(client, trial):
    open_link(client, trial.verdict_ask)
    return client


def everything_written():
    models = (Application, Ask, Event, Message, Rating, Scorecard, Trial, Verdict)
    return [list(model.objects.order_by("pk").values()) for model in models]


def ask_of(trial, role, number=1):
    return Ask.objects.get(scorecard__check_in_card__check_in__number=number, role=role, application=trial.application)


def typed_scores(ask):
    scores = make_answers(ask.scorecard).scores
    typed = {"action": "lock", "recommendation": "yes", "summary": "A good week."}
    for score in scores:
        typed |= {f"score_{score.competency}": "4", f"evidence_{score.competency}": "Seen."}
    return typed


def typed_verdict(**fields):
    return {"kind": "confirm", "evidence": "Calm with customers.", "new_end": ""} | fields


@pytest.mark.parametrize("role", ["candidate", "buddy", "manager"])
def test_each_of_the_three_answers_by_their_link(client, trial, role):
    ask = ask_of(trial, role)
    assert open_link(client, ask).status_code == 200
    client.post(ask.get_absolute_url(), typed_scores(ask))
    assert Scorecard.objects.locked().get().ask == ask


@pytest.mark.parametrize(("role", "kind"), [("candidate", "candidate"), ("buddy", "outsider"), ("manager", "person")])
def test_the_event_tells_as_what_each_answered(client, trial, role, kind):
    ask = ask_of(trial, role)
    open_link(client, ask)
    client.post(ask.get_absolute_url(), typed_scores(ask))
    assert Event.objects.get(name="scorecard.locked").by_kind == kind


def test_a_check_in_sent_twice_is_locked_once(client, trial):
    ask = ask_of(trial, "buddy")
    open_link(client, ask)
    client.post(ask.get_absolute_url(), typed_scores(ask))
    assert client.post(ask.get_absolute_url(), typed_scores(ask)).status_code == 410
    assert Event.objects.filter(name="scorecard.locked").count() == 1


def test_looking_at_the_pages_writes_nothing(client, trial):
    for ask in (ask_of(trial, "candidate"), trial.verdict_ask):
        open_link(client, ask)
        before = everything_written()
        client.get(ask.get_absolute_url())
        client.head(ask.get_absolute_url())
        assert everything_written() == before


def test_strangers_see_nothing(trial):
    for ask in (ask_of(trial, "candidate"), trial.verdict_ask):
        assert Client().get(ask.get_absolute_url()).status_code == 404
        assert Client().post(ask.get_absolute_url(), typed_verdict()).status_code == 404
    assert Verdict.objects.count() == 0


def test_the_buddys_link_opens_no_verdict(client, trial):
    ask = ask_of(trial, "buddy")
    client.cookies[asks.COOKIE] = links.ask_token(ask)
    assert client.get(trial.verdict_ask.get_absolute_url()).status_code == 404
    assert client.get(f"/trials/verdict/{ask.pk}/").status_code == 404


def test_the_leader_may_come_signed_in(client, trial):
    client.force_login(trial.leader)
    client.post(trial.verdict_ask.get_absolute_url(), typed_verdict())
    assert Verdict.objects.get().by == trial.leader


def test_a_colleague_who_is_not_the_leader_gives_no_verdict(client, trial):
    client.force_login(make_manager())
    assert client.post(trial.verdict_ask.get_absolute_url(), typed_verdict()).status_code == 404


@pytest.mark.parametrize("kind", ["confirm", "extend", "end"])
def test_the_leader_decides_by_the_link(leader, trial, kind):
    new_end = (trial.ends_on + timedelta(days=7)).isoformat() if kind == "extend" else ""
    response = leader.post(trial.verdict_ask.get_absolute_url(), typed_verdict(kind=kind, new_end=new_end))
    assert response.templates[0].name == "asks/done.html"
    assert Verdict.objects.get().kind == kind


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"evidence": " "}, "evidence"),
        ({"kind": "extend"}, "new_end"),
        ({"kind": "extend", "new_end": "2030-02-11"}, "new_end"),
        ({"kind": "extend", "new_end": "9999-12-31"}, "new_end"),
    ],
)
def test_what_a_verdict_lacks_is_said_beside_its_field(leader, trial, wrong, field):
    response = leader.post(trial.verdict_ask.get_absolute_url(), typed_verdict(**wrong))
    assert list(response.context["form"].errors) == [field]
    assert Verdict.objects.count() == 0


def test_a_verdict_sent_twice_is_given_once(leader, trial):
    leader.post(trial.verdict_ask.get_absolute_url(), typed_verdict())
    response = leader.post(trial.verdict_ask.get_absolute_url(), typed_verdict(kind="end"))
    assert (response.status_code, response.templates[0].name) == (410, "asks/answered.html")
    assert Verdict.objects.get().kind == "confirm"


def test_garbage_never_breaks_a_page(client, trial):
    for ask in (ask_of(trial, "buddy"), trial.verdict_ask):
        open_link(client, ask)
        for value in (GARBAGE, "9999-99-99", "0001-01-01", "-1", ""):
            data = dict.fromkeys([*typed_scores(ask_of(trial, "buddy")), *typed_verdict()], value)
            assert client.post(ask.get_absolute_url(), data).status_code == 200


def test_the_leader_sees_what_others_said_only_when_all_are_in(client, trial):
    waiting = list(Ask.objects.open().filter(scorecard__kind="check_in"))
    for ask in waiting[:-1]:
        lock(ask)
    assert "A good week." not in open_link(client, trial.verdict_ask).content.decode()
    lock(waiting[-1])
    assert "A good week." in client.get(trial.verdict_ask.get_absolute_url()).content.decode()


def lock(ask):
    rater = Client()
    open_link(rater, ask)
    rater.post(ask.get_absolute_url(), typed_scores(ask))


def test_the_approval_form_offers_permitted_people_without_the_leader(trial):
    decide(trial, at=THEN)
    mona, _leader = make_manager(), make_manager("Max Manager")
    make_user("Ben Bystander")
    form = ApprovalForm({"approver": mona.pk}, application=trial.application, at=THEN)
    assert list(form.fields["approver"].queryset) == [mona]
    assert form.is_valid()
    assert form.arguments() == {"approver": mona}


def test_the_approval_form_offers_nobody_without_a_trial():
    form = ApprovalForm(application=make_application(stage=Stage.REFERENCES), at=NOW)
    assert not form.fields["approver"].queryset.exists()


@pytest.mark.parametrize("template", ["trials/welcome", "trials/check_in", "trials/verdict", "trials/approval"])
def test_mails_of_equal_worth_with_the_link(template, trial):
    make_approval(trial, at=THEN)
    for message in Message.objects.filter(template=template):
        rendered = rendering.render(message)
        for part in (rendered.text, rendered.html):
            assert rendering.LINK in part
            assert "You get this mail because" in part
        assert "{" not in rendered.subject + rendered.text


def test_the_approvals_mail_says_that_one_must_sign_in(trial):
    make_approval(trial, at=THEN)
    rendered = rendering.render(Message.objects.get(template="trials/approval"))
    for part in (rendered.text, rendered.html):
        assert "sign in with your password" in part

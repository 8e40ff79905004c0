"""Who may open what references and trials brought: each page with everybody for whom it is there, and a plain refusal
for all others. A refused request writes nothing, and neither does looking."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from ats.automation.builders import make_rule
from ats.automation.models import Firing
from ats.desk import roles
from ats.desk.tests.conftest import signed_in
from ats.desk.views.trials import WAYS
from ats.tests.firewall_world import path_of, writes
from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.judging.builders import make_card
from candidates.models import Ask, Stage
from candidates.people.actors import Actor
from candidates.people.extraction import words as extraction
from candidates.people.models import DocumentText
from candidates.pipeline import NotAllowed, move
from candidates.post import asks, links
from candidates.post.builders import open_link
from candidates.post.inbound.models import Reply
from candidates.post.inbound.tests.letters import letter, sent_mail, take
from candidates.post.to_dos import actions as to_dos
from references.builders import ask_for_referees, give, make_references, name_referees
from references.models import Flag
from trials import actions as trials
from trials.afterwards.builders import make_development_plan, make_hired, pulse_of
from trials.builders import make_approval, make_manager, make_offer, make_trial
from trials.check_ins.builders import ask_at
from trials.figures.builders import make_agent
from trials.letters.builders import make_letter
from trials.models import Approval, EarlyWarning, FigureImport
from trials.offering.standing import Act

pytestmark = pytest.mark.django_db
COLLEAGUES = {
    "recruiter": ("Rita Recruiter", roles.RECRUITERS),
    "recruiter of another job": ("Stella Stranger", roles.RECRUITERS),
    "lead": ("Max Manager", roles.MANAGERS),
    "manager": ("Otto Other", roles.MANAGERS),  # of no job of this world
    "approver": ("Mona Manager", roles.MANAGERS),
    "interviewer": ("Ivan Interviewer", None),  # with an account and a card of each application
}
WORKS = {"recruiter": 200, "administrator": 200, "recruiter of another job": 404, "manager": 404}
READS = 403  # who may see the application, and not work on it
LOGIN = 302
# On the desk one with a link stands for all; at a link these are as the recruiter is: signed in, and not asked.
ALIKE = {"recruiter of another job", "manager", "approver"}
OPEN = (200, 405)  # a page, or a button that is pressed and not looked at: it is not pressed here


@dataclass
class Page:
    """An address, and what each reader gets; who is not named gets `otherwise`."""

    address: str
    gets: dict[str, int] = field(default_factory=dict)
    otherwise: int = 404

    def of(self, reader):
        return self.gets.get(reader, self.otherwise)


@pytest.fixture(autouse=True)
def clock():
    logging.disable(logging.ERROR)  # each refusal would be told with all its frames
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def readers():
    """Everybody with an account, and who has none; those with links join them."""
    roles.ensure_roles()
    found = {name: signed_in(colleague(*who)) for name, who in COLLEAGUES.items()}
    return found | {"administrator": signed_in(make_user("Ada Admin", is_superuser=True)), "anonymous": Client()}


def colleague(name, role):
    made = make_user(name)
    made.groups.set(Group.objects.filter(name=role))
    return made


def job():
    return make_job(recruiters=[make_user("Rita Recruiter")], hiring_manager=make_user("Max Manager"))


def at_interviews(**fields):
    """An application that Ivan and Ida were asked to judge, he with an account."""
    made = make_application(Stage.INTERVIEWS, job=job(), **fields)
    ivan = make_user("Ivan Interviewer")
    make_card(made, name="Ivan", email=ivan.email, user=ivan)
    make_card(made)
    return made


def at_references(**fields):
    """The same, one stage later, where a trial can begin."""
    made = at_interviews(**fields)
    move(made, Stage.REFERENCES, at=NOW, by=Actor.person(make_user()))
    return made


def by_link(readers, **asked):
    """One more reader for each link, whose cookie is sent to every page; what it opened may have ended since."""
    assert readers.keys().isdisjoint(asked)
    for name, ask in asked.items():
        readers[name] = Client()
        readers[name].cookies[asks.COOKIE] = token_of(links.ask_url(ask))


def token_of(url):
    return url.rstrip("/").rpartition("/")[2]


def for_who_was_asked(asked, name, *, below=("",), **gets):
    """The page of an ask and what lies below it: there for who has its link, and for their account if they have one."""
    return [Page(asked.get_absolute_url() + one, {name: 200} | gets) for one in below]


def on_the_desk(name, *args, **gets):
    """A page about an application: its recruiter works there, others who see it are told that they may not."""
    seen = {"lead": READS, "interviewer": READS}
    outside = dict.fromkeys(("anonymous", "outsider"), LOGIN)
    return Page(reverse(f"desk:{name}", args=args), WORKS | seen | outside | gets)


def is_on_the_desk(page):
    return page.address.startswith(("/desk/", "/admin/"))


def wrong(readers, pages):
    """Each cell of the table that is not as it says: who got what where, and what was written."""
    found, linked = [], readers.keys() - COLLEAGUES.keys() - {"administrator", "anonymous", "outsider"}
    for page in pages:
        for name, client in readers.items():
            if name in (ALIKE if not is_on_the_desk(page) else linked):
                continue
            expected = page.of(name)
            methods = (client.get,) if expected in OPEN else (client.get, client.post)
            for method in methods:
                with writes() as written:
                    answer = method(page.address)
                    b"".join(answer)  # to its end, which closes a file
                status = answer.status_code
                if status not in (expected, expected if expected in OPEN else 405) or written:
                    found.append((page.address, name, method.__name__, status, expected, written))
    return found


def pressed_by_strangers(readers, addresses, allowed, **sent):
    """Each button that somebody pressed for whom it is not, and that did something, or did not refuse."""
    found = []
    for address in addresses:
        for name, client in readers.items():
            if name in allowed:
                continue
            with writes() as written:
                answer = client.post(address, sent)
            turned_away = answer.status_code == LOGIN and "/login/" in answer.url
            if written or not (answer.status_code in (403, 404) or turned_away):
                found.append((address, name, answer.status_code, written))
    return found


def test_references_are_open_to_whom_they_are_for(readers):
    application = at_interviews()
    naming = ask_for_referees(application)
    by_link(readers, outsider=naming)
    assert wrong(readers, for_who_was_asked(naming, "outsider")) == []
    nora, leo = name_referees(naming)
    nora.scorecard.application = leo.scorecard.application = application
    of = {"nora": nora.scorecard.ask, "leo": leo.scorecard.ask}
    by_link(readers, **of, interviewer_by_link=Ask.objects.get(application=application, name="Ida Interviewer"))
    pages = [page for name, asked in of.items() for page in for_who_was_asked(asked, name, below=("", "decline/"))]
    acts = ("again", "correct", "withdraw", "replace", "phone")
    pages += [on_the_desk("reference_name", application.pk)]
    pages += [on_the_desk(f"reference_{act}", nora.pk) for act in acts]
    assert wrong(readers, pages) == []


def test_what_a_referee_said_is_open_to_that_referee_alone(readers):
    nora, leo = make_references(at_interviews())
    give(nora)
    application = nora.referee.application
    by_link(readers, nora=nora.scorecard.ask, leo=leo.scorecard.ask, outsider=application.asks.first())
    readers["outsider"].get(path_of(links.application_url(application)), follow=True)  # their own page, too
    flag = Flag.objects.create(reference=nora, kind="same_browser", raised_at=NOW)
    pages = for_who_was_asked(nora.scorecard.ask, "nora", below=("given/", "given/?file=1"))
    pages += for_who_was_asked(leo.scorecard.ask, "leo")
    pages += [on_the_desk("reference_flag", flag.pk), on_the_desk("reference_forget", nora.pk)]
    assert wrong(readers, pages) == []


def test_an_offered_trial_is_open_to_the_candidate(readers):
    trial = make_offer(at_references())
    other = make_offer(at_references(candidate=make_candidate("Dana Different")))
    by_link(readers, outsider=trial.offer_ask, dana=other.offer_ask)
    pages = for_who_was_asked(trial.offer_ask, "outsider", below=("", "decline/"))
    pages += for_who_was_asked(other.offer_ask, "dana")
    pages += [
        on_the_desk("trial_act", trial.pk, Act.TAKE_BACK.value),
        on_the_desk("trial_act", trial.pk, "nonsense", **NOBODY),
    ]
    assert wrong(readers, pages) == []


NOBODY = dict.fromkeys(("recruiter", "administrator", "lead", "interviewer"), 404)


def test_a_trial_is_open_to_who_takes_part(readers):
    trial = make_trial(at_references())
    other = make_trial(at_references(candidate=make_candidate("Dana Different")))
    opened = {"opens_at": NOW, "due_at": NOW + timedelta(days=60), "expires_at": NOW + timedelta(days=90)}
    Ask.objects.filter(page__in=("trials:check_in", "trials:verdict")).update(**opened)
    check_ins = {role: ask_at(trial, 1, role) for role in ("candidate", "buddy", "manager")}
    asked = {f"{role}_by_link": ask for role, ask in check_ins.items()}
    by_link(readers, **asked, outsider=check_ins["candidate"], verdict=trial.verdict_ask)
    by_link(readers, dana=ask_at(other, 1, "candidate"), other_buddy=ask_at(other, 1, "buddy"))
    pages = for_who_was_asked(check_ins["candidate"], "candidate_by_link", outsider=200)
    pages += for_who_was_asked(check_ins["buddy"], "buddy_by_link")
    pages += for_who_was_asked(check_ins["manager"], "manager_by_link", lead=200)
    pages += for_who_was_asked(trial.verdict_ask, "verdict", lead=200)
    pages += for_who_was_asked(ask_at(trial, 2, "buddy"), "nobody")
    warning = EarlyWarning.objects.create(trial=trial, kind="late", raised_at=NOW)
    pages += [on_the_desk("warning_seen", warning.pk, lead=200)]
    acts = {act.value for act in WAYS} - {
        Act.TAKE_BACK.value,
        Act.PAUSE.value,
        Act.RESUME.value,
    }  # those that such a trial allows
    pages += [on_the_desk("trial_act", trial.pk, act, lead=200 if act == Act.EXTEND.value else READS) for act in acts]
    assert wrong(readers, pages) == []


def test_an_approval_is_open_to_the_manager_who_was_asked(readers):
    trial = make_trial(at_references())
    asked = make_approval(trial, at=NOW)
    by_link(readers, outsider=ask_at(trial, 1, "candidate"))
    refused = dict.fromkeys(COLLEAGUES, 404) | {"administrator": 404}
    page = on_the_desk("approval", asked.ask_id, **refused | {"approver": 200})
    other = on_the_desk("approval", trial.verdict_ask_id, **refused | {"approver": 404})
    assert wrong(readers, [page, other]) == []


def test_what_follows_a_hire_is_open_to_whom_it_is_for(readers):
    trial = make_hired(make_trial(at_references()))
    application = trial.application
    letter, plan = make_letter(application), make_development_plan(trial)
    shared = trials.share_development(plan, at=NOW, by=Actor.person(make_user()))
    other = make_letter(make_hired(make_trial(at_references(candidate=make_candidate("Dana Different")))).application)
    Ask.objects.filter(page="trials:pulse").update(opens_at=NOW)
    pulses = {role: pulse_of(trial, role).ask for role in ("candidate", "manager")}
    asked = {f"{role}_by_link": ask for role, ask in pulses.items()}
    by_link(readers, **asked, outsider=letter.ask, dana=other.ask, development=shared.ask)
    pages = for_who_was_asked(letter.ask, "outsider", below=("", "letter.pdf"))
    trials.accept_letter(other, name="Dana Different", at=NOW, by=Actor.candidate("Dana Different"))
    pages += for_who_was_asked(other.ask, "dana", below=("answered/", "answered/letter.pdf"))
    letters_file = reverse("people:document", args=[letter.document_id])
    pages.append(
        Page(letters_file, {"recruiter": 200, "administrator": 200, "lead": 200})
    )  # who also hires for the job
    pages += for_who_was_asked(pulses["candidate"], "candidate_by_link")
    pages += for_who_was_asked(pulses["manager"], "manager_by_link", lead=200)
    pages += for_who_was_asked(shared.ask, "development")
    pages += [on_the_desk(name, application.pk) for name in ("letter_send", "pulse_call_off")]
    pages += [on_the_desk(name, application.pk, lead=200) for name in ("development", "development_share")]
    assert wrong(readers, pages) == []


def test_what_was_offered_is_told_to_who_hires_and_stands_in_no_search(readers):
    letter = make_letter(make_hired(make_trial(at_references())).application)
    page = reverse("admin:candidates_application_change", args=[letter.application_id])
    told = {
        name: letter.subject in readers[name].get(page).content.decode()
        for name in ("recruiter", "lead", "interviewer")
    }
    assert told == {"recruiter": True, "lead": True, "interviewer": False}
    assert not DocumentText.objects.filter(document=letter.document).exists()
    assert extraction.find_missed(at=NOW) == 0


def test_the_candidates_page_lists_no_offer_among_what_they_gave(readers):
    letter = make_letter(make_hired(make_trial(at_references())).application)
    client, home = Client(), path_of(links.application_url(letter.application))
    assert letter.document.name not in client.get(home, follow=True).content.decode()


def test_figures_are_open_to_recruiters_and_an_import_to_who_began_it(readers):
    trial = make_trial(at_references())
    make_link = ask_at(trial, 1, "candidate")
    by_link(readers, outsider=make_link)
    rita = make_user("Rita Recruiter")
    told = {"dates": "iso", "decimal": ".", "is_decimal_open": False, "recognised": "zendesk"}
    run = FigureImport.objects.create(by=rita, by_name="Rita", at=NOW, name="f.csv", tool="zendesk", mapping=told)
    done = FigureImport.objects.create(by=rita, by_name="Rita", at=NOW, name="g.csv", tool="zendesk", state="done")
    refused = dict.fromkeys(("lead", "manager", "approver", "interviewer"), 403)
    everywhere = refused | {"recruiter of another job": 200}
    pages = [on_the_desk(name, **everywhere) for name in ("figures", "figures_new", "agents", "connections")]
    pages += [on_the_desk("figures_columns", run.pk, **refused)]
    pages += [on_the_desk(f"figures_{name}", done.pk, **refused) for name in ("import", "state", "refused")]
    pressed = refused | {"recruiter": 405, "administrator": 405}
    pages += [on_the_desk(f"figures_{name}", done.pk, **pressed) for name in ("tool", "go_on", "take_back")]
    hers = make_agent(trial.application, name="Cara")
    pages += [on_the_desk("agent", hers.pk, **refused | {"recruiter of another job": 403})]
    pages += [on_the_desk("agent", make_agent(name="Anybody").pk, **everywhere)]
    assert wrong(readers, pages) == []


def test_a_link_that_is_signed_for_another_purpose_opens_no_page_of_an_ask(client):
    nora, _leo = make_references(at_interviews())
    client.cookies[asks.COOKIE] = token_of(links.application_url(nora.referee.application))
    assert client.get(nora.scorecard.ask.get_absolute_url()).status_code == 404


def test_a_yes_that_was_said_is_not_said_again_by_who_was_asked_next(readers):
    asked = make_approval(make_trial(at_references()), at=NOW)
    otto = make_manager("Otto Other")
    handed = trials.delegate(asked, to=otto, at=NOW, by=Actor.person(asked.approver))
    address = reverse("desk:approval", args=[asked.ask_id])
    for action in ("approve", "confirm", "refuse", "send_back", "delegate"):
        readers["approver"].post(address, {"action": action, "reason": "No.", "to": otto.pk})
    assert Approval.objects.get(pk=asked.pk).decision == "delegated"
    assert Approval.objects.get(pk=handed.pk).decision == ""
    assert asked.trial.application.asks.open().filter(page="desk:approval").count() == 1


def test_what_belongs_to_another_application_is_not_reached_through_ones_own(readers):
    """Keys of others in what is sent: whose agent it is, who leads, who is asked."""
    trial, hidden = make_trial(at_references()), make_trial()
    hidden.application.job.recruiters.set([make_user("Stella Stranger")])
    hidden.application.job.save()
    agent = make_agent(name="Anybody")
    readers["recruiter"].post(reverse("desk:agents"), {f"who-{agent.pk}": str(hidden.application.pk)})
    agent.refresh_from_db()
    assert agent.application_id is None
    leader = {"leader": make_user("Nobody", is_staff=False).pk, "reason": "Away", "action": "confirm"}
    readers["recruiter"].post(reverse("desk:trial_act", args=[trial.pk, "leader"]), leader)
    trial.refresh_from_db()
    assert trial.leader == make_user("Max Manager")


def test_somebody_elses_link_is_no_way_in_for_who_is_signed_in(readers):
    nora, _leo = make_references(at_interviews())
    assert readers["recruiter"].get(nora.scorecard.ask.get_absolute_url()).status_code == 404
    assert open_link(readers["recruiter"], nora.scorecard.ask).status_code == 200  # who holds the link holds the page


def test_nobody_approves_what_they_ask_for(readers):
    trial = make_trial(at_references())
    rita = make_user("Rita Recruiter")
    rita.groups.add(*make_manager("Mona Manager").groups.all())
    with pytest.raises(NotAllowed, match="yourself"):
        make_approval(trial, at=NOW, approver=rita)


def of_desk(name, *args):
    return reverse(f"desk:{name}", args=args)


def for_administrators(name, *args, status=200):
    staff = dict.fromkeys((*COLLEAGUES, "outsider"), 403)
    return Page(of_desk(name, *args), staff | {"administrator": status}, otherwise=LOGIN)


def test_what_concerns_all_jobs_at_once_is_open_to_administrators(readers):
    mail = sent_mail(at_interviews(), status="failed")
    pages = [for_administrators(name) for name in ("engine", "engine_state", "deliverability")]
    pages.append(for_administrators("deliverability_arrived", mail.application_id, status=302))
    assert wrong(readers, pages) == []
    buttons = [of_desk("engine_go_on"), of_desk("engine_hold"), of_desk("engine_settle", "mail", mail.pk)]
    assert pressed_by_strangers(readers, buttons, ["administrator"], verb="send_again", choice="send") == []


def test_rules_are_open_to_who_reads_plans_and_switched_by_who_works_with_them(readers):
    application = at_interviews()
    rule = make_rule(application.plan, when="days", days=3, conditions=[], then="note", settings={"words": "Look."})
    copy = type(application.plan).objects.filter(pk=application.plan_id)
    copy.update(copied_from=make_job("Another").plan)  # templates are everybody's
    hidden = dict.fromkeys(("interviewer",), 404)
    read = hidden | {"lead": 200}
    changed = hidden | {"lead": 403}
    pages = [on_the_desk("rules", application.plan_id, **read), on_the_desk("rule", rule.pk, **changed)]
    pages += [on_the_desk("rule_new", application.plan_id, **changed)]
    assert wrong(readers, pages) == []
    fired = Firing.objects.create(rule=rule, rule_name=rule.name, application=application, occasion="x", at=NOW,
                                  outcome="suggested")  # fmt: skip
    works = ["recruiter", "administrator"]
    of_plan = [of_desk(name, application.plan_id) for name in ("rules_ready", "rules_try")]
    of_rule = [of_desk(f"rule_{name}", rule.pk) for name in ("switch", "try", "delete")]
    of_firing = [of_desk(f"rule_{name}", fired.pk) for name in ("take", "undo", "dismiss")]
    buttons = [*of_plan, *of_rule, *of_firing, of_desk("rule_keep_away", application.pk, rule.pk)]
    assert pressed_by_strangers(readers, buttons, works, mode="act", action="confirm") == []


def test_mails_are_read_by_who_sees_the_application_and_decided_on_by_who_works_on_it(readers):
    application = at_interviews()
    mail = sent_mail(application, message_id="<ours@example.org>", returned_at=NOW)
    came = take(letter("Gladly.", in_reply_to="<ours@example.org>"))
    assert came.state == Reply.State.TAKEN
    for_recruiters = dict.fromkeys(("lead", "manager", "approver", "interviewer"), 403)
    pages = [on_the_desk("replies", **for_recruiters | {"recruiter of another job": 200})]
    sees = {"lead": 200, "interviewer": 200}
    pages += [on_the_desk(name, came.pk, **sees) for name in ("reply", "reply_raw")]
    pages += [on_the_desk("returned_mail", mail.pk, **sees)]
    assert wrong(readers, pages) == []
    decided = [of_desk("mail", mail.pk)]
    assert pressed_by_strangers(readers, decided, ["recruiter", "administrator"], action="hold", reason="x") == []
    again = [of_desk("returned_mail", mail.pk)]
    assert pressed_by_strangers(readers, again, ["recruiter", "administrator"]) == []


def test_reminders_are_put_off_by_who_was_asked_and_sent_by_who_works_on_it(readers):
    at_interviews()
    asked = Ask.objects.get(user=make_user("Ivan Interviewer"))
    mine = Page(of_desk("my_reminders"), dict.fromkeys(("anonymous", "outsider"), LOGIN), otherwise=200)
    assert wrong(readers, [mine]) == []
    assert pressed_by_strangers(readers, [of_desk("request_later", asked.pk)], ["interviewer"]) == []
    works = ["recruiter", "administrator"]
    assert pressed_by_strangers(readers, [of_desk("request_remind", asked.pk)], works) == []
    assert pressed_by_strangers(readers, [of_desk("request_hand_on", asked.pk)], [*works, "interviewer"]) == []


def test_a_to_do_is_open_to_whom_it_was_given(readers):
    application, lead = at_interviews(), make_user("Max Manager")
    given = to_dos.give(application, colleague=lead, kind="reply", words="Call them.", due_at=NOW + timedelta(days=1),
                        at=NOW, by=Actor.person(make_user("Rita Recruiter")))  # fmt: skip
    by_link(readers, outsider=application.asks.get(name="Ida Interviewer"), lead_by_link=given.ask)
    assert wrong(readers, for_who_was_asked(given.ask, "lead_by_link", lead=200)) == []


def test_numbers_are_for_monitoring_alone(readers, settings):
    page = reverse("engine:metrics")
    settings.METRICS_TOKEN = "a long secret"
    shown = {"Authorization": "Bearer a long secret"}
    assert {client.get(page).status_code for client in readers.values()} == {404}  # administrators have the page Engine
    assert readers["anonymous"].get(page, headers=shown).status_code == 200
    assert readers["anonymous"].get(page, headers={"Authorization": "Bearer a long secre"}).status_code == 404

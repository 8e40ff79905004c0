"""A recruiter words a mail anew: looks at it first, learns what is wrong with it, and sees it leave as shown."""

import html
from datetime import timedelta

import pytest
from django.core import mail as outbox

from ats.desk.tests.conftest import LATER, signed_in
from candidates.builders import make_application, make_candidate
from candidates.models import MailText, Message, Stage
from candidates.post import delivery, rendering, samples, texts
from candidates.post.builders import without_links

pytestmark = pytest.mark.django_db
ADD = "/admin/candidates/mailtext/add/"


def post(client, address=ADD, **fields):
    given = {
        "template": "candidates/withdrawn",
        "reason": "",
        "language": "en",
        "subject": "Done, {name}",
        "text": "Hello {name}, your application as {job} is withdrawn.\n\n{link}",
    }
    return client.post(address, given | fields)


def page_of(answer):
    return html.unescape(answer.content.decode())


def test_a_recruiter_looks_at_the_mail_and_nothing_is_saved(desk):
    page = page_of(post(desk, _preview="1"))
    assert "Done, Cara Candidate" in page
    assert "Hello Cara Candidate, your application as Support specialist is withdrawn." in page
    assert "Hello {name}, your application as {job} is withdrawn." in page
    assert not MailText.objects.exists()


def test_saving_keeps_it(desk):
    assert post(desk).status_code == 302
    assert MailText.objects.get().subject == "Done, {name}"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": "Hello {nmae}"}, "{nmae} is no placeholder of this mail."),
        ({"text": "Hello {name.email}"}, "{name.email} is no placeholder of this mail."),
        ({"text": "Hello {name"}, "A single { has no partner."),
        ({"text": "In {days} days"}, "You can use: {name}, {job}, {company}, {link}."),
        ({"subject": "{link}"}, "You can use: {name}, {job}, {company}."),
        ({"reason": "filled"}, "Only rejections have reasons."),
        ({"template": "references/name_referees", "text": "Hello"}, "Write {link} somewhere"),
        ({"html": "<p>{nmae}</p>"}, "{nmae} is no placeholder of this mail."),
        ({"html": "<p>{link}</p>"}, "In HTML {link} is the address of a link alone."),
        ({"html": "x" * 20_001}, "at most 20000 characters"),
        ({"template": "portal/link", "html": "<p>Hello</p>"}, "A link must lead there"),
        ({"text": ""}, "This field is required."),
        ({"subject": "x" * 201}, "at most 200 characters"),
        ({"template": "candidates/secret"}, "is not one of the available choices"),
    ],
)
@pytest.mark.parametrize("button", ["_save", "_preview"])
def test_what_is_wrong_is_told_beside_its_box_and_kept(desk, fields, told, button):
    answer = post(desk, **fields | {button: "1"})
    page = page_of(answer)
    assert (answer.status_code, told in page, "errorlist" in page) == (200, True, True)
    assert all(value[:40] in page for value in fields.values())
    assert not MailText.objects.exists()


@pytest.mark.parametrize("text", ["\0", "x" * 5001])
def test_what_cannot_be_kept_is_told(desk, text):
    assert post(desk, text=text).status_code == 200
    assert not MailText.objects.exists()


def test_a_second_text_for_the_same_mail_and_language_is_refused(desk):
    post(desk)
    assert "There is a text for this mail and language already." in page_of(post(desk))


@pytest.mark.parametrize("template", texts.EDITABLE)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_mail_can_be_looked_at(template, language):
    words = texts.Words("{company}", "|".join(mark for mark, _meaning, _example in texts.known(template)))
    message = samples.sample(template, language=language, at=LATER)
    shown = rendering.render(message, words=words)
    assert ("||" not in shown.text, "{" not in shown.text) == (True, True)


def test_the_list_calls_mails_by_their_names(desk):
    post(desk)
    assert "Your application is withdrawn" in page_of(desk.get("/admin/candidates/mailtext/"))


def test_deleting_brings_the_shipped_words_back(desk):
    post(desk)
    text = MailText.objects.get()
    desk.post(f"/admin/candidates/mailtext/{text.pk}/delete/", {"post": "yes"})
    assert not MailText.objects.exists()


def test_a_manager_words_nothing(manager):
    assert post(signed_in(manager)).status_code == 403
    assert not MailText.objects.exists()


@pytest.mark.parametrize("own", [True, False], ids=["own words", "shipped words"])
def test_the_mail_that_the_desk_shows_is_the_mail_that_leaves(desk, own):
    application = make_application(Stage.SCREENING, candidate=make_candidate("Cara <b>& Co"))
    if own:
        post(desk)
    address = f"/admin/candidates/application/{application.pk}/move/withdrawn/"
    seen = desk.get(address).context["seen"]
    shown = desk.post(address, {"seen": seen, "reason": "", "action": "preview"})
    (letter,) = shown.context["preview"].letters
    assert f'<pre class="mail-text">{html.escape(letter.text)}</pre>' in shown.content.decode()
    desk.post(address, {"seen": seen, "reason": "", "action": "confirm"})
    delivery.deliver(str(Message.objects.get(template="candidates/withdrawn").pk), at=LATER + timedelta(minutes=1))
    (sent,) = outbox.outbox
    assert (sent.subject, without_links(sent.body, instead="[their personal link]")) == (letter.subject, letter.text)
    assert ("Done, Cara" in sent.subject) == own


def test_what_is_taken_out_of_the_html_is_told_and_the_rest_kept(desk):
    answer = post(desk, ADD, html="<p>Hi</p><script>alert(1)</script>")
    assert MailText.objects.get().html == "<p>Hi</p>"
    assert "Taken out of the HTML" in page_of(desk.get(answer.url))


def test_the_html_shows_alone_where_nothing_in_it_can_act(desk):
    answer = post(desk, _html="1", html='<p>Hi {name}</p><a href="{link}" class="button">Go</a>')
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    page = answer.content.decode()
    assert ("<p>Hi Cara Candidate</p>" in page, "href=" in page) == (True, False)
    assert not MailText.objects.exists()


def test_words_that_cannot_be_filled_in_show_no_html(desk):
    assert "Something in the words cannot be filled in" in page_of(post(desk, _html="1", text="{nmae}"))


def test_one_begins_with_the_words_that_we_ship(desk):
    page = page_of(post(desk, _start="1", subject="", text=""))
    assert "Withdrawn: your application as {job}" in page
    assert "Hello {name},\n\nyour application as {job} is withdrawn, as you wished." in page
    assert not MailText.objects.exists()


def test_a_nonsense_mail_begins_with_nothing(desk):
    assert post(desk, _start="1", template="x/y", language="xx").status_code == 200

"""Mails in the company's own words: what may stand in them, and that nothing else gets out of it."""

import pytest
from django.core import mail as outbox

from candidates.builders import NOW, make_application, make_candidate, make_job
from candidates.models import Ask, MailText, Message, Stage
from candidates.post import delivery, mail, markup, placeholders, rendering, samples, texts
from candidates.post.builders import without_links
from candidates.post.texts import EDITABLE
from candidates.tests.test_pipeline import make_ask

pytestmark = pytest.mark.django_db


def write(template="candidates/received", text="Hello {name}, see {link}", **fields):
    defaults = {"language": "en", "subject": "We have it, {name}", "text": text}
    return MailText.objects.create(template=template, **defaults | fields)


def received(application=None, template="candidates/received", **data):
    application = application or make_application(candidate=make_candidate("Cara"), job=make_job("Chat hero"))
    return mail.queue(application, template, key=f"x:{application.pk}", at=NOW, data=data)


def test_the_companys_words_take_the_place_of_the_shipped_ones():
    write(text="Hello {name},\n\n{company} has your application as {job}. {days} days!\n\n{link}")
    written = rendering.render(received(days=7))
    assert written.subject == "We have it, Cara"
    assert written.text == f"Hello Cara,\n\nRapport has your application as Chat hero. 7 days!\n\n{rendering.LINK}\n"
    assert "<p>Rapport has your application as Chat hero. 7 days!</p>" in written.html
    assert written.html.count(f'href="{rendering.LINK}"') == 2


def test_another_language_falls_back_to_the_shipped_words():
    write(language="de", text="Guten Tag {name}")
    german = make_application(candidate=make_candidate("Gero", language="de"))
    assert rendering.render(received(german)).text == "Guten Tag Gero\n"
    assert "thank you for applying" in rendering.render(received(days=7)).text


def test_a_rejection_may_have_words_for_its_reason():
    write("candidates/rejected", text="No, {name}.")
    write("candidates/rejected", text="It is filled, {name}.", reason="filled")
    application = make_application(candidate=make_candidate("Cara"))
    other = make_application(candidate=make_candidate("Otto"))
    assert (
        rendering.render(received(application, "candidates/rejected", reason="filled")).text == "It is filled, Cara.\n"
    )
    assert rendering.render(received(other, "candidates/rejected", reason="skills")).text == "No, Otto.\n"


def test_words_without_the_link_have_no_button():
    write(text="Hello {name}")
    assert rendering.LINK not in rendering.render(received()).html


def test_what_people_wrote_is_escaped_and_never_filled_in_again():  # V10, V11
    write(text="{name} & {job} <b>\n\nsecond\nline")
    application = make_application(
        candidate=make_candidate("<img src=x> {company} {link}"), job=make_job("A {name} {0.__class__}")
    )
    written = rendering.render(received(application))
    assert "<p>&lt;img src=x&gt; {company} {link} &amp; A {name} {0.__class__} &lt;b&gt;</p>" in written.html
    assert "<p>second<br>line</p>" in written.html
    assert written.text.startswith("<img src=x> {company} {link} & A {name} {0.__class__} <b>\n")


def test_a_subject_stays_one_line():  # V18
    write(subject="To {name}")
    application = make_application(candidate=make_candidate("Cara\nBcc: all@example.org"))
    assert rendering.render(received(application)).subject == "To Cara Bcc: all@example.org"


@pytest.mark.parametrize(
    "wrong",
    [
        "{nmae}",
        "{ name }",
        "{name.email}",
        "{0}",
        "{}",
        "{name!r}",
        "{name:>9}",
        "{NAME}",
        "{%name%}",
        "{days}",
    ],
)
def test_an_unknown_placeholder_is_named(wrong):
    found = placeholders.mistakes(f"Hello {wrong}!", allowed=["name", "job"])
    assert found
    assert any(wrong.strip("{}") in told for told in found)


@pytest.mark.parametrize("wrong", ["{", "}", "{{name}}", "{name", "name}", "{na\nme}"])
def test_a_brace_alone_is_told(wrong):
    assert "has no partner" in placeholders.mistakes(wrong, allowed=["name"])[0]


def test_what_is_allowed_is_no_mistake():
    assert placeholders.mistakes("Hello {name}, {job}. {name}!", allowed=["name", "job"]) == []


@pytest.mark.parametrize("template", EDITABLE)
def test_every_placeholder_of_every_mail_has_a_meaning(template):
    assert all(meaning for _name, meaning, _example in texts.known(template))


@pytest.mark.parametrize("own", [True, False], ids=["own words", "shipped words"])
def test_what_is_rendered_is_what_leaves(own):
    if own:
        write(text="Hello {name}, {link}\n\nBye")
    message = received(days=3)
    shown = rendering.render(message)
    delivery.deliver(str(message.pk), at=NOW)
    (sent,) = outbox.outbox
    assert (sent.subject, without_links(sent.body, instead=rendering.LINK)) == (shown.subject, shown.text)
    assert without_links(sent.alternatives[0].content, instead=rendering.LINK) == shown.html


def test_mails_that_nobody_may_word_anew_cost_no_query(django_assert_num_queries):
    message = Message(template="candidates/overdue")
    with django_assert_num_queries(0):
        assert texts.own_words(message, "en") is None


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("template", EDITABLE)
def test_the_words_that_we_ship_can_be_saved_as_they_are(template, language):
    words, editable = samples.shipped(template, language=language), EDITABLE[template]
    assert placeholders.mistakes(words.subject + words.text, allowed=editable.placeholders) == []
    assert [name for name in editable.needs if f"{{{name}}}" not in words.text] == []
    assert not set("{}").intersection(placeholders.fill_in(words.text, dict.fromkeys(editable.placeholders, "x")))


def test_the_words_that_we_ship_in_their_own_words_are_the_mail_that_we_ship():
    words, message = samples.shipped("candidates/rejected", language="en"), received(template="candidates/rejected")
    again = rendering.render(message, words=words)
    shipped = rendering.render(message, own_words=())
    assert (again.subject, again.text.strip()) == (shipped.subject, shipped.text.strip())


def test_whoever_judges_blind_reads_no_name_in_any_words():
    for template in ("interviews/grade", "candidates/reminder"):
        assert "name" not in EDITABLE[template].placeholders


def test_words_to_candidates_do_not_go_to_their_buddy():
    write("trials/check_in", text="Hello {name}, {link}")
    asked = make_ask(
        make_application(Stage.TRIAL), template="trials/check_in", role=Ask.Role.CANDIDATE, name="Cara Candidate"
    )
    assert rendering.render(asked.messages.get()).text.startswith("Hello Cara Candidate, http")
    Ask.objects.update(role=Ask.Role.BUDDY)
    assert not rendering.render(Message.objects.get()).text.startswith("Hello Cara Candidate, http")


def test_html_of_the_company_is_sent_with_its_values_escaped():  # V10
    write(html='<p>Hi <b>{name}</b></p><p><a href="{link}" class="button">Go</a></p>')
    application = make_application(candidate=make_candidate('<img src=x onerror="x">'))
    written = rendering.render(received(application)).html
    assert "<b>&lt;img src=x onerror=&quot;x&quot;&gt;</b>" in written
    assert f'<a href="{rendering.LINK}" class="mail-button" style=' in written


@pytest.mark.parametrize(
    ("hostile", "told"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<p onclick="x()">a</p>', "onclick"),
        ('<img src="https://spy.example/1.gif">', "<img>"),
        ('<a href="javascript:alert(1)">a</a>', 'href="javascript:alert(1)"'),
        ('<a href="/within">a</a>', 'href="/within"'),
        ('<p style="position:fixed">a</p>', "style"),
        ("<iframe srcdoc=x></iframe>", "<iframe>"),
        ("<form action=x><input name=y></form>", "<form>"),
        ("<!-- hidden -->", "<!-- … -->"),
        ("<svg><script>1</script></svg>", "<svg>"),
    ],
)
def test_what_may_not_leave_is_taken_out_of_html_and_named(hostile, told):
    assert told in markup.removed(hostile)
    assert not any(word in markup.clean(hostile) for word in ("script", "onclick", "src", "fixed", "within", "hidden"))


def test_what_may_leave_stays_as_it_was_written():
    kept = '<h2>Hi</h2><p style="color:red">a <a href="{link}" class="button">b</a></p>'
    assert (markup.clean(kept), markup.removed(kept)) == (kept, [])


@pytest.mark.parametrize(
    "wrong",
    ['<a href="https://x.example/{name}">a</a>', "<p>{link}</p>", '<p style="color:{name}">a</p>', "<p>{nmae}</p>"],
)
def test_placeholders_stand_in_html_only_where_they_can_do_no_harm(wrong):
    assert markup.mistakes(markup.clean(wrong), allowed=["name", "link"])


def test_what_a_mail_does_not_know_leaves_no_hole():
    write("references/name_referees", text="Hello {name}\n\n{note}\n\nBye {link}")
    asked = make_ask(make_application(Stage.REFERENCES), template="references/name_referees", role=Ask.Role.CANDIDATE)
    assert "\n\n\n" not in rendering.render(asked.messages.get()).text

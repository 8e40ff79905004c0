"""Settings of mails that leave: rates and providers; nonsense ends the start with one clear line."""

import pytest
from django.core.mail import get_connection

from ats import environment as env


def refusal(capsys, read, name):
    with pytest.raises(SystemExit):
        read(name)
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_rates_are_told_by_domain(monkeypatch):
    monkeypatch.setenv("MAIL_RATES", "Gmail.com=60, *=600")
    assert env.rates("MAIL_RATES") == {"gmail.com": 60, "*": 600}


@pytest.mark.parametrize(
    "nonsense",
    ["gmail.com", "gmail.com=", "gmail.com=0", "gmail.com=-5", "gmail.com=ten", "gmail=5", "=5", "a b.com=5",
     "gmail.com=5,gmail.com=6", "gmail.com=99999999999", "*=٣", "gmail.com=1.5", "gmail.com==5"],
)  # fmt: skip
def test_rates_that_nobody_understands_stop_the_start(nonsense, monkeypatch, capsys):
    monkeypatch.setenv("MAIL_RATES", nonsense)
    assert "MAIL_RATES" in refusal(capsys, env.rates, "MAIL_RATES")


def test_without_a_provider_mails_go_by_smtp(monkeypatch):
    monkeypatch.delenv("MAIL_PROVIDER", raising=False)
    assert env.mail_provider("MAIL_PROVIDER") == ("", {})


def test_a_provider_gets_its_credentials_by_the_names_that_anymail_knows(monkeypatch):
    monkeypatch.setenv("MAIL_PROVIDER", "mailjet")
    monkeypatch.setenv("MAILJET_API_KEY", "a")
    monkeypatch.setenv("MAILJET_SECRET_KEY", "b")
    assert env.mail_provider("MAIL_PROVIDER") == ("mailjet", {"MAILJET_API_KEY": "a", "MAILJET_SECRET_KEY": "b"})


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"MAIL_PROVIDER": "pigeons"}, "MAIL_PROVIDER"),
        ({"MAIL_PROVIDER": "mailgun"}, "MAILGUN_API_KEY"),
        ({"MAIL_PROVIDER": "mailgun", "MAILGUN_API_KEY": "two\nlines"}, "MAILGUN_API_KEY"),
        ({"MAIL_PROVIDER": "mailgun", "MAILGUN_API_KEY": "k", "MAILGUN_API_URL": "http://x"}, "MAILGUN_API_URL"),
        ({"MAIL_PROVIDER": "scaleway", "SCALEWAY_SECRET_KEY": "k"}, "SCALEWAY_PROJECT_ID"),
    ],
)
def test_a_provider_that_cannot_work_stops_the_start(given, named, monkeypatch, capsys):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert named in refusal(capsys, env.mail_provider, "MAIL_PROVIDER")


@pytest.mark.parametrize("provider", sorted(env.MAIL_PROVIDERS))
def test_every_provider_can_be_begun_with_what_is_asked_of_it(provider, monkeypatch, settings):
    needed, _possible = env.MAIL_PROVIDERS[provider]
    settings.ANYMAIL = dict.fromkeys(needed, "https://example.org/")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    begun = get_connection(f"anymail.backends.{provider}.EmailBackend")
    assert type(begun).__module__ == f"anymail.backends.{provider}"

"""Settings of what comes back by mail: nonsense ends the start with a line that names it, and no secret is printed."""

import pytest

from ats import environment as env

MAILBOX = {"HOST": "imap.example.org", "USER": "reply", "PASSWORD": "hunter2"}


def set_mailbox(monkeypatch, **changes):
    for name, value in (MAILBOX | changes).items():
        monkeypatch.setenv(f"REPLY_IMAP_{name}", value)


def refusal(capsys, read, *args):
    with pytest.raises(SystemExit):
        read(*args)
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize("nonsense", ["nobody", "Cara <a@example.org>", "a+b@example.org", f"{'a' * 30}@example.org"])
def test_an_address_for_answers_that_is_none_is_named(monkeypatch, capsys, nonsense):
    monkeypatch.setenv("REPLY_ADDRESS", nonsense)
    assert "REPLY_ADDRESS" in refusal(capsys, env.address, "REPLY_ADDRESS")


def test_without_an_address_for_answers_there_is_none(monkeypatch):
    monkeypatch.delenv("REPLY_ADDRESS", raising=False)
    assert (env.address("REPLY_ADDRESS"), env.mailbox()) == ("", {})


def test_a_whole_mailbox_is_read(monkeypatch):
    set_mailbox(monkeypatch)
    assert env.mailbox() == {
        "host": "imap.example.org", "user": "reply", "password": "hunter2", "port": 993, "folder": "INBOX"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "nonsense"), [("USER", ""), ("HOST", "https://imap.example.org"), ("PORT", "many"), ("FOLDER", 'a"b')]
)
def test_nonsense_about_the_mailbox_is_named(monkeypatch, capsys, name, nonsense):
    set_mailbox(monkeypatch, **{name: nonsense})
    line = refusal(capsys, env.mailbox)
    assert f"REPLY_IMAP_{name}" in line
    assert "hunter2" not in line


@pytest.mark.parametrize(
    "nonsense", ["no-colon-in-a-long-secret", "rapport:short", ":nobody-has-this-secret", "a:b c" * 9]
)
def test_a_secret_of_the_provider_that_is_none_is_named(monkeypatch, capsys, nonsense):
    monkeypatch.setenv("ANYMAIL_WEBHOOK_SECRET", nonsense)
    line = refusal(capsys, env.name_and_password, "ANYMAIL_WEBHOOK_SECRET")
    assert "ANYMAIL_WEBHOOK_SECRET" in line
    assert nonsense not in line

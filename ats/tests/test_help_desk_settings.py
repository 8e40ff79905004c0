"""Settings of help desks: all of one or none, a name and no address, nothing secret printed."""

import pytest

from ats import environment

ZENDESK = {"ZENDESK_SUBDOMAIN": "example", "ZENDESK_EMAIL": "ada@example.org", "ZENDESK_TOKEN": "hunter2"}
FRESHDESK = {"FRESHDESK_DOMAIN": "example", "FRESHDESK_KEY": "hunter2"}
HELPSCOUT = {"HELPSCOUT_APP_ID": "369dbb", "HELPSCOUT_SECRET": "hunter2"}


@pytest.fixture
def told(monkeypatch):
    def read(**settings):
        for name in (name for names in environment.HELP_DESKS.values() for name in names.values()):
            monkeypatch.delenv(name, raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        return environment.help_desks()

    return read


def refusal(told, capsys, **settings):
    with pytest.raises(SystemExit):
        told(**settings)
    line = capsys.readouterr().err
    assert "hunter2" not in line
    return line


def test_nothing_said_is_nothing_asked(told):
    assert told() == told(ZENDESK_TOKEN="") == {}


def test_each_is_read_with_its_credentials(told):
    assert told(**ZENDESK, **FRESHDESK, **HELPSCOUT) == {
        "zendesk": {"account": "example", "email": "ada@example.org", "token": "hunter2"},
        "freshdesk": {"account": "example", "key": "hunter2"},
        "helpscout": {"account": "369dbb", "secret": "hunter2"},
    }


def test_a_secret_can_be_read_from_a_file(told, tmp_path):
    (tmp_path / "key").write_text("hunter2\n")
    found = told(FRESHDESK_DOMAIN="example", FRESHDESK_KEY_FILE=str(tmp_path / "key"))
    assert found["freshdesk"]["key"] == "hunter2"


@pytest.mark.parametrize("name", [*ZENDESK, *FRESHDESK, *HELPSCOUT])
def test_half_of_one_is_named(told, capsys, name):
    parts = {key: value for key, value in (ZENDESK | FRESHDESK | HELPSCOUT).items() if key != name}
    assert f"{name} is not set" in refusal(told, capsys, **parts)


@pytest.mark.parametrize(
    "account", ["https://example.zendesk.com", "example.zendesk.com", "evil.org/", "a@evil", "-a", "a b", "a\n", "ä"]
)
@pytest.mark.parametrize("settings", [ZENDESK, FRESHDESK])
def test_an_address_in_the_place_of_a_name_is_refused(told, capsys, settings, account):
    name = next(iter(settings))
    assert name in refusal(told, capsys, **settings | {name: account})


def test_a_secret_of_two_lines_is_refused(told, capsys):
    assert "FRESHDESK_KEY" in refusal(told, capsys, **FRESHDESK | {"FRESHDESK_KEY": "hunter2\nX-Header: 1"})

"""The first run of a production installation."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from candidates.jobs.models import Competency
from candidates.staff.models import User

pytestmark = pytest.mark.django_db
GOOD = "correct horse battery staple"


@pytest.fixture
def password(monkeypatch):
    """Say which password the environment holds."""
    monkeypatch.delenv("ADMIN_PASSWORD_FILE", raising=False)
    return lambda given: monkeypatch.setenv("ADMIN_PASSWORD", given)


def run(username="ada", email="ada@example.org"):
    out = StringIO()
    call_command(
        "setup",
        "--username",
        username,
        "--email",
        email,
        "--name",
        "Ada Admin",
        stdout=out,
    )
    return out.getvalue()


def test_before_setup_nobody_can_sign_in():
    assert not User.objects.exists()


def test_setup_makes_one_administrator_who_can_sign_in(password, client):
    password(GOOD)
    run()
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["ada"]
    assert client.login(username="ada", password=GOOD)


def test_setup_makes_roles_and_content(password):
    password(GOOD)
    run()
    assert set(Group.objects.values_list("name", flat=True)) == {
        "Managers",
        "Recruiters",
    }
    assert Competency.objects.count() == 20


def test_setup_says_what_was_made(password):
    password(GOOD)
    assert run().splitlines()[1:] == [
        "Content: 143 created, 0 brought up to date, 0 left as the team edited them.",
        "Administrator: ada <ada@example.org> made. Sign in at /admin/.",
    ]


def test_a_second_setup_keeps_the_password(password):
    password(GOOD)
    run()
    password("another long password")
    assert "was there already; the password stays" in run()
    assert User.objects.get().check_password(GOOD)


@pytest.mark.parametrize("weak", ["admin", "password1234", "ada@example.org"])
def test_a_weak_password_is_refused_and_nothing_is_made(password, weak):
    password(weak)
    with pytest.raises(CommandError):
        run()
    assert (User.objects.count(), Competency.objects.count()) == (0, 0)


def test_a_password_can_come_from_a_file(monkeypatch, tmp_path, client):
    (tmp_path / "secret").write_text(GOOD + "\n")
    monkeypatch.setenv("ADMIN_PASSWORD_FILE", str(tmp_path / "secret"))
    run()
    assert client.login(username="ada", password=GOOD)


def test_without_a_password_and_a_terminal_nothing_is_made(password):
    password("")
    with pytest.raises(CommandError, match="Set ADMIN_PASSWORD"):
        run()
    assert not User.objects.exists()


def test_a_typed_password_is_asked_for_twice(password, monkeypatch):
    password("")
    typed = iter([GOOD, "a slip of the fingers"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="differ"):
        run()


def test_a_colleague_is_not_made_an_administrator(password):
    password(GOOD)
    User.objects.create_user("ada", "ada@example.org")
    with pytest.raises(CommandError, match="without an administrator's rights"):
        run()


def test_an_address_that_is_none_is_refused(password):
    password(GOOD)
    with pytest.raises(CommandError, match="valid email"):
        run(email="ada")

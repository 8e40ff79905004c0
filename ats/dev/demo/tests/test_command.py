"""manage.py demo"""

import stat
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from ats.dev.demo import seeding, stories
from candidates.builders import make_application, make_user
from candidates.jobs.models import Job
from candidates.people.models import Application, Document
from candidates.staff.models import User
from candidates.stages import Stage

pytestmark = pytest.mark.django_db
ONE = (("email", Stage.APPLIED, None, (1,)),)


@pytest.fixture(autouse=True)
def short(monkeypatch, settings):
    """Only one story, and passwords that are not hashed slowly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setitem(seeding.make_company.__wrapped__.__kwdefaults__, "rows", ONE)
    assert stories.SIXTY != ONE


def run(*arguments):
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def test_few_stories_are_one_for_each_stage(monkeypatch):
    assert [stands for _job, stands, _left, days in stories.EIGHT for _ago in days] == list(Stage)
    monkeypatch.setattr("ats.management.commands.demo.EIGHT", (*ONE, *ONE))
    run("--few")
    assert Application.objects.count() == 2


def test_the_passwords_are_printed_and_written_for_the_owner_alone(tmp_path):
    file = tmp_path / "sign-ins"
    out = run("--sign-ins", str(file))
    assert file.read_text() == out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_if_empty_does_nothing_when_there_are_jobs():
    make_application()
    assert run("--if-empty") == ""
    assert Application.objects.count() == 1


def test_without_a_word_a_filled_database_is_left_alone():
    make_application()
    with pytest.raises(CommandError, match="There are jobs already"):
        run()


def test_stage_makes_one_more_application_and_prints_its_links():
    run()
    out = run("--stage", "references")
    assert Application.objects.filter(stage="references").count() == 1
    assert out.count("http://localhost/") == 2


def test_stage_on_an_empty_database_makes_the_company_too():
    run("--stage", "references")
    assert Application.objects.count() == 2


def test_stage_is_refused_in_another_company():
    make_application()
    with pytest.raises(CommandError, match="not those of the demo company"):
        run("--stage", "references")


def test_an_account_of_the_same_name_is_not_taken_over():
    make_user("Ada Other", username="ada")
    with pytest.raises(CommandError, match="account named ada"):
        run()
    assert (User.objects.count(), Job.objects.count()) == (1, 0)


def test_reset_starts_over(django_capture_on_commit_callbacks):
    run()
    before = Document.objects.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        run("--reset")
    assert (Job.objects.count(), Application.objects.count()) == (4, 1)
    assert not default_storage.exists(before)
    assert default_storage.exists(Document.objects.get().file.name)


def test_reset_is_refused_in_production(settings):
    run()
    settings.DEBUG, settings.MAILBOX_DIR = False, ""
    with pytest.raises(CommandError, match="Not emptied"):
        run("--reset")
    assert Application.objects.count() == 1


def test_reset_gives_no_number_a_second_time():
    run()
    before = Application.objects.get().pk
    run("--reset")
    assert Application.objects.get().pk > before

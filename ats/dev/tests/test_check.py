"""The house rules find what they are for, and leave alone what only looks like it."""

import pytest

from ats.dev.check import check_folders, check_lock, check_source

BREACHES = [
    ("application.stage = 'hired'", "candidates.pipeline.move"),
    ("a.stage, a.since = 'hired', now", "candidates.pipeline.move"),
    ("Application.objects.filter(pk=1).update(stage='hired')", "candidates.pipeline.move"),
    ("Application.objects.bulk_update(rows, ['stage'])", "candidates.pipeline.move"),
    ("application.save(update_fields=['stage'])", "candidates.pipeline.move"),
    ("setattr(application, 'stage', 'hired')", "candidates.pipeline.move"),
    ("send.delay(pk)", "ring_on_commit"),
    ("send.apply_async([pk])", "ring_on_commit"),
    ("ring(task, countdown=5)", "no eta"),
    ("def verb():\n    import os", "import inside verb()"),
    ("from django.db.models.signals import post_save", "no model signals"),
    ("signals.post_save.connect(listen)", "no model signals"),
    ("def long():\n" + "    pass\n" * 50, "51 lines"),
    ("pass\n" * 501, "501 lines"),
]
FINE = [
    "Ask.objects.create(stage=application.stage)",
    "seen = application.stage",
    "totals.update(count=1)",
    "def short():\n" + "    pass\n" * 49,
    "time.sleep(delay)",
]


@pytest.mark.parametrize(("source", "message"), BREACHES)
def test_a_breach_is_found(source, message):
    assert [message in str(finding) for finding in check_source("trials/actions.py", source)] == [True]


@pytest.mark.parametrize("source", FINE)
def test_what_only_looks_like_a_breach_is_left_alone(source):
    assert check_source("trials/actions.py", source) == []


def test_the_pipeline_itself_may_write_the_stage():
    assert check_source("candidates/pipeline.py", "application.stage = to") == []


def test_the_doorbell_itself_may_ring():
    assert check_source("candidates/post/doorbell.py", "app.send_task(name)") == []


def test_a_package_named_after_nothing_is_found():
    found = check_folders(["trials/utils/dates.py", "trials/plan/dates.py"])
    assert [finding.path for finding in found] == ["trials/utils"]


def test_an_address_in_a_lock_is_found_with_its_line():
    found = check_lock("requirements.lock", "django==5\n--index-url https://packages.example/simple")
    assert [(finding.path, finding.line) for finding in found] == [("requirements.lock", 2)]


def test_a_lock_without_addresses_passes():
    assert check_lock("requirements.lock", "django==5 \\\n    --hash=sha256:00") == []

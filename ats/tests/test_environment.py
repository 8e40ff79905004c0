"""Settings: what is missing or nonsense ends the start with one clear line and exit code 1."""

import os
import subprocess
import sys

import pytest

from ats.dev.state import ROOT

WHOLE = {
    "SECRET_KEY": "a-key",
    "SITE_URL": "https://jobs.example.org",
    "DATABASE_URL": "postgres://rapport:secret@db:5432/rapport",
    "REDIS_URL": "redis://redis:6379/0",
    "DOCUMENTS_DIR": "/srv/documents",
    "DEFAULT_FROM_EMAIL": "jobs@example.org",
}


def start(**changes):
    """Read the settings as every process does; a setting changed to None is missing."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    settings = {name: value for name, value in (WHOLE | changes).items() if value is not None}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=ROOT, env=kept | settings, capture_output=True, text=True, check=False)


def refusal(done):
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    return line


def test_a_whole_environment_starts():
    assert start().returncode == 0


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_required_setting_that_is_missing_is_named(name):  # F46
    assert refusal(start(**{name: None})).startswith(f"Rapport cannot start: {name} is not set.")


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [
        ("DATABASE_URL", "mysql://db/rapport"),
        ("DATABASE_URL", "postgres://db:port/rapport"),
        ("REDIS_URL", "localhost:6379"),
        ("SITE_URL", "jobs.example.org"),
        ("EMAIL_PORT", "twenty-five"),
        ("SWEEP_SECONDS", "-1"),
        ("DEBUG", "perhaps"),
        ("DEFAULT_FROM_EMAIL", "nobody"),
        ("TIME_ZONE", "Mars/Olympus"),
    ],
)
def test_nonsense_is_named_with_its_setting(name, nonsense):
    assert name in refusal(start(**{name: nonsense}))


BUCKET = {
    "DOCUMENTS_DIR": None,
    "DOCUMENTS_S3_BUCKET": "documents",
    "DOCUMENTS_S3_ENDPOINT": "https://s3.example.org",
    "DOCUMENTS_S3_REGION": "eu-west-1",
    "DOCUMENTS_S3_ACCESS_KEY": "key",
    "DOCUMENTS_S3_SECRET_KEY": "hunter2",
}


def test_documents_can_be_kept_in_a_bucket_instead_of_a_folder():
    assert start(**BUCKET).returncode == 0


def test_an_empty_folder_counts_as_none_beside_a_bucket():
    assert start(**BUCKET | {"DOCUMENTS_DIR": ""}).returncode == 0


def test_documents_are_kept_in_one_place():
    line = refusal(start(**BUCKET | {"DOCUMENTS_DIR": "/srv/documents"}))
    assert "DOCUMENTS_DIR and DOCUMENTS_S3_BUCKET are both set" in line


def test_without_a_place_for_documents_both_ways_are_named():
    line = refusal(start(DOCUMENTS_DIR=None))
    assert line == ("Rapport cannot start: DOCUMENTS_DIR is not set. Set it to a folder, or set DOCUMENTS_S3_BUCKET.")


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [
        ("DOCUMENTS_S3_ENDPOINT", "s3.example.org"),
        ("DOCUMENTS_S3_ACCESS_KEY", None),
        ("DOCUMENTS_S3_SECRET_KEY", None),
        ("DOCUMENTS_S3_BUCKET", "Not A Bucket/at all"),
    ],
)
def test_half_a_bucket_is_named(name, nonsense):
    line = refusal(start(**BUCKET | {name: nonsense}))
    assert name in line
    assert "hunter2" not in line


def test_the_secret_of_a_bucket_can_be_read_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("hunter2\n")
    changes = {"DOCUMENTS_S3_SECRET_KEY": None, "DOCUMENTS_S3_SECRET_KEY_FILE": str(tmp_path / "secret")}
    assert start(**BUCKET | changes).returncode == 0


def test_a_setting_can_be_read_from_a_file(tmp_path):
    (tmp_path / "key").write_text("a-key\n")
    assert start(SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "key")).returncode == 0


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    line = refusal(start(SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "gone")))
    assert "SECRET_KEY_FILE" in line


def test_a_secret_that_is_refused_is_not_printed():
    assert "hunter2" not in start(DATABASE_URL="mysql://rapport:hunter2@db/rapport").stderr

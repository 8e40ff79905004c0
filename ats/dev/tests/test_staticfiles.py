"""When static files are collected again."""

from ats.dev import staticfiles


def test_what_was_collected_for_debugging_does_not_serve_without(monkeypatch):
    monkeypatch.delenv("DEBUG", raising=False)
    plain = staticfiles.fingerprint()
    monkeypatch.setenv("DEBUG", "yes")
    assert staticfiles.fingerprint() != plain


def test_nothing_changed_means_the_same_fingerprint():
    assert staticfiles.fingerprint() == staticfiles.fingerprint()

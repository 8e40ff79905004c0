"""Limits that no test reaches by chance; a test of the limits sets its own."""

import pytest

from candidates.careers import spam


@pytest.fixture(autouse=True)
def wide_limits(settings, monkeypatch):
    for name in ("ADDRESS", "IP", "NETWORK", "DRAFTS"):
        setattr(settings, f"APPLY_LIMIT_{name}", 1_000_000)
    monkeypatch.setattr(spam, "_silent_until", 0.0)

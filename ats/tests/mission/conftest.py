"""One running product for all missions: each brings people of its own."""

import pytest

from ats.dev import throwaway_instance


@pytest.fixture(scope="package")
def product():
    """As `make run` starts it, with a quicker beat."""
    with throwaway_instance.running(SWEEP_SECONDS="2") as running:
        yield running

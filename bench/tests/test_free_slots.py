"""The line about free times measures the same work on both sides."""

from types import SimpleNamespace

import pytest

from bench import free_slots
from candidates.builders import NOW


@pytest.mark.django_db
def test_both_sides_find_the_same_times_by_few_queries():
    seen = free_slots.free_slots(SimpleNamespace(at=NOW))
    assert seen.rows > 20
    assert seen.queries <= 8

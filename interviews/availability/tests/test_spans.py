"""The arithmetic of spans: laws that hold for every input."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from interviews.availability.spans import common, union, widened, without

START = datetime(2030, 1, 7, tzinfo=UTC)


def minute(number):
    return START + timedelta(minutes=number)


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8).map(
    lambda pairs: [(minute(start), minute(end)) for start, end in pairs]
)


def minutes_in(some):
    """The same by counting minutes, which cannot be wrong."""
    return {number for number in range(61) for start, end in some if start <= minute(number) < end}


@given(spans, spans)
def test_the_laws_of_sets_hold(ours, theirs):
    assert minutes_in(union([*ours, *theirs])) == minutes_in(ours) | minutes_in(theirs)
    assert minutes_in(without(ours, theirs)) == minutes_in(ours) - minutes_in(theirs)
    assert minutes_in(common(ours, theirs)) == minutes_in(ours) & minutes_in(theirs)


@given(spans, spans)
def test_what_is_free_is_never_inside_what_is_busy(can, busy):
    for start, end in without(can, busy):
        assert all(end <= taken or start >= over for taken, over in busy if taken < over)
        assert any(first <= start and end <= last for first, last in union(can))


@given(spans, spans)
def test_results_are_in_order_and_do_not_touch(ours, theirs):
    for result in (union(ours), without(ours, theirs), common(ours, theirs)):
        assert all(start < end for start, end in result)
        assert all(before[1] < after[0] for before, after in pairwise(result))


def test_what_is_widened_has_more_on_both_sides():
    assert widened([(minute(10), minute(20))], timedelta(minutes=5)) == [(minute(5), minute(25))]

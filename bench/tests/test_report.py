import json

from bench.measure import Timings
from bench.report import Goal, Measured, Result, table, write


def measured(ours, limit, **more):
    return Measured(ours=Timings([ours]), limit=Timings([limit]), **more)


def test_a_line_holds_at_its_goal():
    assert Result("list", Goal(ratio=2.5), measured(25, 10)).verdict == "holds"


def test_a_line_above_its_goal_is_short():
    assert Result("list", Goal(ratio=2.5), measured(26, 10)).verdict == "short"


def test_too_many_queries_make_a_quick_page_short():
    goal = Goal(ratio=2.5, queries=12)
    assert Result("list", goal, measured(10, 10, queries=12)).verdict == "holds"
    assert Result("list", goal, measured(10, 10, queries=13)).verdict == "short"


def test_queries_that_nobody_counted_do_not_hold():
    assert Result("list", Goal(queries=12), measured(10, 10)).verdict == "short"


def test_a_rate_is_our_speed_over_the_limits():
    line = Result("sweep", Goal(rate=0.4), measured(20, 10))
    assert (line.ratio, line.verdict) == (0.5, "holds")
    assert Result("sweep", Goal(rate=0.4), measured(30, 10)).verdict == "short"


def test_memory_has_a_ratio_and_a_roof():
    goal = Goal(ratio=1.3, mb=130)
    assert Result("memory", goal, measured(120, 100, unit="MB")).verdict == "holds"
    assert Result("memory", goal, measured(131, 110, unit="MB")).verdict == "short"


def test_a_line_that_is_not_built_and_one_that_failed_are_told_apart():
    assert Result("board", Goal(ratio=2.5)).verdict == "not built yet"
    assert Result("list", Goal(ratio=2.5), failure="answered 500").verdict == "not measured"


def test_the_file_holds_what_the_goals_are_checked_with(tmp_path):
    lines = [
        Result(
            "list",
            Goal(ratio=2.5, queries=12),
            measured(20, 10, queries=9, rows=50, kb=61.04),
        )
    ]
    write(
        [*lines, Result("board", Goal(ratio=2.5, queries=15))],
        tmp_path / "build" / "bench.json",
    )
    first, second = json.loads((tmp_path / "build" / "bench.json").read_text())
    names = (
        "line",
        "ours_ms",
        "limit_ms",
        "ratio",
        "goal",
        "queries",
        "rows",
        "kb",
        "verdict",
    )
    assert [first[name] for name in names] == [
        "list",
        20,
        10,
        2,
        "<= 2.5x, <= 12 queries",
        9,
        50,
        61.0,
        "holds",
    ]
    assert [second[name] for name in names] == [
        "board", None, None, None, "<= 2.5x, <= 15 queries", None, None, None, "not built yet",
    ]  # fmt: skip


def test_the_table_tells_every_line_and_why_one_failed():
    told = table(
        [
            Result("list", Goal(ratio=2.5), measured(20, 10)),
            Result("job", Goal(ratio=1.5), failure="404"),
        ]
    )
    assert [line.split()[0] for line in told.splitlines()[2:4]] == ["list", "job"]
    assert told.endswith("job: 404")

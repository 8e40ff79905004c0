from bench.growth import Size, growth


def size(people, ours, yard):
    return Size(people, [{"line": "list", "ours_ms": ours, "yard_ms": yard}, {"line": "board", "ours_ms": None}])


def test_a_page_that_takes_as_long_on_ten_times_the_people_holds():
    (line,) = growth([size(1_000, 30, 3), size(10_000, 30, 3)])
    assert (line["line"], line["exponent"], line["verdict"]) == ("growth-list", 0, "holds")


def test_a_page_that_grows_with_the_people_is_short():
    (line,) = growth([size(1_000, 30, 3), size(10_000, 60, 3)])
    assert (line["exponent"], line["verdict"]) == (0.301, "short")


def test_a_slower_machine_is_no_growth():
    (line,) = growth([size(1_000, 30, 3), size(10_000, 60, 6)])
    assert line["exponent"] == 0

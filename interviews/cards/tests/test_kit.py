"""Where on the page each thing is asked."""

from interviews.cards import kit


def part(number, *competencies, **words):
    return {"number": number, "minutes": 5, "competencies": list(competencies)} | words


def exercise(number, *competencies, kind="role_play", **words):
    rubric = [{"competency": key, "anchors": [f"{key}.{level}" for level in range(1, 6)]} for key in competencies]
    return part(number, *competencies, exercise_kind=kind, rubric=rubric, **words)


def test_a_competency_is_rated_at_the_last_part_that_tells_about_it():
    assert kit.rated_at({"parts": [part(1, 7, 8), part(2, 7), part(3)]}) == {7: 2, 8: 1}


def test_what_one_exercise_alone_tells_about_has_the_anchors_of_its_rubric():
    content = {"parts": [part(1, 7), exercise(2, 7, 8)]}
    assert kit.anchors(content) == {8: ["8.1", "8.2", "8.3", "8.4", "8.5"]}


def test_the_steps_are_coded_at_the_last_part_that_has_them():
    content = {"parts": [exercise(1, codes_steps=True), exercise(2, codes_steps=True), part(3)]}
    assert (kit.coded_at(content), kit.coded_at({"parts": [part(1)]}), kit.coded_at({})) == (2, None, None)


STEPS = [{"number": 4, "in_writing": True}, {"number": 5, "in_writing": False}]


def test_what_cannot_be_written_is_preset_where_it_was_written():
    written = {"parts": [exercise(1, kind="email", codes_steps=True)], "steps": STEPS}
    spoken = {"parts": [exercise(1, codes_steps=True)], "steps": STEPS}
    assert (kit.preset(written), kit.preset(spoken)) == ({5}, set())
    assert kit.preset({"exercise": {"exercise_kind": "inbox"}, "steps": STEPS}) == {5}

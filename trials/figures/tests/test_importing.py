"""From an export to figures: what is taken, what is not and why, and that it can be done again."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.builders import make_application, make_candidate, make_user
from candidates.models import Stage
from candidates.people import documents
from candidates.pipeline import NotAllowed
from trials.builders import make_trial
from trials.figures import actions, columns, work
from trials.figures.tests.exports import (
    FRESHDESK,
    HELP_SCOUT,
    LATER,
    LIVE_AGENT,
    OTHER,
    WEEK,
    ZENDESK,
    begin,
    clock_stands,
    counts,
    fresh,
    make_import,
    reasons,
    take_in,
)
from trials.models import Agent, Figure, FigureMapping

pytestmark = pytest.mark.django_db
EXPORTS = {"zendesk": ZENDESK, "freshdesk": FRESHDESK, "helpscout": HELP_SCOUT, "liveagent": LIVE_AGENT, "other": OTHER}


def figures(key):
    found = Figure.objects.filter(agent__key=key).order_by("starts_on", "metric")
    return {(str(one.starts_on), one.metric): (float(one.value), one.n) for one in found}


def test_an_export_of_zendesk_becomes_figures_per_agent_and_day():
    run = take_in(ZENDESK)
    assert (run.state, counts(run), run.rows) == ("done", (14, 0, 0, 0), 3)
    assert figures("901") == {
        ("2030-01-14", "first_reply"): (31.5, None),
        ("2030-01-14", "reopened"): (12.5, 24),
        ("2030-01-14", "resolution"): (6.25, 24),
        ("2030-01-14", "satisfaction"): (87.5, 8),
        ("2030-01-14", "solved"): (24, 24),
        ("2030-01-15", "first_reply"): (28, None),
        ("2030-01-15", "reopened"): (5, 20),
        ("2030-01-15", "resolution"): (5.5, 20),
        ("2030-01-15", "solved"): (20, 20),
    }


@pytest.mark.parametrize(
    ("tool", "satisfaction"), [("freshdesk", None), ("helpscout", (87.5, 8)), ("liveagent", (87.5, 8))]
)
def test_a_report_for_one_time_becomes_figures_of_that_time(tool, satisfaction):
    run = take_in(EXPORTS[tool], tool)
    found = figures("cara candidate")
    week = str(WEEK.starts_on)
    assert found.get((week, "satisfaction")) == satisfaction
    assert (found[week, "first_reply"][0], found[week, "resolution"], found[week, "solved"]) == (
        31.5,
        (6.25, 24),
        (24, 24),
    )
    assert run.refused == (1 if tool == "freshdesk" else 0)
    assert set(Figure.objects.values_list("ends_on", flat=True)) == {WEEK.ends_on}


def test_any_other_table_is_read_by_the_names_of_its_columns():
    take_in(OTHER, "other")
    assert figures("cara@example.org") == {
        ("2030-01-14", "quality"): (91, 12),
        ("2030-01-14", "adherence"): (95.5, None),
    }


@pytest.mark.parametrize("tool", EXPORTS)
def test_the_same_file_again_adds_nothing(tool):
    first = take_in(EXPORTS[tool], tool)
    before = list(Figure.objects.values())
    again = take_in(EXPORTS[tool], tool)
    assert counts(again) == (0, 0, first.added, first.refused)
    assert list(Figure.objects.values()) == before


def test_a_figure_that_is_different_now_is_corrected():
    take_in(ZENDESK)
    again = take_in(ZENDESK.replace("87.5%", "75%"))
    assert counts(again) == (0, 1, 13, 0)
    assert figures("901")["2030-01-14", "satisfaction"] == (75, 8)


def test_what_a_second_source_does_not_tell_is_kept():
    take_in("Agent;Date;Quality;Reviews\nCara;2030-01-14;90;12\n", "other")
    again = take_in("Agent;Date;Quality\nCara;2030-01-14;90\n", "other")
    assert (counts(again), figures("cara")["2030-01-14", "quality"]) == ((0, 0, 1, 0), (90, 12))


def test_rows_that_cannot_be_taken_are_named_and_the_rest_is_taken():
    rows = [
        "Cara,2030-01-14,10,90%",
        "Cara,2030-01-15,-3,90%",
        "Cara,2030-01-16,5,130%",
        "Cara,soon,5,90%",
        ",2030-01-17,5,90%",
        'Cara,2030-01-18,5,"90%',
        "Cara,2030-01-19,5,90%,extra",
        "Total,2030-01-14,10,90%",
        "Cara,2030-01-20,2147483648,",
        "Cara,2030-01-21,,n/a",
        "Cara,2030-01-14,11,",
        "Cara,2030-01-22,6,80%",
    ]
    run = take_in("\n".join(["Agent,Date,Tickets solved,CSAT", *rows]), "other")
    assert reasons(run) == {
        3: "Taken but for this: Tickets solved: “-3” is negative.",
        4: "Taken but for this: Satisfaction: “130%” is more than 100 %.",
        5: "“soon” is no date.",
        6: "It does not say whose figures these are.",
        7: "It cannot be read; perhaps a quotation mark is not closed.",
        8: "It has 5 cells, but there are 4 columns; perhaps a comma stands in one.",
        9: "It sums up other rows.",
        10: "Tickets solved: “2147483648” is too large.",
        11: "There is no figure in it.",
        12: "A row above tells the same of this agent and time; export it without what parts them, like a group.",
    }
    assert (run.state, run.added, run.rows, run.position) == ("done", 6, 12, 12)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2030-03-20", "Its time (2030-03-20) lies in the future."),
        ("1999-12-31", "Its time (1999-12-31) lies too far back."),
        ("9999-12-31", "Its time (9999-12-31) lies in the future."),
        ("2030-02-30", "“2030-02-30” is no date."),
        ("٢٠٣٠-٠١-١٤", "“٢٠٣٠-٠١-١٤” is no date."),
        ("x" * 500, f"“{'x' * 29}…” is no date."),
    ],
)
def test_a_time_that_cannot_be_is_no_time(cell, reason):
    run = take_in(f"Agent;Date;Tickets solved\nCara;{cell};5\n", "other")
    assert (reasons(run), Figure.objects.count()) == ({2: reason}, 0)


def test_an_import_with_not_one_good_row_stops_early_and_keeps_the_reasons(monkeypatch):
    monkeypatch.setattr(work, "BATCH", 1000)
    text = "Agent;Date;Tickets solved\n" + "Cara;soon;5\n" * 3000
    run = take_in(text, "other")
    assert (run.state, run.position, run.refusals.count()) == ("failed", 1000, 1000)
    assert "not one could be taken" in run.error


def test_a_meaning_is_remembered_for_the_tool():
    text = "Agent;Date;Gelöst\nCara;2030-01-14;5\n"
    run = make_import(text, "other")
    actions.start(
        run, meanings=["agent_name", "day", "solved:number"], period=None, is_month_first=False, decimal=".", at=LATER
    )
    assert FigureMapping.objects.get().columns == {"agent": "agent_name", "date": "day", "gelöst": "solved:number"}
    assert counts(take_in(text.replace("Cara", "Tom"), "other")) == (1, 0, 0, 0)


def test_an_export_of_another_tool_is_not_run_before_somebody_says_which_it_is():
    run = make_import(FRESHDESK, "zendesk")
    assert run.recognised == "freshdesk"
    with pytest.raises(NotAllowed, match="which help desk"):
        begin(run)
    actions.settle_tool(run, "freshdesk", at=LATER)
    run = begin(fresh(run))
    work.work(run.pk, clock=clock_stands)
    assert (fresh(run).added, Agent.objects.filter(tool="freshdesk").count()) == (8, 2)


def test_columns_can_be_named_anew_and_the_figures_follow():
    text = "Agent;Date;First reply\nCara;2030-01-14;90\n"
    run = take_in(text, "other", meanings=["agent_name", "day", "first_reply:minutes"])
    run = begin(run, meanings=["agent_name", "day", "first_reply:seconds"])
    work.work(run.pk, clock=clock_stands)
    assert (counts(fresh(run)), figures("cara")) == ((0, 1, 0, 0), {("2030-01-14", "first_reply"): (1.5, None)})


def test_an_import_whose_file_is_gone_says_so():
    run = begin(make_import())
    documents.sweep_held(LATER + timedelta(days=31))
    work.work(run.pk, clock=clock_stands)
    assert (fresh(run).state, "deleted meanwhile" in fresh(run).error) == ("failed", True)


def test_who_may_not_recruit_any_more_imports_no_more():
    run = begin(make_import(by=make_user("Former Colleague")))
    work.work(run.pk, clock=clock_stands)
    assert (fresh(run).state, Figure.objects.count()) == ("failed", 0)
    with pytest.raises(NotAllowed):
        actions.go_on(take_in(), at=LATER)


def test_queries_of_a_batch_do_not_grow_with_its_rows():
    def queries(number):
        rows = [f"Agent {number} {n};2030-01-14;5;soon" for n in range(number)]
        run = begin(make_import("\n".join(["Agent;Date;Tickets solved;CSAT", *rows]), "other"))
        with CaptureQueriesContext(connection) as seen:
            work.work(run.pk, clock=clock_stands)
        assert counts(fresh(run)) == (number, 0, 0, number)
        return len(seen)

    assert queries(2) == queries(60)


def test_every_kind_of_figure_can_be_chosen_and_read():
    assert set(columns.FORMS_OF) == set(work.ORDER)


def test_days_of_a_file_are_put_in_one_order_by_its_clearest_date():
    run = take_in("Agent;Date;Tickets solved\nCara;01/02/2030;5\nCara;01/15/2030;6\n", "other")
    assert sorted(Figure.objects.values_list("starts_on", flat=True)) == [date(2030, 1, 2), date(2030, 1, 15)]
    assert run.mapping["dates"] == "month"


def test_who_has_the_address_of_somebody_on_trial_or_of_a_colleague_is_matched():
    make_user("Tom Team", email="Tom@rapport.test")
    trial = make_trial(make_application(candidate=make_candidate(email="Cara@example.org"), stage=Stage.REFERENCES))
    take_in(ZENDESK + "903,Zoe Unknown,zoe@rapport.test,2030-01-14,1,,,,,\n")
    found = {agent.key: (agent.part, agent.application, agent.matched_at) for agent in Agent.objects.all()}
    assert found == {
        "901": ("trial", trial.application, LATER),
        "902": ("team", None, LATER),
        "903": ("new", None, None),
    }


def test_what_a_person_said_of_an_agent_is_never_asked_again():
    take_in()
    agent = Agent.objects.get(key="902")
    actions.match(agent, "ignored", at=LATER, by=make_user())
    make_user("Tom Team", email="tom@rapport.test")
    take_in(ZENDESK.replace("90%", "80%"))
    assert Agent.objects.get(key="902").part == "ignored"


def test_an_agent_told_by_address_alone_is_the_one_known_by_number():
    take_in()
    take_in("Mail;Date;Quality\nCARA@example.org;2030-01-14;88\n", "zendesk")
    assert (Agent.objects.count(), figures("901")["2030-01-14", "quality"]) == (2, (88, None))


def test_matching_and_correcting_are_noted_with_the_application():
    trial, other = (
        make_trial(),
        make_trial(
            make_application(candidate=make_candidate("Omar Other"), stage=Stage.REFERENCES),
            leader=make_user("Lea Lead"),
        ),
    )
    take_in()
    agent, by = Agent.objects.get(key="901"), make_user("Ada Admin")
    actions.match(agent, "trial", application=trial.application, at=LATER, by=by)
    actions.match(agent, "trial", application=trial.application, at=LATER, by=by)
    actions.match(agent, "trial", application=other.application, at=LATER, by=by)
    noted = [
        (event.application, event.name, event.by_name, event.data["agent"])
        for trial_ in (trial, other)
        for event in trial_.application.events.filter(name__startswith="figures.")
    ]
    assert noted == [
        (trial.application, "figures.agent_matched", "Ada Admin", "Cara Candidate"),
        (trial.application, "figures.agent_removed", "Ada Admin", "Cara Candidate"),
        (other.application, "figures.agent_matched", "Ada Admin", "Cara Candidate"),
    ]
    agent.refresh_from_db()
    assert (agent.application, agent.matched_by_name) == (other.application, "Ada Admin")

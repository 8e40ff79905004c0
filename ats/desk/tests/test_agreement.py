"""How far raters agree, as recruiters see it."""

import csv
import io

import pytest
from django.urls import reverse

from ats.desk import agreement
from ats.desk.tests.conftest import LATER, signed_in
from candidates.builders import NOW
from interviews.agreement import work
from interviews.agreement.models import AgreementReport

PAGE, STATE = reverse("desk:agreement"), reverse("desk:agreement_state")
LINE = {
    "sort": "competency", "group": "interview", "name": "Empathy", "units": 12, "ratings": 25, "alpha": 0.71,
    "low": 0.4, "high": 0.9, "why": "",
}  # fmt: skip
FEW = LINE | {"name": "Patience", "units": 9, "alpha": None, "low": None, "high": None, "why": "few"}
IDA = {
    "name": "Ida", "email": "ida@example.org", "pairs": 12, "leniency": -0.5, "cards": 4, "late": 1, "hours": 2.5,
}  # fmt: skip
IVAN = IDA | {"name": "=Ivan", "email": "ivan@example.org", "pairs": 3, "leniency": None, "hours": None}


def make_report(*lines, raters=(IDA, IVAN)):
    results = {"lines": list(lines or (LINE, FEW)), "raters": list(raters), "cards": 40, "left_out": 2}
    return AgreementReport.objects.create(asked_at=NOW, done_at=NOW, results=results)


def text(page):
    return page.content.decode()


def rows(desk, table):
    page = b"".join(desk.get(reverse("desk:agreement_csv", args=[table])).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(page)))


@pytest.mark.parametrize("url", [PAGE, STATE, reverse("desk:agreement_csv", args=["lines"])])
def test_recruiters_and_administrators_alone_see_it(desk, admin, manager, client, url):
    make_report()
    assert desk.get(url).status_code == signed_in(admin).get(url).status_code == 200
    assert signed_in(manager).get(url).status_code == 403
    assert signed_in(manager).post(PAGE).status_code == 403
    assert client.get(url).status_code == 302
    assert AgreementReport.objects.count() == 1


def test_every_number_has_its_n_and_its_meaning(desk):
    make_report()
    page = text(desk.get(PAGE))
    for told in ("0.71", "0.40 … 0.90", "for tentative conclusions", "too few", "−2", "-0.50", "1 (25 %)",
                 "2 applications left out", "Krippendorff"):  # fmt: skip
        assert told in page


def test_a_report_is_asked_for_watched_and_then_shown(desk):
    assert desk.post(PAGE).status_code == 302
    assert f'hx-get="{STATE}"' in text(desk.get(PAGE))
    assert "HX-Refresh" not in desk.get(STATE).headers
    work.sweep(clock=lambda: LATER)
    assert desk.get(STATE)["HX-Refresh"] == "true"
    page = text(desk.get(PAGE))
    assert "Compute anew" in page
    assert "No two people have judged the same thing yet" in page


def test_a_door_leads_to_it_from_the_kits(desk):
    assert f'href="{PAGE}"' in text(desk.get(reverse("admin:interviews_kit_changelist")))


def test_looking_asks_for_nothing(desk):
    assert "Compute" in text(desk.get(PAGE))
    assert not AgreementReport.objects.exists()


def test_a_failed_computation_is_told_and_the_last_good_one_stays(desk):
    make_report()
    AgreementReport.objects.create(asked_at=LATER, error="It could not be computed (ValueError).")
    page = text(desk.get(PAGE))
    assert "ValueError" in page
    assert "0.71" in page


def test_the_lines_are_a_file_with_numbers(desk):
    make_report()
    first, second = rows(desk, "lines")
    assert (first["Line"], first["Units"], first["Alpha"], first["From"]) == ("Empathy", "12", "0.71", "0.4")
    assert (second["Alpha"], second["Meaning"]) == ("", "too few")


def test_a_name_that_would_be_a_formula_is_harmless_and_a_minus_stays_a_number(desk):
    make_report()
    first, second = rows(desk, "interviewers")
    assert first["Leniency"] == "-0.5"
    assert second["Name"] == "'=Ivan"


@pytest.mark.parametrize("table", ["lines", "unknown"])
def test_there_is_no_file_without_a_report_or_of_something_else(desk, table):
    if table == "unknown":
        make_report()
    assert desk.get(reverse("desk:agreement_csv", args=[table])).status_code == 404


def test_the_page_takes_the_same_queries_however_long_the_report(desk, django_assert_max_num_queries):
    make_report(*[LINE | {"name": f"Trait {number}"} for number in range(60)], raters=[IDA] * 60)
    with django_assert_max_num_queries(8):
        desk.get(PAGE)


@pytest.mark.parametrize(
    ("alpha", "grade"), [(0.8, "is-done"), (0.79, "is-waiting"), (0.667, "is-waiting"), (0.66, "is-overdue")]
)
def test_the_meaning_changes_at_the_published_thresholds(db, alpha, grade):
    report = make_report(LINE | {"alpha": alpha})
    assert agreement.sections(report)[0].rows[0].grade == grade


def test_bars_stay_within_the_picture(db):
    report = make_report(LINE | {"alpha": -0.9, "low": -1.0, "high": 1.0}, raters=[IDA | {"leniency": 4.0}])
    bar = agreement.sections(report)[0].rows[0].bar
    assert (bar["x"], bar["low"], bar["high"]) == ("0.00%", "0.00%", "100.00%")
    assert agreement.raters(report)[0].bar == {"x": "50.00%", "width": "50.00%"}

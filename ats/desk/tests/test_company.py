"""The company's settings on the desk: who may, what is refused with a reason, what is kept."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ats.desk.tests.conftest import signed_in
from candidates.builders import make_job
from candidates.company import notice
from candidates.company.tests.test_logo import bomb, picture
from candidates.models import Company, PrivacyNotice

pytestmark = pytest.mark.django_db
PAGE = "/admin/candidates/company/1/change/"


@pytest.fixture
def ada(admin):
    return signed_in(admin)


def given(**fields):
    empty = ("intro", "about", "footer", "accent", "accent_dark", "embedded_by", "addition")
    told = {"name": "Care & Co", "website": "care.example", "country": "nl", "products": "Bike, Bell"}
    told |= {"quiet_from": "20:00", "quiet_until": "07:00"}
    return dict.fromkeys(empty, "") | told | fields


def errors(answer):
    return " ".join(re.findall(r'<ul class="errorlist".*?</ul>', answer.content.decode(), re.DOTALL))


def test_only_administrators_come_here(desk, ada):
    assert desk.get(PAGE).status_code in (403, 404)
    assert desk.post(PAGE, given()).status_code in (403, 404)
    assert not Company.objects.exists()
    assert ada.get(PAGE).status_code == 200


def test_before_the_first_saving_the_page_shows_what_stands_for_it(ada):
    assert 'value="Rapport"' in ada.get(PAGE).content.decode()
    assert not Company.objects.exists()


def test_instead_of_a_list_there_is_the_page(ada):
    assert 'name="accent"' in ada.get("/admin/candidates/company/").content.decode()
    ada.post("/admin/candidates/company/", given())
    assert Company.objects.get().name == "Care & Co"


def test_what_is_saved_is_kept_and_shown(ada, client):
    answer = ada.post(PAGE, given(embedded_by="https://www.care.example/jobs?x=1, https://www.care.example"))
    assert answer.status_code == 302
    company = Company.objects.get()
    assert (company.website, company.country, company.products) == ("https://care.example", "NL", ["Bike", "Bell"])
    assert company.embedded_by == ["https://www.care.example"]
    assert "Care &amp; Co" in client.get("/").content.decode()


def test_a_logo_is_taken_shown_and_taken_away(ada):
    ada.post(PAGE, given(logo_file=SimpleUploadedFile("logo.png", picture())))
    company = Company.objects.get()
    assert (company.logo_type, company.logo_width, company.logo_height) == ("image/png", 400, 100)
    assert company.logo_url in ada.get(PAGE).content.decode()
    ada.post(PAGE, given(name="Renamed"))
    assert Company.objects.get().logo_type == "image/png"
    ada.post(PAGE, given(logo_is_gone="on"))
    assert (Company.objects.get().logo, Company.objects.get().logo_type) == (None, "")


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", bomb(50_000, 50_000), b"", b"PK"])
def test_a_file_that_is_no_logo_is_refused_and_what_was_typed_stays(ada, content):
    ada.post(PAGE, given(logo_file=SimpleUploadedFile("logo.png", picture())))
    answer = ada.post(PAGE, given(intro="Typed with care", logo_file=SimpleUploadedFile("logo.png", content)))
    assert answer.status_code == 200
    assert errors(answer)
    assert "Typed with care" in answer.content.decode()
    assert Company.objects.get().logo_type == "image/png"


@pytest.mark.parametrize(("field", "colour", "words"), [
    ("accent", "#ffcc00", "The darker #"), ("accent", "#777777", "The darker #"),
    ("accent_dark", "#102030", "The lighter #"),
    ("accent", "red", "#0b6e6e"), ("accent", "#12345", "#0b6e6e"), ("accent_dark", "}*{x", "#0b6e6e"),
])  # fmt: skip
def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can(ada, field, colour, words):
    answer = ada.post(PAGE, given(**{field: colour}))
    assert answer.status_code == 200
    assert words in errors(answer)
    if words.startswith("The"):
        better = re.findall(rf"{words[:-1]}(#\w+)", errors(answer))[0]
        assert ada.post(PAGE, given(**{field: better})).status_code == 302


@pytest.mark.parametrize(("field", "value"), [
    ("country", "XX"), ("country", "N\x00"), ("website", "javascript:alert(1)"), ("website", "no site"),
    ("name", ""), ("name", "x" * 200),
    ("embedded_by", "javascript:x"), ("embedded_by", "*"), ("embedded_by", "https://a.example; script-src *"),
    ("embedded_by", "https://a.example:99999999"), ("intro", "\x00"), ("about", "x" * 1_000_000),
    ("addition", "x" * 30_000),
    ("products", "x" * 100), ("footer", "\x00"),
])  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_cause(ada, field, value):
    answer = ada.post(PAGE, given(**{field: value}))
    assert (answer.status_code, bool(errors(answer))) == (200, True)
    assert not Company.objects.exists()


@pytest.mark.parametrize("data", [{}, {"name": ["a", "b"]}, {"name": "Care", "logo_file": "text"}])
def test_absent_and_odd_fields_are_no_error_page(ada, data):
    assert ada.post(PAGE, data).status_code in (200, 302)


def test_a_changed_notice_is_a_new_version_that_stays_readable(ada):
    for text in ("Six weeks.\r\nThen gone.", "Six weeks.\r\nThen gone.", "Eight weeks."):
        ada.post(PAGE, given(addition=text))
    assert list(PrivacyNotice.objects.values_list("version", flat=True)) == [2, 1]
    first = PrivacyNotice.objects.get(version=1)
    page = ada.get(f"/admin/candidates/privacynotice/{first.pk}/change/").content.decode()
    assert "Then gone." in page
    assert f"{notice.BASE}.1" in page


def test_the_page_shows_what_to_copy(ada):
    page = ada.get(PAGE).content.decode()
    assert "&lt;script src=&quot;http://localhost/static/rapport/embed.js&quot; async&gt;" in page
    assert "http://localhost/feeds/indeed.xml" in page


def test_a_recruiter_is_told_what_search_engines_will_miss(desk, rita):
    job = make_job(recruiters=[rita])
    page = desk.get(f"/admin/candidates/job/{job.pk}/change/").content.decode()
    assert "Where the work is done: a place, or that it is remote." in page

"""What pages show of the company: name, logo, colours, notice; and two administrators at once."""

import pytest
from django.db import connection

from candidates.builders import NOW, make_job
from candidates.company import actions, notice
from candidates.models import Company, PrivacyNotice
from candidates.tests.together import together

PICTURE = {"logo": b"\x89PNG picture", "logo_type": "image/png", "logo_width": 120, "logo_height": 40}


def make_company(**fields):
    return Company.objects.create(pk=1, **{"name": "Care & Co"} | fields)


@pytest.mark.django_db
def test_pages_show_the_logo_with_the_name_for_those_who_do_not_see_it(client):
    company = make_company(**PICTURE)
    page = client.get("/").content.decode()
    picture = f'src="/company/logo-{company.version}" alt="Care &amp; Co" width="120" height="40"'
    assert picture in page
    answer = client.get(f"/company/logo-{company.version}")
    assert (answer.content, answer["Content-Type"]) == (PICTURE["logo"], "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.django_db
def test_pages_take_their_colours_from_a_style_sheet_of_this_version(client):
    company = make_company(accent="#7a1f5c")
    assert f'<link rel="stylesheet" href="/company/style-{company.version}.css">' in client.get("/").content.decode()
    answer = client.get(f"/company/style-{company.version}.css")
    assert "--action:#7a1f5c;" in answer.content.decode()
    assert answer["Content-Type"] == "text/css"
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/company/logo-old", "/company/style-old.css"])
def test_an_old_address_shows_what_there_is_now_and_is_not_kept(client, path):
    make_company(accent="#7a1f5c", **PICTURE)
    answer = client.get(path)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-cache")


@pytest.mark.django_db
@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("path", ["/company/logo-1", "/company/style-1.css"])
def test_without_logo_and_colours_there_is_nothing_to_load(client, path, is_there):
    if is_there:
        make_company()
    assert client.get(path).status_code == 404
    assert "/company/" not in client.get("/").content.decode()


@pytest.mark.django_db
def test_texts_of_the_company_stand_on_the_pages(client):
    make_company(intro="We repair bicycles.", about="Founded by friends.", footer="Care & Co, Utrecht")
    job = make_job()
    assert "We repair bicycles." in client.get("/").content.decode()
    page = client.get(job.get_absolute_url()).content.decode()
    assert "Founded by friends." in page
    assert "Care &amp; Co, Utrecht" in page


@pytest.mark.django_db
def test_the_notice_is_ours_until_the_company_adds_to_it(client):
    assert notice.current_version() == notice.BASE
    assert f"Version {notice.BASE}." in client.get("/privacy/").content.decode()
    assert notice.revise("", at=NOW) is None
    notice.revise("Kept for 6 weeks. <b>", at=NOW)
    assert notice.current_version() == f"{notice.BASE}.1"
    page = client.get("/privacy/").content.decode()
    assert f"Version {notice.BASE}.1." in page
    assert "Kept for 6 weeks. &lt;b&gt;" in page


@pytest.mark.django_db
def test_only_another_text_is_another_version():
    texts = ["Six weeks.", "Six weeks.", "Eight weeks.", "", "", "Six weeks."]
    versions = [notice.current_version() for text in texts if [notice.revise(text, at=NOW)]]
    assert versions == [f"{notice.BASE}.{number}" for number in (1, 1, 2, 3, 3, 4)]
    assert list(PrivacyNotice.objects.values_list("text", flat=True)) == [
        "Six weeks.",
        "",
        "Eight weeks.",
        "Six weeks.",
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_there", [True, False])
def test_two_administrators_who_save_at_once_make_two_versions(is_there):
    if is_there:
        make_company()

    def save(text):
        return lambda: actions.describe(Company(pk=1, name=text), addition=text, at=NOW)

    assert together(*[save(f"Text {number}") for number in range(4)]) == [None] * 4
    assert sorted(PrivacyNotice.objects.values_list("version", flat=True)) == [1, 2, 3, 4]
    assert Company.objects.get().name == PrivacyNotice.objects.first().text


@pytest.mark.django_db(transaction=True)
def test_what_was_saved_is_shown_at_once(client):
    make_company(name="Before")
    assert "Before" in client.get("/").content.decode()
    actions.describe(Company(pk=1, name="After"), addition="", at=NOW)
    assert "After" in client.get("/").content.decode()


@pytest.mark.django_db
def test_there_is_one_company_whatever_number_its_table_would_give_next():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('candidates_company', 'id'))")
    Company(name="After a restored backup").save()
    Company(name="Once more").save()
    assert [(one.pk, one.name) for one in Company.objects.all()] == [(1, "Once more")]

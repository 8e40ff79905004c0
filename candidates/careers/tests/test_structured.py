"""A job as search engines read it: against what Google requires and recommends, with every kind of text."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from candidates.builders import NOW, make_job
from candidates.careers import structured
from candidates.models import Company

pytestmark = pytest.mark.django_db
FULL = {
    "place": "Utrecht", "street": "Oudegracht 1", "postal_code": "3511 AA", "region": "Utrecht", "country": "NL",
    "pay_from": 2900, "pay_to": 3400, "pay_currency": "EUR", "pay_period": "MONTH", "employment": "PART_TIME",
    "hours": "24", "openings": 2, "closes_at": NOW + timedelta(days=30 * 365),
}  # fmt: skip
# https://developers.google.com/search/docs/appearance/structured-data/job-posting: the field, and what it must be.
REQUIRED = {
    "title": lambda value: isinstance(value, str) and value,
    "description": lambda value: value.startswith("<p>"),
    "datePosted": datetime.fromisoformat,
    "hiringOrganization": lambda value: value["@type"] == "Organization" and value["name"],
    "jobLocation": lambda value: value["@type"] == "Place" and value["address"]["addressCountry"],
}
RECOMMENDED = {
    "validThrough": datetime.fromisoformat,
    "employmentType": lambda value: value in {"FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN"},
    "identifier": lambda value: value["@type"] == "PropertyValue" and value["name"] and value["value"],
    "directApply": lambda value: value is True,
    "baseSalary": lambda value: value["@type"] == "MonetaryAmount" and value["currency"] and value["value"],
}
HOSTILE = [
    "</script><script>alert(1)</script>", "<!-- <script>", "]]>", "&lt;b&gt;", "\u2028\u2029", "{{ job }}", "' \" \\",
    "<img src=x onerror=alert(1)>", "مرحبا", "🙂", "\u202e",
]  # fmt: skip


def posting(client, job):
    page = client.get(job.get_absolute_url()).content.decode()
    return json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])


@pytest.mark.parametrize(("field", "is_good"), [*REQUIRED.items(), *RECOMMENDED.items()])
def test_a_job_has_what_google_asks_for(client, field, is_good):
    assert is_good(posting(client, make_job(**FULL))[field])


def test_address_and_pay_are_told_in_their_parts(client):
    found = posting(client, make_job(**FULL))
    assert found["jobLocation"]["address"] == {
        "@type": "PostalAddress", "streetAddress": "Oudegracht 1", "addressLocality": "Utrecht",
        "addressRegion": "Utrecht", "postalCode": "3511 AA", "addressCountry": "NL",
    }  # fmt: skip
    value = {"@type": "QuantitativeValue", "minValue": 2900, "maxValue": 3400, "unitText": "MONTH"}
    assert found["baseSalary"] == {"@type": "MonetaryAmount", "currency": "EUR", "value": value}


def test_a_remote_job_says_from_where_and_has_no_place(client):
    found = posting(client, make_job(remote=True, remote_countries=["NL", "BE"]))
    assert found["jobLocationType"] == "TELECOMMUTE"
    assert [country["name"] for country in found["applicantLocationRequirements"]] == ["NL", "BE"]
    assert "jobLocation" not in found


def test_a_remote_job_without_countries_is_open_to_that_of_the_company(client):
    Company.objects.create(pk=1, name="Care", country="DE")
    found = posting(client, make_job(remote=True))
    assert found["applicantLocationRequirements"] == [{"@type": "Country", "name": "DE"}]


def test_what_is_not_known_is_left_out(client):
    found = posting(client, make_job(opened_at=None))
    assert not {"jobLocation", "jobLocationType", "applicantLocationRequirements", "baseSalary", "datePosted",
                "validThrough"} & set(found)  # fmt: skip
    assert "" not in found.values()
    assert None not in found.values()


def test_pay_without_a_currency_is_not_told_and_one_end_is_one_value(client):
    assert "baseSalary" not in posting(client, make_job(pay_from=9))
    one = posting(client, make_job(pay_from=9, pay_currency="EUR", pay_period="HOUR"))["baseSalary"]["value"]
    assert one == {"@type": "QuantitativeValue", "value": 9, "unitText": "HOUR"}


@override_settings(SITE_URL="https://jobs.example.org")
def test_the_company_is_named_with_its_site_and_logo(client):
    Company.objects.create(pk=1, name="Care & Co", website="https://care.example", logo=b"x", logo_type="image/png")
    found = posting(client, make_job())
    assert found["hiringOrganization"]["sameAs"] == "https://care.example"
    assert found["hiringOrganization"]["logo"].startswith("https://jobs.example.org/company/logo-")
    assert found["url"].startswith("https://jobs.example.org/jobs/")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out_of_the_data_or_the_page(client, text):
    Company.objects.create(pk=1, name=f"C {text}"[:120], about=text, intro=text, footer=text)
    job = make_job(title=text, description=text, team=text, place=text, hours=text, languages=[text])
    page = client.get(job.get_absolute_url()).content.decode()
    assert posting(client, job)["title"] == text
    assert page.count("<script") == page.count("</script>") == 2
    assert "<img src=x" not in page
    assert "<!--" not in page


def test_search_and_previews_get_a_canonical_address_and_the_first_words(client):
    job = make_job("Chat hero", description="Help people. " * 40)
    page = client.get(f"{job.get_absolute_url()}?source=fair").content.decode()
    assert f'<link rel="canonical" href="http://localhost/jobs/{job.slug}/">' in page
    assert '<meta property="og:title" content="Chat hero">' in page
    description = re.findall(r'<meta name="description" content="(.*?)">', page)[0]
    assert description.startswith("Help people.")
    assert description.endswith("…")
    assert len(description) <= 160


@pytest.mark.parametrize("status", ["paused", "closed"])
def test_a_job_that_is_gone_has_no_data_and_asks_not_to_be_found(client, status):
    job = make_job(status=status)
    answer = client.get(job.get_absolute_url())
    assert answer.status_code == 410
    assert b"ld+json" not in answer.content
    assert b'<meta name="robots" content="noindex">' in answer.content


@pytest.mark.parametrize(("fields", "words"), [
    ({}, "a place, or that it is remote"),
    ({"remote": True}, "From which countries"),
    ({"place": "Utrecht"}, "The country of the place"),
    ({"place": "Utrecht", "country": "NL"}, "Street and postal code"),
    ({"pay_from": 9}, "The pay with its currency"),
])  # fmt: skip
def test_the_admin_is_told_what_is_missing(fields, words):
    told = structured.missing(make_job(**fields), Company(name="Care"))
    assert any(words in one for one in told)


def test_nothing_is_missing_of_a_full_job():
    company = Company(name="Care", website="https://care.example", logo_type="image/png", changed_at=NOW)
    assert structured.missing(make_job(**FULL), company) == []

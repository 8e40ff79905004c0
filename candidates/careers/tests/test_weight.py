"""What a phone loads for a page: everything together, compressed as in production."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from candidates.builders import make_job

MOST = 150_000


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/jobs/{slug}/", "/", "/embed/"])
def test_a_page_with_all_that_it_loads_weighs_less_than_150_kilobytes(client, path):
    job = make_job(team="Care", description="Help our customers by phone, e-mail and chat. " * 80)
    make_job(team="Nights")
    page = client.get(path.format(slug=job.slug)).content
    names = re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode())
    assert names
    files = [Path(finders.find(name)).read_bytes() for name in names]
    assert len(page) + sum(len(gzip.compress(file)) for file in files) < MOST

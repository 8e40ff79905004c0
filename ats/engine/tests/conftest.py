"""A Redis and a folder of documents of each test's own, so that no mark of another test lies there."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def beside(settings, tmp_path):
    settings.DOCUMENTS_DIR = str(tmp_path / "beside")
    settings.SWEEP_SECONDS = 30
    cache.clear()

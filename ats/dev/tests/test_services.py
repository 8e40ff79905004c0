"""The servers of the test run are real, and each test process has its own share of them."""

import os

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_postgresql():
    assert connection.vendor == "postgresql"


def test_the_cache_keeps_what_it_is_given():
    cache.set("kept", 1)
    assert cache.get("kept") == 1


def test_celery_and_the_cache_use_one_redis_database_of_this_process():
    number = redis.Redis.from_url(settings.REDIS_URL).connection_pool.connection_kwargs.get("db", 0)
    with current_app.connection() as broker:
        broker.ensure_connection(max_retries=1)
        used = broker.default_channel.client.connection_pool.connection_kwargs["db"]
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    assert used == number == (int(worker[2:]) + 1 if worker else 0)

"""Named people with their roles, signed in; the clock an hour after the builders' NOW."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from ats.desk import roles
from candidates.builders import NOW, make_user

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER):
        yield


@pytest.fixture(scope="session", autouse=True)
def _roles_stand(django_db_setup, django_db_blocker):
    """Made once, as on a real installation; making them takes as long as many a test."""
    with django_db_blocker.unblock():
        roles.ensure_roles()


@pytest.fixture
def rita(db):
    return with_role("Rita Recruiter", roles.RECRUITERS)


@pytest.fixture
def manager(db):
    return with_role("Max Manager", roles.MANAGERS)


@pytest.fixture
def stranger(db):
    """A recruiter of other jobs."""
    return with_role("Stella Stranger", roles.RECRUITERS)


@pytest.fixture
def admin(db):
    return make_user("Ada Admin", is_superuser=True)


@pytest.fixture
def desk(rita):
    ContentType.objects.get_for_models(*apps.get_models())  # known to every process that ever made a page
    return signed_in(rita)


def with_role(name, role):
    if not Group.objects.filter(name=role).exists():  # a test emptied the database
        roles.ensure_roles()
    user = make_user(name)
    user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client

"""The firewall of a list stays a matter of indexes, however many requests are open."""

import pytest
from django.db import connection

from candidates.builders import NOW, make_application, make_user
from candidates.judging import firewall
from candidates.judging.builders import make_card
from candidates.models import Application, Ask, Scorecard

pytestmark = pytest.mark.django_db
LISTED, OTHERS = 50, 5_000


@pytest.fixture
def listed():
    """A page of a list of many, each with an open request of somebody else's and its scorecard."""
    first = make_application()
    card = make_card(first, name="Olga Other", email="olga@example.org")
    copy_rows(Application, first.pk, duplicate_of_id=str(first.pk))
    copy_rows(Ask, card.ask_id, email="'other' || n || '@example.org'", application_id=nth_of(Application))
    copy_rows(Scorecard, card.pk, ask_id=nth_of(Ask), application_id=nth_of(Application))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Application.objects.order_by("-pk")[:LISTED]


def nth_of(model):
    """The keys of the rows that were copied last."""
    return f"(SELECT max(id) FROM {model._meta.db_table}) - n + 1"


def copy_rows(model, pk, **changed):
    """The row once more for each of the others; `changed` in SQL, n is its number."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = [changed.get(column, f'"{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(values)}"
            f" FROM {model._meta.db_table}, generate_series(1, %s) AS n WHERE id = %s",
            [OTHERS, pk],
        )


@pytest.mark.parametrize("by_address", [False, True])
def test_no_request_is_read_but_by_an_index(listed, by_address):
    rita = make_user()
    reader = rita.email if by_address else rita
    keys = Application.objects.filter(pk__in=[one.pk for one in listed]).order_by()
    for asked in (
        keys.filter(firewall.open_for(reader, NOW)),
        keys.filter(firewall.owes_nothing(reader, NOW)),
        firewall.owed_by(reader, at=NOW),
    ):
        assert "Seq Scan on candidates_ask" not in asked.explain(), asked.explain()


@pytest.mark.parametrize("by_address", [False, True])
def test_what_an_address_owes_is_found_by_the_address(listed, by_address):
    rita = make_user()
    assert "ask_by_address" in firewall.owed_by(rita.email if by_address else rita, at=NOW).explain()

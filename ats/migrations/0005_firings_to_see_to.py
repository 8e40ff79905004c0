"""Firings that could not act are found at once; made beside those who write meanwhile."""

from django.db import migrations, models
from django.db.models import Q

from candidates.beside_writers import IndexBesideWriters


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ats", "0004_the_first_rule"), ("candidates", "0022_waiting_for_a_person")]

    operations = [
        IndexBesideWriters(
            "firing",
            models.Index(fields=["-id"], condition=Q(outcome="failed", settled_at=None), name="firing_to_see_to"),
        ),
    ]

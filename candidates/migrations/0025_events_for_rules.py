"""Rules find what they listen to without reading every event; made beside the writers, who need not wait."""

from django.db import migrations, models

from candidates.beside_writers import IndexBesideWriters

NAMES = (
    *("stage.applied", "stage.screening", "stage.interviews", "stage.references", "stage.trial"),
    *("stage.hired", "stage.rejected", "stage.withdrawn"),
    *("screening.complete", "interviews.complete", "references.complete", "trial.verdict"),
    *("screening.no_time_fits", "interviews.no_time_fits", "interviews.cannot_come", "interviews.missed"),
    *("exercise.posted", "references.declined", "references.expired", "references.nobody_named"),
    *("trial.agreed", "trial.declined", "offer.accepted", "offer.declined", "document.added", "data.requested"),
    "mail.replied",
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("candidates", "0024_references_by_a_rule")]

    operations = [
        IndexBesideWriters(
            "event", models.Index(fields=["at"], condition=models.Q(name__in=NAMES), name="event_for_rules")
        ),
    ]

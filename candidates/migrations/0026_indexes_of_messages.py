"""What the outbox looks for first; made beside those who write mails meanwhile."""

from django.db import migrations, models
from django.db.models import Q

from candidates.beside_writers import IndexBesideWriters


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("candidates", "0025_events_for_rules")]

    operations = [
        IndexBesideWriters(
            "message",
            models.Index(fields=["priority", "next_try_at"], condition=Q(status="queued"), name="message_due_first"),
        ),
        IndexBesideWriters(
            "message",
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="message_by_its_id"),
        ),
        IndexBesideWriters(
            "message",
            models.Index(
                fields=["-returned_at"], condition=Q(returned_at__isnull=False), name="message_that_came_back"
            ),
        ),
    ]

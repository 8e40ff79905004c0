"""What waits for a person is found at once, however much is settled; made beside those who write meanwhile."""

from django.db import migrations, models
from django.db.models import Q

from candidates.beside_writers import IndexBesideWriters


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("candidates", "0026_indexes_of_messages")]

    operations = [
        IndexBesideWriters(
            "message",
            models.Index(fields=["-created_at", "-id"], condition=Q(status="held"), name="message_held"),
        ),
        IndexBesideWriters(
            "documenttext",
            models.Index(fields=["-id"], condition=Q(state="failed"), name="document_text_failed"),
        ),
    ]

"""Open requests are found by the address they went to, whatever its letters' case."""

from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("candidates", "0012_not_seen")]

    operations = [
        migrations.AddIndex(
            model_name="ask",
            index=models.Index(
                Upper("email"),
                condition=models.Q(answered_at=None, cancelled_at=None),
                name="ask_by_address",
            ),
        ),
    ]

"""The day of the last digest of a colleague: what makes it come once a day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0019_events_for_rules")]
    operations = [
        migrations.AddField("user", "digest_on", models.DateField(null=True, editable=False)),
    ]

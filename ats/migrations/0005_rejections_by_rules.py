"""Which rule planned a rejection."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ats", "0004_the_first_rule"),
    ]

    operations = [
        migrations.AddField(
            model_name="plannedrejection",
            name="by_data",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="plannedrejection",
            name="by_kind",
            field=models.CharField(
                choices=[
                    ("person", "colleague"),
                    ("rule", "rule"),
                    ("candidate", "candidate"),
                    ("outsider", "person outside"),
                ],
                db_default="person",
                default="person",
                max_length=10,
            ),
        ),
    ]

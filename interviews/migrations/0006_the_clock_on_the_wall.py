"""The time that people were told, so that an interview stays at it when the rules of its time zone change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interviews", "0005_standing_in")]
    operations = [
        migrations.AddField(
            "interview", "wall_clock", models.CharField(blank=True, db_default="", default="", max_length=40)
        ),
    ]

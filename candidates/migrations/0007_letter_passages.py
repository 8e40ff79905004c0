"""Where in a letter the passages stand that other letters hold too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0006_told_apart")]

    operations = [
        migrations.AddField(
            "letterprint", "others", models.PositiveSmallIntegerField(default=0, db_default=0)
        ),
        migrations.AddField("letterprint", "passages", models.JSONField(default=list, db_default=[])),
    ]

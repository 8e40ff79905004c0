from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0016_reminders_replies_and_priorities"),
    ]

    operations = [
        migrations.AddField(
            model_name="reply",
            name="of_candidate",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="reply",
            name="files",
            field=models.JSONField(db_default=[], default=list),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interviews", "0003_what_never_changes")]

    operations = [
        migrations.AddField(
            model_name="reply",
            name="late_text",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(model_name="reply", name="late_at", field=models.DateTimeField(null=True)),
    ]

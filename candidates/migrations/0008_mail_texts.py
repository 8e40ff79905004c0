"""The company's own words for mails."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0007_letter_passages")]

    operations = [
        migrations.CreateModel(
            name="MailText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("template", models.CharField(max_length=60, verbose_name="mail")),
                ("reason", models.CharField(blank=True, max_length=20, verbose_name="only for the reason")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("text", models.TextField(max_length=5000, verbose_name="text")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "mail text",
                "verbose_name_plural": "mail texts",
                "ordering": ["template", "reason", "language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "reason", "language"),
                        name="one_text_per_mail_and_language",
                        violation_error_message="There is a text for this mail and language already. Change that one.",
                    )
                ],
            },
        )
    ]

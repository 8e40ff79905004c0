"""People who are alike and not the same; a way out for those who were invited without being members of the pool."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("candidates", "0005_keys_and_pay")]
    operations = [
        migrations.CreateModel(
            name="Apart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("by", models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                    to=settings.AUTH_USER_MODEL,
                )),
                ("first", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to="candidates.candidate"
                )),
                ("second", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to="candidates.candidate"
                )),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["first", "second"], name="told_apart_once"),
                    models.CheckConstraint(condition=Q(first__lt=F("second")), name="apart_in_order"),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="poolmember", name="pool_consent_comes_first"),
        migrations.AlterField(
            model_name="poolmember",
            name="consent_at",
            field=models.DateTimeField(null=True, verbose_name="agreed"),
        ),
        migrations.AlterField(
            model_name="poolmember",
            name="consent_version",
            field=models.CharField(blank=True, max_length=20, verbose_name="privacy notice"),
        ),
        migrations.AddConstraint(
            model_name="poolmember",
            constraint=models.CheckConstraint(
                condition=Q(confirmed_at=None)
                | Q(consent_at__isnull=False, confirmed_at__gte=F("consent_at")),
                name="pool_consent_comes_first",
            ),
        ),
    ]

"""The same words are found again in other references."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("references", "0004_what_never_changes")]

    operations = [
        migrations.CreateModel(
            name="ReferencePrint",
            fields=[
                (
                    "reference",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="print",
                        serialize=False,
                        to="references.reference",
                    ),
                ),
                (
                    "hashes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
            ],
            options={
                "verbose_name": "fingerprint of a reference",
                "verbose_name_plural": "fingerprints of references",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["hashes"], name="reference_print_hashes"
                    )
                ],
            },
        ),
    ]

"""Who stands in for whom; nobody is replaced twice."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interviews", "0004_late_replies")]
    operations = [
        migrations.AddField(
            model_name="panelist",
            name="replaces",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="interviews.panelist",
            ),
        ),
    ]

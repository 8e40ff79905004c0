"""A rater says that something was not seen; until now the lack of a score said so."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("candidates", "0011_wordings_and_revisions_stay")]
    operations = [
        migrations.AddField("rating", "not_seen", models.BooleanField("not seen", default=False, db_default=False)),
        migrations.AddConstraint(
            "rating", models.CheckConstraint(condition=Q(score=None) | Q(not_seen=False), name="rating_seen_or_not")
        ),
    ]

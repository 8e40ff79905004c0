"""A plan's switch for references is a rule of the plan now (`ats.automation`); the column outlives it by one release.

While an upgrade runs, workers of the release before read and write it still; the new code leaves it out of its inserts,
so the database itself has to know what stands there. The next release drops it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0023_mails_as_they_came")]

    operations = [
        migrations.AlterField(
            "hiringplan",
            "references_by_itself",
            models.BooleanField("ask for references by itself", default=False, db_default=False),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("hiringplan", "references_by_itself")]
        ),
    ]

"""Whoever is asked may put a reminder off; who hears when nothing comes; what is to be done in the next stage, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0017_priorities_and_returned_mails")]

    operations = [
        migrations.AddField(
            model_name='ask',
            name='escalate_to',
            field=models.CharField(choices=[('recruiters', 'the recruiters'), ('manager', 'the hiring manager'), ('both', 'recruiters and hiring manager')], db_default='recruiters', default='recruiters', max_length=10),
        ),
        migrations.AddField(
            model_name='ask',
            name='outlives_stage',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='ask',
            name='snoozed_until',
            field=models.DateTimeField(null=True, verbose_name='put off until'),
        ),
    ]

"""When colleagues work, and when they hear of what waits: digest_on makes the digest come once a day."""

import datetime

import django.contrib.postgres.fields
from django.db import migrations, models

import candidates.staff.models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0021_reminders_of_a_plan")]

    operations = [
        migrations.AddField(
            model_name='user',
            name='country',
            field=models.CharField(blank=True, db_default='', help_text='Two letters: NL.', max_length=2, verbose_name='country, for holidays'),
        ),
        migrations.AddField(
            model_name='user',
            name='digest_hour',
            field=models.PositiveSmallIntegerField(blank=True, db_default=8, default=8, help_text='Empty: none.', null=True, verbose_name='daily digest at'),
        ),
        migrations.AddField(
            model_name='user',
            name='digest_on',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='quiet_from',
            field=models.TimeField(db_default=datetime.time(20, 0), default=datetime.time(20, 0), verbose_name='no reminders from'),
        ),
        migrations.AddField(
            model_name='user',
            name='quiet_until',
            field=models.TimeField(db_default=datetime.time(7, 0), default=datetime.time(7, 0), verbose_name='until'),
        ),
        migrations.AddField(
            model_name='user',
            name='reminded_in_digest',
            field=models.BooleanField(db_default=False, default=False, help_text='Instead of a mail for each.', verbose_name='reminders in the digest alone'),
        ),
        migrations.AddField(
            model_name='user',
            name='subdivision',
            field=models.CharField(blank=True, db_default='', help_text='For example BY in Germany.', max_length=10, verbose_name='region, for holidays'),
        ),
        migrations.AddField(
            model_name='user',
            name='working_days',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), db_default=[1, 2, 3, 4, 5], default=candidates.staff.models.monday_to_friday, size=None, verbose_name='working days'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('digest_hour', None), ('digest_hour__lte', 23), _connector='OR'), name='digest_hour_of_the_day'),
        ),
    ]

"""No reminders at night."""

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0018_requests_put_off")]

    operations = [
        migrations.AddField(
            model_name='company',
            name='quiet_from',
            field=models.TimeField(db_default=datetime.time(20, 0), default=datetime.time(20, 0), help_text='To people outside, in their zone.', verbose_name='no reminders from'),
        ),
        migrations.AddField(
            model_name='company',
            name='quiet_until',
            field=models.TimeField(db_default=datetime.time(7, 0), default=datetime.time(7, 0), verbose_name='until'),
        ),
        migrations.AddField(
            model_name='company',
            name='subdivision',
            field=models.CharField(blank=True, db_default='', help_text='For example BY in Germany.', max_length=10, verbose_name='region, for holidays'),
        ),
    ]

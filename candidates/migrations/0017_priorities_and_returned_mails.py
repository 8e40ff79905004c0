"""Codes and links first; own words and HTML of a mail; a mail that came back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0016_reports_reminders_replies_and_to_dos")]

    operations = [
        migrations.AddField(
            model_name='message',
            name='html',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='message',
            name='message_id',
            field=models.CharField(blank=True, db_default='', default='', max_length=250),
        ),
        migrations.AddField(
            model_name='message',
            name='own_words',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='priority',
            field=models.PositiveSmallIntegerField(choices=[(0, 'at once'), (5, 'as usual'), (9, 'when there is time')], db_default=5, default=5, verbose_name='priority'),
        ),
        migrations.AddField(
            model_name='message',
            name='returned',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='because'),
        ),
        migrations.AddField(
            model_name='message',
            name='returned_at',
            field=models.DateTimeField(null=True, verbose_name='came back'),
        ),
    ]

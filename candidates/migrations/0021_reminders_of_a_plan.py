"""How often a plan reminds, on which days, and whom it tells when nothing comes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0020_html_of_mails")]

    operations = [
        migrations.AddField(
            model_name='planstage',
            name='escalate_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Empty: never.', null=True, verbose_name='tell others, days after'),
        ),
        migrations.AddField(
            model_name='planstage',
            name='escalate_to',
            field=models.CharField(choices=[('recruiters', 'the recruiters'), ('manager', 'the hiring manager'), ('both', 'recruiters and hiring manager')], db_default='recruiters', default='recruiters', max_length=10, verbose_name='whom'),
        ),
        migrations.AddField(
            model_name='planstage',
            name='remind_again_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Empty: not.', null=True, verbose_name='and once more, days before'),
        ),
        migrations.AddField(
            model_name='planstage',
            name='remind_last_days',
            field=models.PositiveSmallIntegerField(blank=True, db_default=0, default=0, help_text='Empty: none.', null=True, verbose_name='last reminder, days after'),
        ),
        migrations.AddField(
            model_name='planstage',
            name='working_days',
            field=models.BooleanField(db_default=False, default=False, help_text='Weekends and holidays of the person asked do not count.', verbose_name='count working days'),
        ),
    ]

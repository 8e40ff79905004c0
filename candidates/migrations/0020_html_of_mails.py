"""A company's own HTML of a mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0019_quiet_hours")]

    operations = [
        migrations.AddField(
            model_name='mailtext',
            name='html',
            field=models.TextField(blank=True, db_default='', default='', help_text='Empty: made of the text.', max_length=20000, verbose_name='HTML'),
        ),
    ]

"""The file of a reply is kept as a document."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0022_working_days_of_colleagues")]

    operations = [
        migrations.RemoveConstraint(
            model_name='document',
            name='document_kind_known',
        ),
        migrations.AlterField(
            model_name='document',
            name='kind',
            field=models.CharField(choices=[('resume', 'résumé'), ('answer', 'answer to a question'), ('other', 'other document'), ('import', 'file of an import'), ('offer', 'offer letter'), ('mail', 'mail as it came')], max_length=10, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['resume', 'answer', 'other', 'import', 'offer', 'mail'])), name='document_kind_known'),
        ),
    ]

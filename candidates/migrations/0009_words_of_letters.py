"""Indexes by which a word is found in letters, answers and notes."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations
from django.db.models.functions import Left


def words_of(name):
    return django.contrib.postgres.search.SearchVector(Left(name, 100_000), config="simple")


class Migration(migrations.Migration):
    dependencies = [("candidates", "0008_mail_texts")]

    operations = [
        migrations.AddIndex(
            model_name=model,
            index=django.contrib.postgres.indexes.GinIndex(words_of(column), name=name),
        )
        for model, column, name in (
            ("application", "letter", "application_letter_words"),
            ("answer", "value", "answer_words"),
            ("note", "text", "note_words"),
        )
    ]

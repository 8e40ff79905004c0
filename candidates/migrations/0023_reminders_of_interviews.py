"""Reminders of interviews stand in the ledger, too; who is invited to a fixed time was asked nothing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("candidates", "0022_waiting_for_a_person"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminder_kind_known",
        ),
        migrations.AddField(
            model_name="reminder",
            name="application",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="candidates.application"),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="ask",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="candidates.ask"),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="kind",
            field=models.CharField(choices=[("reminder", "reminder"), ("escalation", "told others that nothing came"), ("interview", "reminder of an interview")], default="reminder", max_length=10, verbose_name="what"),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="why",
            field=models.CharField(blank=True, choices=[("", ""), ("digest", "told in the daily digest instead"), ("quiet", "waits for the end of the quiet hours"), ("holiday", "waits for the next working day"), ("snoozed", "put off by the person asked"), ("rejection", "waits, because a rejection is planned"), ("late", "left out: a later one was due by then too"), ("nobody", "left out: nobody is there to tell"), ("blind", "left out: whoever would be told still owes a judgement"), ("closed", "left out: the application is closed"), ("not_held", "left out: by then there was no interview to come")], max_length=10, verbose_name="why"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["reminder", "escalation", "interview"])), name="reminder_kind_known"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(condition=models.Q(("ask__isnull", False), ("application__isnull", False), _connector="OR"), name="reminder_is_of_something"),
        ),
    ]

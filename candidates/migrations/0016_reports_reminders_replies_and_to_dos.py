"""What comes back on a mail, what reminded whom, and what somebody is to do about it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0015_words_may_be_erased")]

    operations = [
        migrations.CreateModel(
            name='DeliveryReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('provider', models.CharField(max_length=40, verbose_name='told by')),
                ('kind', models.CharField(choices=[('delivered', 'delivered'), ('deferred', 'delayed'), ('bounced', 'came back'), ('complained', 'called spam by its reader'), ('other', 'something else')], max_length=10, verbose_name='what')),
                ('at', models.DateTimeField(verbose_name='happened')),
                ('received_at', models.DateTimeField(verbose_name='told')),
                ('address', models.CharField(blank=True, max_length=254, verbose_name='address')),
                ('told', models.TextField(blank=True, verbose_name='in their words')),
            ],
            options={
                'verbose_name': 'report on a mail',
                'verbose_name_plural': 'reports on mails',
                'ordering': ['-received_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reminder', 'reminder'), ('escalation', 'told others that nothing came'), ('interview', 'reminder of an interview')], default='reminder', max_length=10, verbose_name='what')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('at', models.DateTimeField(verbose_name='looked at')),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='number')),
                ('is_last', models.BooleanField(default=False, verbose_name='the last one')),
                ('why', models.CharField(blank=True, choices=[('', ''), ('digest', 'told in the daily digest instead'), ('quiet', 'waits for the end of the quiet hours'), ('holiday', 'waits for the next working day'), ('snoozed', 'put off by the person asked'), ('rejection', 'waits, because a rejection is planned'), ('late', 'left out: a later one was due by then too'), ('nobody', 'left out: nobody is there to tell'), ('blind', 'left out: whoever would be told still owes a judgement'), ('closed', 'left out: the application is closed'), ('not_held', 'left out: by then there was no interview to come')], max_length=10, verbose_name='why')),
                ('leaves_at', models.DateTimeField(null=True, verbose_name='leaves')),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
                'ordering': ['-due_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=250, unique=True)),
                ('way', models.CharField(choices=[('webhook', 'by the mail provider'), ('mailbox', 'out of a mailbox')], max_length=10, verbose_name='came')),
                ('sender', models.CharField(blank=True, max_length=254, verbose_name='from')),
                ('subject', models.CharField(blank=True, max_length=250, verbose_name='subject')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('size', models.PositiveIntegerField(default=0, verbose_name='bytes')),
                ('state', models.CharField(choices=[('taken', 'on the timeline'), ('unknown', 'of somebody we cannot place'), ('ignored', 'written by a machine'), ('quarantine', 'set aside unread')], max_length=10, verbose_name='state')),
                ('why', models.CharField(blank=True, max_length=200, verbose_name='why')),
                ('of_candidate', models.BooleanField(db_default=False, default=False)),
                ('files', models.JSONField(db_default=[], default=list)),
                ('seen_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'reply',
                'verbose_name_plural': 'replies',
                'ordering': ['-received_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ToDo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('bounce', 'a mail came back'), ('complaint', 'a mail was called spam'), ('reply', 'somebody wrote'), ('rule', 'a rule asks for it')], max_length=10, verbose_name='why')),
                ('words', models.TextField(verbose_name='what to do')),
                ('outcome', models.TextField(blank=True, verbose_name='what came of it')),
            ],
            options={
                'verbose_name': 'to-do',
                'verbose_name_plural': 'to-dos',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='deliveryreport',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='candidates.message'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='application',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='candidates.application'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='ask',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='candidates.ask'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='candidates.message'),
        ),
        migrations.AddField(
            model_name='reply',
            name='answers',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='candidates.message'),
        ),
        migrations.AddField(
            model_name='reply',
            name='application',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='candidates.application'),
        ),
        migrations.AddField(
            model_name='reply',
            name='raw',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='candidates.document'),
        ),
        migrations.AddField(
            model_name='todo',
            name='ask',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='to_do', to='candidates.ask'),
        ),
        migrations.AddField(
            model_name='todo',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='to_dos', to='candidates.message'),
        ),
        migrations.AddIndex(
            model_name='deliveryreport',
            index=models.Index(fields=['-received_at', '-id'], name='delivery_report_by_time'),
        ),
        migrations.AddConstraint(
            model_name='deliveryreport',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['delivered', 'deferred', 'bounced', 'complained', 'other'])), name='delivery_report_kind_known'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(fields=['-due_at', '-id'], name='reminder_by_time'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('ask', 'kind', 'due_at', 'message'), name='one_row_per_reminder'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['reminder', 'escalation', 'interview'])), name='reminder_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('ask__isnull', False), ('application__isnull', False), _connector='OR'), name='reminder_is_of_something'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('message__isnull', False), models.Q(('why', ''), _negated=True), _connector='OR'), name='reminder_says_why_not'),
        ),
        migrations.AddIndex(
            model_name='reply',
            index=models.Index(fields=['application', '-received_at'], name='reply_by_application'),
        ),
        migrations.AddIndex(
            model_name='reply',
            index=models.Index(fields=['-received_at', '-id'], name='reply_by_time'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['taken', 'unknown', 'ignored', 'quarantine'])), name='reply_state_known'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'taken'), _negated=True), ('application__isnull', False), _connector='OR'), name='reply_taken_has_a_place'),
        ),
        migrations.AddConstraint(
            model_name='todo',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['bounce', 'complaint', 'reply', 'rule'])), name='to_do_known'),
        ),
    ]

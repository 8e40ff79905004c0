# The indexes of messages follow in 0021, beside those who write mails meanwhile.

import candidates.staff.models
import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('candidates', '0015_words_may_be_erased'),
    ]

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
                ('kind', models.CharField(choices=[('reminder', 'reminder'), ('escalation', 'told others that nothing came')], default='reminder', max_length=10, verbose_name='what')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('at', models.DateTimeField(verbose_name='looked at')),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='number')),
                ('is_last', models.BooleanField(default=False, verbose_name='the last one')),
                ('why', models.CharField(blank=True, choices=[('', ''), ('digest', 'told in the daily digest instead'), ('quiet', 'waits for the end of the quiet hours'), ('holiday', 'waits for the next working day'), ('snoozed', 'put off by the person asked'), ('rejection', 'waits, because a rejection is planned'), ('late', 'left out: a later one was due by then too'), ('nobody', 'left out: nobody is there to tell'), ('blind', 'left out: whoever would be told still owes a judgement'), ('closed', 'left out: the application is closed')], max_length=10, verbose_name='why')),
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
        migrations.RemoveConstraint(
            model_name='document',
            name='document_kind_known',
        ),
        migrations.AddField(
            model_name='ask',
            name='escalate_to',
            field=models.CharField(choices=[('recruiters', 'the recruiters'), ('manager', 'the hiring manager'), ('both', 'recruiters and hiring manager')], db_default='recruiters', default='recruiters', max_length=10),
        ),
        migrations.AddField(
            model_name='ask',
            name='snoozed_until',
            field=models.DateTimeField(null=True, verbose_name='put off until'),
        ),
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
        migrations.AddField(
            model_name='mailtext',
            name='html',
            field=models.TextField(blank=True, db_default='', default='', help_text='Empty: made of the text.', max_length=20000, verbose_name='HTML'),
        ),
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
        migrations.AlterField(
            model_name='document',
            name='kind',
            field=models.CharField(choices=[('resume', 'résumé'), ('answer', 'answer to a question'), ('other', 'other document'), ('import', 'file of an import'), ('offer', 'offer letter'), ('mail', 'mail as it came')], max_length=10, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['resume', 'answer', 'other', 'import', 'offer', 'mail'])), name='document_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('digest_hour', None), ('digest_hour__lte', 23), _connector='OR'), name='digest_hour_of_the_day'),
        ),
        migrations.AddField(
            model_name='deliveryreport',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='candidates.message'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='ask',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='candidates.ask'),
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
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['reminder', 'escalation'])), name='reminder_kind_known'),
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

"""Who is erased takes their words along: what else stays as it was written gives way to `ats.privacy.erasing` alone.

As in `candidates/0015`, only a transaction that says `SET LOCAL rapport.erasing = 'on'` gets past these triggers.
"""

from django.db import migrations

# Of each trigger: its table, when it fires, its function.
TRIGGERS = {
    "revision_stays": ("candidates_revision", "UPDATE", "refuse_change_of_what_was_written"),
    "decision_stays": ("candidates_decision", "UPDATE", "refuse_change_of_what_was_written"),
    "reply_stays_sent": ("interviews_reply", "UPDATE", "refuse_sent_reply_change"),
    "verdict_stays": ("trials_verdict", "UPDATE", "refuse_change_of_what_was_written"),
    "approval_stays_decided": ("trials_approval", "UPDATE", "refuse_decided_approval_change"),
    "own_view_stays_locked": ("trials_ownview", "INSERT OR UPDATE OR DELETE", "refuse_locked_own_view_change"),
}
EXCEPT = "WHEN (current_setting('rapport.erasing', true) IS DISTINCT FROM 'on')"


def again(name, condition):
    """The trigger under the condition: replaced in one statement, so that nobody reads or writes without it."""
    table, moment, function = TRIGGERS[name]
    return (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {moment} ON {table}"
        f" FOR EACH ROW {condition} EXECUTE FUNCTION {function}()"
    )


class Migration(migrations.Migration):
    atomic = False  # one table at a time; done twice, it is done
    dependencies = [
        ("ats", "0005_rejections_by_rules"),
        ("candidates", "0015_words_may_be_erased"),
        ("interviews", "0003_what_never_changes"),
        ("trials", "0004_what_follows_a_hire"),
    ]
    operations = [migrations.RunSQL(again(name, EXCEPT), again(name, "")) for name in TRIGGERS]

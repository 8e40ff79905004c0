"""A development plan is kept as it was shared; what was said after ninety days stays as it was said."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION refuse_answered_pulse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('rapport.erasing', true) = 'on' THEN RETURN NEW; END IF;
    IF OLD.answered_at IS NOT NULL AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        RAISE EXCEPTION 'an answered look back cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pulse_stays_answered BEFORE UPDATE ON trials_pulse
    FOR EACH ROW EXECUTE FUNCTION refuse_answered_pulse_change();

CREATE FUNCTION refuse_shared_plan_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('rapport.erasing', true) = 'on' THEN RETURN NEW; END IF;
    IF (NEW.plan_id, NEW.ask_id, NEW.content, NEW.shared_at, NEW.shared_by_name)
       IS DISTINCT FROM (OLD.plan_id, OLD.ask_id, OLD.content, OLD.shared_at, OLD.shared_by_name)
       OR OLD.replied_at IS NOT NULL
          AND (NEW.reply, NEW.replied_at) IS DISTINCT FROM (OLD.reply, OLD.replied_at)
    THEN
        RAISE EXCEPTION 'a shared development plan cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER development_plan_stays_shared BEFORE UPDATE ON trials_developmentshare
    FOR EACH ROW EXECUTE FUNCTION refuse_shared_plan_change();
"""

BACK = """
DROP TRIGGER development_plan_stays_shared ON trials_developmentshare;
DROP FUNCTION refuse_shared_plan_change();
DROP TRIGGER pulse_stays_answered ON trials_pulse;
DROP FUNCTION refuse_answered_pulse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("trials", "0003_what_never_changes")]
    operations = [
        migrations.CreateModel(
            name="DevelopmentShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.JSONField()),
                ("shared_at", models.DateTimeField(verbose_name="shared")),
                ("shared_by_name", models.CharField(max_length=200, verbose_name="by")),
                ("reply", models.TextField(blank=True, db_default="", verbose_name="what they say to it")),
                ("replied_at", models.DateTimeField(null=True, verbose_name="read")),
                (
                    "ask",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="development_share",
                        to="candidates.ask",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="trials.developmentplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "shared development plan",
                "verbose_name_plural": "shared development plans",
                "ordering": ["pk"],
            },
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]

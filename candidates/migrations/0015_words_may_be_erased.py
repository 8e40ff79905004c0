"""Who gave evidence may ask that it be forgotten: only a transaction that says so may then take words away.

It says so by `SET LOCAL rapport.erasing = 'on'`; see `references.answering.forgetting`.
"""

from django.db import migrations

EXCEPT = "    IF current_setting('rapport.erasing', true) = 'on' THEN RETURN NEW; END IF;\n"

EVENTS = """
CREATE OR REPLACE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
%s    IF (NEW.id, NEW.application_id, NEW.name, NEW.at, NEW.by_kind, NEW.by_name, NEW.data)
       IS DISTINCT FROM (OLD.id, OLD.application_id, OLD.name, OLD.at, OLD.by_kind, OLD.by_name, OLD.data) THEN
        RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;  -- only the link to an account may go, when the account goes
END $$;
"""

SCORECARDS = """
CREATE OR REPLACE FUNCTION refuse_locked_scorecard_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
%s    IF OLD.locked_at IS NOT NULL AND
       (NEW.application_id, NEW.ask_id, NEW.kind, NEW.stage, NEW.rater_name,
        NEW.recommendation, NEW.summary, NEW.locked_at)
       IS DISTINCT FROM
       (OLD.application_id, OLD.ask_id, OLD.kind, OLD.stage, OLD.rater_name,
        OLD.recommendation, OLD.summary, OLD.locked_at)
    THEN
        RAISE EXCEPTION 'a locked scorecard cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

RATINGS = """
CREATE OR REPLACE FUNCTION refuse_locked_rating_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE cards bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.scorecard_id]
    WHEN 'DELETE' THEN ARRAY[OLD.scorecard_id] ELSE ARRAY[OLD.scorecard_id, NEW.scorecard_id] END;  -- a row must not leave a locked card either
BEGIN
%s    IF EXISTS (SELECT FROM candidates_scorecard WHERE id = ANY(cards) AND locked_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a locked scorecard cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""

EXCEPT_RATINGS = "    IF TG_OP = 'UPDATE' AND current_setting('rapport.erasing', true) = 'on' THEN RETURN NEW; END IF;\n"


class Migration(migrations.Migration):
    dependencies = [("candidates", "0014_offer_letters")]
    operations = [
        migrations.RunSQL(
            EVENTS % EXCEPT + SCORECARDS % EXCEPT + RATINGS % EXCEPT_RATINGS,
            EVENTS % "" + SCORECARDS % "" + RATINGS % "",
        )
    ]

"""Wordings, revisions and decisions stay as they were written; open asks keep their second reminder."""

from django.db import migrations

FORWARD = """
UPDATE candidates_ask SET remind_later = ARRAY[due_at]
    WHERE answered_at IS NULL AND cancelled_at IS NULL AND remind_at < due_at;

CREATE FUNCTION refuse_change_of_what_was_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'by_id' IS DISTINCT FROM to_jsonb(OLD) - 'by_id' THEN
        RAISE EXCEPTION 'rows of % stay as they were written', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;  -- only the link to an account may go, when the account goes
END $$;
CREATE TRIGGER wording_stays BEFORE UPDATE ON candidates_wording
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_what_was_written();
CREATE TRIGGER revision_stays BEFORE UPDATE ON candidates_revision
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_what_was_written();
CREATE TRIGGER decision_stays BEFORE UPDATE ON candidates_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_what_was_written();

CREATE FUNCTION refuse_locked_wording_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.locked_at IS NOT NULL AND NEW.wording_id IS DISTINCT FROM OLD.wording_id THEN
        RAISE EXCEPTION 'a locked scorecard cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scorecard_keeps_its_wording BEFORE UPDATE OF wording_id ON candidates_scorecard
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_wording_change();
"""

BACK = """
DROP TRIGGER scorecard_keeps_its_wording ON candidates_scorecard;
DROP FUNCTION refuse_locked_wording_change();
DROP TRIGGER decision_stays ON candidates_decision;
DROP TRIGGER revision_stays ON candidates_revision;
DROP TRIGGER wording_stays ON candidates_wording;
DROP FUNCTION refuse_change_of_what_was_written();
"""


class Migration(migrations.Migration):
    dependencies = [("candidates", "0010_judging_and_reminders")]
    operations = [migrations.RunSQL(FORWARD, BACK)]

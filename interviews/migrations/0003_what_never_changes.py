"""A locked card keeps its notes and codings, a locked plan its rounds, a sent reply its words; old interviews get their end."""

from django.db import migrations

FORWARD = """
UPDATE interviews_interview SET ends_at = starts_at + make_interval(mins => minutes) WHERE ends_at IS NULL;

CREATE TRIGGER kit_answer_stays_locked BEFORE INSERT OR UPDATE OR DELETE ON interviews_kitanswer
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_rating_change();
CREATE TRIGGER step_coding_stays_locked BEFORE INSERT OR UPDATE OR DELETE ON interviews_stepcoding
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_rating_change();
CREATE TRIGGER plan_rounds_stay_locked BEFORE INSERT OR UPDATE OR DELETE ON interviews_round
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_plan_row_change();

CREATE FUNCTION refuse_sent_reply_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sent_at IS NOT NULL AND (NEW.submission_id, NEW.mail, NEW.turn, NEW.text, NEW.sent_at)
       IS DISTINCT FROM (OLD.submission_id, OLD.mail, OLD.turn, OLD.text, OLD.sent_at) THEN
        RAISE EXCEPTION 'a sent reply cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reply_stays_sent BEFORE UPDATE ON interviews_reply
    FOR EACH ROW EXECUTE FUNCTION refuse_sent_reply_change();
"""

BACK = """
DROP TRIGGER reply_stays_sent ON interviews_reply;
DROP FUNCTION refuse_sent_reply_change();
DROP TRIGGER plan_rounds_stay_locked ON interviews_round;
DROP TRIGGER step_coding_stays_locked ON interviews_stepcoding;
DROP TRIGGER kit_answer_stays_locked ON interviews_kitanswer;
"""


class Migration(migrations.Migration):
    dependencies = [("interviews", "0002_kits_times_and_work"), ("candidates", "0011_wordings_and_revisions_stay")]
    operations = [migrations.RunSQL(FORWARD, BACK)]

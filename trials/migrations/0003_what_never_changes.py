"""Plans' parts stay locked with them; verdicts, decided approvals, answered letters and locked own views stay."""

from django.db import migrations

FORWARD = """
UPDATE trials_trial t SET agreed_at = a.created_at FROM candidates_ask a WHERE a.id = t.verdict_ask_id;

CREATE TRIGGER plan_terms_stay_locked BEFORE INSERT OR UPDATE OR DELETE ON trials_trialplan
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_plan_row_change();
CREATE TRIGGER plan_weeks_stay_locked BEFORE INSERT OR UPDATE OR DELETE ON trials_trialweek
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_plan_row_change();
CREATE TRIGGER plan_check_ins_stay_locked BEFORE INSERT OR UPDATE OR DELETE ON trials_plannedcheckin
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_plan_row_change();
CREATE TRIGGER plan_targets_stay_locked BEFORE INSERT OR UPDATE OR DELETE ON trials_figuretarget
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_plan_row_change();

CREATE TRIGGER verdict_stays BEFORE UPDATE ON trials_verdict
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_what_was_written();

CREATE FUNCTION refuse_decided_approval_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.decision <> '' AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        RAISE EXCEPTION 'a decided approval cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_stays_decided BEFORE UPDATE ON trials_approval
    FOR EACH ROW EXECUTE FUNCTION refuse_decided_approval_change();

CREATE FUNCTION refuse_sent_letter_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.application_id, NEW.document_id, NEW.subject, NEW.text, NEW.sent_at)
       IS DISTINCT FROM (OLD.application_id, OLD.document_id, OLD.subject, OLD.text, OLD.sent_at)
       OR OLD.accepted_at IS NOT NULL
          AND (NEW.accepted_at, NEW.accepted_as) IS DISTINCT FROM (OLD.accepted_at, OLD.accepted_as)
    THEN
        RAISE EXCEPTION 'a sent letter cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_stays_sent BEFORE UPDATE ON trials_offerletter
    FOR EACH ROW EXECUTE FUNCTION refuse_sent_letter_change();

CREATE FUNCTION refuse_locked_own_view_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE cards bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.card_id]
    WHEN 'DELETE' THEN ARRAY[OLD.card_id] ELSE ARRAY[OLD.card_id, NEW.card_id] END;
BEGIN
    IF EXISTS (
        SELECT FROM trials_checkincard c JOIN candidates_scorecard s ON s.id = c.scorecard_id
        WHERE c.id = ANY(cards) AND s.locked_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a locked scorecard cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_view_stays_locked BEFORE INSERT OR UPDATE OR DELETE ON trials_ownview
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_own_view_change();
"""

BACK = """
DROP TRIGGER own_view_stays_locked ON trials_ownview;
DROP FUNCTION refuse_locked_own_view_change();
DROP TRIGGER letter_stays_sent ON trials_offerletter;
DROP FUNCTION refuse_sent_letter_change();
DROP TRIGGER approval_stays_decided ON trials_approval;
DROP FUNCTION refuse_decided_approval_change();
DROP TRIGGER verdict_stays ON trials_verdict;
DROP TRIGGER plan_targets_stay_locked ON trials_figuretarget;
DROP TRIGGER plan_check_ins_stay_locked ON trials_plannedcheckin;
DROP TRIGGER plan_weeks_stay_locked ON trials_trialweek;
DROP TRIGGER plan_terms_stay_locked ON trials_trialplan;
"""


class Migration(migrations.Migration):
    dependencies = [("trials", "0002_plans_figures_and_letters"), ("candidates", "0015_words_may_be_erased")]
    operations = [migrations.RunSQL(FORWARD, BACK)]

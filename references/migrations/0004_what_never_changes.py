"""The rules of a locked plan stay; a given reference stays but for what its referee wants forgotten."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER plan_references_stay_locked BEFORE INSERT OR UPDATE OR DELETE ON references_referenceplan
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_plan_row_change();

CREATE OR REPLACE FUNCTION refuse_given_reference_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('rapport.erasing', true) = 'on' THEN RETURN NEW; END IF;
    IF to_jsonb(NEW) - 'recorded_by_id' IS DISTINCT FROM to_jsonb(OLD) - 'recorded_by_id' AND EXISTS (
        SELECT FROM candidates_scorecard WHERE id = OLD.scorecard_id AND locked_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a given reference cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;  -- only the link to an account may go, when the account goes
END $$;
"""

BACK = """
CREATE OR REPLACE FUNCTION refuse_given_reference_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM candidates_scorecard WHERE id = OLD.scorecard_id AND locked_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a given reference cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER plan_references_stay_locked ON references_referenceplan;
"""


class Migration(migrations.Migration):
    dependencies = [("references", "0003_questionnaires_and_flags"), ("candidates", "0015_words_may_be_erased")]
    operations = [migrations.RunSQL(FORWARD, BACK)]

"""The database itself keeps a given reference as it is, whoever asks; the scores are kept by their own trigger."""

from django.db import migrations

REFERENCES = """
CREATE FUNCTION refuse_given_reference_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM candidates_scorecard WHERE id = OLD.scorecard_id AND locked_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a given reference cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER given_reference_stays BEFORE UPDATE ON references_reference
    FOR EACH ROW EXECUTE FUNCTION refuse_given_reference_change();
"""

UNDO = """
DROP TRIGGER given_reference_stays ON references_reference;
DROP FUNCTION refuse_given_reference_change;
"""


class Migration(migrations.Migration):
    dependencies = [("references", "0001_references"), ("candidates", "0002_what_never_changes")]
    operations = [migrations.RunSQL(REFERENCES, UNDO)]

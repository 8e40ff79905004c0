"""The database itself keeps events, locked scorecards and locked plans as they are, whoever asks."""

from django.db import migrations

EVENTS = """
CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.application_id, NEW.name, NEW.at, NEW.by_kind, NEW.by_name, NEW.data)
       IS DISTINCT FROM (OLD.id, OLD.application_id, OLD.name, OLD.at, OLD.by_kind, OLD.by_name, OLD.data) THEN
        RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;  -- only the link to an account may go, when the account goes
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE ON candidates_event
    FOR EACH ROW EXECUTE FUNCTION refuse_event_change();
"""

SCORECARDS = """
CREATE FUNCTION refuse_locked_scorecard_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.locked_at IS NOT NULL AND
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
CREATE TRIGGER scorecard_stays_locked BEFORE UPDATE ON candidates_scorecard
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_scorecard_change();

CREATE FUNCTION refuse_locked_rating_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE cards bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.scorecard_id]
    WHEN 'DELETE' THEN ARRAY[OLD.scorecard_id] ELSE ARRAY[OLD.scorecard_id, NEW.scorecard_id] END;  -- a row must not leave a locked card either
BEGIN
    IF EXISTS (SELECT FROM candidates_scorecard WHERE id = ANY(cards) AND locked_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a locked scorecard cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rating_stays_locked BEFORE INSERT OR UPDATE OR DELETE ON candidates_rating
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_rating_change();
"""

PLANS = """
CREATE FUNCTION refuse_locked_plan_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.locked_at IS NOT NULL THEN
        RAISE EXCEPTION 'a locked hiring plan cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_stays_locked BEFORE UPDATE ON candidates_hiringplan
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_plan_change();

CREATE FUNCTION refuse_locked_plan_row_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE plans bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.plan_id]
    WHEN 'DELETE' THEN ARRAY[OLD.plan_id] ELSE ARRAY[OLD.plan_id, NEW.plan_id] END;  -- a row must not leave a locked plan either
BEGIN
    IF EXISTS (SELECT FROM candidates_hiringplan WHERE id = ANY(plans) AND locked_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a locked hiring plan cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_weights_stay_locked BEFORE INSERT OR UPDATE OR DELETE ON candidates_plancompetency
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_plan_row_change();
CREATE TRIGGER plan_stages_stay_locked BEFORE INSERT OR UPDATE OR DELETE ON candidates_planstage
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_plan_row_change();
"""

UNDO = """
DROP TRIGGER plan_stages_stay_locked ON candidates_planstage;
DROP TRIGGER plan_weights_stay_locked ON candidates_plancompetency;
DROP TRIGGER plan_stays_locked ON candidates_hiringplan;
DROP TRIGGER rating_stays_locked ON candidates_rating;
DROP TRIGGER scorecard_stays_locked ON candidates_scorecard;
DROP TRIGGER event_append_only ON candidates_event;
DROP FUNCTION refuse_locked_plan_row_change, refuse_locked_plan_change, refuse_locked_rating_change,
    refuse_locked_scorecard_change, refuse_event_change;
"""


class Migration(migrations.Migration):
    dependencies = [("candidates", "0001_kernel")]
    operations = [migrations.RunSQL(EVENTS + SCORECARDS + PLANS, UNDO)]

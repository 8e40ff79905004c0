"""The switch "ask for references by itself" of every plan becomes a rule of it, and what it did becomes its firings.

The switch is read by SQL: the field has left the models by now, and its column stays for one release (see
`candidates.0024`). What happened a day ago and was not handled yet is still acted on, so that an upgrade loses nothing;
what was handled has its firing and is not met again.
"""

from django.db import migrations

RULES = """
INSERT INTO ats_rule (plan_id, name, key, position, "when", event, stage, page, conditions, "then", to_stage, settings,
                      mode, since, changed_by_name)
SELECT id, 'Ask for references after good interviews', 'interviews-over', 40, 'complete', 'interviews.complete',
       'interviews', '', '[{"kind": "passes"}]', 'move', 'references', '{}',
       CASE WHEN references_by_itself THEN 'act' ELSE 'off' END,
       CASE WHEN references_by_itself THEN now() - interval '1 day' END, ''
FROM candidates_hiringplan
WHERE NOT EXISTS (SELECT FROM ats_rule r WHERE r.plan_id = candidates_hiringplan.id AND r.key = 'interviews-over')
"""
FIRINGS = """
INSERT INTO ats_firing (rule_id, rule_name, application_id, occasion, event_id, outcome, reason, at, data,
                        settled_by_name)
SELECT r.id, r.name, e.application_id, 'event:' || e.id, e.id,
       CASE h.outcome WHEN 'moved' THEN 'acted' WHEN 'not_allowed' THEN 'not_met' ELSE h.outcome END,
       CASE h.outcome WHEN 'not_allowed' THEN 'The plan did not allow it.' ELSE '' END, h.at,
       CASE h.outcome WHEN 'moved' THEN '{"came_from": "interviews", "to": "references"}' ELSE '{}' END::jsonb, ''
FROM ats_handling h
JOIN candidates_event e ON e.id = h.event_id
JOIN candidates_application a ON a.id = e.application_id
JOIN ats_rule r ON r.plan_id = a.plan_id AND r.key = 'interviews-over'
ON CONFLICT DO NOTHING
"""
BACK = """
DELETE FROM ats_firing WHERE rule_id IN (SELECT id FROM ats_rule WHERE key = 'interviews-over');
DELETE FROM ats_rule WHERE key = 'interviews-over';
"""


class Migration(migrations.Migration):
    dependencies = [("ats", "0003_rules_and_engine"), ("candidates", "0015_words_may_be_erased")]

    operations = [migrations.RunSQL([RULES, FIRINGS], BACK)]

"""The statements that write the dataset, in order. `hash(number, salt)` gives a fixed number of 0 to 2^31 - 1."""

PREPARE = """
CREATE TEMP TABLE bench_way (
    way int, above int, below int, above_large int, below_large int, stage text, position int, is_open bool);
CREATE TEMP TABLE bench_step (way int, position int, name text, came_from text);
CREATE TEMP TABLE bench_request (
    request int, way int, position int, stage text, page text, template text, role text, kind text, outcome text);
CREATE TEMP TABLE bench_job (number int, job bigint, plan bigint, title text);
CREATE TEMP TABLE bench_first (number int PRIMARY KEY, name text);
CREATE TEMP TABLE bench_last (number int PRIMARY KEY, name text);
CREATE TEMP TABLE bench_sentence (number int, text text);
CREATE FUNCTION pg_temp.hash(number bigint, salt int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    'SELECT (hashint8extended(number, salt) & 2147483647)::int';
"""

DROP = """
DROP TABLE bench_way, bench_step, bench_request, bench_job, bench_first, bench_last, bench_sentence,
    bench_application, bench_ask;
DROP FUNCTION pg_temp.hash;
"""

PEOPLE = """
INSERT INTO candidates_candidate (id, name, email, phone, zone, language)
SELECT n, first.name || ' ' || last.name, lower(first.name || '.' || last.name) || n || '@example.org',
       '+31 20 ' || pg_temp.hash(n, 3) %% 10000000,
       (ARRAY['Europe/Amsterdam', 'Europe/Lisbon', 'UTC'])[1 + n %% 3], 'en'
FROM generate_series(1, %(people)s) n
JOIN bench_first first ON first.number = pg_temp.hash(n, 1) %% %(firsts)s
JOIN bench_last last ON last.number = pg_temp.hash(n, 2) %% %(lasts)s
"""

# Every person's first application goes to the job with the large pipeline, as far as it takes them; the others to
# different jobs each, so that nobody has two open ones for one job.
COURSES = """
CREATE TEMP TABLE bench_application AS
WITH number AS (
    SELECT n AS id, (n - 1) %% %(people)s + 1 AS candidate, (n - 1) / %(people)s AS turn, n <= %(large)s AS is_large,
           pg_temp.hash(n, 4) %% 1000 AS lot
    FROM generate_series(1, %(applications)s) n
)
SELECT number.id, candidate, job.job, job.plan, way.way, way.stage, way.position, way.is_open, is_large,
       interval '1 minute' * (60 + pg_temp.hash(number.id, 5) %% 4000) AS pace,
       %(at)s::timestamptz - interval '1 second' * CASE WHEN way.is_open
           THEN 3600 + pg_temp.hash(number.id, 6) %% (60 * 86400)
           ELSE 86400 * 10 + pg_temp.hash(number.id, 6) %% (700 * 86400) END AS stage_since
FROM number
JOIN bench_way way ON CASE WHEN is_large THEN lot >= above_large AND lot < below_large
                           ELSE lot >= above AND lot < below END
JOIN bench_job job ON job.number = CASE WHEN is_large THEN 0 ELSE 1 + (candidate * 7 + turn * 13) %% 39 END
ORDER BY 11
"""

APPLICATIONS = """
INSERT INTO candidates_application
    (id, candidate_id, job_id, plan_id, stage, stage_since, applied_at, letter, source, consent_at, consent_version)
SELECT id, candidate, job, plan, stage, stage_since, stage_since - position * pace,
       left('Dear team, ' || text.lines[1 + opening] || ' ' || array_to_string(ARRAY(
           SELECT text.lines[1 + %(openings)s + (start + step * place + 14 * (twist >> place & 1)) %% %(sentences)s]
           FROM generate_series(0, 15) place), ' '), %(letter_length)s),
       (%(sources)s::text[])[1 + id %% array_length(%(sources)s::text[], 1)], stage_since - position * pace, '1'
FROM bench_application
CROSS JOIN (SELECT array_agg(text ORDER BY number) AS lines FROM bench_sentence) text
CROSS JOIN LATERAL (
    SELECT pg_temp.hash(id, 20) %% %(openings)s AS opening, pg_temp.hash(id, 21) %% %(sentences)s AS start,
           1 + 2 * (pg_temp.hash(id, 22) %% 9) AS step, pg_temp.hash(id, 23) AS twist
) chosen
"""

EVENTS = """
INSERT INTO candidates_event (application_id, name, at, by_id, by_kind, by_name, data)
SELECT application.id, step.name, application.stage_since - (application.position - step.position) * application.pace,
       CASE WHEN step.position > 0 THEN rita.id END, CASE WHEN step.position > 0 THEN 'person' ELSE 'candidate' END,
       CASE WHEN step.position > 0 THEN 'Rita Recruiter' ELSE candidate.name END,
       CASE WHEN step.came_from IS NULL THEN '{}' ELSE jsonb_build_object('came_from', step.came_from, 'reason', '') END
FROM bench_application application
JOIN bench_step step USING (way)
JOIN candidates_candidate candidate ON candidate.id = application.candidate
CROSS JOIN (SELECT id FROM candidates_user WHERE username = 'rita.recruiter') rita
ORDER BY application.id, step.position
"""

# Recruiters are asked about their own job, one by one in turn; Rita gets her share of every job.
ASKS = """
CREATE TEMP TABLE bench_ask AS
SELECT row_number() OVER () AS id, application.id AS application, application.is_open, application.is_large, request.*,
       application.stage_since - (application.position - request.position) * application.pace AS created_at,
       application.pace,
       CASE WHEN request.role IN ('recruiter', 'interviewer') THEN recruiter.id END AS asked
FROM bench_application application
JOIN bench_request request USING (way)
LEFT JOIN LATERAL (
    SELECT user_id AS id FROM candidates_job_recruiters WHERE job_id = application.job
    ORDER BY user_id OFFSET (application.id + request.request) %% 2 LIMIT 1
) recruiter ON true;

INSERT INTO candidates_ask
    (id, application_id, stage, page, template, title, role, name, email, user_id, language, zone, created_at, opens_at,
     due_at, remind_at, expires_at, generation, renewed_at, answered_at, cancelled_at)
SELECT ask.id, application, stage, page, template,
       CASE role WHEN 'candidate' THEN 'Your referees' WHEN 'buddy' THEN 'Check-in' ELSE 'Your scorecard' END, role,
       coalesce(colleague.first_name || ' ' || colleague.last_name, 'Someone Outside'),
       coalesce(colleague.email, 'outside' || ask.id || '@example.org'), asked, 'en', 'UTC', created_at, created_at,
       due_at, CASE WHEN outcome = 'open' THEN due_at - interval '2 days' END, due_at + interval '30 days', 1, NULL,
       CASE WHEN outcome = 'answered' THEN created_at + pace END,
       CASE WHEN outcome = 'cancelled' THEN created_at + pace END
FROM bench_ask ask
LEFT JOIN candidates_user colleague ON colleague.id = asked
CROSS JOIN LATERAL (SELECT CASE WHEN outcome = 'open' THEN %(at)s::timestamptz + interval '3 days'
    + interval '1 minute' * (ask.id %% 10000) ELSE created_at + interval '7 days' END AS due_at) deadline;
"""

# Scorecards for what is still open, and for one closed application in ten.
SCORECARDS = """
INSERT INTO candidates_scorecard
    (id, application_id, ask_id, kind, stage, rater_id, rater_name, recommendation, summary, saved_at, locked_at)
SELECT row_number() OVER (ORDER BY id), application, id, kind, stage, asked,
       coalesce((SELECT first_name || ' ' || last_name FROM candidates_user WHERE id = asked), 'Someone Outside'),
       CASE WHEN outcome = 'answered' THEN (ARRAY['no', 'yes', 'strong_yes'])[1 + id %% 3] ELSE '' END,
       CASE WHEN outcome = 'answered' THEN 'Listens, asks back, and stays kind when it gets loud.' ELSE '' END,
       CASE WHEN outcome = 'answered' THEN created_at + pace END,
       CASE WHEN outcome = 'answered' THEN created_at + pace END
FROM bench_ask ask
WHERE kind <> '' AND (is_open OR application %% 10 = 0);

INSERT INTO candidates_rating (scorecard_id, competency_id, criterion, score, evidence)
SELECT card.id, weight.competency_id, '', 1 + pg_temp.hash(card.id, weight.weight) %% 5,
       'Said back what the customer wanted before proposing anything.'
FROM candidates_scorecard card
JOIN candidates_application application ON application.id = card.application_id
JOIN candidates_plancompetency weight USING (plan_id)
WHERE card.locked_at IS NOT NULL
"""

INTERVIEWS = """
INSERT INTO interviews_interview (application_id, starts_at, minutes, zone, place, created_at)
SELECT application, min(created_at) + interval '3 days', 45, 'UTC', 'https://meet.example.org/' || application,
       min(created_at)
FROM bench_ask WHERE kind = 'interview' AND is_open GROUP BY application;

INSERT INTO interviews_panelist (interview_id, scorecard_id, name, email)
SELECT interview.id, card.id, card.rater_name, ask.email
FROM interviews_interview interview
JOIN candidates_scorecard card ON card.application_id = interview.application_id AND card.kind = 'interview'
JOIN candidates_ask ask ON ask.id = card.ask_id
"""

MESSAGES = """
INSERT INTO candidates_message
    (id, key, template, solemn, application_id, ask_id, "to", data, status, created_at, next_try_at, claimed_at,
     attempts, sent_at, error, subject, text)
SELECT gen_random_uuid(), key, template, solemn, application_id, ask_id, address, '{}', 'sent', at, at, at, 1, at, '',
       subject, left(letter, 400)
FROM (
    SELECT 'apply:' || id AS key, 'candidates/received' AS template, false AS solemn, id AS application_id,
           NULL::bigint AS ask_id, candidate_id, NULL AS email, applied_at AS at,
           'We have your application' AS subject, letter
    FROM candidates_application
    UNION ALL
    SELECT 'close:' || id, 'candidates/' || stage, stage <> 'withdrawn', id, NULL, candidate_id, NULL, stage_since,
           'About your application', letter
    FROM candidates_application WHERE stage IN ('rejected', 'withdrawn', 'hired')
    UNION ALL
    SELECT 'ask:' || ask.id, ask.template, false, application_id, ask.id, candidate_id, email, created_at, title, letter
    FROM candidates_ask ask JOIN candidates_application application ON application.id = application_id
) mail
CROSS JOIN LATERAL (
    SELECT coalesce(mail.email, (SELECT email FROM candidates_candidate WHERE id = candidate_id)) AS address
) whom
"""

DOCUMENTS = """
INSERT INTO candidates_document (application_id, kind, name, content_type, size, sha256, file, at)
SELECT id, 'resume', 'resume.pdf', 'application/pdf', %(size)s, %(sha256)s, %(file)s, applied_at
FROM candidates_application
"""

# As if a worker had read each of them. Three tools each, so that a tool's name stands in about one of thirteen.
WORDS = """
INSERT INTO candidates_documenttext (document_id, state, text, attempts, next_try_at, error)
SELECT document.id, 'read',
       'Tools: ' || array_to_string(ARRAY(
           SELECT (%(tools)s::text[])[1 + pg_temp.hash(document.id, 30 + place) %% array_length(%(tools)s::text[], 1)]
           FROM generate_series(0, 2) place), ', ') || '. '
       || left(array_to_string(ARRAY(
           SELECT text.lines[1 + %(openings)s + (start + step * place) %% %(sentences)s]
           FROM generate_series(0, 35) place), ' '), %(cv_length)s - 50),
       1, document.at, ''
FROM candidates_document document
CROSS JOIN (SELECT array_agg(text ORDER BY number) AS lines FROM bench_sentence) text
CROSS JOIN LATERAL (
    SELECT pg_temp.hash(document.id, 40) %% %(sentences)s AS start, 1 + 2 * (pg_temp.hash(document.id, 41) %% 9) AS step
) chosen
"""

IN_ORDER = (
    PEOPLE, COURSES, APPLICATIONS, EVENTS, ASKS, SCORECARDS, INTERVIEWS, MESSAGES, DOCUMENTS, WORDS,
)  # fmt: skip
TABLES = (
    "candidates_candidate",
    "candidates_application",
    "candidates_ask",
    "candidates_scorecard",
)

"""The SQL that writes a programme of any size: rows that the product could have made, in its order."""

# `draw(n, salt)` is chance that comes out the same every time. The order is that of domain.md §3, written down again;
# every fiftieth was moved down from there, as product owners do. A rank is the key that stands at its place; they are
# joined as rows, because PostgreSQL walks an array of words from its start for each word it takes out.
OPPORTUNITIES = """
WITH drawn AS (
    SELECT n, pg_temp.draw(n, 1) %% 20 AS lot, (ARRAY[1, 2, 3, 5, 8])[1 + pg_temp.draw(n, 2) %% 5] AS value,
           (ARRAY[1, 2, 3, 5, 8])[1 + pg_temp.draw(n, 3) %% 5] AS size, pg_temp.draw(n, 4) %% 40 AS people,
           1 + pg_temp.draw(n, 5) %% %(stages)s AS stage, pg_temp.draw(n, 6) %% 30 = 0 AS must,
           pg_temp.draw(n, 7) %% 50 = 0 AS moved, n <= %(size)s AS ours
    FROM generate_series(1, %(all)s) AS n
), stated AS (
    SELECT *, CASE WHEN lot < 10 THEN 'take_forward' WHEN lot < 11 THEN 'in_delivery' WHEN lot < 14 THEN 'ready'
        WHEN lot < 15 THEN 'new' WHEN lot < 16 THEN 'needs_evidence' WHEN lot < 17 THEN 'parked'
        WHEN lot < 18 THEN 'wont_do' ELSE 'delivered' END AS state,
        lot < 11 OR lot > 13 OR n %% 2 = 0 AS scored
    FROM drawn
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY lot < 11 ORDER BY must DESC, value * 120 / size DESC, value DESC, size,
        people DESC, n) AS place FROM stated
), ordered AS (
    SELECT *, row_number() OVER (PARTITION BY lot < 11 ORDER BY place + CASE WHEN moved THEN 300 ELSE 0 END, n) AS at
    FROM placed
)
INSERT INTO backlog_opportunity (version, team_id, programme_id, number, reference, source_key, title, description,
    recommendation, stage_id, stage_position, evidence_note, earlier_participants, earlier_reference, evidence,
    must_do, must_do_reason, state, reason, open_question, parked_until, reviewed_at, value, size, scored_by_id,
    scored_at, rank, moved, created_by_id, created_at)
SELECT 1, CASE WHEN ours THEN %(team)s ELSE %(other)s END, %(programme)s, number,
    CASE WHEN ours THEN %(prefix)s ELSE %(other_prefix)s END || '-' || number, '',
    'People ' || (ARRAY['do not know when', 'are told too late that', 'have to ring to learn why',
        'cannot tell whether', 'pay twice because', 'give up when'])[1 + pg_temp.draw(n, 8) %% 6]
        || ' ' || (ARRAY['the repair', 'their offer', 'the letter', 'a deposit', 'the visit', 'the form'])
        [1 + pg_temp.draw(n, 9) %% 6] || ' is ' || (ARRAY['due', 'late', 'lost', 'wrong', 'refused'])
        [1 + pg_temp.draw(n, 10) %% 5],
    repeat('Seen in every office we visited: the date on the paper had passed before it arrived. ', 1 + n %% 5)
        || CASE WHEN n %% 4 = 0 THEN %(common)s ELSE '' END || ' '
        || CASE WHEN n %% (%(size)s / %(rare_rows)s) = 0 THEN %(rare)s ELSE '' END,
    'Say the date in the first line, and send it a week earlier', (%(stage_ids)s::bigint[])[stage], stage,
    'Eight of ten people showed us the same thing on the day we came', people, '', people,
    CASE WHEN must THEN 'legal_duty' ELSE '' END, CASE WHEN must THEN 'The law says so from next year' ELSE '' END,
    state, CASE WHEN state IN ('parked', 'wont_do') THEN 'Not this year' ELSE '' END,
    CASE WHEN state = 'needs_evidence' THEN 'How many people does it reach?' ELSE '' END,
    CASE WHEN state = 'parked' THEN current_date + 90 END,
    CASE WHEN state NOT IN ('new', 'ready') THEN now() END,
    CASE WHEN scored THEN value END, CASE WHEN scored THEN size END,
    CASE WHEN scored THEN (%(people)s::bigint[])[1 + n %% 5] END, CASE WHEN scored THEN now() END,
    CASE WHEN lot < 11 THEN rank END, lot < 11 AND moved,
    (%(people)s::bigint[])[1 + n %% 5], timestamptz '2025-01-01' + n * interval '1 second'
FROM (SELECT *, CASE WHEN ours THEN n ELSE n - %(size)s END AS number FROM ordered) AS numbered
JOIN unnest(%(ranks)s::text[]) WITH ORDINALITY AS keys (rank, at) USING (at) ORDER BY n
"""
DRAW = """
CREATE OR REPLACE FUNCTION pg_temp.draw(n integer, salt bigint) RETURNS integer IMMUTABLE LANGUAGE sql
RETURN (abs(hashint4extended(n, salt) % 1000003))::integer
"""
LINKS = [
    """INSERT INTO backlog_opportunity_themes (opportunity_id, theme_id)
       SELECT id, (%(themes)s::bigint[])[1 + (number + k * 2) %% 6]
       FROM backlog_opportunity, generate_series(0, 1) AS k
       WHERE programme_id = %(programme)s AND (k = 0 OR number %% 3 = 0)""",
    """INSERT INTO backlog_opportunity_services (opportunity_id, service_id)
       SELECT id, (%(services)s::bigint[])[1 + number %% 12] FROM backlog_opportunity
       WHERE programme_id = %(programme)s""",
    """INSERT INTO backlog_comment (opportunity_id, author_id, author_name, text, at)
       SELECT id, %(person)s, 'Person 1', 'We heard the same at the Thursday drop-in, from three people.', now()
       FROM backlog_opportunity, generate_series(1, CASE WHEN number = 1 THEN %(talk)s ELSE 1 END)
       WHERE programme_id = %(programme)s AND number %% 5 = 1""",
    """INSERT INTO teams_change (at, who_id, who_name, programme_id, team_id, kind, thing_id, label, url, words)
       SELECT created_at, %(person)s, 'Person 1', programme_id, team_id, 'backlog.opportunity', id,
           reference || ' ' || title, '/opportunities/' || reference || '/',
           (ARRAY['added', 'marked it ready to review', 'scored 5 ÷ 2 = 2.50'])[k]
       FROM backlog_opportunity, generate_series(1, 3) AS k WHERE programme_id = %(programme)s""",
]

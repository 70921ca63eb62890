-- Who is quoted most, where, and about whom?
-- speaker: who is quoted
-- kind: person, organization, state or bloc
-- role: latest known office
-- state: the speaker's state
-- statements: different statements; the same words in several outlets count once
-- direct: of these, how many in quotation marks
-- mixed: of these, how many partly in quotation marks
-- indirect: of these, how many reported without marks
-- reports: how often these statements were reported, copied articles left out
-- articles: articles that quote the speaker
-- outlets: outlets that quote the speaker
-- speaks_of: the three actors named most in these statements
-- first_said: time of the earliest report
-- last_said: time of the latest report
-- country: ISO code of the state
-- participant_id: the row of participants
WITH reported AS (
    SELECT q.*, coalesce(q.same_as, q.quote_id) AS statement_id, a.outlet, coalesce(a.published_at, a.fetched_at) AS reported_at
    FROM quotes AS q JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL AND q.speaker_id IS NOT NULL
),
named AS (
    SELECT r.speaker_id, m.participant_id, count(DISTINCT r.statement_id) AS times
    FROM reported AS r JOIN participant_mentions AS m
        ON m.article_id = r.article_id
        AND (m.char_start >= r.char_start AND m.char_end <= r.char_end
             OR m.char_start >= r.continuation_start AND m.char_end <= r.continuation_end)
    WHERE m.participant_id <> r.speaker_id
    GROUP BY r.speaker_id, m.participant_id
),
subjects AS (
    SELECT speaker_id, array_to_string(list(name ORDER BY times DESC, name)[1:3], ', ') AS speaks_of
    FROM named JOIN participants USING (participant_id)
    GROUP BY speaker_id
)
SELECT p.name AS speaker, p.kind, p.role, coalesce(any_value(c.name), p.country) AS state,
       count(DISTINCT statement_id) AS statements,
       count(DISTINCT statement_id) FILTER (r.kind = 'direct') AS direct,
       count(DISTINCT statement_id) FILTER (r.kind = 'mixed') AS mixed,
       count(DISTINCT statement_id) FILTER (r.kind = 'indirect') AS indirect,
       count(*) AS reports,
       count(DISTINCT article_id) AS articles,
       count(DISTINCT outlet) AS outlets,
       any_value(s.speaks_of) AS speaks_of,
       min(reported_at) AS first_said,
       max(reported_at) AS last_said,
       p.country, p.participant_id
FROM reported AS r
JOIN participants AS p ON p.participant_id = r.speaker_id
LEFT JOIN subjects AS s ON s.speaker_id = r.speaker_id
LEFT JOIN countries AS c ON c.country = p.country
GROUP BY p.participant_id, p.name, p.kind, p.role, p.country
ORDER BY statements DESC, reports DESC, speaker, p.participant_id

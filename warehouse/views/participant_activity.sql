-- Who is active, and in what way?
-- name: the actor
-- kind: person, organization, state or bloc
-- role: latest known office
-- state: the actor's state
-- events: events held in which the actor takes part
-- acts: of these, events in which the actor acts or takes part reciprocally
-- received: of these, events in which the actor is acted upon
-- planned: events announced, with the actor
-- statements: different statements of the actor
-- agreements: instruments to which the actor is party or which the actor signed
-- articles: articles that name the actor, copies left out
-- outlets: outlets that name the actor
-- first_seen: day of the first article
-- last_seen: day of the latest article
-- aliases: every written form
-- country: ISO code of the state
-- participant_id: the row of participants
WITH taking_part AS (
    SELECT participant_id,
           count(DISTINCT event_id) FILTER (status = 'held') AS events,
           count(DISTINCT event_id) FILTER (status = 'held' AND side IN ('actor', 'both')) AS acts,
           count(DISTINCT event_id) FILTER (status = 'held' AND side = 'recipient') AS received,
           count(DISTINCT event_id) FILTER (status = 'planned') AS planned
    FROM event_participants JOIN events USING (event_id)
    GROUP BY participant_id
),
speaking AS (
    SELECT speaker_id AS participant_id, count(DISTINCT coalesce(same_as, quote_id)) AS statements
    FROM quotes JOIN articles USING (article_id)
    WHERE duplicate_of IS NULL AND speaker_id IS NOT NULL
    GROUP BY speaker_id
),
signing AS (
    SELECT participant_id, count(DISTINCT agreement_id) AS agreements
    FROM agreement_parties WHERE participant_id IS NOT NULL
    GROUP BY participant_id
),
naming AS (
    SELECT participant_id, count(DISTINCT article_id) AS articles, count(DISTINCT outlet) AS outlets
    FROM participant_mentions JOIN articles USING (article_id)
    WHERE duplicate_of IS NULL
    GROUP BY participant_id
)
SELECT p.name, p.kind, p.role, coalesce(c.name, p.country) AS state,
       coalesce(t.events, 0) AS events, coalesce(t.acts, 0) AS acts, coalesce(t.received, 0) AS received,
       coalesce(t.planned, 0) AS planned, coalesce(s.statements, 0) AS statements,
       coalesce(g.agreements, 0) AS agreements, coalesce(n.articles, 0) AS articles, coalesce(n.outlets, 0) AS outlets,
       p.first_seen, p.last_seen, p.aliases, p.country, p.participant_id
FROM participants AS p
LEFT JOIN taking_part AS t USING (participant_id)
LEFT JOIN speaking AS s USING (participant_id)
LEFT JOIN signing AS g USING (participant_id)
LEFT JOIN naming AS n USING (participant_id)
LEFT JOIN countries AS c ON c.country = p.country
ORDER BY articles DESC, events DESC, statements DESC, p.name, p.participant_id

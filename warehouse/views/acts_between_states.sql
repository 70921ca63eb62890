-- Which state did what to which other state, by month and type of act?
-- month: first day of the month of the acts; null when no article tells the month
-- actor: the state that acts, itself or through its people and bodies
-- recipient: the state that is acted upon
-- event_type: PLOVER type; in reciprocal acts each side is actor and recipient
-- acts: events held
-- planned: events announced and not yet held
-- mean_intensity: mean PLOVER score of the events held, -10 (conflict) to +10 (cooperation)
-- latest: the latest of them, in the words of an article
-- last_date: day of the latest of them
-- articles: reports of these events, copies left out
-- actor_country: ISO code of the actor
-- recipient_country: ISO code of the recipient
-- event_ids: the events, as rows of events
WITH sides AS (
    SELECT DISTINCT event_id, side, country
    FROM event_participants JOIN participants USING (participant_id)
    WHERE country IS NOT NULL
),
acts AS (
    SELECT DISTINCT e.event_id, e.event_type, e.event_date, e.status, e.intensity, e.summary, e.article_count,
           CASE WHEN e.date_precision IN ('day', 'month') THEN date_trunc('month', e.event_date)::DATE END AS month,
           a.country AS actor_country, r.country AS recipient_country
    FROM events AS e
    JOIN sides AS a ON a.event_id = e.event_id AND a.side IN ('actor', 'both')
    JOIN sides AS r ON r.event_id = e.event_id AND r.side IN ('recipient', 'both')
    WHERE a.country <> r.country AND e.status <> 'cancelled'
)
SELECT month,
       coalesce(any_value(ca.name), actor_country) AS actor,
       coalesce(any_value(cr.name), recipient_country) AS recipient,
       event_type,
       count(*) FILTER (status = 'held') AS acts,
       count(*) FILTER (status = 'planned') AS planned,
       round(avg(intensity) FILTER (status = 'held'), 2) AS mean_intensity,
       first(summary ORDER BY event_date DESC NULLS LAST, event_id) AS latest,
       max(event_date) AS last_date,
       sum(article_count)::BIGINT AS articles,
       actor_country,
       recipient_country,
       list(event_id ORDER BY event_date, event_id) AS event_ids
FROM acts
LEFT JOIN countries AS ca ON ca.country = actor_country
LEFT JOIN countries AS cr ON cr.country = recipient_country
GROUP BY month, actor_country, recipient_country, event_type
ORDER BY month DESC NULLS LAST, acts DESC, actor, recipient, event_type

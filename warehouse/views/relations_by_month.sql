-- How friendly or hostile was each pair of states, month by month?
-- month: first day of the month of the events; null when no article tells the month
-- state_a: one state, by name
-- state_b: the other state
-- events: events held in which both take part
-- mean_intensity: mean PLOVER score, -10 (conflict) to +10 (cooperation)
-- net_intensity: sum of the scores
-- verbal_cooperation: events of quad class 1
-- material_cooperation: events of quad class 2
-- verbal_conflict: events of quad class 3
-- material_conflict: events of quad class 4
-- warmest: the event with the highest score, in the words of an article
-- coldest: the event with the lowest score, in the words of an article
-- assumed_dates: events whose date is only assumed to be the day of publication
-- articles: reports of these events, copies left out
-- country_a: ISO code of state_a
-- country_b: ISO code of state_b
WITH dated AS (
    SELECT *, CASE WHEN date_precision IN ('day', 'month') THEN date_trunc('month', event_date)::DATE END AS month
    FROM events WHERE status = 'held'
),
pairs AS (
    SELECT dated.*, a.code AS country_a, b.code AS country_b
    FROM dated, unnest(countries) AS a(code), unnest(countries) AS b(code)
    WHERE a.code < b.code
)
SELECT month,
       coalesce(any_value(ca.name), country_a) AS state_a,
       coalesce(any_value(cb.name), country_b) AS state_b,
       count(*) AS events,
       round(avg(intensity), 2) AS mean_intensity,
       round(sum(intensity), 2) AS net_intensity,
       count(*) FILTER (quad_class = 1) AS verbal_cooperation,
       count(*) FILTER (quad_class = 2) AS material_cooperation,
       count(*) FILTER (quad_class = 3) AS verbal_conflict,
       count(*) FILTER (quad_class = 4) AS material_conflict,
       first(summary ORDER BY intensity DESC, event_id) AS warmest,
       first(summary ORDER BY intensity, event_id) AS coldest,
       count(*) FILTER (date_basis = 'published') AS assumed_dates,
       sum(article_count)::BIGINT AS articles,
       country_a,
       country_b
FROM pairs
LEFT JOIN countries AS ca ON ca.country = country_a
LEFT JOIN countries AS cb ON cb.country = country_b
GROUP BY month, country_a, country_b
ORDER BY month DESC NULLS LAST, events DESC, state_a, state_b

-- What happened, when, between whom?
-- event_date: first day of the period in which it happens
-- date_precision: how exactly that day is known
-- date_basis: from what that day is known; published means only assumed
-- event_type: PLOVER type
-- mode: PLOVER mode
-- status: held, planned or cancelled
-- actors: who acts, or takes part in a reciprocal act
-- recipients: who is acted upon
-- states: states on any side, by name
-- summary: the sentence that tells it most clearly, verbatim
-- place: city or venue as written
-- place_state: the state in which the place lies
-- class: verbal or material, cooperation or conflict
-- intensity: PLOVER score, -10 (conflict) to +10 (cooperation)
-- articles: articles that report it, copies left out
-- outlets: outlets that report it
-- first_reported: time of the first report
-- countries: ISO codes of the states
-- event_id: the row of events
WITH sides AS (
    SELECT event_id,
           array_to_string(list_sort(list(DISTINCT name) FILTER (side IN ('actor', 'both'))), ', ') AS actors,
           array_to_string(list_sort(list(DISTINCT name) FILTER (side = 'recipient')), ', ') AS recipients
    FROM event_participants JOIN participants USING (participant_id)
    GROUP BY event_id
),
states AS (
    SELECT event_id, array_to_string(list_sort(list(coalesce(c.name, code))), ', ') AS states
    FROM events, unnest(countries) AS u(code) LEFT JOIN countries AS c ON c.country = code
    GROUP BY event_id
)
SELECT e.event_date, e.date_precision, e.date_basis, e.event_type, e.mode, e.status,
       s.actors, s.recipients, st.states, e.summary, e.place, coalesce(c.name, e.country) AS place_state,
       CASE e.quad_class WHEN 1 THEN 'verbal cooperation' WHEN 2 THEN 'material cooperation'
                         WHEN 3 THEN 'verbal conflict' WHEN 4 THEN 'material conflict' END AS class,
       e.intensity, e.article_count AS articles, e.outlet_count AS outlets, e.first_reported, e.countries, e.event_id
FROM events AS e
LEFT JOIN sides AS s USING (event_id)
LEFT JOIN states AS st USING (event_id)
LEFT JOIN countries AS c ON c.country = e.country
ORDER BY e.event_date DESC NULLS LAST, e.article_count DESC, e.event_id

-- Who met whom, by pair of states and month?
-- month: first day of the month of the meetings; null when no article tells the month
-- state_a: one state, by name
-- state_b: the other state
-- meetings: meetings, visits, calls and summits held in which both took part
-- bilateral: of these, how many with these two states alone
-- multilateral: of these, how many with a third state or more
-- visits: of these, how many were visits
-- calls: of these, how many were by telephone or video
-- people_a: who is named on the one side; null when nobody is
-- people_b: who is named on the other side; null when nobody is
-- places: where they met
-- assumed_dates: meetings whose date is only assumed to be the day of publication
-- articles: reports of these meetings, copies left out
-- last_met: day of the latest of these meetings
-- country_a: ISO code of state_a
-- country_b: ISO code of state_b
-- event_ids: the meetings, as rows of events
WITH held AS (
    SELECT event_id, event_date, date_basis, mode, place, countries, article_count,
           CASE WHEN date_precision IN ('day', 'month') THEN date_trunc('month', event_date)::DATE END AS month
    FROM events
    WHERE event_type = 'CONSULT' AND status = 'held' AND len(countries) >= 2
),
pairs AS (
    SELECT held.*, a.code AS country_a, b.code AS country_b
    FROM held, unnest(countries) AS a(code), unnest(countries) AS b(code)
    WHERE a.code < b.code
),
people AS (
    SELECT event_id, country, list(DISTINCT name) AS names
    FROM event_participants JOIN participants USING (participant_id)
    WHERE kind = 'person'
    GROUP BY event_id, country
)
SELECT month,
       coalesce(any_value(ca.name), country_a) AS state_a,
       coalesce(any_value(cb.name), country_b) AS state_b,
       count(*) AS meetings,
       count(*) FILTER (len(countries) = 2) AS bilateral,
       count(*) FILTER (len(countries) > 2) AS multilateral,
       count(*) FILTER (mode = 'visit') AS visits,
       count(*) FILTER (mode = 'phone') AS calls,
       nullif(array_to_string(list_sort(list_distinct(flatten(list(pa.names)))), ', '), '') AS people_a,
       nullif(array_to_string(list_sort(list_distinct(flatten(list(pb.names)))), ', '), '') AS people_b,
       string_agg(DISTINCT place, ', ' ORDER BY place) AS places,
       count(*) FILTER (date_basis = 'published') AS assumed_dates,
       sum(article_count)::BIGINT AS articles,
       max(event_date) AS last_met,
       country_a,
       country_b,
       list(pairs.event_id ORDER BY event_date, pairs.event_id) AS event_ids
FROM pairs
LEFT JOIN people AS pa ON pa.event_id = pairs.event_id AND pa.country = country_a
LEFT JOIN people AS pb ON pb.event_id = pairs.event_id AND pb.country = country_b
LEFT JOIN countries AS ca ON ca.country = country_a
LEFT JOIN countries AS cb ON cb.country = country_b
GROUP BY month, country_a, country_b
ORDER BY month DESC NULLS LAST, meetings DESC, state_a, state_b

-- Which instruments exist between whom, and how did each come to stand where it stands?
-- title: the fullest written form of its name
-- instrument: treaty, protocol, mou …
-- status: where it stands by the latest report
-- history: every status with the day of its first report, oldest first
-- agreed_on: day on which it was made, or first day of the known period
-- date_precision: how exactly that day is known
-- date_basis: from what that day is known
-- parties: who is bound by it
-- signatories: people said to have signed it
-- subject: what it is about, as written
-- place: where it was made, as written
-- place_state: the state in which the place lies
-- made_at: the event at which it was made, in the words of an article
-- first_reported: time of the first report
-- last_reported: time of the latest report
-- articles: articles that name it, copies left out
-- countries: ISO codes of the states among the parties
-- agreement_id: the row of agreements
-- event_id: the row of events
WITH reported AS (
    SELECT agreement_id, m.status, coalesce(a.published_at, a.fetched_at) AS reported_at
    FROM agreement_mentions AS m JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
),
steps AS (
    SELECT agreement_id, status, min(reported_at) AS first_at, max(reported_at) AS last_at FROM reported GROUP BY agreement_id, status
),
histories AS (
    SELECT agreement_id,
           string_agg(status || ' ' || strftime(first_at, '%Y-%m-%d'), ' → ' ORDER BY first_at::DATE, list_position(['proposed', 'under-negotiation', 'agreed', 'signed', 'ratified', 'in-force', 'amended', 'extended',
                                   'suspended', 'terminated'], status)) AS history,
           min(first_at) AS first_reported,
           max(last_at) AS last_reported
    FROM steps GROUP BY agreement_id
),
sides AS (
    SELECT agreement_id,
           string_agg(DISTINCT who, ', ' ORDER BY who) FILTER (role = 'party') AS parties,
           string_agg(DISTINCT who, ', ' ORDER BY who) FILTER (role = 'signatory') AS signatories
    FROM (
        SELECT p.agreement_id, p.role, coalesce(actor.name, c.name, p.country) AS who
        FROM agreement_parties AS p
        LEFT JOIN participants AS actor USING (participant_id)
        LEFT JOIN countries AS c ON c.country = p.country
    )
    GROUP BY agreement_id
)
SELECT g.title, g.instrument, g.status, h.history, g.agreed_on, g.date_precision, g.date_basis, s.parties, s.signatories,
       g.subject, g.place, coalesce(c.name, g.country) AS place_state, e.summary AS made_at,
       h.first_reported, h.last_reported, g.article_count AS articles, g.countries, g.agreement_id, g.event_id
FROM agreements AS g
LEFT JOIN histories AS h USING (agreement_id)
LEFT JOIN sides AS s USING (agreement_id)
LEFT JOIN countries AS c ON c.country = g.country
LEFT JOIN events AS e ON e.event_id = g.event_id
ORDER BY coalesce(g.agreed_on, h.first_reported::DATE) DESC NULLS LAST, g.title, g.agreement_id

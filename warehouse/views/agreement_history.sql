-- Which status of an instrument was reported when, how often, and first by whom?
-- title: the instrument
-- step: 1 for the status that was reported first, then upwards
-- status: where the instrument stood
-- first_reported: time of the first report of this status
-- last_reported: time of the latest report of this status
-- articles: articles that report it, copies left out
-- outlets: outlets that report it
-- first_outlet: the outlet of the first report
-- first_headline: headline of the first report
-- first_url: address of the first report
-- agreement_id: the row of agreements
-- article_id: the first report, as a row of articles
WITH reported AS (
    SELECT m.agreement_id, m.status, coalesce(a.published_at, a.fetched_at) AS reported_at,
           a.article_id, a.outlet, a.title AS headline, a.url
    FROM agreement_mentions AS m JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
),
steps AS (
    SELECT agreement_id, status, min(reported_at) AS first_reported, max(reported_at) AS last_reported,
           count(DISTINCT article_id) AS articles, count(DISTINCT outlet) AS outlets,
           first({'outlet': outlet, 'headline': headline, 'url': url, 'article_id': article_id}
                 ORDER BY reported_at, article_id) AS earliest
    FROM reported GROUP BY agreement_id, status
)
SELECT g.title,
       row_number() OVER (PARTITION BY agreement_id ORDER BY first_reported::DATE,
                          list_position(['proposed', 'under-negotiation', 'agreed', 'signed', 'ratified', 'in-force', 'amended', 'extended',
                                   'suspended', 'terminated'], steps.status)) AS step,
       steps.status, first_reported, last_reported, articles, outlets,
       earliest.outlet AS first_outlet, earliest.headline AS first_headline, earliest.url AS first_url,
       agreement_id, earliest.article_id AS article_id
FROM steps JOIN agreements AS g USING (agreement_id)
ORDER BY g.title, agreement_id, step

-- What did each outlet publish on each day, and what was found in it?
-- day: day of publication, or of fetching when the page does not say
-- outlet: who published it
-- language: language of the articles
-- articles: articles that are no copies
-- copies: articles that repeat an earlier one
-- words: words of the articles that are no copies
-- events: events that these articles report
-- statements: statements in these articles
-- agreements: instruments that these articles name
WITH found AS (
    SELECT article_id, events, statements, agreements
    FROM (SELECT article_id, count(DISTINCT event_id) AS events FROM event_mentions GROUP BY article_id)
    FULL JOIN (SELECT article_id, count(*) AS statements FROM quotes GROUP BY article_id) USING (article_id)
    FULL JOIN (SELECT article_id, count(DISTINCT agreement_id) AS agreements FROM agreement_mentions GROUP BY article_id)
        USING (article_id)
)
SELECT coalesce(a.published_at, a.fetched_at)::DATE AS day,
       a.outlet, a.language,
       count(*) FILTER (a.duplicate_of IS NULL) AS articles,
       count(*) FILTER (a.duplicate_of IS NOT NULL) AS copies,
       coalesce(sum(a.word_count) FILTER (a.duplicate_of IS NULL), 0)::BIGINT AS words,
       coalesce(sum(f.events) FILTER (a.duplicate_of IS NULL), 0)::BIGINT AS events,
       coalesce(sum(f.statements) FILTER (a.duplicate_of IS NULL), 0)::BIGINT AS statements,
       coalesce(sum(f.agreements) FILTER (a.duplicate_of IS NULL), 0)::BIGINT AS agreements
FROM articles AS a LEFT JOIN found AS f USING (article_id)
GROUP BY day, a.outlet, a.language
ORDER BY day DESC, articles DESC, a.outlet, a.language

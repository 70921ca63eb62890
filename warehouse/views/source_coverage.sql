-- What did each source deliver on each day, and what went wrong?
-- fetch_day: the day whose run fetched it
-- source_id: entry of the source catalogue
-- articles: pages and items that became an article
-- unchanged: what was the same as before
-- documents: feeds, lists and files that hold articles
-- rejected: what was fetched and gave no article
-- failed: what could not be fetched
-- warnings: what was taken in spite of a defect
-- reasons: what was wrong, with how often
-- outlets: outlets of the articles
-- languages: languages of the articles, with how many
-- copies: articles that repeat an earlier one
-- words: words of the articles that are no copies
-- earliest: earliest time of publication
-- latest: latest time of publication
-- megabytes: size of what was fetched
-- seconds: time that fetching took
WITH counted AS (
    SELECT fetch_day, source_id,
           count(*) FILTER (status = 'article') AS articles,
           count(*) FILTER (status = 'unchanged') AS unchanged,
           count(*) FILTER (status = 'document') AS documents,
           count(*) FILTER (status = 'rejected') AS rejected,
           count(*) FILTER (status = 'failed') AS failed,
           count(*) FILTER (status = 'warning') AS warnings,
           round(sum(bytes) / 1e6, 2) AS megabytes,
           round(sum(seconds), 1) AS seconds
    FROM fetch_log GROUP BY fetch_day, source_id
),
reasons AS (
    SELECT fetch_day, source_id, string_agg(reason || ' ' || times, ', ' ORDER BY times DESC, reason) AS reasons
    FROM (
        SELECT fetch_day, source_id, reason, count(*) AS times
        FROM fetch_log WHERE status IN ('rejected', 'failed', 'warning') AND reason IS NOT NULL
        GROUP BY fetch_day, source_id, reason
    )
    GROUP BY fetch_day, source_id
),
delivered AS (
    SELECT DISTINCT l.fetch_day, l.source_id, a.article_id, a.outlet, coalesce(a.language, 'unknown') AS language,
           a.duplicate_of, a.word_count, a.published_at
    FROM fetch_log AS l JOIN articles AS a USING (article_id)
    WHERE l.status = 'article'
),
languages AS (
    SELECT fetch_day, source_id, string_agg(language || ' ' || times, ', ' ORDER BY times DESC, language) AS languages
    FROM (SELECT fetch_day, source_id, language, count(*) AS times FROM delivered GROUP BY ALL)
    GROUP BY fetch_day, source_id
),
summed AS (
    SELECT fetch_day, source_id,
           string_agg(DISTINCT outlet, ', ' ORDER BY outlet) AS outlets,
           count(*) FILTER (duplicate_of IS NOT NULL) AS copies,
           coalesce(sum(word_count) FILTER (duplicate_of IS NULL), 0)::BIGINT AS words,
           min(published_at) AS earliest,
           max(published_at) AS latest
    FROM delivered GROUP BY fetch_day, source_id
)
SELECT c.fetch_day, c.source_id, c.articles, c.unchanged, c.documents, c.rejected, c.failed, c.warnings, r.reasons,
       s.outlets, l.languages, coalesce(s.copies, 0) AS copies, coalesce(s.words, 0) AS words, s.earliest, s.latest,
       c.megabytes, c.seconds
FROM counted AS c
LEFT JOIN reasons AS r USING (fetch_day, source_id)
LEFT JOIN summed AS s USING (fetch_day, source_id)
LEFT JOIN languages AS l USING (fetch_day, source_id)
ORDER BY c.fetch_day DESC, c.source_id

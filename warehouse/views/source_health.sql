-- Is each source well: what did it deliver on each day, against its own usual day and its bounds, and what went wrong?
-- fetch_day: the day whose run asked it; a day without a run has no row
-- source_id: entry of the source catalogue
-- outlet: who publishes it, where the catalogue says so
-- state: resting (not tried, it failed on the last runs) | below its minimum | above its maximum | silent (it falls to nothing, or never gives anything) | far below its median | frozen (it delivers, but for longer than ever nothing new) | new (fewer than 5 days to compare with) | ok
-- delivered: articles that arrived: new ones, known ones, and ones that another source had delivered first
-- new: of these, articles of which no earlier day knew
-- unchanged: pages with the same bytes as before, which were not read again
-- rejected: what was fetched and gave no article
-- failed: what could not be fetched
-- warnings: what was taken in spite of a defect
-- median: the middle of what it delivered on its last 14 days before, days of rest left out
-- earlier_days: how many days that is
-- of_median: delivered, divided by the median
-- least: a day that delivers less is silent or far below the median; null while it is new
-- idle: days on which it was tried since it last brought anything new; 0 when this day did
-- patience: a source on the web that is idle for longer is frozen: 3 days, or twice its longest earlier pause; null while it is new
-- min_articles: articles that a day must deliver
-- max_articles: articles that a day may deliver
-- bounds_reason: why these bounds
-- reasons: what was wrong, with how often
-- why: the most frequent of these reasons as sentences
-- bytes: size of what was fetched
-- seconds: time that fetching took
WITH counted AS (
    SELECT l.fetch_day, l.source_id,
           count(*) FILTER (arrived) AS delivered,
           count(*) FILTER (arrived AND f.first_day = l.fetch_day) AS new,
           count(*) FILTER (status = 'unchanged') AS unchanged,
           count(*) FILTER (status = 'rejected') AS rejected,
           count(*) FILTER (status = 'failed') AS failed,
           count(*) FILTER (status = 'warning') AS warnings,
           coalesce(bool_or(reason = 'source_resting'), false) AND delivered = 0 AS rested,
           sum(bytes)::BIGINT AS bytes,
           round(sum(seconds), 1) AS seconds
    FROM (SELECT *, status IN ('article', 'unchanged')
                    OR (status = 'rejected' AND reason IS NOT DISTINCT FROM 'duplicate_url_other_source') AS arrived
          FROM fetch_log WHERE source_id <> '') AS l
    LEFT JOIN (SELECT article_id, min(fetch_day) AS first_day
               FROM fetch_log WHERE status IN ('article', 'unchanged') GROUP BY article_id) AS f USING (article_id)
    GROUP BY l.fetch_day, l.source_id
),
-- tried: the how-manieth day it is on which the source was tried
numbered AS (
    SELECT *, count(*) FILTER (NOT rested) OVER (PARTITION BY source_id ORDER BY fetch_day) AS tried FROM counted
),
-- before: how many such days came before; last_delivery: the last of them that brought anything
placed AS (
    SELECT *, tried - CASE WHEN rested THEN 0 ELSE 1 END AS before,
           coalesce(max(tried) FILTER (delivered > 0) OVER (
               PARTITION BY source_id ORDER BY fetch_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
               AS last_delivery,
           coalesce(max(tried) FILTER (new > 0) OVER (PARTITION BY source_id ORDER BY fetch_day), 0) AS last_news
    FROM numbered
),
-- longest: its longest pause without anything new, of the pauses that ended in its last 60 days
paused AS (
    SELECT p.fetch_day, p.source_id, max(t.tried - t.last_news) AS longest
    FROM placed AS p
    JOIN placed AS t ON t.source_id = p.source_id AND t.tried BETWEEN p.last_news - 60 AND p.last_news - 1
    GROUP BY p.fetch_day, p.source_id
),
usual AS (
    SELECT p.fetch_day, p.source_id,
           median(t.delivered) FILTER (t.tried > p.before - 14) AS median,
           count(t.tried) FILTER (t.tried > p.before - 14) AS earlier_days,
           max(t.delivered) FILTER (t.tried > p.before - 14) AS most,
           -- a silence is measured by what was usual before it began, or it would soon be the usual thing
           median(t.delivered) FILTER (t.tried BETWEEN p.last_delivery - 13 AND p.last_delivery) AS before_silence
    FROM placed AS p
    LEFT JOIN placed AS t
        ON t.source_id = p.source_id AND NOT t.rested AND t.tried BETWEEN p.last_delivery - 13 AND p.before
    GROUP BY p.fetch_day, p.source_id
),
wrong AS (
    SELECT fetch_day, source_id,
           string_agg(reason || ' ' || times, ', ' ORDER BY times DESC, reason) AS reasons,
           string_agg(times || ' × ' || coalesce(sentence, reason), ' ' ORDER BY times DESC, reason)
               FILTER (place <= 3) AS why
    FROM (
        SELECT l.fetch_day, l.source_id, l.reason, r.sentence, count(*) AS times,
               row_number() OVER (PARTITION BY l.fetch_day, l.source_id ORDER BY count(*) DESC, l.reason) AS place
        FROM fetch_log AS l LEFT JOIN reasons AS r USING (reason)
        WHERE l.reason IS NOT NULL
        GROUP BY l.fetch_day, l.source_id, l.reason, r.sentence
    )
    GROUP BY fetch_day, source_id
),
judged AS (
    SELECT p.*, u.median, u.earlier_days, s.outlet, s.min_articles, s.max_articles, s.reason AS bounds_reason,
           CASE WHEN u.earlier_days >= 5 AND u.median > 0 THEN 0.3 * u.median
                WHEN p.rested THEN 1
                WHEN u.earlier_days < 5 THEN NULL
                WHEN p.delivered = 0 AND u.before_silence > 0 THEN 0.3 * u.before_silence
                WHEN u.most = 0 THEN 1 END AS least,
           p.tried - p.last_news AS idle,
           -- files of the operator's own may stay as they are
           CASE WHEN u.earlier_days >= 5 AND p.last_news > 0 AND s.kind IN ('feed', 'sitemap', 'listing')
                THEN greatest(3, 2 * coalesce(longest, 0)) END AS patience
    FROM placed AS p
    JOIN usual AS u USING (fetch_day, source_id)
    LEFT JOIN paused USING (fetch_day, source_id)
    LEFT JOIN sources AS s USING (source_id)
)
SELECT j.fetch_day, j.source_id, j.outlet,
       CASE WHEN j.rested THEN 'resting'
            WHEN j.delivered < j.min_articles THEN 'below its minimum'
            WHEN j.delivered > j.max_articles THEN 'above its maximum'
            WHEN j.delivered < j.least AND j.delivered = 0 THEN 'silent'
            WHEN j.delivered < j.least THEN 'far below its median'
            WHEN j.idle > j.patience THEN 'frozen'
            WHEN j.earlier_days < 5 THEN 'new'
            ELSE 'ok' END AS state,
       j.delivered, j.new, j.unchanged, j.rejected, j.failed, j.warnings,
       j.median, j.earlier_days, round(j.delivered / nullif(j.median, 0), 2) AS of_median, round(j.least, 1) AS least,
       j.idle, j.patience, j.min_articles, j.max_articles, j.bounds_reason, w.reasons, w.why, j.bytes, j.seconds
FROM judged AS j
LEFT JOIN wrong AS w USING (fetch_day, source_id)
ORDER BY j.fetch_day DESC, j.source_id

-- What was kept out, by which rule, and why?
-- held_at: when it was first held back
-- what: the table that the row was meant for, or page for what never became an article
-- step: the step that held it back
-- rule: the rule that it broke, or the code of the reason
-- reason: why, in words
-- headline: of the article
-- outlet: who published it
-- url: of the article or page
-- excerpt: the beginning of the row
-- fetch_day: the day whose run fetched it
-- row_key: the row's key in its table
-- article_id: the article
-- run_id: the run that first held it back; null for pages
SELECT q.quarantined_at AS held_at, q.table_name AS what, q.step, q.rule, q.reason,
       coalesce(a.title, q."row" ->> 'title') AS headline,
       coalesce(a.outlet, q."row" ->> 'outlet') AS outlet,
       coalesce(a.url, q."row" ->> 'url') AS url,
       left(q."row"::VARCHAR, 300) AS excerpt,
       q.fetch_day, q.row_key, q.article_id, q.run_id
FROM quarantine AS q LEFT JOIN articles AS a USING (article_id)
UNION ALL
SELECT DISTINCT l.logged_at, 'page', 'sources', coalesce(l.reason, l.status), coalesce(l.detail, l.reason, l.status),
       NULL, NULL, l.url, NULL, l.fetch_day, l.url, l.article_id, NULL
FROM fetch_log AS l
WHERE l.status IN ('rejected', 'failed')
ORDER BY held_at DESC, what, row_key, rule

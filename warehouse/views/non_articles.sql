-- What was fetched or tried and is no article, and why?
-- fetch_day: the day whose run tried it
-- source_id: entry of the source catalogue
-- url: address or file
-- status: rejected (read, and no article) or failed (could not be fetched)
-- reason: typed code of the reason
-- sentence: the reason in words
-- detail: what exactly was found
-- bytes: size as fetched
-- seconds: time that fetching took
-- http_status: status of the HTTP answer
-- times: how often the source has it on this day
SELECT l.fetch_day, l.source_id, l.url, l.status, l.reason, r.sentence, l.detail, l.bytes, l.seconds, l.http_status,
       count(*) AS times
FROM fetch_log AS l LEFT JOIN reasons AS r USING (reason)
WHERE l.status IN ('rejected', 'failed')
GROUP BY ALL
ORDER BY l.fetch_day DESC, l.source_id, l.url, l.reason, l.detail
